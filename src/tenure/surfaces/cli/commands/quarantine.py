"""`tenure quarantine`: the rows that were set aside.

JSON: `{"rows": [{"table": …, "file": …, "line": …, "column": …, "value": …, "rule": …, "mend": …, "raw": …,
"load_id": …, "quarantined_at": …}], "warehouse": [{"table": …, "rule": …, "column": …, "rows": …, "select": …}]}`; in a synced
store `warehouse` counts the rows that were left out there. `--retry` answers a load, as `import` does; `--drop` answers
`{"dropped": n}`.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.loads import show_load
from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.rows import rows_text
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Sequence


@click.command("quarantine", cls=Command, section="Data")
@click.argument("table", required=False)
@click.option("--retry", is_flag=True, help="Try the rows again, after a change of tenure.toml or of other rows.")
@click.option("--drop", is_flag=True, help="Forget the rows.")
@pass_state
def quarantine(state: State, table: str | None, *, retry: bool, drop: bool) -> None:
    """Show the rows that were set aside: where each stood, which rule it breaks, how to mend it.

    Mend the file and import it again; a row that is then accepted leaves the quarantine.
    """
    if retry and drop:
        from tenure.errors import UsageError

        message = "--retry and --drop do not go together: one tries the rows again, the other forgets them."
        raise UsageError(message)
    if table is not None:
        from tenure.surfaces.cli.commands.tables import known

        known(table)
    with state.open() as store:
        if retry:
            show_load(state, store.retry(table))
        elif drop:
            count = store.drop(table)
            emit(state, data=lambda: {"dropped": count}, records=lambda: [{"dropped": count}],
                 table=lambda: f"{count:,} {'row' if count == 1 else 'rows'} dropped.\n")  # fmt: skip
        else:
            rows = [row.to_dict() for row in store.quarantined(table)]
            show_rows(state, rows, [asdict(one) for one in store.broken(table)])


def show_rows(state: State, rows: Sequence[dict[str, Any]], there: Sequence[dict[str, Any]]) -> None:
    """The rows that were set aside, and how many of those that stayed in a warehouse were left out."""
    emit(state, data=lambda: {"rows": rows, "warehouse": there}, records=lambda: rows, table=lambda: rows_text(rows))
    for one in there:
        counted = f"{one['rows']:,} {'row' if one['rows'] == 1 else 'rows'} of {one['table']} in the warehouse"
        note(f"{counted} left out by the rule '{one['rule']}' on {one['column']}; this finds them: {one['select']}")
    if not rows and not there:
        note("No row is set aside.")


COMMAND = quarantine
