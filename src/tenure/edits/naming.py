"""Whether an edit names something that is there, and which accounts it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store.layout import excluded_id, key_text, literal
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from tenure.edits.lines import Line

_NEAR = 0.8  # Jaro-Winkler: beyond this a reader sees the likeness
_OF_MONEY = ("accounts", "subscriptions", "subscription_periods")


def named(con: DuckDBPyConnection, line: Line) -> tuple[int, str | None]:
    """How many current rows an edit names (of a link, how many of its two ids are known), and what is wrong if it names too few."""
    if line.edit == "exclude":
        return _rows(con, line)
    column = "person_id" if line.edit == "person" else "account_id"
    home = "people" if line.edit == "person" else "accounts"
    unknown = [one for one in (line.id, line.same_as) if not _is_known(con, column, one)]
    if not unknown:
        return 2, None
    said = " and ".join(f"'{one}'{_near(con, home, column, one)}" for one in unknown)
    return 2 - len(unknown), f"no row names {said}."


def accounts(con: DuckDBPyConnection, line: Line) -> list[str]:
    """The accounts whose revenue an edit may change."""
    if line.stored_in == "account_links":
        return [line.id, line.same_as]
    if line.edit != "exclude" or line.table not in _OF_MONEY:
        return []
    return [row[0] for row in con.execute(f"SELECT DISTINCT account_id {_found(line)} ORDER BY ALL").fetchall()]


def _found(line: Line) -> str:
    """SQL: the current rows that an exclusion names."""
    table = TABLES[line.table]
    x = f"(SELECT {literal(line.id)} AS id) AS x"
    return f"FROM rows.{table.name} AS r JOIN {x} ON {excluded_id(table)} = {key_text(table, 'r')} WHERE r.replaced_at IS NULL"


def _rows(con: DuckDBPyConnection, line: Line) -> tuple[int, str | None]:
    if line.table not in TABLES:  # an exclusion may have come with a file of another source
        return 0, f"there is no table '{line.table}'."
    row = con.execute(f"SELECT count(*) {_found(line)}").fetchone()
    count = int(row[0]) if row else 0
    if count:
        return count, None
    key = TABLES[line.table].key
    near = _near(con, line.table, key[0], line.id) if len(key) == 1 else ""
    return 0, f"no row of {line.table} has the {'/'.join(key)} '{line.id}'{near}."


def _is_known(con: DuckDBPyConnection, column: str, value: str) -> bool:
    return any(
        con.execute(
            f"SELECT 1 FROM rows.{name} WHERE {column} = {literal(value)} AND replaced_at IS NULL LIMIT 1"
        ).fetchone()
        for name in _owning(column)
    )


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
