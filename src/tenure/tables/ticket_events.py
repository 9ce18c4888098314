"""What happened to a ticket, step by step."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="ticket_events",
    meaning="the history of tickets; first reply, solutions and reopenings are computed from it",
    columns=(
        Column("ticket_id", Type.ID, "the ticket", required=True),
        Column("seq", Type.INTEGER, "the event's place in the ticket's history", required=True),
        Column("happened_at", Type.INSTANT, "when it happened", required=True, aliases=("at",)),
        Column(
            "kind",
            Type.CHOICE,
            "what happened",
            required=True,
            choices=("reply", "note", "status", "assign", "rating"),
        ),
        Column("actor", Type.CHOICE, "who did it", choices=("agent", "customer", "bot", "system")),
        Column("is_public", Type.BOOLEAN, "the customer can see it", default="kind <> 'note'"),
        Column("from_status", Type.TEXT, "the status before"),
        Column("to_status", Type.TEXT, "the status after"),
    ),
    key=("ticket_id", "seq"),
)
