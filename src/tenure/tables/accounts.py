"""Who buys: one row per customer company, paying or not yet."""

from __future__ import annotations

from tenure.tables.rules import differ, in_order
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="accounts",
    meaning="customers and those who may become one; any further column is an attribute to segment by",
    columns=(
        Column("account_id", Type.ID, "the customer", required=True),
        Column("name", Type.TEXT, "what people call the customer"),
        Column("parent_account_id", Type.ID, "the account that this one belongs to"),
        Column("created_at", Type.INSTANT, "signed up"),
        Column("sale_closed_at", Type.INSTANT, "agreed to buy: onboarding is measured from here"),
        Column("launched_at", Type.INSTANT, "onboarding completed"),
        Column("first_value_at", Type.INSTANT, "got the first value from the product"),
        Column("channel", Type.TEXT, "how the account was acquired"),
        Column("currency", Type.CURRENCY, "what the account pays in"),
        Column("is_test", Type.BOOLEAN, "a test account: left out of every metric", default="false"),
        Column("closed_at", Type.INSTANT, "the account was closed"),
    ),
    key=("account_id",),
    checks=(
        in_order("created_at", "closed_at"),
        differ("parent_account_id", "account_id"),
    ),
    extras="attributes",
)
