"""Rows that were set aside, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

_COLUMNS = ("table", "file", "line", "column", "value", "rule", "mend")


def rows_text(rows: Sequence[dict[str, Any]]) -> str:
    """Where each stood, the rule that it breaks, how to mend it; nothing at all where there is no row."""
    if not rows:
        return ""
    lines = [["" if row[name] is None else str(row[name]) for name in _COLUMNS] for row in rows]
    return Grid(_COLUMNS, lines, frozenset({"line"})).text()
