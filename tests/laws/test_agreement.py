"""An independent recomputation, by naive loops and exact fractions, agrees on every number of a random company."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laws.companies import companies, policies, some
from laws.stores import ask, same, store_of
from oracle.numbers import Oracle
from oracle.reading import local, preceding
from tenure.policy import PRESETS, Policy

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.company import Company

MONEY = (
    "mrr", "arr", "new_mrr", "expansion_mrr", "reactivation_mrr", "contraction_mrr", "churned_mrr", "fx_mrr", "net_new_mrr",
    "list_mrr", "discount_mrr", "trial_mrr", "committed_mrr",
)  # fmt: skip
RATES = (
    "mrr_growth_rate", "arpa", "gross_mrr_churn_rate", "net_mrr_churn_rate", "net_revenue_retention", "gross_revenue_retention",
    "expansion_rate", "expansion_share", "expansion_mrr_growth_rate", "quick_ratio",
)  # fmt: skip
CUSTOMERS = (
    "customers", "new_customers", "churned_customers", "reactivated_customers", "net_customer_growth",
    "customer_churn_rate", "customer_retention_rate",
)  # fmt: skip
ZONES = ("UTC", "Europe/Berlin", "America/New_York")


def before(opens: datetime, zone: ZoneInfo) -> datetime:
    """Where the month before the one that opens then began."""
    day = opens.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
    first = preceding(day, "month")
    return local(opens.replace(year=first.year, month=first.month, day=1, hour=0), zone)


def check(company: Company, policy: Policy, zone: str) -> None:
    oracle = Oracle(company, policy)
    with store_of(company, zone) as store:
        for metric in (*MONEY, *RATES, *CUSTOMERS):
            for row in ask(store, metric, policy).rows:
                wanted = oracle.numbers(row.start, row.end, before(row.start, ZoneInfo(zone)))[metric]
                shown = None if wanted is None else float(wanted)
                assert same(row.value, wanted), f"{metric} from {row.start}: {row.value}, and by hand {shown}"


@pytest.mark.parametrize("preset", PRESETS)
@some(2)
@given(company=companies(), zone=st.sampled_from(ZONES))
def test_every_number_under_every_preset(preset: str, company: Company, zone: str) -> None:
    check(company, Policy(preset), zone)


@some(8)
@given(company=companies(), policy=policies(), zone=st.sampled_from(ZONES))
def test_every_number_under_any_switches(company: Company, policy: Policy, zone: str) -> None:
    check(company, policy, zone)


@some(4)
@given(company=companies(), policy=policies())
def test_the_money_of_each_plan(company: Company, policy: Policy) -> None:
    oracle = Oracle(company, policy)
    plans = {span.plan or "(none)" for span in oracle.spans}
    with store_of(company) as store:
        for metric in MONEY[:-2]:
            for row in ask(store, metric, policy, by="plan").rows:
                assert row.segment is not None
                wanted = oracle.money(row.start, row.end, plan=row.segment)[metric]
                assert row.segment in plans
                assert same(row.value, wanted), f"{metric} of {row.segment} from {row.start}: {row.value}, not {wanted}"
