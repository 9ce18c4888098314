"""`tenure quarantine`: the rows that were set aside.

JSON: `{"rows": [{"table": …, "file": …, "line": …, "column": …, "value": …, "rule": …, "mend": …, "raw": …,
"load_id": …, "quarantined_at": …}]}`; `--retry` answers a load, as `import` does; `--drop` answers `{"dropped": n}`.
"""

from __future__ import annotations

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
            show_rows(state, [row.to_dict() for row in store.quarantined(table)])


def show_rows(state: State, rows: Sequence[dict[str, Any]]) -> None:
    """The rows that were set aside."""
    emit(state, data=lambda: {"rows": rows}, records=lambda: rows, table=lambda: rows_text(rows))
    if not rows:
        note("No row is set aside.")


COMMAND = quarantine
