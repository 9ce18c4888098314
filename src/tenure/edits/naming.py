"""Whether an edit names something that is there, and which accounts it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store import warehouse
from tenure.store.layout import excluded_id, key_text, literal
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from duckdb import DuckDBPyConnection

    from tenure.edits.lines import Line
    from tenure.tables.schema import Table

_NEAR = 0.8  # Jaro-Winkler: beyond this a reader sees the likeness
_HOMES = {"account_id": "accounts", "person_id": "people"}
_OF_MONEY = ("accounts", "subscriptions", "subscription_periods")


def named(con: DuckDBPyConnection, lines: Sequence[Line]) -> list[tuple[int, str | None]]:
    """How many current rows each edit names (of a link, how many of its two ids are known), and what is wrong if it names too few.

    Of a row that is in the warehouse alone nothing is wrong.
    """
    away = warehouse.away(con)
    counts, known = _counts(con, lines), {column: _known(con, column, lines) for column in _HOMES}
    return [
        _of_rows(con, line, counts.get(n, 0), away)
        if line.edit == "exclude"
        else _of_ids(con, line, known[_column(line)], away)
        for n, line in enumerate(lines)
    ]


def accounts(con: DuckDBPyConnection, line: Line) -> list[str]:
    """The accounts whose revenue an edit may change."""
    if line.stored_in == "account_links":
        return [line.id, line.same_as]
    if line.edit != "exclude" or line.table not in _OF_MONEY:
        return []
    one = f"(0, {literal(line.id)})"
    return [
        row[0]
        for row in con.execute(f"SELECT DISTINCT account_id {_found(TABLES[line.table], one)} ORDER BY ALL").fetchall()
    ]


def _found(table: Table, ids: str) -> str:
    """SQL: the current rows that exclusions name, each a pair of its place and its id."""
    x = f"(VALUES {ids}) AS x(n, id)"
    return f"FROM rows.{table.name} AS r JOIN {x} ON {excluded_id(table)} = {key_text(table, 'r')} WHERE r.replaced_at IS NULL"


def _counts(con: DuckDBPyConnection, lines: Sequence[Line]) -> dict[int, int]:
    """How many current rows each exclusion names, by its place among the lines: each table is read once."""
    found: dict[int, int] = {}
    for name, table in TABLES.items():
        ids = [
            f"({n}, {literal(line.id)})" for n, line in enumerate(lines) if (line.edit, line.table) == ("exclude", name)
        ]
        if ids:
            sql = f"SELECT x.n, count(*) {_found(table, ', '.join(ids))} GROUP BY ALL"
            found |= dict(con.execute(sql).fetchall())
    return found


def _of_rows(con: DuckDBPyConnection, line: Line, count: int, away: AbstractSet[str]) -> tuple[int, str | None]:
    if line.table not in TABLES:  # an exclusion may have come with a file of another source
        return 0, f"there is no table '{line.table}'."
    if count or line.table in away:
        return count, None
    key = TABLES[line.table].key
    near = _near(con, line.table, key[0], line.id) if len(key) == 1 else ""
    return 0, f"no row of {line.table} has the {'/'.join(key)} '{line.id}'{near}."


def _of_ids(
    con: DuckDBPyConnection, line: Line, known: AbstractSet[str], away: AbstractSet[str]
) -> tuple[int, str | None]:
    column = _column(line)
    unknown = [one for one in (line.id, line.same_as) if one not in known]
    if not unknown or not away.isdisjoint(_owning(column)):
        return 2 - len(unknown), None
    said = " and ".join(f"'{one}'{_near(con, _HOMES[column], column, one)}" for one in unknown)
    return 2 - len(unknown), f"no row names {said}."


def _column(line: Line) -> str:
    return "person_id" if line.edit == "person" else "account_id"


def _known(con: DuckDBPyConnection, column: str, lines: Sequence[Line]) -> set[str]:
    """Which ids of the links are somewhere among the current rows; no table is read that need not be."""
    links = [line for line in lines if line.edit != "exclude" and _column(line) == column]
    ids, known = {one for line in links for one in (line.id, line.same_as)}, set[str]()
    for name in _owning(column):
        if not ids - known:
            break
        missing = ", ".join(literal(one) for one in sorted(ids - known))
        sql = f"SELECT DISTINCT {column} FROM rows.{name} WHERE {column} IN ({missing}) AND replaced_at IS NULL"
        known |= {one for (one,) in con.execute(sql).fetchall()}
    return known


def _owning(column: str) -> Iterator[str]:
    """The tables whose rows are of an account, or of a person; the longest last."""
    names = (name for name, table in TABLES.items() if any(one.name == column for one in table.columns))
    yield from sorted((name for name in names if not name.endswith("_links")), key="events".__eq__)


def _near(con: DuckDBPyConnection, table: str, column: str, value: str) -> str:
    """A question whether something else is meant, or nothing."""
    row = con.execute(
        f"SELECT {column}, jaro_winkler_similarity(lower({column}), lower({literal(value)})) AS nearness FROM rows.{table}"
        f" WHERE replaced_at IS NULL ORDER BY nearness DESC, {column} LIMIT 1"
    ).fetchone()
    return f" (did you mean '{row[0]}'?)" if row and row[1] >= _NEAR else ""
