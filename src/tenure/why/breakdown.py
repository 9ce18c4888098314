"""One change, split by one dimension; which dimensions say most of it; and the customers behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tenure.why.meanwhile import meanwhile
from tenure.why.split import ZERO, Sides, split

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tenure.why.sides import Compared
    from tenure.why.split import Split

SHOWN, STANDING_OUT = 2, 3


@dataclass(frozen=True)
class Breakdown:
    """The change by one dimension. `explains` is None where nothing could be measured."""

    by: str
    sides: Sides
    split: Split
    explains: Fraction | None = None

    @property
    def is_told(self) -> bool:
        """Whether the segments make any of the change."""
        return any(effect.whole or effect.mix for effect in self.split.effects.values())

    @property
    def gross(self) -> Fraction:
        """What moved, up and down, before one took from the other."""
        return sum((abs(effect.whole) for effect in self.split.effects.values()), ZERO)

    @property
    def names(self) -> list[str]:
        """The segments, the largest effect first."""
        effects = self.split.effects
        return sorted(effects, key=lambda name: (-abs(effects[name].whole), name))


@dataclass(frozen=True)
class Customers:
    """The change by customer: the largest first, what these did meanwhile, and what all are called that have a name."""

    found: Breakdown
    shown: tuple[str, ...]
    names: Mapping[str, str]
    meanwhile: Mapping[str, Mapping[str, Any]]

    @property
    def others(self) -> list[str]:
        """Those with a part in it that are not told one by one."""
        return self.moving[len(self.shown) :]

    @property
    def moving(self) -> list[str]:
        """All that have a part in it."""
        return _moving(self.found)


def breakdown(compared: Compared, by: str) -> Breakdown:
    """The change by the values of a dimension.

    Raises:
        UnknownNameError: there is no such dimension.
        UsageError: it says nothing of the metric.
        UnknownPartError: the number is unknown on one side.
    """
    sides = compared.by(by)
    return Breakdown(by, sides, split(compared.reading.measure, sides))


def measured(tried: Iterable[Breakdown], customers: Breakdown | None) -> list[Breakdown]:
    """Each with how much it says, those that say most first.

    A dimension says something where its segments did not all do alike: where the effect of some is another than their
    size would have it. It is measured by its three segments that stand out most: half the sum of how far their effects are from
    the whole change times their size, as a share of what moved in all, customer by customer, up and down. So 0 is a
    dimension all of whose segments moved alike, and 1 one that tells those who went up from those who went down; many small
    segments that differ by chance say little. (The idea, that a good dimension is concise and surprising, is that of R.
    Bhagwan et al., "Adtributor: Revenue debugging in advertising systems", NSDI 2014.)
    """
    found = list(tried)
    gross = customers.gross if customers else max((one.gross for one in found), default=ZERO)
    said = [replace(one, explains=_explains(one.split, gross)) for one in found]
    return sorted(said, key=lambda one: (-(one.explains or ZERO), one.by))


def _explains(found: Split, gross: Fraction) -> Fraction:
    if not gross:
        return ZERO
    change = found.value.change - found.beside
    standing_out = sorted(
        (abs(effect.whole - change * found.sizes.get(name, ZERO)) for name, effect in found.effects.items()),
        reverse=True,
    )
    return min(sum(standing_out[:STANDING_OUT], ZERO) / gross / 2, Fraction(1))


def customers(compared: Compared, found: Breakdown, limit: int) -> Customers:
    """The customers with a part in the change, the largest first, and what those that are shown did meanwhile."""
    shown = tuple(_moving(found)[:limit])
    return Customers(found, shown, _names(compared, shown), meanwhile(compared, shown))


def _moving(found: Breakdown) -> list[str]:
    return [name for name in found.names if found.split.effects[name].whole]


def _names(compared: Compared, accounts: Sequence[str]) -> dict[str, str]:
    found = compared.con.execute(
        "SELECT account_id, any_value(name) FROM accounts WHERE name IS NOT NULL AND account_id IN (SELECT unnest($ids)) GROUP BY ALL",
        {"ids": list(accounts)},
    ).fetchall()
    return {str(account): str(name) for account, name in found}
