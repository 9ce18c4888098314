"""Why a number moved, as it is told: the shape that every surface gives."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.algebra import Leaf, exact
from tenure.answer import instant
from tenure.why.split import ZERO
from tenure.why.written import Hand, plain, rounded, text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from tenure.algebra import Measure
    from tenure.answer import Answer, Row
    from tenure.calendar import Period
    from tenure.why.breakdown import Breakdown, Customers
    from tenure.why.movements import Movement
    from tenure.why.split import Exact, Parts, Sides

MIX_AND_RATE = (
    "rate = (r1 - r0) * (w0 + w1) / 2, mix = (w1 - w0) * ((r0 + r1) / 2 - (R0 + R1) / 2): r a segment's own value, w its share "
    "of what is divided by, R the whole's value, 0 before and 1 now (Kitagawa 1955)"
)
SUM = "effect = a segment's value now less its value before"


@dataclass(frozen=True)
class Why:
    """One change and what it is made of. Every list adds up to the change, to the last digit.

    `tried` are all breakdowns that were looked at, `shown` those that are told. `before` and `now` are the numbers; where one is
    unknown there is nothing to tell.
    """

    answer: Answer
    row: Row
    measure: Measure
    earlier: Period
    sides: Sides
    before: Exact
    now: Exact
    tried: tuple[Breakdown, ...] = ()
    shown: tuple[Breakdown, ...] = ()
    customers: Customers | None = None
    moved: tuple[Movement, ...] | None = None

    @property
    def change(self) -> Exact:
        """By how much it moved."""
        return None if self.before is None or self.now is None else self.now - self.before

    @property
    def hand(self) -> Hand:
        """How its numbers are written."""
        largest = max((abs(one) for one in (self.before, self.now) if one is not None), default=None)
        return Hand(None if self.answer.currency is None else show.decimals(self.answer.currency), largest)

    def to_dict(self) -> dict[str, Any]:
        """As JSON; the shape is told by `tenure.surfaces.cli.commands.why`."""
        answer, hand = self.answer, self.hand
        change = None if self.change is None else self._lines([self.change])[0]
        has_mix = any(one.split.has_mix for one in self.shown) or bool(
            self.customers and self.customers.found.split.has_mix
        )
        return {
            "metric": answer.metric,
            "title": answer.title,
            "unit": answer.unit,
            "better": answer.definition.better.value,
            "currency": answer.currency,
            "variant": answer.variant,
            "grain": answer.grain,
            "timezone": answer.timezone,
            "policy": answer.policy.preset,
            "switches": dict(answer.policy.overrides),
            "where": {name: list(values) for name, values in answer.where.items()},
            "missing": list(answer.missing),
            "start": instant(self.row.start),
            "end": instant(self.row.end),
            "partial": self.row.partial,
            "previous_start": instant(self.earlier.opens),
            "previous_end": instant(self.earlier.closes),
            "previous": hand.number(self.before),
            "value": hand.number(self.now),
            "difference": change["effect"] if change else None,
            "exact": change["exact"] if change else None,
            "formula": self.measure.text(),
            "parts": [self._part(name) for name in self._leaves()],
            "method": MIX_AND_RATE if has_mix else SUM,
            "movements": self._movements(),
            "tried": [{"by": one.by, "explains": _share(one.explains)} for one in self.tried],
            "breakdowns": [self._breakdown(one) for one in self.shown],
            "customers": self._customers(self.customers) if self.customers else None,
        }

    def _leaves(self) -> list[str]:
        named = dict.fromkeys(node.name for node in self.measure.walk() if isinstance(node, Leaf))
        return [name for name in named if name in self.sides.now]

    def _part(self, name: str) -> dict[str, Any]:
        before, now = self.sides.before[name], self.sides.now[name]
        places = self.hand.places if name in self.answer.definition.money_parts else 12
        return {"name": name, "previous": _plain(before, places), "value": _plain(now, places)}

    def _lines(self, effects: Iterable[Fraction]) -> list[dict[str, Any]]:
        """Effects as they are written: they add up as they stand, in plain numbers and in all their digits."""
        told = list(effects)
        begins = self.before or ZERO
        change = self.change or ZERO
        written, digits = self.hand.numbers(begins, told), self.hand.digits(begins, told)
        return [
            {"effect": plain(one), "exact": exact, "share": _share(effect / change if change else None)}
            for effect, one, exact in zip(told, written, digits, strict=True)
        ]

    def _movements(self) -> list[dict[str, Any]] | None:
        if self.moved is None:
            return None
        lines = self._lines(one.effect for one in self.moved)
        return [{"kind": one.kind, "reason": one.reason, **line} for one, line in zip(self.moved, lines, strict=True)]

    def _breakdown(self, one: Breakdown) -> dict[str, Any]:
        names = [name for name in one.names if self._says(one, name)]
        effects = [one.split.effects[name] for name in names]
        # mix and rate follow each other, so that both, and each segment's sum of them, add up
        twofold = [part for effect in effects for part in (effect.mix, effect.rate)]
        hand, begins = self.hand, self.before or ZERO
        plain_ones = hand.numbers(begins, [*twofold, one.split.beside])
        exact_ones = [Decimal(digits) for digits in hand.digits(begins, [*twofold, one.split.beside])]
        rows = []
        for i, name in enumerate(names):
            mix, rate = plain_ones[2 * i : 2 * i + 2]
            rows.append(
                {
                    "segment": name,
                    **self._sides(one, name),
                    "mix": plain(mix) if one.split.has_mix else None,
                    "rate": plain(rate) if one.split.has_mix else None,
                    "effect": plain(mix + rate),
                    "exact": text(sum(exact_ones[2 * i : 2 * i + 2], Decimal(0))),
                    "share": _share(effects[i].whole / self.change if self.change else None),
                }
            )
        if one.split.beside:
            share = _share(one.split.beside / self.change if self.change else None)
            line = {"effect": plain(plain_ones[-1]), "exact": text(exact_ones[-1]), "share": share}
            rows.append({"segment": None, **_NO_SIDES, "mix": None, "rate": None, **line})
        return {"by": one.by, "explains": _share(one.explains), "has_mix": one.split.has_mix, "rows": rows}

    def _says(self, one: Breakdown, name: str) -> bool:
        """Whether a segment has anything to say: an effect, or a value."""
        effect, (before, now) = one.split.effects[name], one.sides.segments[name]
        return bool(effect.mix or effect.rate or any(before.values()) or any(now.values()))

    def _sides(self, one: Breakdown, name: str) -> dict[str, Any]:
        before, now = (self._own(parts) for parts in one.sides.segments[name])
        weight = one.split.weights.get(name)
        return {
            "previous": self.hand.number(before),
            "value": self.hand.number(now),
            "weight_previous": _share(weight.before) if weight else None,
            "weight": _share(weight.now) if weight else None,
        }

    def _own(self, parts: Parts) -> Exact:
        return exact(self.measure, parts)

    def _customers(self, told: Customers) -> dict[str, Any]:
        found = told.found
        effects = [found.split.effects[name].whole for name in told.shown]
        others = sum((found.split.effects[name].whole for name in told.others), ZERO)
        lines = self._lines([*effects, others, found.split.beside])
        rows = []
        for name, line in zip(told.shown, lines, strict=False):
            before, now = (self._own(parts) for parts in found.sides.segments[name])
            sides = {"previous": self.hand.number(before), "value": self.hand.number(now)}
            rows.append(
                {
                    "account_id": name,
                    "name": told.names.get(name),
                    "count": 1,
                    **sides,
                    **line,
                    "meanwhile": told.meanwhile[name],
                }
            )
        for count, line in ((len(told.others), lines[-2]), (0, lines[-1])):
            if count or (line is lines[-1] and found.split.beside):
                rows.append(
                    {
                        "account_id": None,
                        "name": None,
                        "count": count,
                        "previous": None,
                        "value": None,
                        **line,
                        "meanwhile": None,
                    }
                )
        return {"count": len(told.moving), "rows": rows}


_NO_SIDES = {"previous": None, "value": None, "weight_previous": None, "weight": None}


def _plain(number: Exact, places: int) -> float | None:
    return None if number is None else plain(rounded(number, places))


def _share(share: Exact) -> float | None:
    return None if share is None else float(share)
