"""`tenure tables`: which tables there are, and what a file of one must hold.

JSON: `{"table": …, "meaning": …, "key": […], "extras": …, "columns": […], "checks": […]}` of one table, an array of
them for all; a column has `column`, `type`, `unit`, `required`, `in_key`, `default`, `choices`, `aliases`, `meaning`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.grid import Grid
from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, pass_state

if TYPE_CHECKING:
    from tenure.tables.schema import Table

_HEADINGS = ("column", "type", "unit", "default", "meaning")


@click.command("tables", cls=Command, section="Data")
@click.argument("name", required=False)
@pass_state
def tables(state: State, name: str | None) -> None:
    """Show the tables that can be loaded; with a NAME, its columns, types, units and row checks."""
    from tenure.tables import TABLES
    from tenure.tables.reference import reference

    if name is None:
        rows = [{"table": t.name, "key": ", ".join(t.key), "meaning": t.meaning} for t in TABLES.values()]
        emit(state, data=lambda: [described(t) for t in TABLES.values()], records=lambda: rows,
             table=lambda: Grid(tuple(rows[0]), [tuple(r.values()) for r in rows]).text())  # fmt: skip
    else:
        table = known(name)
        emit(state, data=lambda: described(table), records=lambda: reference(table), table=lambda: _page(table))


def known(name: str) -> Table:
    """The table of that name.

    Raises:
        UnknownNameError: there is none.
    """
    from tenure.errors import UnknownNameError
    from tenure.tables import TABLES

    if name not in TABLES:
        raise UnknownNameError("table", name, TABLES, "`tenure tables` lists them all.")
    return TABLES[name]


def described(table: Table) -> dict[str, object]:
    """The table as JSON: its columns, key and row checks."""
    from tenure.tables.reference import reference, rules

    about = {"table": table.name, "meaning": table.meaning, "key": list(table.key), "extras": table.extras}
    return {**about, "columns": reference(table), "checks": rules(table)}


def _page(table: Table) -> str:
    from tenure.tables.reference import reference, rules

    columns = reference(table)
    rows = [[_cell(column, heading) for heading in _HEADINGS] for column in columns]
    kinds = dict.fromkeys(str(column["type"]) for column in columns)
    parts = [
        f"{table.name}: {table.meaning}\nKey: {', '.join(table.key)}\n",
        Grid([f"{h} (* required)" if h == "column" else h for h in _HEADINGS], rows).text(),
        "Types\n" + "".join(f"  {kind}\n" for kind in kinds if ":" in kind),
        "Row checks\n" + "".join(f"  {rule['rule']}: {rule['sentence']}\n" for rule in rules(table)),
    ]
    return "\n".join(parts)


def _cell(column: dict[str, Any], heading: str) -> str:
    if heading == "column":
        return f"{column['column']} *" if column["required"] else str(column["column"])
    if heading == "type":
        return ", ".join(column["choices"]) or str(column["type"]).partition(":")[0]
    if heading == "meaning" and column["aliases"]:
        return f"{column['meaning']} (also: {', '.join(column['aliases'])})"
    return str(column[heading] or "")


COMMAND = tables
