"""What an account was, and when: attributes with their history."""

from __future__ import annotations

from tenure.tables.rules import in_order
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="account_attributes",
    meaning="the value of an account's attribute over a time, for segments as of a date",
    columns=(
        Column("account_id", Type.ID, "the customer", required=True),
        Column("name", Type.NAME, "the attribute, as the header of `accounts` has it", required=True),
        Column("value", Type.TEXT, "its value; empty: none"),
        Column("valid_from", Type.INSTANT, "the value holds from here", required=True),
        Column("valid_to", Type.INSTANT, "to just before here; empty: until the next value"),
    ),
    key=("account_id", "name", "valid_from"),
    checks=(in_order("valid_from", "valid_to"),),
)
