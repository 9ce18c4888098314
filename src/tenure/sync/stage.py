"""Where ledgers wait while they come home: chunk by chunk, each kept when it has arrived, so that a sync can go on after a fault.

A chunk is a range of account ids that was marked out in the warehouse, in the order that it has there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store.connection import transaction
from tenure.store.layout import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from tenure.sync.there import There

SCHEMA = "arriving"
CHUNK_ROWS = 500_000
_LEVEL = 3  # of zstd, its own default


class Stage:
    """What has arrived so far of one sync."""

    def __init__(self, con: DuckDBPyConnection) -> None:
        self._con = con

    def clear(self) -> None:
        """Forgets everything."""
        self._con.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")

    def begin(self) -> None:
        """Makes room, where there is none."""
        self._con.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        self._con.execute(
            f"CREATE TABLE IF NOT EXISTS {SCHEMA}.chunks"
            " (name VARCHAR, chunk INTEGER, row_count BIGINT, bytes BIGINT, packed BIGINT)"
        )

    def place(self, name: str) -> str:
        """Where the rows of that name wait."""
        return f"{SCHEMA}.{quoted(name)}"

    def moved(self) -> dict[str, tuple[int, int, int]]:
        """By name the rows that arrived, their bytes, and their bytes when packed."""
        told = self._con.execute(
            f"SELECT name, sum(row_count), sum(bytes), sum(packed) FROM {SCHEMA}.chunks GROUP BY name"
        ).fetchall()
        return {name: (int(rows), int(size), int(packed)) for name, rows, size, packed in told}

    def fetch(self, there: There, name: str, columns: Mapping[str, str], tell: Callable[[float], None]) -> None:
        """Brings the table of that name, those chunks that have not arrived yet."""
        bounds = _bounds(there, name)
        declared = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        self._con.execute(f"CREATE TABLE IF NOT EXISTS {self.place(name)} ({declared})")
        done = {
            chunk
            for (chunk,) in self._con.execute(
                f"SELECT chunk FROM {SCHEMA}.chunks WHERE name = {literal(name)}"
            ).fetchall()
        }
        for chunk in range(len(bounds) + 1):
            if chunk not in done:
                self._chunk(there, name, columns, chunk, _within(bounds, chunk))
            tell((chunk + 1) / (len(bounds) + 1))

    def _chunk(self, there: There, name: str, columns: Mapping[str, str], chunk: int, where: str) -> None:
        select = f"SELECT {', '.join(columns)} FROM {there.place(name)} WHERE {where} ORDER BY account_id"
        rows = size = small = 0
        with transaction(self._con, derived=True):
            for batch in there.rows(select, columns):
                self._con.register("batch", batch)
                self._con.execute(f"INSERT INTO {self.place(name)} BY NAME SELECT * FROM batch")
                self._con.unregister("batch")
                rows, size, small = rows + batch.num_rows, size + batch.nbytes, small + packed([batch])
            self._con.execute(f"INSERT INTO {SCHEMA}.chunks VALUES ({literal(name)}, {chunk}, {rows}, {size}, {small})")


def packed(batches: Iterable[pa.RecordBatch]) -> int:
    """The bytes of some batches as an Arrow stream with zstd, and dictionaries where values repeat: as a warehouse packs it that can."""
    import pyarrow as pa  # an extra

    table = pa.Table.from_batches(list(batches)).combine_chunks()
    for i, one in enumerate(table.schema):
        if one.type == pa.string() and 2 * len(table.column(i).unique()) < table.num_rows:
            table = table.set_column(i, one.name, table.column(i).dictionary_encode())
    out = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=pa.Codec("zstd", compression_level=_LEVEL), unify_dictionaries=True)
    with pa.ipc.new_stream(out, table.schema, options=options) as stream:
        stream.write_table(table)
    return int(out.getvalue().size)


def _bounds(there: There, name: str) -> list[str]:
    """The account ids at which one chunk ends and the next begins."""
    numbered = f"SELECT account_id, ROW_NUMBER() OVER (ORDER BY account_id) AS n FROM {there.place(name)}"
    select = f"SELECT DISTINCT account_id FROM ({numbered}) AS t WHERE n % {CHUNK_ROWS} = 0 ORDER BY account_id"
    if there.count(name) <= CHUNK_ROWS:
        return []
    found = there.rows(there.sql(select), {"account_id": "VARCHAR"})
    return sorted((row["account_id"] for batch in found for row in batch.to_pylist()), key=str.encode)


def _within(bounds: list[str], chunk: int) -> str:
    above = [f"account_id > {literal(bounds[chunk - 1])}"] if chunk else []
    below = [f"account_id <= {literal(bounds[chunk])}"] if chunk < len(bounds) else []
    return " AND ".join((*above, *below)) or "1 = 1"
