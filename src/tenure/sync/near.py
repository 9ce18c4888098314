"""What the ledgers of touched accounts are made of: their rows alone, asked for by their ids, so that an index on them serves.

A statement that is restricted to some accounts joins what it reads with the table of them; only few engines then leave the
rows of all others unread. Where the accounts are few, their ids stand in the views that it reads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tenure.sync import views

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenure.facts.fact import Fact
    from tenure.sync.there import There
    from tenure.sync.views import Source

_LONGEST = 100_000
"""Signs of a list of ids: ClickHouse reads statements of 262 144 at most."""


def chosen(there: There, touched: str) -> str | None:
    """SQL after an account's id: that it is touched, by a list of the ids; None where that would be too long."""
    rows = there.rows(f"SELECT DISTINCT account_id FROM {there.place(touched)}", {"account_id": "VARCHAR"})
    ids, length = [there.text("")], 0
    for batch in rows:
        ids += [there.text(one) for one in batch.column(0).to_pylist()]
        length += sum(map(len, ids[-batch.num_rows :]))
        if length > _LONGEST:
            return None
    return f"IN ({', '.join(sorted(set(ids)))})"


def narrow(there: There, found: Iterable[Source], only: str, excluded: Mapping[str, list[str]]) -> dict[str, str]:
    """Makes a view `near_NAME` of the canonical tables that say whose their rows are; where each stands, by its name."""
    made = {}
    for source in found:
        if "account_id" in source.own:
            name = source.table.name
            there.view(f"near_{name}", views.view(there, source, excluded.get(name, ()), only))
            made[name] = there.place(f"near_{name}")
    return made


def joined(fact: Fact, read: str) -> set[str]:
    """By which of its columns a fact joins what it reads; none where it only begins with it."""
    known = re.findall(rf"JOIN {read} AS (\w+) ON \1\.(\w+) =", fact.text)
    others = len(re.findall(rf"JOIN {read}\b", fact.text)) - len(known)
    return {column for _, column in known} | ({"?"} if others else set())
