"""Whether what an address says means something to this store, whatever the page makes of it: else it says what was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tenure import calendar
from tenure.errors import UnknownNameError, UsageError, cut
from tenure.surfaces.web.exchange import exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenure.surfaces.web.memory import Memory
    from tenure.surfaces.web.view import View

_SEGMENT = "segment"
_PAGE = re.compile(r"[0-9]{1,9}")


def limited(view: View, among: Sequence[int]) -> int:
    """How many rows a page shows: one of a few numbers, the first of them where the address says none.

    Raises:
        UnknownNameError: another number.
    """
    said = view.told("limit")
    if said and said not in map(str, among):
        raise UnknownNameError("limit", said, map(str, among), f"It takes {', '.join(map(str, among))}.")
    return int(said or among[0])


def check(memory: Memory, view: View) -> None:
    """Looks up the dates, dimensions, the currency and the number of the page of a view.

    Raises:
        UnknownNameError: a dimension that there is not, or a currency of which no rate is known.
        UsageError: a date or a number that cannot be read.
    """
    page = view.told("page")
    if page and not _PAGE.fullmatch(page):
        message = f"'{cut(page)}' is no page of a list: write its number, as in 2."
        raise UsageError(message)
    settings = memory.store.settings
    for said in filter(None, (view.at, view.since, view.until)):
        calendar.parse_instant(said, settings.zone)
    exchange(memory, view)
    asked = [name for name in (view.by, view.choosing, *(name for name, _ in view.where)) if name]
    if not asked:
        return
    loaded = memory.of("dimensions", {"metric": ""}, memory.store.dimensions, lasts=True)
    known = [*loaded, *settings.segments]
    for name in asked:
        if name != _SEGMENT and name not in known and name.removesuffix("@now") not in known:
            raise UnknownNameError("dimension", name, known, f"The dimensions are {', '.join(known)}.")
