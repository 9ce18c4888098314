"""What customers said in their own words."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="feedback",
    meaning="comments from outside of surveys",
    columns=(
        Column("feedback_id", Type.ID, "the comment", required=True),
        Column("account_id", Type.ID, "the customer"),
        Column("person_id", Type.ID, "the person"),
        Column("happened_at", Type.INSTANT, "when it was said", required=True, aliases=("at",)),
        Column("origin", Type.CHOICE, "where", choices=("email", "call", "review", "interview", "churn")),
        Column("text", Type.TEXT, "the words"),
        Column("lang", Type.TEXT, "their language, as in en"),
    ),
    key=("feedback_id",),
)
