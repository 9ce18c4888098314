"""After any sequence of loads the ledgers are those of the rows that are there; loading twice changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

import tenure
from laws.companies import companies, exclusions, links, mostly, periods, policies, rates, requests, some
from laws.stores import ask, frame, load, store_of
from oracle.company import KEYS, Company
from tenure.config import Settings
from tenure.store import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn

    from tenure.policy import Policy

Tables = dict[str, list[dict[str, Any]]]
OVERLAP = "of two periods of one item the earlier one ends before the later one begins"  # said of rows, not of ledgers
ASKED = ("mrr", "new_mrr", "churned_mrr", "fx_mrr", "list_mrr", "committed_mrr", "customers", "customer_churn_rate")


@st.composite
def later(draw: DrawFn, company: Company) -> Tables:
    """A further load: rows said otherwise, more rows, other links, rates, requests and exclusions."""
    ids = sorted({row["account_id"] for row in company.tables["subscription_periods"]})
    fresh = draw(periods(ids))
    old = list(company.tables["subscription_periods"])
    for row in old:
        if draw(mostly(False, True)):
            fresh.append({**row, "ends_at": draw(st.sampled_from((None, row["starts_at"])))})
    tables: Tables = {"subscription_periods": list({key(row): row for row in fresh}.values())}
    if draw(st.booleans()):
        tables["fx_rates"] = draw(rates())
    if draw(st.booleans()):
        tables["subscriptions"] = draw(requests(old))
    if draw(st.booleans()) and not company.tables.get("account_links"):
        tables["account_links"] = draw(links(ids))
    if draw(st.booleans()):
        tables["exclusions"] = draw(exclusions(ids, old))
    if draw(mostly(False, True)):
        tables["accounts"] = [{"account_id": ids[0], "is_test": draw(st.booleans()), "region": "w"}]
    return {name: rows for name, rows in tables.items() if rows}


def key(row: Mapping[str, Any]) -> tuple[object, ...]:
    """A period's key, with the item's default filled in."""
    return row["subscription_id"], row["item_id"] or row["subscription_id"], row["starts_at"]


def merged(company: Company, further: Tables) -> Company:
    """What the rows are after a further load: the later one wins."""
    tables = {name: list(rows) for name, rows in company.tables.items()}
    for name, rows in further.items():
        columns = KEYS.get(name, ("table_name", "id"))
        own = key if name == "subscription_periods" else lambda row, columns=columns: tuple(row[c] for c in columns)
        known = {own(row): row for row in tables.get(name, [])} | {own(row): row for row in rows}
        tables[name] = list(known.values())
    return Company(tables, company.currency)


def answers(store: tenure.Store, policy: Policy | None) -> dict[str, list[tuple[object, ...]]]:
    return {
        metric: [(row.start, row.segment, row.value) for row in ask(store, metric, policy, by="account").rows]
        for metric in ASKED
    }


@some(8)
@given(data=st.data())
def test_ledgers_after_loads_are_those_of_the_rows(data: st.DataObject) -> None:
    company = data.draw(companies())
    policy = data.draw(policies())
    # So few accounts would always be made anew as a whole: half the time only the touched ones are.
    many = 100.0 if data.draw(st.booleans()) else facts._MANY
    with store_of(company) as store, patch.object(facts, "_MANY", many):
        answers(store, policy)
        for _ in range(data.draw(st.integers(1, 3))):
            further = data.draw(later(company))
            load(store, further)
            company = merged(company, further)
            assert [f for f in store.doctor().findings if f.count and f.law != OVERLAP] == []
        kept_up, other = answers(store, None), answers(store, policy)
    with store_of(company) as fresh:
        assert kept_up == answers(fresh, None)
        assert other == answers(fresh, policy)


@some(4)
@given(company=companies())
def test_importing_twice_changes_nothing(company: Company) -> None:
    with store_of(company) as store:
        first = answers(store, None)
        record = load(store, company.tables)
        assert (record.accepted, record.replaced, record.quarantined) == (0, 0, 0)
        assert record.duplicate == record.rows_in == sum(len(rows) for rows in company.tables.values())
        assert answers(store, None) == first


SPOILT: tuple[dict[str, str], ...] = (
    {"unit_amount": "-1"},
    {"unit_amount": "ten"},
    {"unit_amount": "1e400"},
    {"unit_amount": "12345678901234567890123456789"},
    {"starts_at": "yesterday"},
    {"starts_at": ""},
    {"starts_at": "2030-01-01T00:00:00Z"},
    {"account_id": ""},
    {"state": "asleep"},
    {"currency": "EURO"},
    {"discount_percent": "101"},
    {"interval_count": "0"},
    {},
)


@some(8)
@given(company=companies(), spoilt=st.lists(st.tuples(st.integers(0, 3), st.sampled_from(SPOILT)), max_size=6))
def test_every_row_is_accepted_or_duplicate_or_quarantined(
    company: Company, spoilt: list[tuple[int, dict[str, str]]]
) -> None:
    rows = list(company.tables["subscription_periods"])
    rows += [{**rows[n % len(rows)], **cells} for n, cells in spoilt]
    with tenure.open(":memory:", settings=Settings(currency="EUR")) as store:
        for _ in range(2):
            record = store.load(frame(rows), table="subscription_periods")
            assert record.rows_in == len(rows)
            assert record.rows_in == record.accepted + record.duplicate + record.quarantined
