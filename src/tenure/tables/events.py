"""What people did in the product."""

from __future__ import annotations

from tenure.tables.rules import not_negative
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="events",
    meaning="one thing that somebody did, or that happened to them, in the product",
    columns=(
        Column("event_id", Type.ID, "the event", required=True),
        Column("account_id", Type.ID, "the customer"),
        Column("person_id", Type.ID, "the person"),
        Column("happened_at", Type.INSTANT, "when it happened", required=True, aliases=("at",)),
        Column("received_at", Type.INSTANT, "when it arrived"),
        Column("name", Type.TEXT, "what happened", required=True),
        Column("feature", Type.TEXT, "the feature that was used"),
        Column("session_id", Type.ID, "the visit that it belongs to"),
        Column("quantity", Type.QUANTITY, "how much of it", unit="units"),
        Column("duration_s", Type.NUMBER, "how long it took", unit="seconds"),
        Column("is_error", Type.BOOLEAN, "it failed", default="false"),
        Column("props", Type.JSON, "anything else that is known of it; receives the file's other columns"),
    ),
    key=("event_id",),
    checks=(not_negative("quantity"), not_negative("duration_s")),
)
