"""What customers asked the support for."""

from __future__ import annotations

from tenure.tables.rules import in_order, not_negative
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="tickets",
    meaning="requests for help; what ticket_events know of a ticket wins over these columns",
    columns=(
        Column("ticket_id", Type.ID, "the ticket", required=True),
        Column("account_id", Type.ID, "the customer"),
        Column("person_id", Type.ID, "the person who asked"),
        Column("created_at", Type.INSTANT, "asked", required=True),
        Column("channel", Type.TEXT, "how it came: email, chat, phone ..."),
        Column("topic", Type.TEXT, "what it is about"),
        Column("feature", Type.TEXT, "the feature that it is about"),
        Column("priority", Type.TEXT, "how urgent it is"),
        Column("status", Type.TEXT, "where it stands; solved, resolved and closed are solved"),
        Column("first_reply_at", Type.INSTANT, "the first public answer of a human agent"),
        Column("first_solved_at", Type.INSTANT, "solved for the first time"),
        Column("solved_at", Type.INSTANT, "solved for the last time"),
        Column("closed_at", Type.INSTANT, "closed for good"),
        Column("reopens", Type.INTEGER, "how often it was opened again", unit="times"),
        Column("agent_replies", Type.INTEGER, "public answers of agents", unit="replies"),
        Column("customer_replies", Type.INTEGER, "messages of the customer after the first", unit="replies"),
        Column("assignees", Type.INTEGER, "how many agents had it", unit="agents"),
        Column("sla_due_at", Type.INSTANT, "promised to be solved by"),
        Column("is_avoidable", Type.BOOLEAN, "would not have been needed"),
        Column("first_contact_resolved", Type.BOOLEAN, "solved by the first answer, as the help desk reports it"),
        Column("subject", Type.TEXT, "the title"),
        Column("body", Type.TEXT, "the first message"),
    ),
    key=("ticket_id",),
    checks=(
        in_order("created_at", "first_reply_at"),
        in_order("created_at", "first_solved_at"),
        in_order("created_at", "solved_at"),
        in_order("first_solved_at", "solved_at"),
        in_order("created_at", "closed_at"),
        not_negative("reopens"),
        not_negative("agent_replies"),
        not_negative("customer_replies"),
        not_negative("assignees"),
    ),
)
