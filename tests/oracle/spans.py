"""From rows to spans: one item at one monthly price from one instant to another, read under a policy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from oracle.company import Company, exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.policy import Policy

END_OF_TIME = datetime.max  # noqa: DTZ901 - every instant here is naive UTC


@dataclass(frozen=True)
class Span:
    """`kind` is paying, paused, trial, free, given (100 % off) or nothing.

    `price` and `listed` are a month's value in `currency`; `bought` is where the item's first period began.
    """

    account: str
    subscription: str
    item: str
    plan: str | None
    currency: str
    starts: datetime
    ends: datetime
    state: str
    kind: str
    price: Fraction
    listed: Fraction
    bought: datetime
    requested: datetime | None

    def covers(self, instant: datetime) -> bool:
        """Whether it runs from `instant` on."""
        return self.starts <= instant < self.ends

    def covers_before(self, instant: datetime) -> bool:
        """Whether it runs just before `instant`."""
        return self.starts < instant <= self.ends


def half_up(amount: Fraction) -> Fraction:
    """Four places, halves away from zero; amounts are never negative."""
    return Fraction(floor(amount * 10_000 + Fraction(1, 2)), 10_000)


def months(row: Mapping[str, Any], policy: Policy) -> Fraction:
    """What a price per billing interval is multiplied with to be a month's."""
    unit = row.get("billing_interval") or "month"
    per_month = {
        "day": policy.factor("day"),
        "week": policy.factor("week"),
        "month": Fraction(1),
        "year": Fraction(1, 12),
    }[unit]
    return per_month / (row.get("interval_count") or 1)


def prices(row: Mapping[str, Any], policy: Policy) -> tuple[Fraction, Fraction]:
    """(price, list price) of a row for a month: the first is what the policy counts."""
    factor = months(row, policy)
    amount_off = exact(row.get("discount_amount"))
    given, unit = row.get("mrr"), row.get("unit_amount")
    full = exact(unit) * exact(row.get("quantity"), 1)
    if given is not None:
        net = half_up(exact(given))
        listed = net + half_up(amount_off * factor) if unit is None else half_up(full * factor)
    else:
        off = 1 - exact(row.get("discount_percent")) / 100
        net = half_up(max(Fraction(0), full * off - amount_off) * factor)
        listed = half_up(full * factor)
    for_ever = (row.get("discount_duration") or "forever") == "forever"
    counted = {"all": True, "forever": for_ever, "none": False}[policy["discounts"]]
    return (net if counted else listed), listed


def spans(company: Company, policy: Policy) -> list[Span]:
    """Every span of every account that counts, in no order; none of length zero."""
    roots, left_out = company.roots(), company.left_out()
    requests = {row["subscription_id"]: row.get("cancel_requested_at") for row in company.rows("subscriptions")}
    free_plans = {row["plan"] for row in company.rows("plans") if row.get("is_free")}
    items: dict[tuple[str, str, str], list[Span]] = {}
    for row in company.rows("subscription_periods"):
        account = roots.get(row["account_id"], row["account_id"])
        if left_out & {account, row["account_id"]}:
            continue
        price, listed = prices(row, policy)
        state = row.get("state") or "active"
        span = Span(
            account=account,
            subscription=row["subscription_id"],
            item=row.get("item_id") or row["subscription_id"],
            plan=row.get("plan"),
            currency=row.get("currency") or company.currency,
            starts=row["starts_at"],
            ends=row.get("ends_at") or END_OF_TIME,
            state=state,
            kind=_kind(state, price, listed, policy, is_free=row.get("plan") in free_plans),
            price=price,
            listed=listed,
            bought=row["starts_at"],
            requested=requests.get(row["subscription_id"]),
        )
        items.setdefault((span.account, span.subscription, span.item), []).append(span)
    return [span for rows in items.values() for span in _settled_item(rows, policy)]


def _kind(state: str, price: Fraction, listed: Fraction, policy: Policy, *, is_free: bool) -> str:
    if is_free or state == "free":
        return "free"
    if state == "trial":
        return "trial"
    if state == "paused" and policy["paused"] != "counted":
        return {"zero": "paused", "churn": "nothing"}[policy["paused"]]
    if price > 0:
        return "paying"
    return "given" if listed > 0 else "free"


def _settled_item(rows: list[Span], policy: Policy) -> list[Span]:
    """One item's spans: the later start ends the earlier one, then what the policy cuts off."""
    rows = sorted(rows, key=lambda span: span.starts)
    bought = rows[0].starts
    ordered = []
    for n, span in enumerate(rows):
        ends = min(span.ends, rows[n + 1].starts) if n + 1 < len(rows) else span.ends
        if span.starts < ends:
            ordered.append(replace(span, ends=ends, bought=bought))
    if policy["past_due"] != "counted":
        ordered = _unpaid_too_long(ordered, timedelta(days=int(policy["past_due"].split(":")[1])))
    if policy["churn_at"] == "request":
        ordered = [replace(s, ends=min(s.ends, s.requested)) if s.requested else s for s in ordered]
    return [span for span in ordered if span.starts < span.ends]


def _unpaid_too_long(ordered: list[Span], patience: timedelta) -> list[Span]:
    """A run of past_due spans without a gap counts as lost when `patience` has gone by since its first start."""
    cut = []
    unpaid_since = run_ends = None
    for span in ordered:
        if span.state != "past_due":
            unpaid_since = run_ends = None
            cut.append(span)
            continue
        if unpaid_since is None or run_ends != span.starts:
            unpaid_since = span.starts
        run_ends = span.ends
        cut.append(replace(span, ends=min(span.ends, unpaid_since + patience)))
    return cut
