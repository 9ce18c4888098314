"""Money that changed hands."""

from __future__ import annotations

from tenure.tables.rules import amount
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="transactions",
    meaning="charges, refunds and credits",
    columns=(
        Column("transaction_id", Type.ID, "the transaction", required=True),
        Column("account_id", Type.ID, "the customer", required=True),
        Column("person_id", Type.ID, "the person who bought"),
        Column("happened_at", Type.INSTANT, "paid, or paid back", required=True, aliases=("at",)),
        Column(
            "kind",
            Type.CHOICE,
            "what it is; refunds and credits are subtracted",
            choices=("charge", "refund", "credit"),
            default="'charge'",
        ),
        Column("amount", Type.MONEY, "how much, without tax, never negative", required=True),
        Column("currency", Type.CURRENCY, "of the amount; empty: the company's"),
        Column("is_recurring", Type.BOOLEAN, "belongs to a subscription"),
        Column("subscription_id", Type.ID, "the subscription that it pays"),
        Column("order_id", Type.ID, "the purchase that it belongs to, where several rows are one"),
    ),
    key=("transaction_id",),
    checks=amount("amount", ": money paid back is a row of kind 'refund' or 'credit'"),
)
