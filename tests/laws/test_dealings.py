"""Whatever is paid, signed and spent, the ledgers and the numbers are those of an independent reading in exact fractions."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laws.companies import some
from laws.dealings import trading
from laws.stores import ask, load, same, store_of
from oracle.dealings import Dealings, Window
from oracle.reading import preceding, windows
from tenure.policy import Policy
from tenure.store import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import tenure
    from oracle.company import Company

ZONES = ("UTC", "Europe/Berlin", "America/New_York")
COLUMNS = {
    "payments": ("transaction_id", "account_id", "happened_at", "kind", "is_recurring", "native", "amount"),
    "purchases": ("account_id", "purchase_id", "is_order", "happened_at", "amount", "nth", "first_at"),
    "terms": (
        "contract_id",
        "account_id",
        "happened_at",
        "outcome",
        "due_amount",
        "renewed_amount",
        "expansion_amount",
    ),
    "spending": ("cost_id", "account_id", "happened_at", "bucket", "channel", "native", "amount"),
    "lifespans": ("account_id", "started_at", "ended_at"),
}
LATE = "2026-01-01T00:00:00Z"
SINCE, UNTIL = datetime(2024, 1, 1).date(), datetime(2024, 5, 1).date()  # noqa: DTZ001 - local days


def plain(value: object) -> object:
    """A cell as a number, an instant or a text that compares exactly."""
    if isinstance(value, bool):
        return int(value)
    return Fraction(value) if isinstance(value, Decimal | int) else value


def rows(found: Iterable[Mapping[str, Any]], ledger: str) -> Counter[tuple[object, ...]]:
    return Counter(tuple(plain(row[column]) for column in COLUMNS[ledger]) for row in found)


def kept(store: tenure.Store, ledger: str, policy: Policy | None = None) -> Counter[tuple[object, ...]]:
    place = facts.ensure(store._con, store.settings, policy, [ledger])[ledger]
    found = store._con.execute(f"SELECT {', '.join(COLUMNS[ledger])} FROM {place}").fetchall()
    return rows((dict(zip(COLUMNS[ledger], row, strict=True)) for row in found), ledger)


def told(dealings: Dealings) -> dict[str, list[dict[str, Any]]]:
    return {
        "payments": dealings.paid,
        "purchases": dealings.bought,
        "terms": dealings.terms,
        "spending": dealings.spent,
        "lifespans": dealings.lives,
    }


@some(8)
@given(company=trading(), zone=st.sampled_from(ZONES), fx=st.sampled_from(("daily", "latest", "purchase")))
def test_ledgers_hold_what_was_paid_signed_and_spent(company: Company, zone: str, fx: str) -> None:
    policy = Policy("tenure", {"fx": fx})
    dealings = Dealings(company, policy, ZoneInfo(zone))
    with store_of(company, zone) as store:
        for ledger, wanted in told(dealings).items():
            assert kept(store, ledger, policy) == rows(wanted, ledger), ledger


def seen(zone: ZoneInfo, grain: str, now: datetime) -> list[Window]:
    """The windows of the asked months, or of all four as one, each with the six months before it."""
    found = []
    for _, opens, closes in windows(SINCE, UNTIL, grain, zone):
        day = (opens.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone)).date()
        before, months = day, []
        for _ in range(6):
            before = preceding(before, "month")
            (_, begins, ends), *_ = windows(before, _next(before), "month", zone)
            months.append((begins, ends))
        found.append(Window(opens, closes, Fraction(4 if grain == "total" else 1), tuple(months), now))
    return found


def _next(day: Any) -> Any:  # noqa: ANN401 - a date
    return (day + timedelta(days=32)).replace(day=1)


@some(8)
@given(company=trading(), zone=st.sampled_from(ZONES), grain=st.sampled_from(("month", "total")))
def test_numbers_are_those_of_exact_fractions(company: Company, zone: str, grain: str) -> None:
    dealings = Dealings(company, Policy(), ZoneInfo(zone))
    wanted = [dealings.numbers(window) for window in seen(ZoneInfo(zone), grain, datetime.fromisoformat(LATE[:-1]))]
    with store_of(company, zone) as store:
        for metric in wanted[0]:
            answer = ask(store, metric, since=str(SINCE), until=str(UNTIL), grain=grain, now=LATE)
            if answer.missing:
                assert {row.value for row in answer.rows} == {None}
                continue
            numbers = [numbers[metric] for numbers in wanted]
            assert all(map(same, [row.value for row in answer.rows], numbers)), (metric, numbers, answer.rows)
            assert len(answer.rows) == len(numbers)


@some(4)
@given(company=trading(), day=st.integers(1, 28), hour=st.sampled_from((0, 9)))
def test_a_running_month_has_what_happened_up_to_now(company: Company, day: int, hour: int) -> None:
    """Costs of the days that have begun, contracts whose last day has, decisions that are made; months by elapsed days."""
    now = datetime(2024, 3, day, hour, 30)  # noqa: DTZ001 - naive UTC
    dealings = Dealings(company, Policy(), ZoneInfo("UTC"))
    march = next(window for window in seen(ZoneInfo("UTC"), "month", now) if window.opens.month == 3)
    numbers = dealings.numbers(replace(march, closes=now, months=Fraction(day * 12, 365)))
    ahead = dealings.numbers(march)
    with store_of(company) as store:
        for metric in numbers:
            answer = ask(store, metric, since="2024-03-01", until="2024-04-01", now=f"{now.isoformat()}Z")
            if not answer.missing:
                wanted = ahead[metric] if metric.startswith("renewals_due") else numbers[metric]
                assert same(answer.rows[0].value, wanted), metric
                assert len(answer.rows) == 1


@some(4)
@given(company=trading())
def test_profit_by_account_and_by_channel_adds_up(company: Company) -> None:
    with store_of(company) as store:
        if ask(store, "customer_profit", grain="total").missing:
            return
        for metric in ("customer_profit", "revenue", "retention_cost"):
            (whole,) = ask(store, metric, grain="total").rows
            for by in ("account", "channel", "currency"):
                parts = ask(store, metric, grain="total", by=by).rows
                assert sum(row.value or 0 for row in parts) == pytest.approx(whole.value, abs=1e-6), (metric, by)


@some(8)
@given(company=trading(), further=trading(), many=st.sampled_from((0.2, 100.0)))
def test_ledgers_after_a_further_load_are_those_of_the_rows(company: Company, further: Company, many: float) -> None:
    """Rows said otherwise, of other accounts, in other currencies, at other rates, of people who moved."""
    with (
        store_of(company) as store,
        store_of(company) as fresh,
        patch.object(facts, "_MANY", many),
    ):
        for ledger in COLUMNS:
            kept(store, ledger)
        for each in (store, fresh):
            load(each, further.tables)
        for ledger in COLUMNS:
            assert kept(store, ledger) == kept(fresh, ledger), ledger
