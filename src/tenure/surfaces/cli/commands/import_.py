"""`tenure import`: files and folders into the store.

JSON: `{"load_id": …, "tables": [{"table": …, "rows_in": …, "accepted": …, "duplicate": …, "replaced": …,
"quarantined": …, "retired": …}]}`: rows_in = accepted + duplicate + quarantined; a replaced row is accepted and counted
here too; retired ones are those that a full export no longer has. `--dry-run` adds `dry_run`, `notes`, `files` (each
with `file`, `table` and its `columns`: `column`, `header`, `how`) and `quarantine` (the first rows set aside).
"""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenure.surfaces.cli.loads import bar, show_load
from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.previews import show_preview
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.library import Store


# Nearly every question stands on these; the others are made when one is first asked.
_AT_ONCE = ("revenue", "customers", "pending_revenue")


@click.command("import", cls=Command, section="Begin")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--table", metavar="TABLE", help="The table that the files hold.  [default: their name says it]")
@click.option("--source", metavar="NAME", help="The system that the rows come from, kept with each.")
@click.option("--replace", is_flag=True, help="The files are all there is: retire this source's rows that they lack.")
@click.option("--dry-run", is_flag=True, help="Only show how the files would be read, and what would be set aside.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a row was set aside.")
@pass_state
def import_(state: State, paths: tuple[Path, ...], *, table: str | None, source: str | None, replace: bool,
            dry_run: bool, strict: bool) -> int:  # fmt: skip
    """Load files: CSV (also .gz), Parquet, JSON lines, or folders of them.

    A file is read by its name (subscriptions.csv), by --table, or by a [[mapping]] of tenure.toml. Everything is
    loaded, or nothing; a row that breaks a rule is set aside. Loading a file twice changes nothing.
    """
    for path in paths:
        _exists(path)
    if dry_run:
        with state.look() as store, bar("Reading") as progress:
            preview = store.load(*paths, table=table, source=source, replace=replace, dry_run=True, progress=progress)
        show_preview(state, preview.to_dict())
        return int(strict and preview.quarantined > 0)
    with _made(state) as store, bar("Reading") as progress:
        load = store.load(*paths, table=table, source=source, replace=replace, progress=progress)
        state.interrupted = "Interrupted after the files were loaded."
        store.prepare(_AT_ONCE)
    state.interrupted = "Interrupted after the files were loaded."
    show_load(state, load)
    return int(strict and load.quarantined > 0)


@contextmanager
def _made(state: State) -> Iterator[Store]:
    """The open store, made where there is none; one that was made for files that cannot be loaded goes again."""
    new = not state.folder.exists()
    try:
        with state.open(create=True) as store:
            yield store
    except BaseException:
        if new:
            shutil.rmtree(state.folder, ignore_errors=True)
        raise
    if new:
        note(f"Made the store '{state.folder}'.")


def _exists(path: Path) -> None:
    """Before a store is made for it: a path that was misspelt shall leave nothing behind."""
    if path.exists():
        return
    from tenure.errors import InputError
    from tenure.sources.files import near

    message = f"There is no file or folder '{path}'.{near(path)}"
    raise InputError(message)


COMMAND = import_
