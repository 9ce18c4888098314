"""JSON lines: one object a line. Numbers keep the digits that were written: money never passes through a float."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tenure.errors import InputError
from tenure.sources.delimited import text_head
from tenure.sources.relation import OPTIONS, ROW, Header, Relation, Unread, pointer

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

_LONGEST = 32 << 20


def read(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> Relation:
    """The file at `path`; its headers are the keys of all of its objects, every value as text.

    Raises:
        InputError: it is empty, no UTF-8 text, or holds no object.
    """
    text_head(path, name)
    shown = str(path).replace("'", "''")
    call = (
        f"read_csv('{shown}', auto_detect = false, header = false, delim = '\x01', quote = '', escape = '',"
        f" columns = {{'l': 'VARCHAR'}}, strict_mode = false, max_line_size = {_LONGEST}{OPTIONS})"
    )
    keys = [
        key
        for (key,) in con.execute(
            f"SELECT DISTINCT unnest(json_keys(j)) AS k FROM {_objects(call.replace(OPTIONS, ''), '')} ORDER BY k"
        ).fetchall()
    ]
    if not keys:
        raise InputError(f'\'{name}\' holds no JSON object: each line is one, such as {{"account_id": "a1"}}.')
    if any("\0" in key for key in keys):
        raise InputError(f"'{name}' has a NUL character in a key: rename it, then import it.")
    listed = ", ".join(_text(pointer(key)) for key in keys)
    taken = f", json_extract_string(j, [{listed}]) AS c"
    numbered = f"(SELECT *, row_number() OVER () AS {ROW} FROM {call})"
    return Relation(
        name=name,
        headers=tuple(Header(key, "VARCHAR", _value(key, n)) for n, key in enumerate(keys, 1)),
        scan=_objects(call, taken),
        numbered=_objects(numbered, taken),
        torn=True,
        raw="coalesce(j, to_json(l))",
        size=path.stat().st_size,
        path=path,
        unread=Unread("j IS NULL", "json", 'The line is no JSON object: write one such as {"account_id": "a1"}.'),
    )


def _objects(lines: str, taken: str) -> str:
    """SQL: the lines that are not blank; `j` is null where one is no object."""
    one = "CASE WHEN json_valid(l) AND json_type(l) = 'OBJECT' THEN CAST(l AS JSON) END"
    return f"(SELECT *{taken} FROM (SELECT *, {one} AS j FROM {lines} WHERE trim(l, ' \t\r\n') <> ''))"


def _value(key: str, position: int) -> str:
    """SQL: a value as text. The parser reads a number with a point as a float: its digits are taken from the line."""
    plain = f"c[{position}]"
    written = _text(rf"{re.escape(_quoted(key))}\s*:\s*(-?[0-9][0-9.eE+-]*)")
    digits = f"regexp_extract(l, {written}, 1)"
    path = _text(pointer(key))
    return (
        f"CASE WHEN regexp_full_match({plain}, '-?[0-9.]+(e[+-]?[0-9]+)?') AND contains({plain}, '.')"
        f" AND json_type(j, {path}) = 'DOUBLE' AND TRY_CAST({digits} AS DOUBLE) = TRY_CAST({plain} AS DOUBLE)"
        f" THEN {digits} ELSE {plain} END"
    )


def _quoted(key: str) -> str:
    return '"' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
