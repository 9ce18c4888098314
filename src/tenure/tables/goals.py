"""What success means to a customer: leads, rankings, bookings."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="goals",
    meaning="what a customer wants to reach, by when, and how far they have come",
    columns=(
        Column("goal_id", Type.ID, "the goal", required=True),
        Column("account_id", Type.ID, "the customer", required=True),
        Column("name", Type.TEXT, "what is to be reached"),
        Column("target", Type.NUMBER, "how much of it", unit="in the goal's own unit"),
        Column("actual", Type.NUMBER, "how much was reached", unit="in the goal's own unit"),
        Column("unit", Type.TEXT, "what target and actual are counted in"),
        Column("due_on", Type.DAY, "the last day for it"),
        Column("achieved_at", Type.INSTANT, "reached; empty: actual is compared with target"),
    ),
    key=("goal_id",),
)
