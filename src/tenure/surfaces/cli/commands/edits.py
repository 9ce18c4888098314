"""`tenure edits`: what is left out, and who is one with whom, as a file under version control.

The file is CSV with the header `edit,table,id,same_as,reason`: `exclude` a row of `table` by its key; `merge` or `migration`: `id` and
`same_as` are one customer; `person`: they are one person; `same_as` survives. Lines that begin with # are remarks.

`list` as JSON: `{"edits": [{"edit", "table", "id", "same_as", "reason", "source", "loaded_at"}]}`; as CSV: a file of edits.
`check` as JSON: `lines`, each with its number `line`, the five columns, `standing` (new, changed, there, withdrawn, held by another
source), `names` (how many rows an exclusion names, how many of its two ids of a link are known), `fault` (a sentence, or null) and
`effect`: `customers_before`, `customers_after`, `mrr_before`, `mrr_after` at the end of the month `start` to `end`, and `movements` of all
months that differ, each `month`, `kind`, `before`, `after`; null where the edit is about no revenue, else of all customers that
it is about. `effect` of the whole file is the whole company's; `faults` is how many lines name nothing: with any, exit code 1.
`apply` as JSON: `added`, `changed`, `withdrawn`, `held` (lines that another source has brought) and `faults` (lines that name nothing,
each with its number `line` and its `fault`), as lists of lines, and `load_id`, null where nothing changed. `propose` as JSON:
`{"proposals": […]}`, each the five columns, `name`, `ended_at`, `began_at`, `score` (4 to 10) and `reasons`; as CSV: lines for the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command, Word
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.library import Store

ACTIONS = ("list", "check", "apply", "propose")
_COLUMNS = ("edit", "table", "id", "same_as", "reason")
_EXAMPLES = """\b
Examples:
  tenure edits propose --format csv > edits.csv
  tenure edits check edits.csv
  tenure edits apply edits.csv
"""


@click.command("edits", cls=Command, section="Data", epilog=_EXAMPLES)
@click.argument("action", type=Word("word for edits", ACTIONS), metavar="|".join(ACTIONS))
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--now", metavar="INSTANT", help="check: what counts as now.  [default: the clock]")
@pass_state
def edits(state: State, action: str, file: Path | None, now: str | None) -> int:
    """Leave rows out, and say who is one with whom, by a file that people can read and compare.

    `list` shows the edits that hold, `check FILE` what a file would change, line by line. `apply FILE` brings it in: it is all
    there is of its edits, so that a line taken away is withdrawn. `propose` looks for customers that are likely one, such as
    those who have moved to another billing system; it applies nothing.
    """
    _go_together(action, file)
    with state.open() as store:
        if action == "check" and file:
            return _check(state, store, file, now)
        if action == "apply" and file:
            _apply(state, store, file)
        elif action == "propose":
            _propose(state, store)
        else:
            _list(state, store)
    return 0


def _go_together(action: str, file: Path | None) -> None:
    from tenure.errors import UsageError

    if action in ("check", "apply") and file is None:
        message = f"`tenure edits {action}` needs a file. `tenure edits list --format csv` prints the edits of the store as one."
        raise UsageError(message)
    if action in ("list", "propose") and file is not None:
        message = f"`tenure edits {action}` takes no file: `tenure edits check {file}` says what one would change."
        raise UsageError(message)


def _list(state: State, store: Store) -> None:
    rows = [{**one.line.to_dict(), "source": one.source, "loaded_at": one.loaded_at} for one in store.edits.standing()]
    lines = [{name: row[name] for name in _COLUMNS} for row in rows]
    _emit(state, {"edits": rows}, lines, "listed")
    if not rows:
        note("There are no edits. `tenure edits propose` looks for customers that are likely one.")


def _check(state: State, store: Store, file: Path, now: str | None) -> int:
    shown = store.edits.check(file, now=now).to_dict()
    from tenure.surfaces.cli.patches import checked

    locale = store.settings.locale
    records = [_flat(one) for one in shown["lines"]]
    emit(state, data=lambda: shown, records=lambda: records, table=lambda: checked(shown, locale))
    for one in shown["lines"]:
        if one["fault"] and one["standing"] != "withdrawn":
            _nameless(one)
    return int(shown["faults"] > 0)


def _nameless(one: Mapping[str, Any]) -> None:
    note(f"Line {one['line']} names nothing: {one['fault']}")


def _flat(one: dict[str, Any]) -> dict[str, object]:
    effect = one["effect"] or {}
    return {name: value for name, value in one.items() if name != "effect"} | {
        f"effect.{n}": v for n, v in effect.items()
    }


def _apply(state: State, store: Store, file: Path) -> None:
    patch, load = store.edits.apply(file)
    if load:
        state.interrupted = "Interrupted after the edits were applied."
    lists = {name: [line.to_dict() for line in getattr(patch, name)] for name in ("added", "changed", "withdrawn")}
    held = [{**line.to_dict(), "source": source} for line, source in patch.held]
    faults = [{**line.to_dict(), "line": line.number, "fault": fault} for line, fault in patch.faults]
    shown = {**lists, "held": held, "faults": faults, "load_id": load.load_id if load else None}
    records = [{"became": name, **line} for name, some in lists.items() for line in some]
    from tenure.surfaces.cli.patches import applied

    emit(state, data=lambda: shown, records=lambda: records, table=lambda: applied(shown))
    for one in held:
        note(
            f"'{one['id']}' is an edit of the source '{one['source']}' already: taking its line away would not withdraw it."
        )
    for slip in faults:
        _nameless(slip)


def _propose(state: State, store: Store) -> None:
    rows = [one.to_dict() for one in store.edits.propose()]
    _emit(state, {"proposals": rows}, [{name: row[name] for name in _COLUMNS} for row in rows], "proposed")
    if not rows:
        note("No two customers look as if they were one.")


def _emit(state: State, shown: dict[str, Any], lines: list[dict[str, Any]], how: str) -> None:
    from tenure.surfaces.cli import patches

    emit(state, data=lambda: shown, records=lambda: lines, table=lambda: getattr(patches, how)(shown))


COMMAND = edits
