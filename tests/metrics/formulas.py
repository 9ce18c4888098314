"""What can be told of a formula by looking at it."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import TYPE_CHECKING

from tenure.algebra import Before, Constant, Leaf, Operation, Trailing
from tenure.config import Settings
from tenure.policy import SWITCHES, Policy
from tenure.query import HOURS, given

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.algebra import Measure
    from tenure.metric import Metric

NOW = datetime.fromisoformat("2024-09-15T10:30:00")
DEFAULT = given(Settings(), Policy(), "calendar", NOW)
"""What is given to a formula when nothing is said."""


def readings(metric: Metric) -> Iterator[Measure]:
    """Its measure and its variants', under every policy that is decided when a question is asked, in all kinds of hours."""
    asked = [switch for switch in SWITCHES.values() if switch.at_query]
    for hours, *values in product(HOURS, *(switch.values for switch in asked)):
        policy = Policy(overrides=dict(zip((switch.name for switch in asked), values, strict=True)))
        for measure in (metric.measure, *(variant.measure for variant in metric.variants.values())):
            yield measure.resolve(given(Settings(), policy, hours, NOW))


def leaves(measure: Measure) -> list[Leaf]:
    return [node for node in measure.walk() if isinstance(node, Leaf)]


def divides(measure: Measure) -> bool:
    """Whether it is a ratio or a mean of ratios, which over nothing is unknown."""
    return any(isinstance(node, Operation) and node.sign == "/" for node in measure.walk())


def adds_up(measure: Measure) -> bool:
    """Whether the values of segments must add up to the total: sums, differences, and multiples of them."""
    match measure:
        case Leaf():
            return measure.total.startswith(("sum(", "count(*)")) and measure.when in {"flow", "opening", "closing"}
        case Operation(sign="+" | "-", left=left, right=right):
            return adds_up(left) and adds_up(right)
        case Operation(sign="*", left=left, right=right):
            return (isinstance(left, Constant) and adds_up(right)) or (isinstance(right, Constant) and adds_up(left))
        case Before(inner=inner):
            return adds_up(inner)
        case _:
            return False


def written(measure: Measure) -> str:
    """The formula as a docstring says it: a mean is told by what it is the mean of."""
    return f"mean of {measure.inner.text()}" if isinstance(measure, Trailing) else measure.text()
