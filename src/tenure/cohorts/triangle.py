"""A triangle: a row per cohort, a value per period since it began."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tenure.statement import moment

if TYPE_CHECKING:
    from datetime import datetime

    from tenure.selection import Question
    from tenure.window import Slot

Values = tuple[float | None, ...]


@dataclass(frozen=True)
class Cohort:
    """The accounts that began in one period; all of them together where `start` is None.

    `values[k]` is what is told of them for the k-th period after that: None where not enough time has gone by. `low` and
    `high` are its 95 % interval, empty where the kind has none.
    """

    start: datetime | None
    segment: str | None
    size: int
    values: Values
    low: Values = ()
    high: Values = ()


def unknown(cohort: Cohort) -> Cohort:
    """The same cohort, of which nothing is known but its size."""
    return replace(cohort, values=(None,) * len(cohort.values), low=(), high=())


@dataclass(frozen=True)
class Triangle:
    """The cohorts, those of all times together where the kind has such, and the SQL that counted them."""

    rows: tuple[Cohort, ...]
    sql: str
    everyone: tuple[Cohort, ...] = ()


def shown(asks: Question) -> list[Slot]:
    """The periods of the triangle, in order."""
    return sorted((slot for slot in asks.slots.slots if slot.shown), key=lambda slot: slot.period.opens)


def places(asks: Question) -> str:
    """Rows of SQL, one per period: the slot's number, its place in the order, when it opens and closes."""
    return ", ".join(
        f"({slot.n}, {place}, {moment(slot.period.opens)}, {moment(slot.period.closes)})"
        for place, slot in enumerate(shown(asks))
    )
