"""How the page reads one customer's rows: from ledgers by its surviving id, from raw rows by all its ids, up to now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tenure.calendar import local

if TYPE_CHECKING:
    from datetime import date, datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy

Section = Mapping[str, Any]
_INSTANT = timedelta(microseconds=1)
SHOWN = 10
"""How many rows a section shows of a list that grows without end."""


@dataclass(frozen=True)
class Reader:
    """One customer in one store, as of one instant.

    `places` says where each ledger and each table is, and as `holds` which raw rows are known; `members` are all ids of the
    customer, `loaded` of which tables there are rows. What happens at `now` has not happened yet: every interval is half-open.
    """

    con: DuckDBPyConnection
    settings: Settings
    policy: Policy
    places: Mapping[str, str]
    account_id: str
    members: tuple[str, ...]
    now: datetime
    hours: str
    loaded: frozenset[str]

    @cached_property
    def today(self) -> date:
        """The local day that `now` ends, or runs in."""
        return local(self.now - _INSTANT, self.settings.zone).date()

    def rows(self, sql: str, **more: object) -> list[dict[str, Any]]:
        """The rows of a statement. `{ledger}` is where that stands; `$account`, `$members`, `$now`, `$today` are at hand."""
        known = {"account": self.account_id, "members": list(self.members), "now": self.now, "today": self.today} | more
        used = {name: value for name, value in known.items() if re.search(rf"\${name}\b", sql)}
        found = self.con.execute(sql.format(**self.places), used)
        names = [column[0] for column in found.description]
        return [dict(zip(names, values, strict=True)) for values in found.fetchall()]

    def row(self, sql: str, **more: object) -> dict[str, Any]:
        """The only row of an aggregate."""
        (row,) = self.rows(sql, **more)
        return row

    @cached_property
    def persons(self) -> Mapping[str, str]:
        """What each person of the customer is called, by surviving id: name, else e-mail."""
        named = self.rows("""
            SELECT u.root_id AS person_id, arg_min(coalesce(p.name, p.email), p.person_id <> u.root_id) AS called
            FROM {person_roots} AS u JOIN {people} AS p ON p.person_id = u.person_id
            WHERE u.account_id = $account AND coalesce(p.name, p.email) IS NOT NULL GROUP BY u.root_id
        """)
        return {row["person_id"]: row["called"] for row in named}

    def person(self, person_id: str | None) -> str | None:
        """What a person is called; their id where no name is known, None where nobody is named."""
        return self.persons.get(person_id, person_id) if person_id else None
