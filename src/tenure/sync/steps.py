"""What of a sync has been done: noted in the store step by step, so that another one can go on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store import warehouse
from tenure.store.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.store.record import Progress
    from tenure.sync.stage import Stage


class Steps:
    """The steps of one sync; `reached` is how far each table's watermark had come when it began, and its edge."""

    def __init__(self, con: DuckDBPyConnection, progress: Progress | None) -> None:
        self._con, self._progress = con, progress
        self.done: list[str] = []
        self.reached: Mapping[str, tuple[str | None, int]] = {}

    def begin(self, of: str, reached: Mapping[str, tuple[str | None, int]], stage: Stage) -> str:
        """Goes on with a sync that was begun for the same things (`resumed`), or begins one: `begun`, or `lost` where another
        one had already changed the warehouse and cannot be gone on with.
        """  # noqa: D205 - one sentence
        run = warehouse.told(self._con, "run")
        if run and run["of"] == of:
            self.done, self.reached = run["done"], run["reached"]
            stage.begin()
            return "resumed"
        self.reached = reached
        with transaction(self._con, derived=True):
            stage.clear()
            stage.begin()
            warehouse.tell(self._con, "run", {"of": of, "done": [], "reached": reached})
        return "lost" if run and run["done"] else "begun"

    def __call__(self, name: str, do: Callable[[], None]) -> None:
        """Does what has not been done in this sync, and notes it."""
        if name not in self.done:
            self.tell(name, 0, 0)
            do()
            self.note([*self.done, name])

    def is_done(self, name: str) -> bool:
        """Whether it was noted."""
        return name in self.done

    def note(self, done: list[str]) -> None:
        """Keeps what is done."""
        self.done = done
        run = warehouse.told(self._con, "run")
        with transaction(self._con, derived=True):
            warehouse.tell(self._con, "run", {**run, "done": done})

    def tell(self, label: str, done: float, total: float) -> None:
        """Says how far it is."""
        if self._progress:
            self._progress(label, done, total)
