"""How far an account, or a person of it, has come in getting started."""

from __future__ import annotations

from tenure.tables.rules import in_order
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="onboarding_steps",
    meaning="one step of onboarding for one account or person",
    columns=(
        Column("account_id", Type.ID, "the customer", required=True),
        # a part of the key, which must not be null
        Column("person_id", Type.ID, "the person; empty: the step is the account's", default="''"),
        Column("step", Type.ID, "the step", required=True),
        Column("position", Type.INTEGER, "its place in the order of steps"),
        Column("is_required", Type.BOOLEAN, "onboarding is not finished without it", default="true"),
        Column("shown_at", Type.INSTANT, "shown"),
        Column("started_at", Type.INSTANT, "started"),
        Column("completed_at", Type.INSTANT, "completed"),
        Column("skipped_at", Type.INSTANT, "skipped"),
    ),
    key=("account_id", "person_id", "step"),
    checks=(
        in_order("started_at", "completed_at"),
        in_order("shown_at", "completed_at"),
        in_order("shown_at", "skipped_at"),
    ),
)
