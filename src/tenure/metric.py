"""What a metric says of itself: title, measure, unit, direction, target, worked examples, aliases, variants.

All of it stands in the metric's own file and nowhere else; every surface reads it from here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenure.algebra import Before, Choice, Leaf, MonthlyMean, Trailing
from tenure.facts.fact import swayed
from tenure.policy import SWITCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenure.algebra import Measure


class Unit(Enum):
    """What a number is counted in."""

    MONEY = "money"
    COUNT = "count"
    SHARE = "share"
    POINTS = "points"
    SCORE = "score"
    RATIO = "ratio"
    DURATION = "duration"


class Better(Enum):
    """Which way is good."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


class Interval(Enum):
    """How far a number may be from the truth, where it is a sample or a proportion."""

    WILSON = "wilson"
    """Of a share: Wilson's score interval."""
    NPS = "nps"
    """Of a net promoter score with the parts promoters, detractors and answered: adjusted Wald."""
    ORDER = "order statistics"
    """Of a median that is the whole measure: the values between which it lies."""
    KAPLAN_MEIER = "Kaplan-Meier"
    """Of a median duration that is the whole measure, some not over yet: where the curve's band meets a half."""


@dataclass(frozen=True)
class Target:
    """What the field aims at: a value, for a period of that length (or any, where `per` is None), and who says so."""

    value: float
    per: str | None
    source: str


@dataclass(frozen=True)
class Example:
    """A worked example: a small company, a window, the number.

    `tables` holds CSV by canonical table; a line `{1..5} s#,a#` stands for five rows with # replaced by the number.
    """

    title: str
    tables: Mapping[str, str]
    expect: float | None
    since: str = "2024-03-01"
    until: str = "2024-04-01"
    grain: str = "total"
    variant: str | None = None
    policy: Mapping[str, str] = field(default_factory=dict)
    source: str = ""


@dataclass(frozen=True)
class Variant:
    """Another reading of the same metric, asked as `metric:variant`.

    Its unit, and the tables without which it cannot be computed, are the metric's where none are given.
    """

    title: str
    measure: Measure
    interval: Interval | None = None
    unit: Unit | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Metric:
    """One metric. `name`, `family` and `doc` are filled in by the catalogue from where its file stands.

    `needs` are the tables without which it cannot be computed, `a or b` where either will do. An `interval` is only
    claimed where the numerator of the measure is part of its denominator. What looks `ahead` is answered for periods that
    are not over or not begun. `basis` says what its number rests on, with {part} for a part of the formula by its name: where there
    is none, the parts are named one by one.
    """

    title: str
    measure: Measure
    unit: Unit
    better: Better
    needs: tuple[str, ...] = ("subscription_periods",)
    target: Target | None = None
    interval: Interval | None = None
    examples: tuple[Example, ...] = ()
    aliases: tuple[str, ...] = ()
    variants: Mapping[str, Variant] = field(default_factory=lambda: MappingProxyType({}))
    ahead: bool = False
    basis: str = ""
    name: str = ""
    family: str = ""
    doc: str = ""

    def reading(self, variant: str | None, given: Callable[[str], str | float | None]) -> Metric:
        """Itself, or a variant in its place, without what policy and settings leave open (`Measure.resolve`)."""
        if variant is None:
            return replace(self, measure=self.measure.resolve(given))
        chosen = self.variants[variant]
        return replace(
            self,
            measure=chosen.measure.resolve(given),
            interval=chosen.interval,
            unit=chosen.unit or self.unit,
            needs=chosen.needs or self.needs,
        )

    @property
    def formula(self) -> str:
        """The formula as a person writes it."""
        return self.measure.text()

    @property
    def model(self) -> str | None:
        """The model that is fitted to answer it (`tenure.predict`); None where the ledgers alone are enough."""
        return self.measure.model

    def is_swayed(self, variant: str = "") -> bool:
        """Whether a switch of the policy bears on it, or on a variant: by a choice in its formula, or by its ledgers."""
        nodes = list((self.variants[variant] if variant else self).measure.walk())
        choices = {node.switch for node in nodes if isinstance(node, Choice)}
        ledgers = {node.ledger for node in nodes if isinstance(node, Leaf)}
        return self.model is not None or not (SWITCHES.keys().isdisjoint(choices) and swayed().isdisjoint(ledgers))

    @property
    def has_money(self) -> bool:
        """Whether it, one of its parts or of its variants is an amount."""
        units = {self.unit, *(variant.unit for variant in self.variants.values())}
        return Unit.MONEY in units or bool(self.money_parts)

    @property
    def money_parts(self) -> frozenset[str]:
        """The names of those parts, of the variants' too, that are amounts of money; the others are counts."""
        measures = [self.measure, *(variant.measure for variant in self.variants.values())]
        nodes = [node for measure in measures for node in measure.walk()]
        leaves = [node for node in nodes if isinstance(node, Leaf)]
        others = [node for node in nodes if isinstance(node, Before | Trailing | MonthlyMean)]
        money = {leaf.name for leaf in leaves if leaf.is_money}
        return frozenset(money | {node.name for node in others if isinstance(node.inner, Leaf) and node.inner.is_money})

    def section(self, heading: str) -> str:
        """One section of the docstring (`Definition`, `Formula`, `Edge cases`, `Sources`) as one line; empty if absent."""
        lines: list[str] = []
        inside = False
        for line in self.doc.splitlines():
            if line and not line.startswith(" "):
                inside = line.strip() == heading
            elif inside:
                lines.append(line.strip())
        return " ".join(line for line in lines if line)

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return self.doc.partition("\n")[0]
