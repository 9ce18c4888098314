"""How many are still there after a time, where of some it is not yet known how long they will stay.

E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American Statistical
Association 53, 1958. Who is still there says something up to now, and is neither left out nor counted as gone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING

from tenure.intervals import Z

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True)
class Step:
    """One time at which somebody left: how many were there until then, how many left, and the share that stayed on.

    `error` is Greenwood's standard error of the share, `low` and `high` its 95 % interval.
    """

    time: float
    at_risk: int
    left: int
    share: float
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class Curve:
    """The share that is still there, a step at each time at which somebody left; known up to `until`, and not beyond."""

    steps: tuple[Step, ...]
    until: float

    def at(self, time: float) -> Step | None:
        """The step that holds at a time: what is known of it, and None where nobody has been there for so long, unless all left."""
        if time > self.until:
            return self.steps[-1] if self.steps and not self.steps[-1].share else None
        place = bisect_right([step.time for step in self.steps], time)
        return self.steps[place - 1] if place else Step(0.0, 0, 0, 1.0, 0.0, 1.0, 1.0)


def curve(stays: Iterable[tuple[float, bool, int]]) -> Curve:
    """The Kaplan-Meier curve of stays.

    The intervals are made from Greenwood's error (M. Greenwood, "The natural duration of cancer", 1926) on the scale
    log(-log share), which stays within 0 and 1 and holds with few customers too (J. D. Kalbfleisch and R. L. Prentice, "The
    statistical analysis of failure time data", 1980).

    Args:
        stays: (how long, whether it is over, how many such). At one time those that leave are there before those that are
            only seen so far.
    """
    left: dict[float, int] = defaultdict(int)
    seen: dict[float, int] = defaultdict(int)
    for time, is_over, count in stays:
        seen[time] += count
        left[time] += count if is_over else 0
    at_risk, share, terms = sum(seen.values()), 1.0, 0.0
    steps = []
    for time in sorted(seen):
        gone = left[time]
        if gone:
            share *= 1 - gone / at_risk
            terms += gone / (at_risk * (at_risk - gone)) if gone < at_risk else 0.0
            low, high = _interval(share, sqrt(terms))
            steps.append(Step(time, at_risk, gone, share, share * sqrt(terms), low, high))
        at_risk -= seen[time]
    return Curve(tuple(steps), max(seen, default=0.0))


def _interval(share: float, error: float) -> tuple[float, float]:
    """`error` is that of the logarithm of the share. With nobody left there is no more to tell than that."""
    if share <= 0:
        return 0.0, 0.0
    reach = exp(Z * error / -log(share))
    return share**reach, share ** (1 / reach)
