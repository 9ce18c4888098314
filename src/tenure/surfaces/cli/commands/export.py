"""`tenure export`: tables and ledgers as files.

JSON: `{"out": …, "as": "parquet" or "csv", "files": [{"kind": "table" or "ledger", "name": …, "file": …, "rows": n}]}`.
CSV: a line per file.
"""

from __future__ import annotations

from pathlib import Path

import click

from tenure.surfaces.cli.grid import Grid
from tenure.surfaces.cli.options import Command, Word
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, pass_state

_EXAMPLES = """\b
Examples:
  tenure export --out copy
  tenure export --table accounts --table revenue --out copy --as csv
  tenure --store another import copy/tables
"""


@click.command("export", cls=Command, section="Data", epilog=_EXAMPLES)
@click.option(
    "--table",
    "names",
    multiple=True,
    metavar="NAME",
    help="A table or a ledger; again for more.  [default: all that have rows]",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder to write to.",
)
@click.option(
    "--as",
    "kind",
    type=Word("kind of file", ("parquet", "csv")),
    default="parquet",
    show_default=True,
    help="The kind of file.",
)
@click.option(
    "--spreadsheet",
    is_flag=True,
    help="CSV: put an apostrophe before text that a spreadsheet would take for a formula.",
)
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@pass_state
def export(state: State, names: tuple[str, ...], out: Path, kind: str, *, spreadsheet: bool, force: bool) -> None:
    """Write tables as they are now to DIR/tables, and ledgers to DIR/ledgers: a file each.

    Values are exact: `tenure import DIR/tables` into an empty store gives the same numbers. Files for a spreadsheet are not
    exact where an apostrophe was put: do not import those again.
    """
    with state.open() as store:
        written = store.export(out, *names, kind=kind, spreadsheet=spreadsheet, force=force)
    files = [one.to_dict() for one in written]
    rows = [[one["kind"], one["name"], f"{one['rows']:,}", one["file"]] for one in files]
    emit(
        state,
        data=lambda: {"out": str(out), "as": kind, "files": files},
        records=lambda: files,
        table=lambda: Grid(("kind", "name", "rows", "file"), rows, frozenset({"rows"})).text(),
    )


COMMAND = export
