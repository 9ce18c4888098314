"""What of a sync has been done: noted in the store step by step, so that another one can go on from there."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from tenure.store import warehouse
from tenure.store.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.store.record import Progress
    from tenure.sync.stage import Stage


class Steps:
    """The steps of one sync.

    `reached` is how far each table's watermark had come when it began, its edge and its rows; `mark` what it writes into the warehouse
    (see `tenure.sync.left`). `inputs` are the marks of what its ledgers are made from, as they were when it began.
    """

    def __init__(self, con: DuckDBPyConnection, progress: Progress | None) -> None:
        self._con, self._progress = con, progress
        self.done: list[str] = []
        self.reached: Mapping[str, tuple[str | None, int, int]] = {}
        self.inputs: dict[str, str] = {}
        self.mark = ""
        self.is_resumed = False

    def is_other(self, of: str) -> bool:
        """Whether a sync for other things was begun and not ended: nobody knows what of the warehouse it has changed."""
        run = warehouse.told(self._con, "run")
        return run is not None and run["of"] != of

    def begin(
        self, of: str, reached: Mapping[str, tuple[str | None, int, int]], stage: Stage, *, is_full: bool
    ) -> None:  # fmt: skip
        """Goes on with a sync that was begun for the same things, or begins one."""
        run = warehouse.told(self._con, "run")
        if run and run["of"] == of:
            self.done, self.reached, self.inputs, self.mark = run["done"], run["reached"], run["inputs"], run["mark"]
            self.is_resumed = True
            stage.begin()
            return
        self.reached, self.mark = reached, token_hex(8)
        run = {"of": of, "done": [], "reached": reached, "inputs": {}, "mark": self.mark, "is_full": is_full}
        with transaction(self._con, derived=True):
            stage.clear()
            stage.begin()
            warehouse.tell(self._con, "run", run)

    def carry(self, name: str, mark: str, before: str | None, upload: Callable[[], None]) -> str:
        """Brings an input there, once in a sync: what was made of it must not be of two; gives the mark of what is there.

        `before` is that of the last sync.
        """
        if name not in self.inputs:
            if mark != before or self.is_resumed:  # one that was ended may have brought another
                upload()
            self.inputs[name] = mark
            if mark != before:
                self.note(self.done)
        return self.inputs[name]

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
            warehouse.tell(self._con, "run", {**run, "done": done, "inputs": self.inputs})

    def tell(self, label: str, done: float, total: float) -> None:
        """Says how far it is."""
        if self._progress:
            self._progress(label, done, total)
