"""Rows to leave out: a reviewable edit."""

from __future__ import annotations

from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="exclusions",
    meaning="a row that no metric is to count; taking the exclusion back brings it back",
    columns=(
        Column("table_name", Type.ID, "the table of the row", required=True, aliases=("table",)),
        Column("id", Type.ID, "its key, the parts joined by /", required=True),
        Column("reason", Type.TEXT, "why it is left out"),
    ),
    key=("table_name", "id"),
)
