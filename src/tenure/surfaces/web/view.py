"""What the reader asked to see: the address of the page as data, and the window that it means."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tenure import calendar
from tenure.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tenure.calendar import Period
    from tenure.config import Settings

SPANS = {"hour": 24, "day": 30, "week": 13, "month": 12, "quarter": 8, "year": 5}
COMPARISONS = {"previous": "the period before", "year": "the year before", "none": "nothing"}
_PARAMETERS = ("grain", "at", "from", "to", "by", "where", "compare", "cohorts")
_MOST = 400


@dataclass(frozen=True)
class View:
    """The parameters of the page, each empty where the reader left it to us."""

    grain: str = "month"
    at: str = ""
    since: str = ""
    until: str = ""
    by: str = ""
    where: tuple[tuple[str, str], ...] = ()
    compare: str = "previous"
    cohorts: str = ""

    def link(self, **changes: object) -> str:
        """The address of this view with some of it changed; what is as by default is left out."""
        other = replace(self, **changes)  # type: ignore[arg-type]
        pairs = [
            ("grain", other.grain if other.grain != "month" else ""),
            ("at", other.at),
            ("from", other.since),
            ("to", other.until),
            ("by", other.by),
            *(("where", f"{name}:{value}") for name, value in other.where),
            ("compare", other.compare if other.compare != "previous" else ""),
            ("cohorts", other.cohorts),
        ]
        query = urlencode([(name, value) for name, value in pairs if value])
        return "/?" + query if query else "/"


def parsed(pairs: Sequence[tuple[str, str]]) -> View:
    """The view that the parameters of an address mean; empty ones count as not given.

    Raises:
        UnknownNameError: a parameter, grain or comparison that there is not.
        UsageError: a filter that is not DIM:VALUE.
    """
    single: dict[str, str] = {}
    where = []
    for name, value in pairs:
        if name not in _PARAMETERS:
            raise UnknownNameError("parameter", name, _PARAMETERS, f"The page takes {', '.join(_PARAMETERS)}.")
        if name == "where" and value:
            dimension, colon, wanted = value.partition(":")
            if not (dimension and colon):
                message = f"The filter '{value}' cannot be read: write it as DIMENSION:VALUE, as in plan:pro."
                raise UsageError(message)
            where.append((dimension, wanted))
        elif value:
            single[name] = value.strip()
    grain, compare = single.get("grain", "month"), single.get("compare", "previous")
    if grain not in SPANS:
        raise UnknownNameError("grain", grain, SPANS, f"The grains of this page are {', '.join(SPANS)}.")
    if compare not in COMPARISONS:
        raise UnknownNameError("comparison", compare, COMPARISONS, f"It takes {', '.join(COMPARISONS)}.")
    return View(
        grain, single.get("at", ""), single.get("from", ""), single.get("to", ""), single.get("by", ""),
        tuple(dict.fromkeys(where)), compare, single.get("cohorts", ""),
    )  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """The window of a view: its ends (naive UTC), its periods, and which of them the tiles show."""

    since: datetime
    until: datetime
    periods: tuple[Period, ...]
    focus: int
    zone: ZoneInfo = field(repr=False)

    @property
    def shown(self) -> Period:
        """The period that the tiles show."""
        return self.periods[self.focus]

    def address(self, instant: datetime) -> str:
        """An instant as it stands in an address: local, and a bare date where it is midnight."""
        text = calendar.local(instant, self.zone).isoformat(timespec="minutes")
        return text.removesuffix("T00:00")


def frame(view: View, settings: Settings, first: datetime, last: datetime) -> Frame:
    """The window that `view` means for a store that knows `[first, last)` (naive UTC).

    Left to us, it is the last full period with as many before it as the grain has room for, and the running one; a
    period asked for by `at` is the last of its window instead, unless `from` and `to` say otherwise.

    Raises:
        UsageError: a date that cannot be read, a window that is empty, too long or outside of what is known.
    """
    zone, week = ZoneInfo(settings.timezone), settings.week_start
    running = calendar.period_start(last, view.grain, zone, week)
    at = calendar.parse_instant(view.at, zone) if view.at else None
    if (
        at is not None
        and not first <= at < last
        and not calendar.period_start(first, view.grain, zone, week) <= at < last
    ):
        span = f"{calendar.local(first, zone):%Y-%m-%d} to {calendar.local(last, zone):%Y-%m-%d}"
        message = f"There is nothing at '{view.at}': the store knows {span}."
        raise UsageError(message)
    until = calendar.parse_instant(view.until, zone) if view.until else _end(at, view, running, last, zone, week)
    if view.since:
        since = calendar.parse_instant(view.since, zone)
    else:
        edge = calendar.period_start(until, view.grain, zone, week)
        since = calendar.period_start(edge, view.grain, zone, week, SPANS[view.grain])
    periods = calendar.periods(since, until, view.grain, zone, week, last)
    if not periods:
        message = f"Nothing is known yet at '{view.since or view.until}': the store knows until {last:%Y-%m-%d}."
        raise UsageError(message)
    if len(periods) > _MOST:
        message = (
            f"That window has {len(periods):,} periods of grain '{view.grain}', and the page has room for {_MOST}: "
            "choose a coarser grain or a shorter window."
        )
        raise UsageError(message)
    return Frame(since, min(until, last), tuple(periods), _focus(periods, at), zone)


def _end(at: datetime | None, view: View, running: datetime, last: datetime, zone: ZoneInfo, week: str) -> datetime:
    if at is None or at >= calendar.period_start(running, view.grain, zone, week, 1):
        return last
    [asked, *_] = calendar.periods(at, last, view.grain, zone, week, last)
    return asked.whole_closes


def _focus(periods: Sequence[Period], at: datetime | None) -> int:
    """The period of `at`, else the last full one, else the last."""
    if at is not None:
        found = [n for n, period in enumerate(periods) if period.opens <= at < period.closes]
        if found:
            return found[0]
    full = [n for n, period in enumerate(periods) if not period.partial]
    return full[-1] if full else len(periods) - 1
