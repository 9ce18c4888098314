"""The same person under another id: a reviewable edit."""

from __future__ import annotations

from tenure.tables.rules import differ
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="person_links",
    meaning="person_id and same_as are one person, for all time; same_as survives",
    columns=(
        Column("person_id", Type.ID, "the id that is given up", required=True),
        Column("same_as", Type.ID, "the id that survives", required=True),
    ),
    key=("person_id", "same_as"),
    checks=(differ("same_as", "person_id"),),
)
