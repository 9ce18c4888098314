"""Rows that were set aside, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLUMNS = ("table", "file", "line", "column", "value", "rule", "mend")


def rows_text(rows: Sequence[dict[str, Any]]) -> str:
    """Where each stood, the rule that it breaks, how to mend it; nothing at all where there is no row.

    A terminal too narrow for the table gets a sentence for each.
    """
    if not rows:
        return ""
    lines = [["" if row[name] is None else str(row[name]) for name in _COLUMNS] for row in rows]
    grid = Grid(_COLUMNS, lines, frozenset({"line"}))
    return grid.text() if grid.fits() else "".join(map(_sentence, rows))


def _sentence(row: dict[str, Any]) -> str:
    line = "" if row["line"] is None else f", line {row['line']}"
    cell = f", {row['column']} '{row['value'] or ''}'" if row["column"] else ""
    return f"{row['file'] or row['table']}{line}{cell}: {row['mend']}\n"
