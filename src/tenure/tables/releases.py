"""What we changed, to be seen beside what changed for us."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="releases",
    meaning="launches, price changes, campaigns and incidents: annotations on charts",
    columns=(
        Column("release_id", Type.ID, "the release", required=True),
        Column("happened_at", Type.INSTANT, "when", required=True, aliases=("at",)),
        Column("name", Type.TEXT, "what it is called"),
        Column("kind", Type.CHOICE, "what it is", choices=("product", "price", "campaign", "incident")),
        Column("feature", Type.TEXT, "the feature that it is about"),
    ),
    key=("release_id",),
)
