"""Postgres, through psycopg 3: rows go and come by COPY, as text that Arrow writes and reads.

Text is collated by its bytes (`COLLATE "C"`), as every other engine orders it; tables are unlogged, since all of them can
be made anew.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

import psycopg
import pyarrow as pa
from psycopg import errors
from psycopg.conninfo import make_conninfo
from pyarrow import csv

from tenure.engines.types import arrow_schema, decimal_of
from tenure.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenure.engines.address import Address

_TEXT = 'TEXT COLLATE "C"'
_NAMES = {
    "VARCHAR": _TEXT,
    "JSON": _TEXT,
    "DOUBLE": "DOUBLE PRECISION",
}
_CANONICAL = {
    "text": "VARCHAR",
    "character varying": "VARCHAR",
    "bigint": "BIGINT",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp without time zone": "TIMESTAMP",
    "double precision": "DOUBLE",
    "json": "JSON",
    "jsonb": "JSON",
}
_WAIT_S = 10
# Large enough that Arrow's work outweighs the calls, small enough that no wide row makes a batch of gigabytes.
_BATCH_BYTES = 8 << 20
# Of each message of COPY: its kind and its length.
_FRAME_BYTES = 5


_KINDS = (
    (errors.UndefinedTable, "has no such table"),
    (errors.InvalidSchemaName, "has no such schema"),
    (errors.UndefinedColumn, "has no such column"),
    (errors.InsufficientPrivilege, "does not permit it"),
    (errors.DatatypeMismatch, "has a value of another type"),
    (errors.UndefinedFunction, "has a value of another type"),
    (psycopg.DataError, "has a value that does not fit"),
    (psycopg.OperationalError, "broke off"),
)


def connect(address: Address) -> Postgres:
    """A connection to the server.

    Raises:
        WarehouseError: it is not there, or does not let us in.
    """
    given: dict[str, str | int | None] = {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": address.database,
    }
    usual: dict[str, str | int] = {"connect_timeout": _WAIT_S, "application_name": "tenure", "client_encoding": "UTF8"}
    try:
        told = make_conninfo(
            "", **usual | dict(address.options) | {name: value for name, value in given.items() if value}
        )
        connection = psycopg.connect(told, autocommit=True)
        connection.execute("SET timezone TO 'UTC'")
        connection.execute("SET datestyle TO 'ISO, YMD'")
        connection.execute("SET client_min_messages TO 'warning'")
        # Facts join by equality alone, so a hash always serves. What the views test of a row lets Postgres expect a single one,
        # and a loop within a loop then takes minutes for what takes seconds.
        connection.execute("SET enable_nestloop TO off")
    except psycopg.Error as fault:
        raise WarehouseError(_refusal(address, fault)) from fault
    return Postgres(connection, str(address))


class Postgres:
    """One connection to a Postgres server, each statement in a transaction of its own."""

    name = "Postgres"
    dialect = "postgres"

    def __init__(self, connection: psycopg.Connection, shown: str) -> None:
        self._connection, self._shown = connection, shown
        self.carried = 0

    def run(self, statement: str) -> None:
        """See `Engine.run`."""
        with self._told():
            self._connection.execute(statement.encode())

    def columns(self, place: str) -> dict[str, str]:
        """See `Engine.columns`."""
        with self._told():
            found = self._connection.execute(
                "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                " WHERE attrelid = CAST(%s AS regclass) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                [place],
            ).fetchall()
        return {name: _canonical(told) for name, told in found}

    def schema(self, name: str) -> None:
        """See `Engine.schema`. Who may not make one can use one that is there: IF NOT EXISTS would ask for the right first."""
        with self._told():
            found = self._connection.execute("SELECT to_regnamespace(%s)", [name]).fetchone()
        if found == (None,):
            self.run(f"CREATE SCHEMA IF NOT EXISTS {name}")

    def drop_schema(self, name: str) -> None:
        """See `Engine.drop_schema`."""
        self.run(f"DROP SCHEMA IF EXISTS {name} CASCADE")

    def create(self, place: str, columns: Mapping[str, str]) -> None:
        """See `Engine.create`."""
        declared = ", ".join(f"{_quoted(name)} {_type(canonical)}" for name, canonical in columns.items())
        self.run(f"DROP TABLE IF EXISTS {place}; CREATE UNLOGGED TABLE {place} ({declared})")

    def make(self, place: str, select: str) -> None:
        """See `Engine.make`."""
        self.run(f"DROP TABLE IF EXISTS {place}; CREATE UNLOGGED TABLE {place} AS {select}")
        # A column of literals alone has the database's own order.
        texts = [name for name, canonical in self.columns(place).items() if canonical == "VARCHAR"]
        if texts:
            self.run(f"ALTER TABLE {place} {', '.join(f'ALTER {_quoted(n)} TYPE {_TEXT}' for n in texts)}")
        self.run(f"ANALYZE {place}")

    def cast(self, expression: str, canonical: str) -> str:
        """See `Engine.cast`."""
        plain, _, collated = _type(canonical).partition(" COLLATE ")
        return f"CAST({expression} AS {plain})" + (f" COLLATE {collated}" if collated else "")

    def insert(self, place: str, rows: pa.Table) -> None:
        """See `Engine.insert`."""
        names = ", ".join(map(_quoted, rows.column_names))
        into = f"COPY {place} ({names}) FROM STDIN (FORMAT csv)".encode()
        with self._told(), self._connection.cursor() as cursor, cursor.copy(into) as copy:
            for batch in rows.to_batches(max_chunksize=50_000):
                text = BytesIO()
                csv.write_csv(batch, text, csv.WriteOptions(include_header=False))
                copy.write(text.getvalue())
        self.run(f"ANALYZE {place}")

    def fetch(self, select: str, columns: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
        """See `Engine.fetch`."""
        cast = ", ".join(f"{self.cast(_quoted(name), of)} AS {_quoted(name)}" for name, of in columns.items())
        out = f"COPY (SELECT {cast} FROM ({select}) AS brought) TO STDOUT (FORMAT csv)".encode()
        with self._told(), self._connection.cursor() as cursor, cursor.copy(out) as copy:
            block, size = [], 0
            for row in copy:  # one message is one row, however many lines it has
                block.append(bytes(row))
                size += len(row)
                self.carried += len(row) + _FRAME_BYTES
                if size > _BATCH_BYTES:
                    yield _batch(block, columns)
                    block, size = [], 0
            if block:
                yield _batch(block, columns)

    def close(self) -> None:
        """See `Engine.close`."""
        self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Says a fault of the server in one sentence."""
        try:
            yield
        except psycopg.Error as fault:
            raise WarehouseError(_sentence(self._shown, fault)) from fault


def _batch(rows: list[bytes], columns: Mapping[str, str]) -> pa.RecordBatch:
    """Rows of CSV as Postgres writes them: what is empty is null, what is quoted is text."""
    text = b"".join(rows)
    table = csv.read_csv(
        pa.BufferReader(text),
        csv.ReadOptions(column_names=list(columns), block_size=len(text) + 1),
        csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types=arrow_schema(columns),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["t"],
            false_values=["f"],
        ),
    )
    return table.combine_chunks().to_batches()[0]


def _type(canonical: str) -> str:
    if decimal := decimal_of(canonical):
        return "NUMERIC({}, {})".format(*decimal)
    return _NAMES.get(canonical, canonical)


def _canonical(told: str) -> str:
    if found := re.fullmatch(r"numeric\((\d+),(\d+)\)", told):
        return f"DECIMAL({found[1]},{found[2]})"
    return _CANONICAL.get(re.sub(r"\(\d+\)", "", told), told)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sentence(shown: str, fault: psycopg.Error) -> str:
    said = next((what for kind, what in _KINDS if isinstance(fault, kind)), "refused a statement")
    return f"Postgres at {shown} {said}: {_told(fault.diag.message_primary or str(fault))}."


def _refusal(address: Address, fault: psycopg.Error) -> str:
    """Why there is no connection. libpq says so in words alone: what the server itself said begins with FATAL."""
    if isinstance(fault, psycopg.ProgrammingError):
        return f"{address} is not understood: {_told(str(fault))}."
    server = re.search(r"FATAL:\s*(.+)", str(fault))
    if server is None:
        why = re.sub(r"^.*?(?:\d failed|\[Errno -?\d+\]): ", "", _told(str(fault)))
        return f"{address} cannot be reached: {why}. Is the server running there, and may this machine reach it?"
    return (
        f"{address} does not let us in: {_told(server[1])}. The password is taken from the address,"
        " TENURE_WAREHOUSE_PASSWORD, PGPASSWORD or the keyring."
    )


def _told(text: str) -> str:
    return text.strip().splitlines()[0].rstrip(".")
