"""What was signed for a term, and whether it was renewed."""

from __future__ import annotations

from tenure.tables.rules import amount, in_order
from tenure.tables.schema import Check, Column, Table, Type

TABLE = Table(
    name="contracts",
    meaning="a term with a value, up for renewal when it ends",
    columns=(
        Column("contract_id", Type.ID, "the contract", required=True),
        Column("account_id", Type.ID, "the customer", required=True),
        Column("subscription_id", Type.ID, "the subscription that it stands for"),
        Column("starts_on", Type.DAY, "the first day of the term", required=True),
        Column("ends_on", Type.DAY, "the day on which it is up for renewal", required=True),
        Column("value", Type.MONEY, "what the term is worth", required=True),
        Column("currency", Type.CURRENCY, "of the values; empty: the company's"),
        Column("outcome", Type.CHOICE, "what became of it", choices=("open", "renewed", "lost"), default="'open'"),
        Column("decided_at", Type.INSTANT, "renewed or lost at"),
        Column("renewed_value", Type.MONEY, "the part of the value that was renewed"),
        Column("expansion_value", Type.MONEY, "what was signed on top of it"),
    ),
    key=("contract_id",),
    checks=(
        in_order("starts_on", "ends_on"),
        *amount("value"),
        *amount("renewed_value"),
        *amount("expansion_value"),
        Check(
            "renewed_value_decided",
            "renewed_value",
            "outcome = 'renewed' OR coalesce(renewed_value, 0) = 0",
            "renewed_value belongs to a contract whose outcome is 'renewed'.",
        ),
    ),
)
