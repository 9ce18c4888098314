"""What a person reads of a table: its columns in words, and the header of an empty file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.tables.schema import Type

if TYPE_CHECKING:
    from tenure.tables.schema import Table

WORDS = {
    Type.ID: "id: any text, kept as it is",
    Type.TEXT: "text",
    Type.NAME: "name: small letters and underscores; capitals and spaces are read so",
    Type.CHOICE: "one of the choices",
    Type.CURRENCY: "currency: a code of ISO 4217, as in EUR",
    Type.INSTANT: "instant: ISO 8601; without offset or Z in the company's time zone, without a time midnight there",
    Type.DAY: "day: 2024-12-31",
    Type.MONEY: "money: decimal text in major units, up to 4 places",
    Type.RATE: "rate: decimal text, up to 10 places",
    Type.PERCENT: "per cent: 20 is 20 %",
    Type.QUANTITY: "quantity: decimal text, up to 4 places",
    Type.NUMBER: "number: decimal text, up to 6 places",
    Type.INTEGER: "whole number",
    Type.BOOLEAN: "true or false",
    Type.JSON: "JSON",
}
_UNITS = {Type.MONEY: "major units of the row's currency", Type.PERCENT: "per cent"}


def reference(table: Table) -> list[dict[str, object]]:
    """The columns of a table in order, each as column, type (in words), unit, required, default, choices, meaning.

    `default` is SQL over the row, null where an empty cell stays empty; `aliases` are headers that mean the same.
    """
    return [
        {
            "column": column.name,
            "type": WORDS[column.type],
            "unit": column.unit or _UNITS.get(column.type),
            "required": column.required,
            "in_key": column.name in table.key,
            "default": column.default,
            "choices": list(column.choices),
            "aliases": list(column.aliases),
            "meaning": column.meaning,
        }
        for column in table.columns
    ]


def rules(table: Table) -> list[dict[str, str]]:
    """The row checks of a table: rule, column and the sentence that is shown beside a row which breaks it."""
    return [{"rule": check.rule, "column": check.column, "sentence": check.sentence} for check in table.checks]


def template(table: Table) -> str:
    """The header line of an empty CSV file of the table, without a line's end."""
    return ",".join(column.name for column in table.columns)
