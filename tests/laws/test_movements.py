"""Movements are changes of level, whatever the grain, the zone and the policy; finer periods add up to coarser ones."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from laws.companies import companies, policies, some
from laws.stores import added, ask, same, store_of

if TYPE_CHECKING:
    from oracle.company import Company
    from tenure.answer import Row
    from tenure.policy import Policy

ZONES = ("UTC", "Europe/Berlin", "America/New_York")
GAINS = ("new_mrr", "expansion_mrr", "reactivation_mrr", "fx_mrr")
LOSSES = ("contraction_mrr", "churned_mrr")
FLOWS = (
    *GAINS,
    *LOSSES,
    "net_new_mrr",
    "new_customers",
    "churned_customers",
    "reactivated_customers",
    "net_customer_growth",
)
GRAINS = ("day", "week", "month", "quarter", "year", "total")


@some(10)
@given(company=companies(), policy=policies(), zone=st.sampled_from(ZONES), grain=st.sampled_from(GRAINS))
def test_movements_are_the_change_of_level(company: Company, policy: Policy, zone: str, grain: str) -> None:
    with store_of(company, zone) as store:
        found = {
            metric: [Fraction(row.value or 0) for row in ask(store, metric, policy, grain=grain).rows]
            for metric in (*GAINS, *LOSSES, "net_new_mrr", "mrr", "customers", "net_customer_growth")
        }
        kinds = ("new_customers", "churned_customers", "reactivated_customers")
        counts = {metric: [row.value or 0 for row in ask(store, metric, policy, grain=grain).rows] for metric in kinds}
    for n, net in enumerate(found["net_new_mrr"]):
        parts = sum(found[m][n] for m in GAINS) - sum(found[m][n] for m in LOSSES)
        assert same(float(net), parts), f"period {n}: net new is {float(net)}, its parts {float(parts)}"
        if n:
            change = found["mrr"][n] - found["mrr"][n - 1]
            assert same(float(net), change), f"period {n}: net new is {float(net)}, the level moved by {float(change)}"
            grown = found["customers"][n] - found["customers"][n - 1]
            assert found["net_customer_growth"][n] == grown
        moved = counts["new_customers"][n] + counts["reactivated_customers"][n] - counts["churned_customers"][n]
        assert found["net_customer_growth"][n] == moved


def days(rows: tuple[Row, ...], zone: str) -> dict[str, Fraction]:
    """The rows of finer periods, added up by the local day that they open in."""
    found: dict[str, Fraction] = defaultdict(Fraction)
    for row in rows:
        local = row.start.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(zone))
        found[local.date().isoformat()] += Fraction(row.value or 0)
    return dict(found)


@some(4)
@given(company=companies(), policy=policies(), zone=st.sampled_from(ZONES))
def test_hours_add_up_to_days(company: Company, policy: Policy, zone: str) -> None:
    window = {"since": "2024-03-29", "until": "2024-04-02"}
    with store_of(company, zone) as store:
        for metric in FLOWS:
            hours = days(ask(store, metric, policy, grain="hour", **window).rows, zone)
            whole = days(ask(store, metric, policy, grain="day", **window).rows, zone)
            assert hours.keys() == whole.keys()
            for day, value in whole.items():
                assert same(float(hours[day]), value), f"{metric} on {day}"
        assert len(ask(store, "mrr", policy, grain="hour", **window).rows) == (95 if zone == "Europe/Berlin" else 96)


@some(4)
@given(company=companies(), policy=policies(), zone=st.sampled_from(ZONES))
def test_days_add_up_to_months_and_months_to_the_year(company: Company, policy: Policy, zone: str) -> None:
    with store_of(company, zone) as store:
        for metric in FLOWS:
            by_day = days(ask(store, metric, policy, grain="day").rows, zone)
            months = days(ask(store, metric, policy, grain="month").rows, zone)
            for month, value in months.items():
                total = sum((v for day, v in by_day.items() if day[:7] == month[:7]), Fraction(0))
                assert same(float(total), value), f"{metric} in {month[:7]}"
            whole = ask(store, metric, policy, grain="total").rows
            assert same(float(added(whole)), sum(months.values())), metric


@some(8)
@given(company=companies(), policy=policies(), grain=st.sampled_from(GRAINS))
def test_gross_retention_is_at_most_one_and_at_most_net(company: Company, policy: Policy, grain: str) -> None:
    with store_of(company) as store:
        gross = ask(store, "gross_revenue_retention", policy, grain=grain).rows
        net = ask(store, "net_revenue_retention", policy, grain=grain).rows
    for one, other in zip(gross, net, strict=True):
        assert (one.value is None) == (other.value is None)
        if one.value is not None and other.value is not None:
            assert 0 <= one.value <= 1
            assert one.value <= other.value + 1e-12
