"""What each segment does to the change of a number, exactly: the parts add up to it to the last digit.

What is added up is split as it stands: a segment's part is what it is now less what it was.

A ratio R = N / D is a mean of the segments' rates r = n / d, weighted by their shares w = d / D, and moves for two reasons:
the rates move, and the weights do. E. M. Kitagawa, "Components of a difference between two rates", Journal of the American
Statistical Association 50 (1955), gives to each segment

    rate  (r1 - r0) * (w0 + w1) / 2
    mix   (w1 - w0) * (r0 + r1) / 2

which leaves no residual. As weights always add up to 1, a constant may be taken from the rates of the mix: here it is the
mean M = (R0 + R1) / 2, so that a segment's growth moves a number only as far as its rate differs from the others'. Where a
segment has a rate on one side alone, that one stands for both. So a segment's whole part is

    (n1 - M * d1) / D1 - (n0 - M * d0) / D0

and those of its customers add up to it. What is made of ratios is split by the symmetric rule of products,
x1 * y1 - x0 * y0 = (x1 - x0) * (y0 + y1) / 2 + (y1 - y0) * (x0 + x1) / 2, and likewise for quotients.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from tenure.algebra import Constant, Either, Named, Operation, exact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenure.algebra import Measure

Exact = Fraction | None
Parts = dict[str, Exact]
ZERO = Fraction(0)


@dataclass(frozen=True)
class Pair:
    """A number before and now."""

    before: Fraction
    now: Fraction

    @property
    def change(self) -> Fraction:
        """By how much it moved."""
        return self.now - self.before

    @property
    def mean(self) -> Fraction:
        """Halfway between."""
        return (self.before + self.now) / 2


@dataclass(frozen=True)
class Effect:
    """What a segment does to the change, by its weight and by its rate."""

    mix: Fraction
    rate: Fraction

    @property
    def whole(self) -> Fraction:
        """Both together."""
        return self.mix + self.rate

    def __add__(self, other: Effect) -> Effect:
        return Effect(self.mix + other.mix, self.rate + other.rate)

    def __mul__(self, slope: Fraction) -> Effect:
        return Effect(self.mix * slope, self.rate * slope)


@dataclass(frozen=True)
class Split:
    """The change of a number by segment. `beside` is what no segment makes: of a part that stands whole beside them all.

    `weights` are the segments' shares in what a ratio divides by; empty where it is none. `sizes` say how large a segment
    is among the others: its share of what there was before, or its mean weight.
    """

    value: Pair
    effects: Mapping[str, Effect]
    beside: Fraction = ZERO
    weights: Mapping[str, Pair] = field(default_factory=dict)
    sizes: Mapping[str, Fraction] = field(default_factory=dict)
    has_mix: bool = False


@dataclass(frozen=True)
class _Whole:
    """A number that is not made of segments."""

    value: Pair


@dataclass(frozen=True)
class _Sum:
    """A number that its segments add up to."""

    value: Pair
    values: Mapping[str, Pair]


_Node = _Whole | _Sum | Split


class UnknownPartError(Exception):
    """A part of the formula is unknown, or something is divided by nothing."""


@dataclass(frozen=True)
class Sides:
    """The parts of a formula on both sides, of the whole and of each segment."""

    before: Parts
    now: Parts
    segments: Mapping[str, tuple[Parts, Parts]]


def split(measure: Measure, sides: Sides) -> Split:
    """The change of `measure`, by segment.

    Raises:
        UnknownPartError: the number is unknown on one side.
    """
    return _moved(_node(measure, sides))


def _node(measure: Measure, sides: Sides) -> _Node:
    match measure:
        case Constant():
            number = Fraction(repr(measure.number))
            return _Whole(Pair(number, number))
        case Named():
            return _leaf(measure, sides)
        case Either():
            return _chosen(measure, sides)
        case Operation(sign="+" | "-"):
            return _added(measure, _node(measure.left, sides), _node(measure.right, sides))
        case Operation(sign="*"):
            return _multiplied(_node(measure.left, sides), _node(measure.right, sides))
        case Operation():
            return _divided(_node(measure.left, sides), _node(measure.right, sides))
    raise UnknownPartError(measure.text())


def _known(number: Exact) -> Fraction:
    if number is None:
        raise UnknownPartError
    return number


def _leaf(leaf: Named, sides: Sides) -> _Whole | _Sum:
    whole = Pair(_known(sides.before.get(leaf.name)), _known(sides.now.get(leaf.name)))
    values = {}
    for segment, (before, now) in sides.segments.items():
        then, later = before.get(leaf.name), now.get(leaf.name)
        if then is None or later is None:
            return _Whole(whole)
        values[segment] = Pair(then, later)
    adds_up = _total(values.values()) == whole
    return _Sum(whole, values) if adds_up else _Whole(whole)


def _total(pairs: Iterable[Pair]) -> Pair:
    before, now = ZERO, ZERO
    for pair in pairs:
        before, now = before + pair.before, now + pair.now
    return Pair(before, now)


def _chosen(either: Either, sides: Sides) -> _Node:
    """The choice that is known; where it is another one than before, no segment makes the change."""
    picked = []
    for parts in (sides.before, sides.now):
        known = (choice for choice in either.choices if exact(choice, parts) is not None)
        picked.append(next(known, None))
    before, now = picked
    if before is None or now is None:
        raise UnknownPartError
    if before is now:
        return _node(now, sides)
    return _Whole(Pair(_known(exact(before, sides.before)), _known(exact(now, sides.now))))


def _added(measure: Operation, left: _Node, right: _Node) -> _Node:
    sign = Fraction(1 if measure.sign == "+" else -1)
    total = Pair(left.value.before + sign * right.value.before, left.value.now + sign * right.value.now)
    if isinstance(left, _Whole) and isinstance(right, _Whole):
        return _Whole(total)
    if isinstance(left, _Sum) and isinstance(right, _Sum):
        both = {
            name: Pair(one.before + sign * other.before, one.now + sign * other.now)
            for name, one in left.values.items()
            for other in (right.values[name],)
        }
        return _Sum(total, both)
    return _combined(total, (_moved(left), Fraction(1)), (_moved(right), sign))


def _multiplied(left: _Node, right: _Node) -> _Node:
    total = Pair(left.value.before * right.value.before, left.value.now * right.value.now)
    if isinstance(left, _Whole) and isinstance(right, _Whole):
        return _Whole(total)
    if isinstance(left, _Whole) and isinstance(right, _Sum):
        left, right = right, left
    if isinstance(left, _Sum) and isinstance(right, _Whole):
        return _Sum(total, _scaled(left.values, right.value))
    return _combined(total, (_moved(left), right.value.mean), (_moved(right), left.value.mean))


def _divided(left: _Node, right: _Node) -> _Node:
    below = right.value
    if not below.before or not below.now:
        raise UnknownPartError
    inverse = Pair(1 / below.before, 1 / below.now)
    total = Pair(left.value.before * inverse.before, left.value.now * inverse.now)
    if isinstance(left, _Whole) and isinstance(right, _Whole):
        return _Whole(total)
    if isinstance(left, _Sum) and isinstance(right, _Whole):
        return _Sum(total, _scaled(left.values, inverse))
    if isinstance(left, _Sum) and isinstance(right, _Sum):
        return _ratio(total, left, right)
    return _combined(
        total, (_moved(left), inverse.mean), (_moved(right), -left.value.mean / (below.before * below.now))
    )


def _scaled(values: Mapping[str, Pair], by: Pair) -> dict[str, Pair]:
    return {name: Pair(one.before * by.before, one.now * by.now) for name, one in values.items()}


def _ratio(total: Pair, above: _Sum, below: _Sum) -> Split:
    effects, weights = {}, {}
    for name, d in below.values.items():
        n = above.values[name]
        weight = Pair(d.before / below.value.before, d.now / below.value.now)
        rates = [one / other for one, other in ((n.before, d.before), (n.now, d.now)) if other]
        rate = sum(rates, ZERO) / len(rates) if rates else total.mean
        share = n.now / below.value.now - n.before / below.value.before
        effects[name] = Effect(weight.change * (rate - total.mean), share - weight.change * rate)
        weights[name] = weight
    sizes = _shares({name: abs(weight.mean) for name, weight in weights.items()})
    return Split(total, effects, ZERO, weights, sizes, has_mix=True)


def _combined(total: Pair, *terms: tuple[Split, Fraction]) -> Split:
    effects: dict[str, Effect] = {}
    beside = ZERO
    for one, slope in terms:
        beside += one.beside * slope
        for name, effect in one.effects.items():
            effects[name] = effects.get(name, Effect(ZERO, ZERO)) + effect * slope
    sizes = next((one.sizes for one, _ in terms if one.has_mix), next((one.sizes for one, _ in terms if one.sizes), {}))
    weights = [one.weights for one, _ in terms if one.weights]
    lone = weights[0] if len(weights) == 1 else {}
    return Split(total, effects, beside, lone, sizes, has_mix=any(one.has_mix for one, _ in terms))


def _moved(node: _Node) -> Split:
    match node:
        case Split():
            return node
        case _Whole():
            return Split(node.value, {}, node.value.change)
    effects = {name: Effect(ZERO, one.change) for name, one in node.values.items()}
    before = {name: abs(one.before) for name, one in node.values.items()}
    now = {name: abs(one.now) for name, one in node.values.items()}
    return Split(node.value, effects, ZERO, {}, _shares(before if any(before.values()) else now))


def _shares(sizes: Mapping[str, Fraction]) -> dict[str, Fraction]:
    total = sum(sizes.values(), ZERO)
    return {name: size / total for name, size in sizes.items()} if total else {}
