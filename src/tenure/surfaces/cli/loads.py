"""What a load did, for a person and for a program; and the bar that moves while it does."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from tenure.surfaces.cli.grid import Grid
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenure.surfaces.cli.state import State


class Loaded(Protocol):
    """What the library says of a load."""

    @property
    def quarantined(self) -> int:
        """How many rows were set aside."""

    def to_dict(self) -> dict[str, Any]:
        """The load's id, and the counts of each table."""


COUNTS = ("rows_in", "accepted", "duplicate", "replaced", "quarantined")


def show_load(state: State, load: Loaded) -> None:
    """The counts of each table; a word about rows that were set aside."""
    tables = load.to_dict()["tables"]
    emit(
        state,
        data=load.to_dict,
        records=lambda: tables,
        table=lambda: Grid(
            ("table", *COUNTS), [[t["table"], *(f"{t[c]:,}" for c in COUNTS)] for t in tables], frozenset(COUNTS)
        ).text(),
    )
    aside(state, load)


def aside(state: State, load: Loaded) -> None:
    """Says on standard error how many rows were set aside, if any."""
    if load.quarantined:
        rows = "1 row was" if load.quarantined == 1 else f"{load.quarantined:,} rows were"
        where = f" --store {state.store}" if state.store else ""
        note(f"{rows} set aside: `tenure quarantine{where}` shows each with its rule, and how to mend it.")


@contextmanager
def bar(what: str) -> Iterator[Callable[[str, int, int], None] | None]:
    """A progress bar on standard error, if that is a terminal: call it with (step, done, total)."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)

        def step(name: str, done: int, total: int) -> None:
            progress.update(task, description=name, completed=done, total=total or None)

        yield step
