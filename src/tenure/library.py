"""The library: one open store, and everything that a surface asks of it.

    store = open("acme")
    store.load("subscription_periods.csv")
    store.ask("mrr", since="2024-01-01", until="2025-01-01").rows

What only some questions need is imported where they ask for it.
"""

from __future__ import annotations

from dataclasses import replace as replaced
from functools import cached_property, partial
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Self, TypeVar, overload

from tenure import catalog, dimensions
from tenure.config import furnish, load_settings
from tenure.lists.shelf import Shelf
from tenure.query import Asked, ask, attributes, fitting
from tenure.readings import Readings
from tenure.store.connection import FILE, beside, connect
from tenure.store.connection import meant as meant  # noqa: PLC0414 - a surface asks here what a fault means
from tenure.store.turns import kept, stop
from tenure.words import read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime
    from types import TracebackType

    from duckdb import DuckDBPyConnection

    from tenure.account import Account
    from tenure.answer import Answer, Row
    from tenure.cohorts import Cohorts
    from tenure.config import Settings
    from tenure.doctor import Diagnosis
    from tenure.edits import Edits
    from tenure.explain import Explanation
    from tenure.export import Exported
    from tenure.metric import Metric
    from tenure.report import Report
    from tenure.store.record import Load, Progress, Quarantined
    from tenure.store.warehouse import Broken
    from tenure.sync import Synced
    from tenure.why import Why

MEMORY = ":memory:"
Found = TypeVar("Found")


def open(  # noqa: A001
    path: str | Path = MEMORY,
    *,
    create: bool = True,
    settings: Settings | None = None,
    patience_s: float | None = None,
) -> Store:
    """The store in the folder `path`, or one in memory, which is gone when it is closed.

    Args:
        path: A folder, or ":memory:".
        create: Whether a store is made where there is none.
        settings: Used instead of the folder's `tenure.toml`.
        patience_s: How long to wait where another process owns it; None is five seconds.

    Raises:
        StoreMissingError: there is none, and it is not to be made.
        StoreBusyError: another process owns it.
        SettingsError: its `tenure.toml` cannot be used.
    """
    folder = None if str(path) == MEMORY else Path(path)
    return Store(folder, create=create, settings=settings, patience_s=patience_s)


def is_store(folder: Path) -> bool:
    """Whether there is a store in the folder."""
    return (folder / FILE).exists()


class Store(Shelf, Readings):
    """One company's data and numbers. Safe to use from several threads: one works at a time."""

    def __init__(
        self,
        folder: Path | None,
        *,
        create: bool,
        settings: Settings | None = None,
        patience_s: float | None = None,
        of: Store | None = None,
    ) -> None:
        self.folder = folder
        self._given = settings
        self.settings: Settings = settings or catalog.aimed(load_settings(folder), folder)
        if folder is not None and create:
            furnish(folder)
        self._con: DuckDBPyConnection = beside(of._con) if of else connect(folder, create=create, patience_s=patience_s)  # noqa: SLF001 - itself
        self._root = self._con
        self._lock = RLock()
        self.edition = 0

    @classmethod
    def init(cls, folder: Path) -> Self:
        """The store in `folder`, made with a commented `tenure.toml` where there is none."""
        return cls(folder, create=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the store; another process may then open it."""
        if "views" in vars(self):  # they are opened by the first who asks
            self.views.close()
        self._root.close()

    def beside(self) -> Store:
        """The same store once more, for somebody who works at the same time: with the settings as they stand in its folder now.

        What it reads waits for nobody; of all that are beside each other one writes at a time.

        Raises:
            SettingsError: its `tenure.toml` cannot be used.
        """
        return Store(self.folder, create=False, settings=self._given, of=self)

    def reread(self) -> None:
        """Takes the settings and the company's own metrics as they stand in its folder now; `edition` counts how often.

        Raises:
            SettingsError: the settings cannot be used; it stays as it was.
        """
        settings = self._given or catalog.aimed(load_settings(self.folder), self.folder)
        with self._lock:
            self.settings = settings
            self._con = beside(self._root)  # what was remembered of this one was found under other settings
            for name in ("metrics", "_own", "edits"):
                self.__dict__.pop(name, None)
            self.edition += 1

    @property
    def changes(self) -> int:
        """How often what it holds was changed since it was opened, by whomever: as long as it stays, so does every answer.

        Unlike `latest_load` it waits for nobody.
        """
        return sum(kept(self._con))

    def steady(self, find: Callable[[], Found]) -> Found:
        """What `find` finds; it looks again where a load of somebody beside came in between, so that it has one state throughout."""
        while True:
            own, others = kept(self._con)
            found = find()
            if kept(self._con)[0] != own or kept(self._con)[1] == others:
                return found

    def stop(self) -> None:
        """Ends what another thread does with this store, which then raises KeyboardInterrupt or the engine's own word for it."""
        stop(self._con)

    # What comes in.

    def load(
        self,
        *inputs: object,
        table: str | None = None,
        source: str | None = None,
        replace: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Load:
        """Loads files, folders and dataframes, all of them or none; see `tenure.store.load.load`."""
        from tenure.store.load import load  # a question does not need the loader

        given = inputs[0] if len(inputs) == 1 else list(inputs)
        with self._lock:
            return load(
                self._con,
                self.settings,
                given,
                table=table,
                source=source,
                replace=replace,
                dry_run=dry_run,
                progress=progress,
            )

    def sync(
        self,
        *,
        policies: Iterable[str] = (),
        whole: Iterable[str] = (),
        full: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> Synced:
        """Makes the ledgers in the warehouse that the settings name, and brings them home; see `tenure.sync.sync`."""
        from tenure.sync import sync  # few have a warehouse

        with self._lock:
            return sync(
                self._con, self.settings, policies=policies, whole=whole, full=full, dry_run=dry_run, progress=progress
            )

    def prepare(self, ledgers: Iterable[str] | None = None) -> None:
        """Makes those ledgers (None: all) that something was loaded for and that are not there yet: no question waits for it."""
        from tenure.store import facts

        with self._lock:
            facts.prepare(self._con, self.settings, ledgers)

    def quarantined(self, table: str | None = None) -> list[Quarantined]:
        """The rows that were set aside: where each stood, which rule it breaks, how to mend it."""
        from tenure.store.quarantine import quarantine

        with self._lock:
            return quarantine(self._con, table)

    def broken(self, table: str | None = None) -> list[Broken]:
        """The rows of the warehouse that the last sync left out, by the rule that they break, with the SELECT that finds them."""
        from tenure.store.warehouse import held

        with self._lock:
            now = held(self._con)
        return [one for one in (now.broken if now else ()) if table in {None, one.table}]

    def retry(self, table: str | None = None) -> Load:
        """Reads the rows that were set aside once more, by today's settings, as a new load."""
        from tenure.store.load import retry

        with self._lock:
            return retry(self._con, self.settings, table)

    def drop(self, table: str | None = None) -> int:
        """Lets go of the rows that were set aside, and says how many they were."""
        from tenure.store.quarantine import drop

        with self._lock:
            return drop(self._con, table)

    # What can be asked.

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """The catalogue: the shipped metrics and the store's own, by name."""
        return {**catalog.shipped(), **self._own[0]}

    def _enough(self, name: str) -> Mapping[str, Metric]:
        """As much of the catalogue as one question needs."""
        base = name.partition(":")[0]
        metric = None if base in self._own[0] else catalog.shipped_one(base)
        return {base: metric} if metric else self.metrics

    @property
    def broken_metrics(self) -> list[catalog.Broken]:
        """The files of the store's `metrics/` folder that cannot be used, and why."""
        return self._own[1]

    @cached_property
    def _own(self) -> tuple[dict[str, Metric], list[catalog.Broken]]:
        return catalog.own(self.folder / "metrics") if self.folder else ({}, [])

    def dimensions(self, metric: str | None = None) -> list[str]:
        """What a number can be broken down by: the built-in dimensions, then the attributes of accounts.

        With a metric, those that say something of it.
        """
        with self._lock:
            if metric is not None:
                found, _ = catalog.find(metric, self._enough(metric))
                return fitting(self._con, self.settings, found)
            return [*dimensions.BUILT_IN, *dimensions.named(attributes(self._con))]

    @property
    def coverage(self) -> tuple[datetime | None, datetime | None]:
        """The first and the last change of revenue that was loaded, naive UTC."""
        return self.ask("mrr", grain="total").coverage

    # Numbers.

    @overload
    def ask(self, metric: str, **asked: object) -> Answer: ...

    @overload
    def ask(self, metric: list[str] | tuple[str, ...], **asked: object) -> list[Answer]: ...

    def ask(self, metric: str | list[str] | tuple[str, ...], **asked: object) -> Answer | list[Answer]:
        """The answer to a question; a list of metrics gives a list of answers.

        Args:
            metric: `name` or `name:variant`, or several of them.
            **asked: `since`, `until` (half-open), `grain`, `by`, `where` (a mapping, or pairs), `compare`, `policy`,
                `switches`, `hours`, `as_of`, `now`: as on the command line.

        Raises:
            UnknownNameError: a name that is not known.
            UsageError: words that cannot be read or do not go together.
        """
        words = read_words(asked)
        names = [metric] if isinstance(metric, str) else list(metric)
        with self._lock:
            answers = [self._answer(name, words) for name in names]
        explained = [replaced(answer, explainer=partial(self._explain_row, words, answer)) for answer in answers]
        return explained[0] if isinstance(metric, str) else explained

    def explain(self, metric: str, *, limit: int = 20, **asked: object) -> Explanation:
        """What stands behind one number: by default the whole window as one; with a grain, it must have one period."""
        from tenure.explain import one

        return one(self.explanations(metric, limit=limit, **asked))

    def explanations(self, metric: str, *, limit: int = 20, **asked: object) -> list[Explanation]:
        """What stands behind each number of a question, by default of the whole window as one: with `by`, of each segment."""
        from tenure.explain import explained

        words = read_words({"grain": "total"} | {name: value for name, value in asked.items() if value is not None})
        with self._lock:
            return explained(self._con, self.settings, self._answer(metric, words), words, limit)

    def unmatched(self, metric: str, **asked: object) -> list[str]:
        """What is to be said of filters whose values no row of the metric has: a sentence each, with the near miss."""
        from tenure.unmatched import unmatched

        words = read_words(asked)
        with self._lock:
            return unmatched(self._con, self.settings, self._enough(metric), metric, words)

    def _answer(self, name: str, words: Asked) -> Answer:
        metrics = self._enough(name)
        metric, _ = catalog.find(name, metrics)
        if metric.model is None:
            return ask(self._con, self.settings, metrics, name, words)
        from tenure.predict.answers import ask as predicted  # few questions need a model

        return predicted(self._con, self.settings, metrics, name, words)

    def _explain_row(self, asked: Asked, answer: Answer, row: Row) -> Explanation:
        from tenure.explain import explain_row

        with self._lock:
            return explain_row(self._con, self.settings, answer, row, asked)

    def report(self, **asked: object) -> Report:
        """The whole scorecard, every metric over one window; see `tenure.report.report`. The words are those of `ask`, without `by`."""
        from tenure.report import report

        with self._lock:
            return report(self._con, self.settings, self.metrics, read_words(asked), self._answer, self.broken_metrics)

    def cohorts(self, kind: str, *, milestone: str | None = None, event: str | None = None, **asked: object) -> Cohorts:
        """The triangle of `retention`, `revenue`, `survival` or `activation`; see `tenure.cohorts.cohorts`."""
        from tenure.cohorts import cohorts

        with self._lock:
            return cohorts(self._con, self.settings, kind, read_words(asked), milestone, event)

    def why(self, metric: str, *, limit: int = 5, **asked: object) -> Why:
        """Why a number moved between a period and the one before; see `tenure.why.why`. No grain: the window is one period."""
        from tenure.why import why

        words = read_words({"grain": ""} | {name: value for name, value in asked.items() if value is not None})
        with self._lock:
            return why(self._con, self.settings, self._enough(metric), metric, words, limit)

    def export(
        self, out: str | Path, *names: str, kind: str = "parquet", spreadsheet: bool = False, force: bool = False
    ) -> list[Exported]:
        """Writes tables and ledgers (by default all that have rows) as files; see `tenure.export.export`."""
        from tenure.export import Wanted, export

        with self._lock:
            return export(self._con, self.settings, Path(out), names, Wanted(kind, spreadsheet, force))

    @cached_property
    def edits(self) -> Edits:
        """What is left out, and who is one with whom, as a file: see `tenure.edits.Edits`."""
        from tenure.edits import Edits

        return Edits(self._con, self.settings, self._lock)

    def account(self, account_id: str, *, limit: int = 20, **asked: object) -> Account:
        """One customer on one page, asked for by id, name or e-mail; see `tenure.account.account`."""
        from tenure.account import account

        with self._lock:
            return account(self._con, self.settings, account_id, read_words(asked), limit)

    def doctor(self) -> Diagnosis:
        """Checks the laws that hold in every store."""
        from tenure.doctor import diagnose

        with self._lock:
            return diagnose(self._con, self.settings)
