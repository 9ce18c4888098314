"""Rows of a statement as mappings, in the form that JSON has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.answer import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection


def rows(con: DuckDBPyConnection, sql: str, given: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
    """The rows of `sql`: amounts as numbers, instants UTC with `Z`, days plain."""
    found = con.execute(sql, dict(given or {}))
    names = [column[0] for column in found.description]
    return [{name: plain(one) for name, one in zip(names, values, strict=True)} for values in found.fetchall()]


def loaded(con: DuckDBPyConnection, table: str) -> bool:
    """Whether anything was ever loaded into one of our own tables."""
    return con.execute(f"SELECT 1 FROM rows.{table} LIMIT 1").fetchone() is not None
