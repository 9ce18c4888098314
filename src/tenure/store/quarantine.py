"""Rows that were set aside: kept whole, with the rule they broke and how to mend them, until they are tried again or dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.sources.delimited import lines_of
from tenure.sources.relation import ROW, Header, Relation, pointer
from tenure.store.connection import in_order, transaction
from tenure.store.intake import Reject, Seen, noting
from tenure.store.layout import literal, quoted
from tenure.store.mapping import known_table
from tenure.store.merge import in_conflict
from tenure.store.record import Quarantined
from tenure.store.typed import FAULT, RAW, faulty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

    from tenure.store.merge import Stamp

_CONFLICT = "This load brings two states of the row and no updated_at says which is newer: keep one, or add updated_at."
_MENDS = {
    "columns": "The row has more or fewer cells than the header: quote cells that hold the delimiter or a line end.",
    "quote": "A quote of the row is not closed: close it, or double it where it is meant as a character.",
}


def quarantine(
    con: duckdb.DuckDBPyConnection, table: str | None = None, *, load_id: int | None = None, limit: int | None = None
) -> list[Quarantined]:
    """What is set aside, of one table or of all, of one load or of all, in the order in which it came.

    Raises:
        UnknownNameError: there is no such table.
    """
    where = _where(table, load_id)
    found = con.execute(
        "SELECT table_name, file, line, column_name, value, rule, mend, CAST(raw AS VARCHAR), load_id, quarantined_at"
        f" FROM meta.quarantine {where} ORDER BY quarantine_id" + (f" LIMIT {limit}" if limit is not None else "")
    ).fetchall()
    return [Quarantined(*row) for row in found]


def drop(con: duckdb.DuckDBPyConnection, table: str | None = None) -> int:
    """Forgets what is set aside, of one table or of all, and counts it.

    Raises:
        UnknownNameError: there is no such table.
    """
    where = _where(table)
    with transaction(con):
        gone = con.execute(f"DELETE FROM meta.quarantine {where}").fetchone()
    return int(gone[0]) if gone else 0


def kept(con: duckdb.DuckDBPyConnection, table: str | None) -> dict[str, list[tuple[str, Relation]]]:
    """What is set aside, taken out of the quarantine to be read again: by source, with the table, one for each file.

    A row that could not even be taken apart has no cells to be read again, and stays.
    """
    where = _where(table)
    con.execute("DROP TABLE IF EXISTS temp.kept")
    con.execute(
        f"CREATE TEMP TABLE kept AS SELECT * FROM meta.quarantine {where or 'WHERE true'} AND json_type(raw) = 'OBJECT'"
    )
    con.execute("DELETE FROM meta.quarantine WHERE quarantine_id IN (SELECT quarantine_id FROM temp.kept)")
    found: dict[str, list[tuple[str, Relation]]] = {}
    for source, name, file in con.execute(
        "SELECT DISTINCT source, table_name, file FROM temp.kept ORDER BY ALL"
    ).fetchall():
        said = {"source": source, "table_name": name, "file": file}
        mine = "(SELECT * FROM temp.kept WHERE " + " AND ".join(f"{k} = {literal(v)}" for k, v in said.items()) + ")"
        found.setdefault(source, []).append((name, _again(con, file, mine)))
    return found


def _again(con: duckdb.DuckDBPyConnection, file: str, mine: str) -> Relation:
    keys = con.execute(f"SELECT DISTINCT unnest(json_keys(raw)) AS k FROM {mine} ORDER BY k").fetchall()
    return Relation(
        name=file,
        headers=tuple(Header(k, "VARCHAR", f"json_extract_string(raw, {literal(pointer(k))})") for (k,) in keys),
        scan=mine,
        numbered=f"(SELECT *, quarantine_id AS {ROW} FROM {mine})",
        raw="raw",
        file="file",
        line="line",
    )


def set_aside(con: duckdb.DuckDBPyConnection, seen: Seen, stamp: Stamp, conflicting: int) -> None:
    """Keeps the rows of a source that cannot be accepted. A row that is kept already, from the same line, is not kept twice."""
    if not (seen.bad or conflicting or seen.rejects):
        return
    table = seen.plan.table
    con.execute("DROP TABLE IF EXISTS temp.faults")
    key = table.key[0]
    order = (
        f"struct_pack(rule := 'order', col := {literal(key)}, val := CAST({quoted(key)} AS VARCHAR),"
        f" mend := {literal(_CONFLICT)})"
    )
    conflict = f" OR {in_conflict(table, 'f')}" if conflicting else ""
    with in_order(con), noting(con, seen.plan.relation) as noted:
        con.execute(
            f'CREATE TEMP TABLE faults AS SELECT {ROW} AS n, "#file" AS file, "#line" AS line,'
            f" coalesce({FAULT}, {order}) AS fault, {RAW} AS raw"
            f" FROM ({faulty(seen.plan, noted)}) AS f WHERE {FAULT} IS NOT NULL{conflict}"
        )
    _rejected(con, seen)
    con.execute(
        f"INSERT INTO meta.quarantine SELECT (SELECT coalesce(max(quarantine_id), 0) FROM meta.quarantine)"
        f" + row_number() OVER (ORDER BY line, n), {literal(table.name)}, {literal(stamp.source)}, file, line, fault.col,"
        f" fault.val, fault.rule, fault.mend, raw, {stamp.load_id}, {stamp.instant} FROM temp.faults AS f"
        f" WHERE NOT EXISTS (SELECT 1 FROM meta.quarantine AS q WHERE q.table_name = {literal(table.name)}"
        " AND q.file = f.file AND q.line IS NOT DISTINCT FROM f.line AND q.rule = f.fault.rule"
        " AND q.raw IS NOT DISTINCT FROM f.raw)"
    )


def _rejected(con: duckdb.DuckDBPyConnection, seen: Seen) -> None:
    """Adds the lines that could not be taken apart, and tells for all rows on which lines of the file they stand."""
    places = seen.plan.relation.places
    if not places:
        con.execute("UPDATE temp.faults SET line = n WHERE line IS NULL")
        return
    numbers = [n for (n,) in con.execute("SELECT n FROM temp.faults ORDER BY n").fetchall()]
    rows, rejected = places(numbers, [(r.at, len(r.text.encode())) for r in seen.rejects])
    con.execute(
        "UPDATE temp.faults SET line = p.line FROM (SELECT unnest($1) AS n, unnest($2) AS line) AS p"
        " WHERE p.n = faults.n",
        [list(rows), list(rows.values())],
    )
    lines = list(_lines(seen.rejects, rejected))
    if lines:
        con.execute(
            f"INSERT INTO temp.faults SELECT 0, {literal(seen.plan.relation.name)}, unnest($1),"
            " struct_pack(rule := unnest($2), col := CAST(NULL AS VARCHAR), val := unnest($3), mend := unnest($4)),"
            " to_json(unnest($5))",
            [list(column) for column in zip(*lines, strict=True)],
        )


def _lines(rejects: Sequence[Reject], at: dict[int, int]) -> Iterator[tuple[int | None, str, str, str, str]]:
    for reject in rejects:
        for further, text in enumerate(lines_of(reject.text)):
            line = at.get(reject.at)
            shown = None if line is None else line + further
            yield shown, reject.rule, reject.value, _MENDS[reject.rule], text


def _where(table: str | None, load_id: int | None = None) -> str:
    """SQL: which rows are meant; words are written out, not bound, as everywhere in a load."""
    asked = [f"load_id = {load_id}"] if load_id is not None else []
    if table is not None:
        asked.append(f"table_name = {literal(known_table(table).name)}")
    return "WHERE " + " AND ".join(asked) if asked else ""
