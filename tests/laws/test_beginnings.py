"""Trials and conversions of random companies, under any policy: as told by hand, and in agreement with the customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from laws.companies import companies, instants, policies, some
from laws.stores import NOW, WINDOW, store_of
from oracle.beginnings import Trial, trials
from oracle.company import Company
from tenure.store.facts import ensure

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

    from tenure.policy import Policy


@st.composite
def triers(draw: DrawFn) -> Company:
    """A random company of which some subscriptions say when they were tried, and when they ended."""
    company = draw(companies())
    known = {row["subscription_id"]: dict(row) for row in company.tables.get("subscriptions", ())}
    for row in company.tables["subscription_periods"]:
        known.setdefault(
            row["subscription_id"], {"subscription_id": row["subscription_id"], "account_id": row["account_id"]}
        )
    for row in known.values():
        begun, ended = sorted(draw(st.tuples(instants(), instants())))
        row["trial_started_at"] = draw(st.sampled_from((None, begun)))
        row["trial_ends_at"] = draw(st.sampled_from((None, ended)))
        row["ends_at"] = draw(st.none() | instants())
    return Company({**company.tables, "subscriptions": list(known.values())}, company.currency)


def told(found: list[tuple[Any, ...]]) -> dict[tuple[str, str], Trial]:
    """Rows of account, subscription and a trial's instants, by their key."""
    return {(row[0], row[1]): Trial(*row[2:]) for row in found}


@some(20)
@given(company=triers(), policy=policies())
def test_trials_are_as_told_by_hand(company: Company, policy: Policy) -> None:
    with store_of(company) as store:
        place = ensure(store._con, store.settings, policy, ["trials"])["trials"]
        columns = "account_id, subscription_id, started_at, happened_at, converted_at"
        found = store._con.execute(f"SELECT {columns} FROM {place}").fetchall()
        assert len(told(found)) == len(found)
        assert told(found) == trials(company, policy)


@some(6)
@given(company=triers(), policy=policies())
def test_who_converts_is_a_new_customer(company: Company, policy: Policy) -> None:
    """And what is at risk is at most what is paid, all of it where everybody fares badly or has cancelled."""
    with store_of(company) as store:
        places = ensure(store._con, store.settings, policy, ["signups", "customers"])
        rows = store._con.execute(f"SELECT account_id, happened_at, converted_at FROM {places['signups']}").fetchall()
        news = f"SELECT account_id, min(happened_at) FROM {places['customers']} WHERE kind = 'new' GROUP BY account_id"
        assert {row[0]: row[2] for row in rows if row[2]} == dict(store._con.execute(news).fetchall())
        assert all(begun <= converted for _, begun, converted in rows if converted)
        words = {**WINDOW, "policy": policy.preset, "switches": policy.overrides, "now": NOW}
        paid = [row.value for row in store.ask("mrr", **words).rows]
        risked = [row.value for row in store.ask("mrr_at_risk", **words).rows]
        # A notice ends with its item, revenue with its movement, which settles up to a day later here.
        assert all(low is not None and low >= -1e-9 for low in risked)
        if policy["settle_minutes"] == "0" and policy["reactivation_gap_days"] == "0":
            assert all(
                low is None or high is None or low <= high + 1e-6 for low, high in zip(risked, paid, strict=True)
            )
