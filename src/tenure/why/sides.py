"""Both sides of a change, in exact numbers: the parts of a formula in two periods, as the database adds them up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tenure.query import question
from tenure.statement import statement
from tenure.store.exact import exact
from tenure.why.split import Sides

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.calendar import Period
    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.query import Asked
    from tenure.selection import Question
    from tenure.why.split import Exact, Parts


@dataclass(frozen=True)
class Compared:
    """One period beside another: a question of one period that has a comparison. `reading` is the metric without choices."""

    con: DuckDBPyConnection
    settings: Settings
    reading: Metric
    policy: Policy
    asked: Asked
    now: datetime

    @cached_property
    def question(self) -> Question:
        """The question about the whole."""
        return self._question(None)

    @cached_property
    def periods(self) -> tuple[Period, Period]:
        """The period before, and the one that is asked about."""
        slots = {slot.n: slot for slot in self.question.slots.slots}
        shown = next(slot for slot in slots.values() if slot.shown)
        return slots[shown.compared or 0].period, shown.period

    @cached_property
    def whole(self) -> Sides:
        """The parts of the whole."""
        ((before, now),) = self._read(self.question).values()
        return Sides(before, now, {})

    def by(self, dimension: str) -> Sides:
        """The parts by the values of a dimension.

        Raises:
            UnknownNameError: there is no such dimension.
            UsageError: it says nothing of the metric.
        """
        return replace(self.whole, segments=self._read(self._question(dimension)))

    def _question(self, by: str | None) -> Question:
        asked = replace(self.asked, by=by)
        return question(self.con, self.settings, self.reading, self.policy, asked, self.now)

    def _read(self, asks: Question) -> dict[str, tuple[Parts, Parts]]:
        """The parts of both periods; a segment that was there in only one of them has both, too."""
        shown = next(slot for slot in asks.slots.slots if slot.shown)
        both = tuple(replace(slot, shown=slot.n in (shown.n, shown.compared)) for slot in asks.slots.slots)
        asks = replace(asks, slots=replace(asks.slots, slots=both), is_split=True)
        with exact():
            found = self.con.execute(statement(asks))
        names = [column[0] for column in found.description]
        read: dict[str, dict[int, Parts]] = defaultdict(dict)
        for values in found.fetchall():
            row = dict(zip(names, values, strict=True))
            n, segment = row.pop("n"), row.pop("segment")
            read[segment][n] = {name: _exact(value) for name, value in row.items() if name != "value"}
        before = shown.compared or 0
        return {segment: (parts[before], parts[shown.n]) for segment, parts in read.items()}


def _exact(value: Any) -> Exact:  # noqa: ANN401 - whatever the database gives
    return None if value is None else Fraction(value)
