"""The part of a store in which one number is read in several ways, as `tenure.library.Store` has it."""

from __future__ import annotations

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


class Readings:
    """Bridges between readings; whoever has them has a connection, its lock, the company's settings and the catalogue."""

    settings: Settings
    _con: DuckDBPyConnection
    _lock: RLock

    def _enough(self, name: str) -> Mapping[str, Metric]:
        """The catalogue, or as much of it as a metric of that name needs."""
        raise NotImplementedError

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

    def _frame(self, metric: str, words: Asked, at: str | None) -> Frame:
        from tenure.reconcile import frame

        return frame(self._con, self.settings, {**self._enough("mrr"), **self._enough(metric)}, metric, words, at)
