"""Whatever happens to tickets, ledgers and numbers of support are what an independent reading of the same rows gives."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure
from laws.companies import some
from laws.stores import load
from laws.tickets import BASES, Company, companies, later
from oracle.desk import numbers
from oracle.known import known
from oracle.support import cases, help_sessions, open_at
from tenure.store import facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

CUTS = tuple(sorted({*(base + timedelta(days=1) for base in BASES), datetime.fromisoformat("2025-01-01")}))
LEDGERS = ("ticket_statuses", "cases", "backlog", "help")
NOWS = tuple(datetime.fromisoformat(text) for text in ("2024-04-02T12:00", "2024-11-04T12:00", "2025-06-01T00:00"))


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


@some(12)
@given(company=companies())
def test_the_ledgers_are_what_happened(company: Company) -> None:
    with store_of(company) as store:
        rows = cases(company.tables, company.hours)
        assert shown(ledger(store, "cases")) == shown(rows)
        assert shown(ledger(store, "help")) == shown(help_sessions(company.tables))
        changes = ledger(store, "backlog")
        for cut in CUTS:
            assert sum(row["open"] for row in changes if row["happened_at"] < cut) == open_at(company.tables, rows, cut)


@some(4)
@given(company=companies())
def test_a_ticket_is_open_or_not(company: Company) -> None:
    with store_of(company) as store:
        changes = ledger(store, "backlog")
        for row in ledger(store, "cases"):
            own = sorted((c["happened_at"], -c["open"]) for c in changes if c["ticket_id"] == row["ticket_id"])
            assert {-sum(step for _, step in own[: n + 1]) for n in range(len(own))} <= {0, 1}
            assert sum(-step for _, step in own) == (0 if row["is_solved"] else 1)
            for name in ("first_reply", "first_resolution", "resolution"):
                if row[f"{name}_s"] is not None:
                    assert 0 <= row[f"{name}_business_s"] <= row[f"{name}_s"]


@some(6)
@given(company=companies(), now=st.sampled_from(NOWS))
def test_the_numbers_are_those_of_the_tickets(company: Company, now: datetime) -> None:
    told = known(now, company.tables)
    rows, visits = cases(told, company.hours), help_sessions(told)
    with store_of(company) as store:
        for asked in numbers(told, rows, visits, (now, now), now):
            metric, _, hours = asked.partition("@")
            answer = store.ask(
                metric,
                since="2024-02-01",
                until="2025-01-01",
                grain="month",
                hours=hours or "calendar",
                now=f"{now.isoformat()}Z",
            )
            for row in answer.rows:
                wanted = numbers(told, rows, visits, (row.start, row.end), now)[asked]
                assert row.value == (None if wanted is None else pytest.approx(wanted, rel=1e-12)), (asked, row)


@some(5)
@given(company=companies(), seed=st.integers(0, 1_000_000))
def test_after_a_further_load_they_are_those_of_all_rows(company: Company, seed: int) -> None:
    further, together = later(company, seed)
    with store_of(company) as store, store_of(together) as anew:
        for name in LEDGERS:
            ledger(store, name)
        assert load(store, further).quarantined == 0
        for name in LEDGERS:
            assert shown(ledger(store, name)) == shown(ledger(anew, name)), name
