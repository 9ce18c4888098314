"""`tenure sync`: the ledgers are made in the warehouse and come home.

JSON: `{"kind": "full" or "changes", "engine": …, "dry_run": …, "raw_bytes": …, "tables": [{"table": …, "rows": …, "bytes": …,
"fresh": …, "scanned": …, "by": …}]}`: bytes are those of the rows as text, from a sample; fresh are the rows written since the last
sync by the column `by`. What was done adds `resumed`, `load_id`, `seconds`, `moved_rows`, `moved_bytes` (packed), `line_bytes` (as the
warehouse sent them, with all that was looked at; null where its client does not tell), `notes`, `broken` (the rows that were left out: see
`warehouse` of `quarantine`), `loaded` (as of `import`) and `ledgers`: `[{"ledger": …, "how": "whole", "by day", "table" or "left",
"rows": …, "bytes": …, "packed": …}]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.grid import Grid
from tenure.surfaces.cli.loads import bar
from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Sequence

_KILO = 1000


@click.command("sync", cls=Command, section="Begin")
@click.option("--policy", "policies", multiple=True, metavar="PRESET", help="Bring what another preset needs, too.")
@click.option(
    "--whole", multiple=True, metavar="LEDGER", help="Bring this ledger, or people, row by row, however many."
)
@click.option("--full", is_flag=True, help="Make everything anew, as if nothing had come before.")
@click.option("--dry-run", is_flag=True, help="Only show what would be read.")
@pass_state
def sync(state: State, *, policies: tuple[str, ...], whole: tuple[str, ...], full: bool, dry_run: bool) -> None:
    """Make the ledgers in the warehouse and bring them home: what changed since the last time, or everything.

    [warehouse] in tenure.toml says where the rows are; the password is taken from $TENURE_WAREHOUSE_PASSWORD or the keyring. A sync that is
    ended by anything leaves the store as it was, and the next one goes on from there.
    """
    state.interrupted = "Interrupted: the store is as it was. `tenure sync` goes on from here."
    with state.open() as store:
        if not dry_run and state.format == "table":
            show_estimate(store.sync(policies=policies, whole=whole, full=full, dry_run=True).to_dict())
        with bar("Looking") as progress:
            done = store.sync(policies=policies, whole=whole, full=full, dry_run=dry_run, progress=progress)
    told = done.to_dict()
    shown = _tables_text if dry_run else _ledgers_text
    emit(state, data=done.to_dict, records=lambda: told["tables" if dry_run else "ledgers"], table=lambda: shown(told))
    for said in done.notes:
        note(said)


def show_estimate(told: dict[str, Any]) -> None:
    """What will be read, before it is: one line on standard error."""
    rows, fresh = (sum(table[name] for table in told["tables"]) for name in ("scanned", "fresh"))
    since = "" if told["kind"] == "full" else f", {fresh:,} rows written since the last sync"
    note(f"{len(told['tables'])} tables of {size(told['raw_bytes'])}: up to {rows:,} rows are scanned there{since}.")


def _tables_text(told: dict[str, Any]) -> str:
    rows = [
        [
            one["table"],
            f"{one['rows']:,}",
            size(one["bytes"]),
            f"{one['fresh']:,}",
            f"{one['scanned']:,}",
            one["by"] or "none",
        ]
        for one in told["tables"]
    ]
    names = ("table", "rows", "bytes", "new", "scanned", "watermark")
    return Grid(names, rows, frozenset(names[1:-1])).text()


def _ledgers_text(told: dict[str, Any]) -> str:
    moved: Sequence[dict[str, Any]] = [one for one in told["ledgers"] if one["rows"]]
    rows = [[one["ledger"], one["how"], f"{one['rows']:,}", size(one["packed"])] for one in moved]
    share = told["moved_bytes"] / told["raw_bytes"] if told["raw_bytes"] else 0
    line = "" if told["line_bytes"] is None else f", {size(told['line_bytes'])} as they were sent"
    last = (
        f"\n{told['moved_rows']:,} rows came home, {size(told['moved_bytes'])} packed: {share:.1%} of the {size(told['raw_bytes'])}"
        f" there{line}. {told['seconds']:.0f} s.\n"
    )
    names = ("name", "how", "rows", "bytes")
    return (Grid(names, rows, frozenset(names[2:])).text() if rows else "") + last


def size(count: int) -> str:
    """Bytes for a person, in powers of 1000."""
    value, unit = float(count), "B"
    for larger in ("kB", "MB", "GB", "TB"):
        if value >= _KILO:
            value, unit = value / _KILO, larger
    return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"


COMMAND = sync
