"""What a customer pays: the level now and over twelve months, item by item, how it moved and why."""

from __future__ import annotations

from datetime import timedelta
from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING, Any

from tenure.account.happening import Happening
from tenure.calendar import period_start, periods

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tenure.account.reader import Reader, Section

_EXACT = Context(prec=76)  # a level and a rate have at most 38 digits each
_INSTANT = timedelta(microseconds=1)
_MONTHS = 12
_WORDS = {
    "new": "became a customer",
    "reactivation": "came back",
    "expansion": "pays more",
    "contraction": "pays less",
    "churn": "left",
}

_ITEMS = """
WITH standing AS (
    SELECT subscription_id, item_id, plan, currency, class, sum(net4) AS net4, sum(list4) AS list4
    FROM {item_changes} WHERE account_id = $account AND class <> 'notice' AND happened_at < $now
    GROUP BY ALL HAVING sum(items) > 0
), notice AS (
    SELECT subscription_id, item_id FROM {item_changes}
    WHERE account_id = $account AND class = 'notice' AND happened_at < $now GROUP BY ALL HAVING sum(items) > 0
), sold AS (
    SELECT *, row_number() OVER (PARTITION BY subscription_id, item_id ORDER BY starts_at DESC) AS place
    FROM {subscription_periods} WHERE account_id IN (SELECT unnest($members)) AND starts_at < $now
)
SELECT s.subscription_id, s.item_id, s.plan, p.product, CASE WHEN s.class = 'paying' THEN d.state ELSE s.class END AS state,
    CASE WHEN s.class = 'paying' THEN s.net4 ELSE 0 END AS monthly, s.list4 AS list_monthly,
    CASE WHEN s.class = 'paying' THEN s.list4 - s.net4 ELSE 0 END AS discount, s.currency, d.quantity, d.unit_amount, d.billing_interval,
    d.interval_count, d.starts_at AS since, n.item_id IS NOT NULL AS is_cancelled,
    CASE WHEN n.item_id IS NOT NULL THEN d.ends_at END AS ends_at
FROM standing AS s
LEFT JOIN notice AS n ON n.subscription_id = s.subscription_id AND n.item_id = s.item_id
LEFT JOIN sold AS d ON d.subscription_id = s.subscription_id AND d.item_id = s.item_id AND d.place = 1
LEFT JOIN {plans} AS p ON p.plan = s.plan
ORDER BY monthly DESC, s.item_id, s.plan
"""
_MOVEMENTS = """
SELECT r.happened_at, max(r.kind) FILTER (WHERE r.kind <> 'transfer') AS kind,
    CASE WHEN NOT bool_or(r.amount IS NULL) THEN sum(r.amount) FILTER (WHERE r.kind <> 'transfer') END AS amount,
    coalesce(list_sort(list_distinct(list(r.plan) FILTER (WHERE r.worth < 0))), []) AS plans_before,
    coalesce(list_sort(list_distinct(list(r.plan) FILTER (WHERE r.worth > 0))), []) AS plans_after,
    list_sort(list_distinct(list(s.end_reason)
        FILTER (WHERE r.worth < 0 AND (r.kind = 'churn' OR s.ends_at <= r.happened_at)))) AS ended_for,
    max(s.end_kind) FILTER (WHERE r.kind = 'churn') AS end_kind
FROM {revenue} AS r LEFT JOIN {subscriptions} AS s ON s.subscription_id = r.subscription_id
WHERE r.account_id = $account AND r.happened_at < $now
GROUP BY r.unit_id, r.movement, r.happened_at
HAVING kind IS NOT NULL
ORDER BY r.happened_at DESC, kind
"""
_CHANGES = """
SELECT starts_at, change_reason FROM {subscription_periods}
WHERE account_id IN (SELECT unnest($members)) AND starts_at < $now AND change_reason IS NOT NULL ORDER BY starts_at
"""
_REQUESTS = """
SELECT subscription_id, cancel_requested_at AS happened_at, end_reason FROM {subscriptions}
WHERE account_id IN (SELECT unnest($members)) AND cancel_requested_at < $now
"""


def money(reader: Reader) -> tuple[Section, list[Happening]]:
    """The section, and the movements and requests to cancel as happenings.

    `monthly` is the recurring revenue of a month, exact, in the company's currency at the rates of each instant;
    None where a rate is not known.
    """
    zone, week = reader.settings.zone, reader.settings.week_start
    since = period_start(reader.now - _INSTANT, "month", zone, week, _MONTHS - 1)
    months = periods(since, reader.now, "month", zone, week, reader.now)
    levels = _levels(reader, [month.closes for month in months])  # the last one closes now
    moved = _movements(reader)
    asked = [_request(row) for row in reader.rows(_REQUESTS)]
    section = {
        "currency": reader.settings.currency,
        "monthly": levels[-1],
        "items": [_item(row) for row in reader.rows(_ITEMS)],
        "months": [{"start": m.opens, "end": m.closes, "monthly": x} for m, x in zip(months, levels, strict=True)],
        "movements": moved,
    }
    return section, [*(_told(row, reader.settings.currency) for row in moved), *asked]


def _levels(reader: Reader, cuts: Sequence[datetime]) -> list[Decimal | None]:
    """The recurring revenue just before each cut, at the rate of the day then."""
    changes = reader.rows("SELECT happened_at, valued_in, worth FROM {revenue} WHERE account_id = $account")
    bounds = reader.row("SELECT min(day) AS first, max(day) AS last FROM {rates}")
    days = [min(max((cut - _INSTANT).date(), bounds["first"]), bounds["last"]) for cut in cuts]
    found = reader.rows("SELECT day, currency, rate FROM {rates} WHERE day IN (SELECT unnest($days))", days=days)
    rates = {(row["day"], row["currency"]): row["rate"] for row in found}
    return [
        _level([c for c in changes if c["happened_at"] < cut], day, rates) for cut, day in zip(cuts, days, strict=True)
    ]


def _level(changes: list[dict[str, Any]], day: object, rates: dict[Any, Decimal]) -> Decimal | None:
    if any(change["worth"] is None for change in changes):
        return None
    with localcontext(_EXACT):
        worths: dict[str, Decimal] = {}
        for change in changes:
            worths[change["valued_in"]] = worths.get(change["valued_in"], Decimal()) + change["worth"]
        held = {currency: worth for currency, worth in worths.items() if worth}
        if any((day, currency) not in rates for currency in held):
            return None
        return sum((worth * rates[day, currency] for currency, worth in held.items()), Decimal())


def _item(row: dict[str, Any]) -> dict[str, Any]:
    """The item with its amounts of a month, which the ledger holds in ten-thousandths, as money."""
    return row | {name: Decimal(int(row[name])).scaleb(-4) for name in ("monthly", "list_monthly", "discount")}


def _movements(reader: Reader) -> list[dict[str, Any]]:
    """Newest first, each with the reason that was given for it: of an end, or of the change of a price."""
    changes = reader.rows(_CHANGES)
    settles = timedelta(minutes=int(reader.policy.switches["settle_minutes"]))
    shown = []
    for row in reader.rows(_MOVEMENTS):
        near = [
            c["change_reason"] for c in changes if row["happened_at"] - settles <= c["starts_at"] <= row["happened_at"]
        ]
        reasons = row.pop("ended_for") or ([] if row["kind"] == "churn" else list(dict.fromkeys(near)))
        shown.append(row | {"reason": ", ".join(reasons) or None})
    return shown


def _told(row: dict[str, Any], currency: str) -> Happening:
    plans = [", ".join(row[side]) for side in ("plans_before", "plans_after")]
    switched = f": {plans[0]} to {plans[1]}" if all(plans) and plans[0] != plans[1] else ""
    joined = f" on {plans[1]}" if row["kind"] in ("new", "reactivation") and plans[1] else ""
    reason = f" ({row['reason']})" if row["reason"] else ""
    what = f"{_WORDS[row['kind']]}{switched}{joined}{reason}"
    return Happening(row["happened_at"], row["kind"], what, amount=row["amount"], currency=currency)


def _request(row: dict[str, Any]) -> Happening:
    reason = f" ({row['end_reason']})" if row["end_reason"] else ""
    return Happening(row["happened_at"], "cancellation", f"asked to cancel{reason}", about=row["subscription_id"])
