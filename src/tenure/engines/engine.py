"""What a database is to Tenure: somewhere facts can be run, rows be put, and ledgers be brought home from.

Places are written `schema.table`. Types are the canonical ones, as DuckDB writes them (`tenure.tables.schema`); each
engine knows what it calls them. Every method raises `tenure.errors.WarehouseError`, one sentence, for whatever the user
can mend: a host that is not there, a wrong password, a missing table or column, a wrong type, no permission.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa


class Engine(Protocol):
    """One open connection; not to be shared between threads."""

    name: str
    """How people call it: "Postgres"."""
    dialect: str
    """What sqlglot calls it."""

    @property
    def carried(self) -> int | None:
        """The bytes of rows that `fetch` has brought so far, as they came over the line; None where its client does not tell."""

    def run(self, sql: str) -> None:
        """One statement in the engine's own dialect, whose rows, if any, nobody needs."""

    def columns(self, place: str) -> dict[str, str]:
        """The columns of a table or view in their order, with the canonical type nearest to what the engine says.

        A type that has no canonical one is given in the engine's own words.

        Raises:
            WarehouseError: there is no such table.
        """

    def schema(self, name: str) -> None:
        """Makes a schema where it is not there yet."""

    def drop_schema(self, name: str) -> None:
        """Drops a schema with all that stands in it, if it is there."""

    def create(self, place: str, columns: Mapping[str, str]) -> None:
        """An empty table with columns of canonical types, all of them nullable; one that stands there is replaced."""

    def make(self, place: str, select: str) -> None:
        """A table of what a SELECT in the engine's dialect gives; one that stands there is replaced."""

    def cast(self, expression: str, canonical: str) -> str:
        """SQL of an expression as a canonical type, in the engine's dialect; text is ordered by its bytes then."""

    def insert(self, place: str, rows: pa.Table) -> None:
        """Adds rows to a table that `create` made; columns are found by their names."""

    def fetch(self, select: str, columns: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
        """The rows of a SELECT in batches, as they come; never all of them in memory.

        Args:
            select: In the engine's dialect; its columns are named as in `columns`, in the same order.
            columns: What they are brought home as, canonical types by name: decimals stay decimals, instants are naive
                UTC to the microsecond.
        """

    def close(self) -> None:
        """Ends the connection, and whatever it holds."""
