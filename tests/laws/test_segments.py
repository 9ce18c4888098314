"""Whatever a number is broken down by, the parts of an additive one add up to the total."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from laws.companies import companies, policies, some
from laws.stores import ask, same, store_of

if TYPE_CHECKING:
    from datetime import datetime

    from oracle.company import Company
    from tenure.policy import Policy

ADDITIVE = (
    "mrr", "arr", "new_mrr", "expansion_mrr", "reactivation_mrr", "contraction_mrr", "churned_mrr", "fx_mrr", "net_new_mrr",
    "list_mrr", "discount_mrr", "trial_mrr", "committed_mrr", "customers", "new_customers", "churned_customers",
    "reactivated_customers", "net_customer_growth",
)  # fmt: skip
DIMENSIONS = ("plan", "product", "currency", "account", "region", "channel", "tenure")


@some(8)
@given(company=companies(), policy=policies(), by=st.sampled_from(DIMENSIONS))
def test_segments_add_up(company: Company, policy: Policy, by: str) -> None:
    if by in {"region", "channel"} and not any("region" in row for row in company.tables.get("accounts", ())):
        by = "plan"
    with store_of(company) as store:
        for metric in ADDITIVE:
            parts: dict[datetime, Fraction] = defaultdict(Fraction)
            for row in ask(store, metric, policy, by=by).rows:
                assert row.segment is not None
                parts[row.start] += Fraction(row.value or 0)
            for row in ask(store, metric, policy).rows:
                total = parts.get(row.start, Fraction(0))
                assert same(row.value, total), f"{metric} by {by} from {row.start}: {float(total)} of {row.value}"


@some(4)
@given(company=companies(), policy=policies())
def test_a_filter_is_its_segment(company: Company, policy: Policy) -> None:
    with store_of(company) as store:
        asked = [
            *(
                (one, "plan")
                for one in ("mrr", "expansion_mrr", "customers", "net_revenue_retention", "customer_churn_rate")
            ),
            *((one, "tenure") for one in ("mrr", "fx_mrr", "net_new_mrr")),
        ]
        for metric, by in asked:
            rows = ask(store, metric, policy, by=by).rows
            for segment in {row.segment for row in rows}:
                alone = ask(store, metric, policy, where={by: segment}).rows
                wanted = [row.value for row in rows if row.segment == segment]
                for one, other in zip(alone, wanted, strict=True):
                    assert same(one.value, other), f"{metric} of {segment} from {one.start}: {one.value}, not {other}"
