"""How sure a number is, and whether a change of it is more than noise."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING, Any

from tenure.algebra import Leaf, Operation
from tenure.intervals import Z, median_rank, nps_interval, wilson
from tenure.metric import Interval, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.metric import Metric

Number = float | int | None
Bounds = tuple[Number, float | None, float | None]

_COUNTED = {Unit.SHARE, Unit.POINTS, Unit.SCORE}


def certainty(metric: Metric, parts: Mapping[str, Number], beside: Mapping[str, Any]) -> Bounds:
    """What a number is out of, and its 95 % interval: `n`, `low`, `high`.

    Args:
        metric: What was asked, as it is read under the policy.
        parts: The values of its leaves.
        beside: Of a median, what its interval is made of (`tenure.groups.CERTAINTY`).
    """
    match metric.interval:
        case Interval.ORDER:
            return _order(beside)
        case Interval.KAPLAN_MEIER:
            return beside.get("certain_n"), beside.get("certain_low"), beside.get("certain_high")
        case Interval.NPS:
            n = parts["answered"]
            bounds = nps_interval(parts["promoters"] or 0, parts["detractors"] or 0, n or 0)
            return n, *(bounds or (None, None))
    measure = metric.measure
    if metric.unit not in _COUNTED or not isinstance(measure, Operation) or measure.sign != "/":
        return None, None, None
    top, bottom = measure.left.value(parts, float), measure.right.value(parts, float)
    if metric.interval is not Interval.WILSON or top is None or bottom is None:
        return bottom, None, None
    return bottom, *(wilson(top, bottom) or (None, None))


def is_certain(metric: Metric) -> bool:
    """Whether a statement must bring what the interval of a median is made of."""
    return metric.interval in {Interval.ORDER, Interval.KAPLAN_MEIER} and isinstance(metric.measure, Leaf)


def change(unit: Unit, value: Number, previous: Number) -> tuple[float | None, str | None]:
    """Relative where both are above 0 in money, counts, ratios or durations; else the difference."""
    if value is None or previous is None:
        return None, None
    if unit in {Unit.MONEY, Unit.COUNT, Unit.RATIO, Unit.DURATION} and value > 0 and previous > 0:
        return value / previous - 1, "relative"
    return value - previous, "difference"


def beyond_noise(value: Number, now: Bounds, previous: Number, then: Bounds) -> bool | None:
    """Whether the interval of the difference of two numbers leaves out 0; None where either has no interval.

    The distances of each number to its own bounds, squared and added: R. G. Newcombe, "Interval estimation for the
    difference between independent proportions", 1998, method 10; for other estimates G. Y. Zou and A. Donner, 2008.
    """
    _, low, high = now
    _, low_then, high_then = then
    if value is None or previous is None or low is None or high is None or low_then is None or high_then is None:
        return None
    difference = value - previous
    if difference >= 0:
        return difference > hypot(value - low, high_then - previous)
    return -difference > hypot(high - value, previous - low_then)


def _order(beside: Mapping[str, Any]) -> Bounds:
    """The values at the exact ranks, of those around the approximate ones that the statement brings."""
    n = beside.get("certain_n") or 0
    rank = median_rank(int(n)) if n else None
    if rank is None:
        return n, None, None
    step = rank - int((n - Z * n**0.5) / 2 + 0.5)
    low, high = beside["certain_low"][step + 1], beside["certain_high"][step + 1]
    return n, float(low), float(high)
