"""ClickHouse, through clickhouse-connect: a server over HTTP, or the same engine within this process (`chdb://`).

Rows go and come as Arrow streams. A join that finds nothing gives null, as in SQL elsewhere; instants are UTC.
"""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import clickhouse_connect
import pyarrow as pa
from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3.exceptions import HTTPError

from tenure.engines.types import arrow_schema
from tenure.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clickhouse_connect.driver.client import Client

    from tenure.engines.address import Address

_NAMES = {
    "VARCHAR": "String",
    "JSON": "String",
    "BOOLEAN": "Bool",
    "INTEGER": "Int32",
    "BIGINT": "Int64",
    "DOUBLE": "Float64",
    "DATE": "Date32",
    "TIMESTAMP": "DateTime64(6, 'UTC')",
}
_CANONICAL = {name: canonical for canonical, name in _NAMES.items() if canonical != "JSON"} | {
    "Date": "DATE",
    "DateTime64(6)": "TIMESTAMP",
}
_SETTINGS = {
    "join_use_nulls": 1,
    "session_timezone": "UTC",
    "output_format_arrow_string_as_string": 1,
    "cast_keep_nullable": 1,  # a cast to a type that may be null would make null of what it cannot read
}
_WAIT_S = 10
_KINDS = {
    ("UNKNOWN_TABLE",): "has no such table",
    ("UNKNOWN_DATABASE",): "has no such schema",
    ("UNKNOWN_IDENTIFIER", "NO_SUCH_COLUMN_IN_TABLE", "NOT_FOUND_COLUMN_IN_BLOCK"): "has no such column",
    ("ACCESS_DENIED", "READONLY"): "does not permit it",
    ("ILLEGAL_TYPE_OF_ARGUMENT", "TYPE_MISMATCH", "NO_COMMON_TYPE"): "has a value of another type",
    (
        "CANNOT_PARSE_TEXT",
        "CANNOT_CONVERT_TYPE",
        "ARGUMENT_OUT_OF_BOUND",
        "DECIMAL_OVERFLOW",
    ): "has a value that does not fit",
}
# What goes wrong is said in a sentence; the library's own lines would stand beside it.
logging.getLogger("clickhouse_connect").addHandler(logging.NullHandler())


def connect(address: Address) -> ClickHouse:
    """A connection to the server, or to the engine in this process.

    Raises:
        WarehouseError: it is not there, or does not let us in.
    """
    try:
        if address.scheme == "chdb":
            path = f"{address.host}/{address.database}" if address.database else address.host
            client = clickhouse_connect.get_client(interface="chdb", path=path or None, settings=_SETTINGS)
        else:
            secure = address.scheme == "clickhouses"
            client = clickhouse_connect.get_client(
                host=address.host or "127.0.0.1",
                port=address.port or (8443 if secure else 8123),
                username=address.user or None,
                password=address.password,
                database=address.database or "__default__",
                secure=secure,
                connect_timeout=_WAIT_S,
                settings={**address.options, **_SETTINGS},
            )
    except ClickHouseError as fault:
        raise WarehouseError(_refusal(address, fault)) from fault
    return ClickHouse(client, str(address))


class ClickHouse:
    """One session of a ClickHouse server."""

    name = "ClickHouse"
    dialect = "clickhouse"
    carried = None

    def __init__(self, client: Client, shown: str) -> None:
        self._client, self._shown = client, shown

    def run(self, sql: str) -> None:
        """See `Engine.run`."""
        with self._told():
            self._client.command(sql)

    def columns(self, place: str) -> dict[str, str]:
        """See `Engine.columns`."""
        with self._told():
            found = self._client.query(f"DESCRIBE TABLE {place}").result_rows
        return {str(row[0]): _canonical(str(row[1])) for row in found}

    def schema(self, name: str) -> None:
        """See `Engine.schema`. Who may not make one can use one that is there: IF NOT EXISTS would ask for the right first."""
        with self._told():
            is_there = self._client.query(f"EXISTS DATABASE {name}").result_rows[0][0]
        if not is_there:
            self.run(f"CREATE DATABASE IF NOT EXISTS {name}")

    def drop_schema(self, name: str) -> None:
        """See `Engine.drop_schema`."""
        self.run(f"DROP DATABASE IF EXISTS {name} SYNC")

    def create(self, place: str, columns: Mapping[str, str]) -> None:
        """See `Engine.create`."""
        declared = ", ".join(f"{_quoted(name)} Nullable({_type(canonical)})" for name, canonical in columns.items())
        self.run(f"CREATE OR REPLACE TABLE {place} ({declared}) ENGINE = MergeTree ORDER BY tuple()")

    def make(self, place: str, select: str) -> None:
        """See `Engine.make`."""
        self.run(f"CREATE OR REPLACE TABLE {place} ENGINE = MergeTree ORDER BY tuple() AS {select}")

    def cast(self, expression: str, canonical: str) -> str:
        """See `Engine.cast`."""
        return f"CAST({expression} AS {_type(canonical)})"

    def insert(self, place: str, rows: pa.Table) -> None:
        """See `Engine.insert`."""
        if not rows.num_rows:
            return
        there = self.columns(place)
        known = {name: there[name] for name in rows.column_names if name in there}
        try:  # the server would make null of what it cannot read
            fitting = rows.cast(arrow_schema(known)) if len(known) == rows.num_columns else rows
        except pa.ArrowInvalid as fault:
            message = f"ClickHouse at {self._shown} has a value that does not fit in {place}: {_told(fault)}."
            raise WarehouseError(message) from fault
        with self._told():
            self._client.insert_arrow(place, fitting)

    def fetch(self, select: str, columns: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
        """See `Engine.fetch`."""
        wanted = arrow_schema(columns)
        cast = ", ".join(f"{self.cast(_quoted(name), of)} AS {_quoted(name)}" for name, of in columns.items())
        with self._told(), self._client.query_arrow_stream(f"SELECT {cast} FROM ({select}) AS brought") as batches:
            for batch in batches:
                yield from pa.Table.from_batches([batch]).cast(wanted).to_batches()

    def close(self) -> None:
        """See `Engine.close`."""
        self._client.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Says a fault of the server in one sentence."""
        try:
            yield
        except ClickHouseError as fault:
            raise WarehouseError(_sentence(self._shown, fault)) from fault
        except (HTTPError, OSError, pa.ArrowException) as fault:  # rows that arrive are read by two other libraries
            message = f"ClickHouse at {self._shown} broke off: {_told(fault)}."
            raise WarehouseError(message) from fault


def _type(canonical: str) -> str:
    return _NAMES.get(canonical, canonical.replace("DECIMAL", "Decimal"))


def _canonical(told: str) -> str:
    plain = re.sub(r"^(?:LowCardinality\()?(?:Nullable\()?(.*?)\)*$", r"\1", told)
    plain += ")" * (plain.count("(") - plain.count(")"))
    if found := re.fullmatch(r"Decimal\((\d+), (\d+)\)", plain):
        return f"DECIMAL({found[1]},{found[2]})"
    return _CANONICAL.get(plain, told)


def _quoted(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _sentence(shown: str, fault: ClickHouseError) -> str:
    name = getattr(fault, "name", None) or ""
    said = next((what for names, what in _KINDS.items() if name in names), "refused a statement")
    return f"ClickHouse at {shown} {said}: {_told(fault)}."


def _refusal(address: Address, fault: ClickHouseError) -> str:
    name = getattr(fault, "name", None)
    if name is None:
        why = _root(fault)
        return f"{address} cannot be reached: {why}. Is the server running there, and may this machine reach it?"
    return (
        f"{address} does not let us in: {_told(fault)}."
        " The password is taken from the address, TENURE_WAREHOUSE_PASSWORD or the keyring."
    )


def _root(fault: BaseException) -> str:
    """What the system said, beneath what three libraries made of it."""
    told, below = _told(fault), fault.__cause__ or fault.__context__
    while below is not None:
        if isinstance(below, OSError) and below.strerror:
            told = below.strerror
        below = below.__cause__ or below.__context__
    return told


def _told(fault: BaseException) -> str:
    first = str(fault).strip().splitlines()[0]
    return re.sub(r"^Code: \d+\. DB::Exception: |\.? *\([A-Z_0-9]+\)$", "", first).rstrip(".")
