"""Who uses the product, asks for help and answers surveys."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="people",
    meaning="users and contacts",
    columns=(
        Column("person_id", Type.ID, "the person", required=True),
        Column("account_id", Type.ID, "the customer that the person belongs to"),
        Column("email", Type.TEXT, "the address"),
        Column("name", Type.TEXT, "what the person is called"),
        Column("role", Type.TEXT, "what the person does there: admin, champion, user ..."),
        Column("created_at", Type.INSTANT, "first known"),
        Column("is_internal", Type.BOOLEAN, "one of us: left out of every metric", default="false"),
        Column("locale", Type.TEXT, "language and country, as in de_CH"),
    ),
    key=("person_id",),
)
