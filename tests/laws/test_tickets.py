"""Whatever happens to tickets, the ledgers of support hold what an independent reading of the same rows gives."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given

import tenure
from laws.companies import some
from laws.stores import load
from laws.tickets import BASES, Company, companies
from oracle.support import cases, help_sessions, open_at
from tenure.store import facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CUTS = tuple(sorted({*(base + timedelta(days=1) for base in BASES), datetime.fromisoformat("2025-01-01")}))


@contextmanager
def store_of(company: Company) -> Iterator[tenure.Store]:
    with tenure.open(":memory:", settings=company.settings) as store:
        done = load(store, company.tables)
        assert done.quarantined == 0, list(store.quarantined())
        yield store


def ledger(store: tenure.Store, name: str) -> list[dict[str, Any]]:
    place = facts.ensure(store._con, store.settings, None, [name])[name]
    found = store._con.execute(f"FROM {place}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def shown(rows: Sequence[Mapping[str, Any]]) -> list[list[tuple[str, object]]]:
    """Rows in an order of their own."""
    return sorted((sorted(row.items()) for row in rows), key=repr)


@some(25)
@given(company=companies())
def test_cases_are_what_happened_to_each_ticket(company: Company) -> None:
    with store_of(company) as store:
        assert shown(ledger(store, "cases")) == shown(cases(company.tables, company.hours))


@some(10)
@given(company=companies())
def test_the_backlog_is_what_is_open_at_any_instant(company: Company) -> None:
    with store_of(company) as store:
        changes, rows = ledger(store, "backlog"), cases(company.tables, company.hours)
        for cut in CUTS:
            assert sum(row["open"] for row in changes if row["happened_at"] < cut) == open_at(company.tables, rows, cut)
        for row in rows:
            own = sorted(
                (change["happened_at"], -change["open"])
                for change in changes
                if change["ticket_id"] == row["ticket_id"]
            )
            levels = [-sum(step for _, step in own[: n + 1]) for n in range(len(own))]
            assert set(levels) <= {0, 1}
            assert sum(change["open"] for change in changes if change["ticket_id"] == row["ticket_id"]) == (
                0 if row["is_solved"] else 1
            )


@some(15)
@given(company=companies())
def test_help_is_resolved_where_no_ticket_follows(company: Company) -> None:
    with store_of(company) as store:
        assert shown(ledger(store, "help")) == shown(help_sessions(company.tables))
