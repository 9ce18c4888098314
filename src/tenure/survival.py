"""How many are still there after a time, where of some it is not yet known how long they will stay.

E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American Statistical
Association 53, 1958. Who is still there says something up to now, and is neither left out nor counted as gone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Literal

from tenure.intervals import Z

if TYPE_CHECKING:
    from collections.abc import Iterable

Bounds = Literal["log-log", "greenwood"]


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

    @property
    def median(self) -> float | None:
        """The first time by which half have left; None where more than half are still there."""
        return next((step.time for step in self.steps if step.share <= 0.5), None)  # noqa: PLR2004 - a half


def curve(stays: Iterable[tuple[float, bool, int]], bounds: Bounds = "log-log") -> Curve:
    """The Kaplan-Meier curve of stays.

    Args:
        stays: (how long, whether it is over, how many such). At one time those that leave are there before those that are
            only seen so far.
        bounds: How the intervals are made from Greenwood's error (M. Greenwood, "The natural duration of cancer", 1926).
            `log-log` on the scale log(-log share), which stays within 0 and 1 and holds with few customers too (J. D.
            Kalbfleisch and R. L. Prentice, "The statistical analysis of failure time data", 1980); `greenwood` on the share
            itself, cut at 0 and 1.
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
            low, high = _interval(share, sqrt(terms), bounds)
            steps.append(Step(time, at_risk, gone, share, share * sqrt(terms), low, high))
        at_risk -= seen[time]
    return Curve(tuple(steps), max(seen, default=0.0))


def _interval(share: float, error: float, bounds: Bounds) -> tuple[float, float]:
    """`error` is that of the logarithm of the share. With nobody left there is no more to tell than that."""
    if share <= 0:
        return 0.0, 0.0
    if bounds == "greenwood":
        return max(0.0, share * (1 - Z * error)), min(1.0, share * (1 + Z * error))
    reach = exp(Z * error / -log(share))
    return share**reach, share ** (1 / reach)
