"""Help that people found by themselves."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="help_sessions",
    meaning="visits to self-service help",
    columns=(
        Column("session_id", Type.ID, "the visit", required=True),
        Column("account_id", Type.ID, "the customer"),
        Column("person_id", Type.ID, "the person"),
        Column("happened_at", Type.INSTANT, "when it began", required=True, aliases=("at",)),
        Column("channel", Type.CHOICE, "where", choices=("articles", "webinar", "bot", "community")),
        Column("resolved", Type.BOOLEAN, "it answered the question; empty: not known"),
        Column("ticket_id", Type.ID, "the ticket that it ended in"),
    ),
    key=("session_id",),
)
