"""The same customer under another id: a reviewable edit."""

from __future__ import annotations

from tenure.tables.rules import differ
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="account_links",
    meaning="account_id and same_as are one customer, for all time; same_as survives",
    columns=(
        Column("account_id", Type.ID, "the id that is given up", required=True),
        Column("same_as", Type.ID, "the id that survives, with its attributes", required=True),
        Column("kind", Type.CHOICE, "why there are two", choices=("merge", "migration")),
    ),
    key=("account_id", "same_as"),
    checks=(differ("same_as", "account_id"),),
)
