"""When we were in touch with a customer."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="touches",
    meaning="mails, calls, meetings and trainings with a customer",
    columns=(
        Column("touch_id", Type.ID, "the touch", required=True),
        Column("account_id", Type.ID, "the customer", required=True),
        Column("person_id", Type.ID, "the person"),
        Column("happened_at", Type.INSTANT, "when", required=True, aliases=("at",)),
        Column("kind", Type.CHOICE, "how", choices=("email", "call", "meeting", "training", "webinar")),
        Column("direction", Type.TEXT, "who began it: inbound or outbound"),
        Column("affinity", Type.CHOICE, "how the customer feels about us", choices=("happy", "sad")),
        Column("note", Type.TEXT, "what was said"),
    ),
    key=("touch_id",),
)
