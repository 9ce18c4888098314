"""What is sold."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="plans",
    meaning="the plans that subscription periods name",
    columns=(
        Column("plan", Type.ID, "the plan", required=True),
        Column("product", Type.TEXT, "the product that it belongs to"),
        Column("rank", Type.INTEGER, "its place from small to large: says what is an upgrade"),
        Column("is_free", Type.BOOLEAN, "costs nothing, for ever", default="false"),
        Column("is_addon", Type.BOOLEAN, "is bought beside a plan", default="false"),
        Column("is_metered", Type.BOOLEAN, "is priced by use", default="false"),
    ),
    key=("plan",),
)
