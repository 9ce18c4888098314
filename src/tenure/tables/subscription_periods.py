"""What a subscription costs, and from when to when: recurring revenue is made of these rows alone."""

from __future__ import annotations

from tenure.tables.rules import amount, in_order, not_negative
from tenure.tables.schema import Check, Column, Table, Type

_UNITS_LIMIT = 1_000_000_000
_PRICE_LIMIT = 100_000_000_000
_LONGEST = 10_000  # intervals of more days than this are another unit's number in the wrong column

TABLE = Table(
    name="subscription_periods",
    meaning="a time in which one item of a subscription had one price; a new price is a new row",
    columns=(
        Column("subscription_id", Type.ID, "the subscription", required=True),
        Column("item_id", Type.ID, "the item of it", default="subscription_id"),
        Column("account_id", Type.ID, "the customer", required=True),
        Column("plan", Type.ID, "the plan"),
        Column("starts_at", Type.INSTANT, "the price holds from here", required=True),
        Column("ends_at", Type.INSTANT, "to just before here; empty: still open"),
        Column(
            "state",
            Type.CHOICE,
            "what the subscription was then",
            choices=("active", "trial", "past_due", "paused", "free"),
            default="'active'",
        ),
        Column("quantity", Type.QUANTITY, "how many units, seats for example", unit="units", default="1"),
        Column(
            "unit_amount", Type.MONEY, "the price of one unit for one interval, before discount and tax; or give mrr"
        ),
        Column("mrr", Type.MONEY, "the net value of a month; or give unit_amount"),
        Column(
            "billing_interval",
            Type.CHOICE,
            "the unit of the interval that the price is for",
            choices=("day", "week", "month", "year"),
            default="'month'",
            aliases=("interval",),
        ),
        Column("interval_count", Type.INTEGER, "how many of them one interval has: 3 months", default="1"),
        Column("discount_percent", Type.PERCENT, "taken off first"),
        Column("discount_amount", Type.MONEY, "taken off next, per item and interval"),
        Column(
            "discount_duration",
            Type.CHOICE,
            "how long the discount lasts; empty: forever",
            choices=("once", "repeating", "forever"),
        ),
        Column("currency", Type.CURRENCY, "of the amounts; empty: the company's"),
        Column("change_reason", Type.TEXT, "why the row began: upgrade, downgrade, seats, addon, price, discount ..."),
    ),
    key=("subscription_id", "item_id", "starts_at"),
    checks=(
        in_order("starts_at", "ends_at"),
        Check(
            "price_given",
            "unit_amount",
            "unit_amount IS NOT NULL OR mrr IS NOT NULL",
            "Either unit_amount or mrr must be given.",
        ),
        *amount("unit_amount", "; a discount goes into discount_percent or discount_amount"),
        *amount("mrr"),
        not_negative("quantity"),
        Check("quantity_below_limit", "quantity", f"quantity < {_UNITS_LIMIT}", "quantity must be below a billion."),
        Check(  # the wider type: a product of two DECIMAL(18, 4) overflows where this rule should speak
            "price_below_limit",
            "unit_amount",
            f"CAST(unit_amount AS DECIMAL(20, 4)) * CAST(quantity AS DECIMAL(18, 4)) < {_PRICE_LIMIT}",
            "unit_amount times quantity must be below 100 billion.",
        ),
        Check(
            "interval_count_likely",
            "interval_count",
            f"interval_count BETWEEN 1 AND {_LONGEST}",
            f"interval_count must lie between 1 and {_LONGEST}.",
        ),
        Check(
            "discount_percent_likely",
            "discount_percent",
            "discount_percent BETWEEN 0 AND 100",
            "discount_percent must lie between 0 and 100.",
        ),
        *amount("discount_amount"),
    ),
)
