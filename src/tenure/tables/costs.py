"""What it costs to win, serve and keep customers."""

from __future__ import annotations

from tenure.tables.rules import amount, in_order
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="costs",
    meaning="a cost over some days, spread evenly over them",
    columns=(
        Column("cost_id", Type.ID, "the cost", required=True),
        Column("from_date", Type.DAY, "the first day", required=True),
        Column("to_date", Type.DAY, "the last day, which counts too", required=True),
        Column(
            "bucket",
            Type.CHOICE,
            "what it was spent on",
            required=True,
            choices=("acquisition", "support", "success", "self_service", "email", "tickets", "goods"),
        ),
        Column("amount", Type.MONEY, "how much, never negative", required=True),
        Column("currency", Type.CURRENCY, "of the amount; empty: the company's"),
        Column("account_id", Type.ID, "the customer that it was spent on; empty: all"),
        Column("channel", Type.TEXT, "the channel of acquisition that it was spent on"),
    ),
    key=("cost_id",),
    checks=(in_order("from_date", "to_date"), *amount("amount", ": a cost is a positive amount")),
)
