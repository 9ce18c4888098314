"""Of a level: the movements that lead from one to the next, and of losses their reasons."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from tenure.algebra import Constant, Leaf, Operation
from tenure.why.split import ZERO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.algebra import Measure
    from tenure.why.sides import Compared

KINDS = ("new", "expansion", "reactivation", "contraction", "churn")
LOSSES = ("contraction", "churn")
REST = "rest"
"""What no movement makes: a level is read at the rates of its own day, and with a filter customers come and go over its edge."""
_FLOWS = {
    ("revenue", "sum(worth)"): "sum(amount)",
    ("customers", "sum(accounts)"): "sum(accounts)",
}


@dataclass(frozen=True)
class Movement:
    """What one kind of movement does to a level; of a loss, for one reason."""

    kind: str
    reason: str | None
    effect: Fraction


def movements(compared: Compared) -> tuple[Movement, ...] | None:
    """What leads from the level before to the level now, each loss by its reason; the parts add up to the change.

    None where the metric is no level of revenue or customers, or the periods do not follow each other.
    """
    before, period = compared.periods
    measure = compared.reading.measure
    found = _level(measure)
    if found is None or before.closes != period.opens:
        return None
    slope, level = found
    flow = replace(level, name="moved", when="flow", total=_FLOWS[level.ledger, level.total])
    asked = replace(compared, reading=replace(compared.reading, measure=flow))
    told = []
    for kind, total in _by(asked, "kind"):
        if kind in LOSSES:
            inner = replace(asked, asked=replace(asked.asked, where={**asked.asked.where, "kind": [kind]}))
            told += [Movement(kind, reason, slope * part) for reason, part in _by(inner, "reason")]
        else:
            told.append(Movement(kind, None, slope * total))
    told = [one for one in told if one.effect]
    change = slope * (compared.whole.now[level.name] or ZERO) - slope * (compared.whole.before[level.name] or ZERO)
    rest = change - sum((one.effect for one in told), ZERO)
    told.sort(
        key=lambda one: (KINDS.index(one.kind) if one.kind in KINDS else len(KINDS), -abs(one.effect), one.reason or "")
    )
    return (*told, *([Movement(REST, None, rest)] if rest else []))


def _level(measure: Measure) -> tuple[Fraction, Leaf] | None:
    """The measure as a factor and the level that it is of."""
    match measure:
        case Leaf(when="closing", where="") if (measure.ledger, measure.total) in _FLOWS:
            return Fraction(1), measure
        case Operation(sign="*", left=Constant() as factor, right=Leaf()):
            inner = _level(measure.right)
            return (Fraction(repr(factor.number)) * inner[0], inner[1]) if inner else None
    return None


def _by(compared: Compared, dimension: str) -> Iterator[tuple[str, Fraction]]:
    for segment, (_, now) in compared.by(dimension).segments.items():
        yield (segment, now["moved"] or ZERO)
