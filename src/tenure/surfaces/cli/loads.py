"""What a load did, for a person and for a program; and the bar that moves while it does."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from tenure.surfaces.cli.grid import Grid
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenure.surfaces.cli.state import State


class Loaded(Protocol):
    """What the library says of a load."""

    @property
    def quarantined(self) -> int:
        """How many rows were set aside."""

    @property
    def notes(self) -> Sequence[str]:
        """What a person should know beside the counts."""

    def to_dict(self) -> dict[str, Any]:
        """The load's id, and the counts of each table."""


class Step(Protocol):
    """Moves the bar: `label` is being worked on, `done` of `total` are behind it."""

    def __call__(self, label: str, done: float, total: float) -> None:
        """Moves the bar."""


COUNTS = ("rows_in", "accepted", "duplicate", "replaced", "quarantined")
_STEPS = {"facts": "Ledgers", "done": "Done"}


def show_load(state: State, load: Loaded) -> None:
    """The counts of each table; a word about rows that were set aside."""
    tables = load.to_dict()["tables"]
    emit(state, data=load.to_dict, records=lambda: tables, table=lambda: counts_text(tables))
    for said in load.notes:
        note(said)
    aside(state, load)


def counts_text(tables: Sequence[dict[str, Any]]) -> str:
    """The counts of each table, for a person; rows retired by a full export only where there are any."""
    names = (*COUNTS, *(["retired"] if any(table.get("retired") for table in tables) else []))
    rows = [[table["table"], *(f"{table[name]:,}" for name in names)] for table in tables]
    return Grid(("table", *names), rows, frozenset(names)).text()


def aside(state: State, load: Loaded) -> None:
    """Says on standard error how many rows were set aside, if any."""
    if load.quarantined:
        rows = "1 row was" if load.quarantined == 1 else f"{load.quarantined:,} rows were"
        note(f"{rows} set aside: `tenure quarantine{state.option}` shows each with its rule, and how to mend it.")


@contextmanager
def bar(what: str) -> Iterator[Step | None]:
    """A progress bar on standard error, if that is a terminal: what is given moves it."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)

        def step(label: str, done: float, total: float) -> None:
            progress.update(task, description=_STEPS.get(label, label), completed=done, total=total or None)

        yield step
