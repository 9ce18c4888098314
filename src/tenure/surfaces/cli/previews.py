"""A dry run: how each file would be read, what would become of its rows, and the first that would be set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.surfaces.cli.grid import Grid
from tenure.surfaces.cli.loads import counts_text
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.rows import rows_text
from tenure.surfaces.cli.state import note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.surfaces.cli.state import State

_HOW = {"exact": "the same name", "alias": "an alias", "guessed": "guessed", "mapping": "tenure.toml", "extra": "kept"}


def show_preview(state: State, preview: dict[str, Any]) -> None:
    """Show a dry run as it is told by the library."""
    emit(state, data=lambda: preview, records=lambda: _columns(preview), table=lambda: _text(preview))
    for said in preview["notes"]:
        note(said)
    note("This was a dry run: nothing was changed.")


def _columns(preview: dict[str, Any]) -> Iterator[dict[str, object]]:
    for file in preview["files"]:
        for column in file["columns"]:
            yield {"file": file["file"], "table": file["table"], **column}


def _text(preview: dict[str, Any]) -> str:
    parts = [_file(file) for file in preview["files"]]
    parts.append(counts_text(preview["tables"]))
    if preview["quarantine"]:
        parts.append("Would be set aside\n" + rows_text(preview["quarantine"]))
    return "\n".join(parts)


def _file(file: dict[str, Any]) -> str:
    rows = [(c["header"], c["column"], _HOW.get(c["how"], c["how"])) for c in file["columns"]]
    return Grid(("header", "column", "told by"), rows, title=f"{file['file']} as {file['table']}").text()
