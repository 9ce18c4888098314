"""The part of a store in which a number is read several times: under other policies, and once more later."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import TYPE_CHECKING

from tenure.words import policy_meant, read_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from threading import RLock

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.query import Asked
    from tenure.reconcile import Bridge, Frame, Nearest, Presets
    from tenure.restate import Freeze, Restatement


class Readings(ABC):
    """Bridges and what was printed once; whoever has them has a connection, its lock, the company's settings and the catalogue."""

    settings: Settings
    _con: DuckDBPyConnection
    _lock: RLock

    @property
    @abstractmethod
    def metrics(self) -> Mapping[str, Metric]:
        """The catalogue."""

    @abstractmethod
    def _enough(self, name: str) -> Mapping[str, Metric]:
        """The catalogue, or as much of it as a metric of that name needs."""

    def reconcile(
        self, metric: str = "mrr", a: str | Policy | None = None, b: str | Policy | None = None, *,
        at: str | None = None, **asked: object,
    ) -> Bridge:  # fmt: skip
        """The bridge from reading `a` to reading `b`, presets or policies; None is the question's own policy.

        Args:
            metric: `name` or `name:variant`.
            a: The first reading.
            b: The second one.
            at: The level at the end of that day, or at that instant, instead of a window.
            **asked: As of `ask`; without a window it is the last month that is over.
        """
        from tenure.reconcile import bridge

        words = read_words(asked)
        first, second = (policy_meant(self.settings, words, one) for one in (a, b))
        with self._lock:
            return bridge(self._frame(metric, words, at), first, second)

    def presets(self, metric: str = "mrr", *, at: str | None = None, **asked: object) -> Presets:
        """One number as every preset reads it; the words are those of `reconcile`."""
        from tenure.reconcile import presets

        with self._lock:
            return presets(self._frame(metric, read_words(asked), at))

    def nearest(
        self, figure: float | str | Decimal, metric: str = "mrr", *, at: str | None = None, **asked: object
    ) -> Nearest:
        """The readings that come nearest to a figure from outside; the words are those of `reconcile`."""
        from tenure.reconcile import nearest

        with self._lock:
            return nearest(self._frame(metric, read_words(asked), at), Fraction(str(figure)))

    def freeze(
        self, period: str, *metrics: str, note: str | None = None, again: bool = False, now: str | None = None
    ) -> Freeze:
        """Keeps the numbers of a period that is over (`2026-06`, `2026-Q2`, `2026`, `2026-W23`, a day), whole and by plan.

        Args:
            period: As a person names it.
            *metrics: `name` or `name:variant`; none: those of the overview, else all of the families revenue and customers.
            note: Why.
            again: Freezes what is frozen already once more, as it is now.
            now: What counts as now.
        """
        from tenure.restate import freeze

        with self._lock:
            return freeze(self._con, self.settings, self.metrics, period, metrics, note=note, again=again, now=now)

    def restate(
        self, *metrics: str, since: str | None = None, from_: str | None = None, to: str | None = None,
        now: str | None = None, limit: int = 5,
    ) -> Restatement:  # fmt: skip
        """The frozen numbers then and now, and the loads and rows that moved them; see `tenure.restate.restate`."""
        from tenure.restate import restate

        with self._lock:
            return restate(
                self._con, self.settings, self.metrics, metrics, since=since, from_=from_, to=to, now=now, limit=limit
            )

    def _frame(self, metric: str, words: Asked, at: str | None) -> Frame:
        from tenure.reconcile import frame

        return frame(self._con, self.settings, {**self._enough("mrr"), **self._enough(metric)}, metric, words, at)
