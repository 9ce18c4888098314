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
    NAME = "VARCHAR    "  # of an attribute, as it is asked for: PLAIN_NAME
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


PLAIN_NAME = "translate({}, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ -./', 'abcdefghijklmnopqrstuvwxyz____')"
"""SQL of a name as it is asked for, `Company Size` as `company_size`, with the same letters on every engine; {}: the text."""


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


def era(column: str) -> Check:
    """The rule against the stand-ins of other systems for "never": years such as 0001, 1899 and 9999."""
    return Check(
        f"{column}_likely",
        column,
        f"{column} >= DATE '1900-01-02' AND {column} < DATE '2200-01-01'",
        f"{column} is not a likely date: leave it empty where there is none.",
    )


UPDATED_AT = Column(
    "updated_at", Type.INSTANT, "when the source last changed the row: of two states the newer one wins"
)


@dataclass(frozen=True)
class Table:
    """One canonical table. `extras` is where unknown columns of a file go: a JSON column of that name.

    What holds for every table is added here: the optional column `updated_at`, and a rule for each instant and day
    that its year is a likely one.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    extras: str = "props"

    def __post_init__(self) -> None:
        if UPDATED_AT not in self.columns:
            object.__setattr__(self, "columns", (*self.columns, UPDATED_AT))
            eras = (era(c.name) for c in self.columns if c.type in {Type.INSTANT, Type.DAY})
            object.__setattr__(self, "checks", (*self.checks, *eras))

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that the store keeps of a row: the declared ones, and the extras where they are not declared."""
        if any(c.name == self.extras for c in self.columns):
            return self.columns
        return (*self.columns, Column(self.extras, Type.JSON, "the file's other columns"))

    def column(self, name: str) -> Column:
        """The column of that name; a KeyError where there is none."""
        return {c.name: c for c in self.columns}[name]
