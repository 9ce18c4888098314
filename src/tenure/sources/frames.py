"""Dataframes: whatever hands over an Arrow stream, such as pandas, Polars, PyArrow and DuckDB."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from tenure.errors import InputError
from tenure.sources.relation import ROW, Header, Relation, json_of

if TYPE_CHECKING:
    import duckdb

_NUMBERS = count(1)


class Stream:
    """Hands over the stream and nothing else: a relation of another connection is taken for a dataframe too."""

    def __init__(self, frame: Any) -> None:  # noqa: ANN401 - any class that has the method
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def is_frame(thing: object) -> bool:
    """Whether it hands over an Arrow stream."""
    return hasattr(thing, "__arrow_c_stream__")


def read(con: duckdb.DuckDBPyConnection, frame: object) -> Relation:
    """The dataframe, copied aside: a stream can be read only once.

    Raises:
        InputError: it cannot be read, or has no columns.
    """
    import duckdb

    number = next(_NUMBERS)
    kept, seen = f"temp.frame_{number}", f"frame_seen_{number}"
    try:
        con.register(seen, Stream(frame))
        con.execute(f"CREATE TEMP TABLE frame_{number} AS SELECT * FROM {seen}")
    except (duckdb.InvalidInputException, duckdb.NotImplementedException, duckdb.BinderException) as fault:
        raise InputError(f"The dataframe cannot be read: {str(fault).splitlines()[0]}") from fault
    finally:
        con.unregister(seen)
    described = con.execute(f"DESCRIBE {kept}").fetchall()
    headers = tuple(Header(n, t, '"' + n.replace('"', '""') + '"') for n, t, *_ in described)
    return Relation(
        name="dataframe",
        headers=headers,
        scan=kept,
        # Rows that are not committed yet have ids of their own kind: they are counted from the first one.
        numbered=f"(SELECT *, rowid - (SELECT min(rowid) FROM {kept}) + 1 AS {ROW} FROM {kept})",
        raw=json_of(headers),
    )
