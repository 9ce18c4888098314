"""What a canonical table is made of: columns with types and units, a key, checks on a row.

The declarations in this room are the contract of the files that users write. Nothing here reads a file or opens a
database; `tenure.store` does, and asks here what a column must look like.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Type(Enum):
    """The type of a canonical column; its value is the DuckDB type that stores it."""

    ID = "VARCHAR"
    TEXT = "VARCHAR "  # the trailing spaces keep the members apart; DuckDB does not mind them
    CHOICE = "VARCHAR  "
    CURRENCY = "VARCHAR   "  # an ISO 4217 code, upper case
    INSTANT = "TIMESTAMP"  # naive UTC
    DAY = "DATE"
    MONEY = "DECIMAL(18,4)"  # major units
    RATE = "DECIMAL(16,10)"
    PERCENT = "DECIMAL(9,4)"
    QUANTITY = "DECIMAL(18,4) "
    NUMBER = "DECIMAL(18,6)"
    INTEGER = "BIGINT"
    BOOLEAN = "BOOLEAN"
    JSON = "JSON"

    @property
    def sql(self) -> str:
        """The type as DuckDB writes it."""
        return self.value.strip()


@dataclass(frozen=True)
class Column:
    """One column. `default` is a SQL expression over the row that fills an empty cell when the row is loaded."""

    name: str
    type: Type
    meaning: str
    required: bool = False
    unit: str | None = None
    choices: tuple[str, ...] = ()
    default: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """A rule on a typed row: `holds` is a SQL expression that is true, or null, for a good row.

    `column` is the one whose value is shown beside the `sentence`, which says how to mend the row.
    """

    rule: str
    column: str
    holds: str
    sentence: str


@dataclass(frozen=True)
class Table:
    """One canonical table. `extras` is where unknown columns of a file go: a JSON column of that name."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    extras: str = "props"

    def column(self, name: str) -> Column:
        """The column of that name; a KeyError where there is none."""
        return {c.name: c for c in self.columns}[name]
