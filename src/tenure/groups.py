"""The leaves of a formula, those together that one SELECT can reduce, and what such SELECTs are put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenure.dimensions import SUBSCRIPTION_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenure.algebra import Leaf
    from tenure.selection import Question, Selection

Ctes = list[tuple[str, str]]

CERTAINTY = ("certain_n", "certain_low", "certain_high")
"""Columns beside a median that say how sure it is: the number of rows, and what its interval is read from."""

_ALONE = ("active", "recent", "daily", "survival", "standing", "whole")


@dataclass(frozen=True)
class Group:
    """Leaves that one SELECT reduces together: of one ledger, in one way."""

    name: str
    ledger: str
    when: str
    leaves: tuple[Leaf, ...]

    @property
    def clock(self) -> str:
        """The column that says when their rows count."""
        return self.leaves[0].clock

    def columns(self) -> list[tuple[str, Leaf]]:
        """What is summed for a level, each sum once: the column's name and a leaf that reads it."""
        sums: dict[tuple[str, str], Leaf] = {}
        for leaf in self.leaves:
            sums.setdefault((leaf.total, leaf.where), leaf)
        return [(f"level_{i}", leaf) for i, leaf in enumerate(sums.values(), 1)]

    def column(self, leaf: Leaf) -> str:
        """The column that a leaf is in."""
        if self.when != "level":
            return leaf.name
        return next(name for name, one in self.columns() if (one.total, one.where) == (leaf.total, leaf.where))


def groups(leaves: Iterable[Leaf]) -> list[Group]:
    """The leaves, those together that one SELECT can reduce."""
    found: dict[tuple[str, str, str, tuple[tuple[str, str], ...], str], list[Leaf]] = {}
    for leaf in leaves:
        when = "level" if leaf.when in ("opening", "closing") else str(leaf.when)
        alone = leaf.name if when in _ALONE else ""
        found.setdefault((leaf.ledger, when, leaf.clock, leaf.beside, alone), []).append(leaf)
    made: dict[str, Group] = {}
    for (ledger, when, clock, _, alone), some in found.items():
        name = f"{alone or ledger}_{when}" + (f"_by_{clock}" if clock != "happened_at" else "")
        name = name if name not in made else f"{name}_{len(made)}"
        made[name] = Group(name, ledger, when, tuple(some))
    return list(made.values())


def in_period(clock: str) -> str:
    """How a row meets its period."""
    return f"d.day = CAST(r.{clock} AS DATE) AND r.{clock} >= d.opens AND r.{clock} < d.closes"


def total(question: Question, leaf: Leaf) -> str:
    """The reduction with its filter; money of which some has no rate is unknown, not left out."""
    where = f" FILTER (WHERE {leaf.where})" if leaf.where else ""
    written = f"{leaf.total}{where}"
    if question.unrated and leaf.monies and leaf.when in ("flow", "each", "standing"):
        unknown = " OR ".join(f"{column} IS NULL" for column in leaf.monies)
        gaps = f"count(*) FILTER (WHERE ({unknown}){f' AND ({leaf.where})' if leaf.where else ''})"
        otherwise = f"coalesce({written}, 0)" if leaf.empty == "0" else written
        written = f"CASE WHEN {gaps} = 0 THEN {otherwise} END"
    return f"{written} AS {leaf.name}"


def extra_columns(leaves: Iterable[Leaf]) -> str:
    """Columns of the subscription that a leaf's own filter speaks of."""
    wanted = [
        f", {place} AS {name}"
        for name, place in SUBSCRIPTION_COLUMNS.items()
        if any(name in leaf.where for leaf in leaves)
    ]
    return "".join(wanted)


def beside_periods(chosen: Selection, clock: str, extra: str = "", joins: str = "") -> str:
    """The selected rows, each beside the periods that it falls into."""
    return (
        f"SELECT d.n, d.opens, d.closes, r.*{extra}, {chosen.segment} AS segment{chosen.home_columns}\n    FROM {chosen.source}\n"
        f"    JOIN period_days AS d ON {in_period(clock)}{joins}{chosen.where}"
    )
