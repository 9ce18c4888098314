"""The warehouse as a sync sees it: its engine, the working schema, and what our SQL is there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    import pyarrow as pa

    from tenure.engines.engine import Engine


@dataclass(frozen=True)
class There:
    """An open engine and the schema in which everything stands that is made there."""

    engine: Engine
    schema: str

    def place(self, name: str) -> str:
        """Where something of that name stands."""
        return f"{self.schema}.{name}"

    def sql(self, text: str) -> str:
        """A statement or an expression in DuckDB's dialect as the engine writes it."""
        return _written(text, self.engine.dialect)

    def instant(self, at: datetime | str) -> str:
        """A naive UTC instant as a literal there."""
        return self.engine.cast(f"'{at}'", "TIMESTAMP")

    def make(self, name: str, select: str) -> None:
        """A table of what a SELECT in DuckDB's dialect gives; one that stands there is replaced."""
        self.engine.make(self.place(name), self.sql(select))

    def quoted(self, name: str) -> str:
        """A name as an identifier there, whatever signs it has."""
        from sqlglot import exp  # slow to import

        return exp.to_identifier(name, quoted=True).sql(self.engine.dialect)

    def text(self, value: str) -> str:
        """A text as a literal there."""
        from sqlglot import exp  # slow to import

        return exp.Literal.string(value).sql(self.engine.dialect)

    def view(self, name: str, select: str) -> None:
        """A view of a SELECT in the engine's dialect; one that stands there is replaced."""
        self.engine.run(f"DROP VIEW IF EXISTS {self.place(name)}")
        self.engine.run(f"CREATE VIEW {self.place(name)} AS {select}")

    def drop(self, name: str) -> None:
        """Drops a table, if it is there."""
        self.engine.run(f"DROP TABLE IF EXISTS {self.place(name)}")

    def upload(self, name: str, rows: pa.Table, columns: Mapping[str, str]) -> None:
        """A table of rows from here; one that stands there is replaced."""
        self.engine.create(self.place(name), columns)
        self.engine.insert(self.place(name), rows)

    def rows(self, select: str, columns: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
        """The rows of a SELECT in the engine's dialect."""
        return self.engine.fetch(select, columns)

    def one(self, select: str, columns: Mapping[str, str]) -> dict[str, object]:
        """The only row of a SELECT in the engine's dialect."""
        for batch in self.rows(select, columns):
            for row in batch.to_pylist():
                return dict(row)
        return dict.fromkeys(columns)

    def count(self, name: str) -> int:
        """How many rows a table or view has."""
        return int(str(self.one(f"SELECT COUNT(*) AS n FROM {self.place(name)}", {"n": "BIGINT"})["n"]))


@cache
def _written(text: str, dialect: str) -> str:
    import sqlglot  # slow to import

    return sqlglot.transpile(text, read="duckdb", write=dialect)[0]
