"""A metric under one policy after another, in exact numbers: what the database adds up, never through a float."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property, partial
from typing import TYPE_CHECKING

from tenure import catalog, dimensions
from tenure.algebra import Fixed, Leaf, Named, Span, exact
from tenure.query import given, now_of, policy_of, question
from tenure.reconcile.narrow import Narrow
from tenure.statement import statement

if TYPE_CHECKING:
    from collections.abc import Callable

    from duckdb import DuckDBPyConnection

    from tenure.algebra import Measure
    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.query import Asked
    from tenure.selection import Question

Exact = Fraction | None
Parts = dict[str, Exact]
Accounts = dict[str, Parts]


@dataclass(frozen=True)
class Reading:
    """What one policy makes of one window: the formula without choices, and its parts.

    `key` is the same for two policies that read the same ledgers by the same formula. `before` has the parts of those
    accounts on which the policy may differ as the company's own policy reads them, `after` as this one does; `every` has
    those of all accounts, and is only looked up where it is needed.
    """

    key: tuple[object, ...]
    measure: Measure
    parts: Parts
    look: Callable[[], Accounts] = field(compare=False)
    before: Accounts = field(default_factory=dict)
    after: Accounts = field(default_factory=dict)
    is_narrow: bool = True

    @property
    def value(self) -> Exact:
        """The number."""
        return exact(self.measure, self.parts)

    @cached_property
    def every(self) -> Accounts:
        """The parts of every account."""
        found = {account: parts for account, parts in self.look().items() if account not in self.before}
        return found | self.after


class Readings:
    """One metric over one window, read under any policy; each reading is made once."""

    def __init__(
        self, con: DuckDBPyConnection, settings: Settings, metric: Metric, variant: str | None, asked: Asked
    ) -> None:
        self.con, self.settings, self.metric, self.variant, self.asked = con, settings, metric, variant, asked
        self.own = policy_of(settings, asked)
        self.now = now_of(settings, asked)
        self.narrow = Narrow(con, settings, settings.policy)
        self._made: dict[tuple[object, ...], Reading] = {}

    def of(self, policy: Policy) -> Reading:
        """The reading of a policy."""
        metric = self._metric(policy)
        # What was known once may have had rows of which nothing is left.
        policy = policy if self.asked.as_of else self.narrow.plain(policy)
        key = self._key(policy, metric)
        if key not in self._made:
            self._made[key] = self._narrow(policy, metric) or self._whole(policy, metric)
        return self._made[key]

    def question(self, policy: Policy) -> Question:
        """The question as that policy puts it, with ledgers of all accounts."""
        return question(self.con, self.settings, self._metric(policy), policy, self.asked, self.now)

    def by(self, dimension: str, asks: Question) -> Accounts:
        """The parts by the values of a built-in dimension."""
        return self._parts(replace(asks, by=dimensions.BUILT_IN[dimension]))

    def where(self, dimension: str, value: str) -> Readings:
        """The same metric of one value of a dimension alone."""
        asked = replace(self.asked, where={**self.asked.where, dimension: [value]})
        return Readings(self.con, self.settings, self.metric, self.variant, asked)

    def shifted(self, since: datetime, until: datetime) -> Readings:
        """The same metric over another window."""
        return Readings(self.con, self.settings, self.metric, self.variant, window(self.asked, since, until))

    def another(self, name: str) -> Readings:
        """Another shipped metric over the same window."""
        metric, variant = catalog.find(name, catalog.shipped())
        return Readings(self.con, self.settings, metric, variant, self.asked)

    def _metric(self, policy: Policy) -> Metric:
        return self.metric.reading(self.variant, given(self.settings, policy, self.asked.hours, self.now))

    @cached_property
    def _filtering(self) -> set[str]:
        """The ledgers that the filters read."""
        filters = self.question(self.settings.policy).filters
        return {ledger for dimension, _ in filters for ledger in dimensions.needed(dimension)}

    def _ledgers(self, metric: Metric) -> list[str]:
        """What the formula reads, and what the filters do."""
        return sorted(self._filtering | {n.ledger for n in metric.measure.walk() if isinstance(n, Leaf)})

    def _key(self, policy: Policy, metric: Metric) -> tuple[object, ...]:
        return (metric.measure, *self.narrow.marks(policy, self._ledgers(metric)))

    def _whole(self, policy: Policy, metric: Metric) -> Reading:
        """From the ledgers of all accounts, which are made if they are not there yet, and kept."""
        asks = question(self.con, self.settings, metric, policy, self.asked, self.now)
        (parts,) = self._parts(asks).values()
        key, own = self._key(policy, metric), self._key(self.settings.policy, metric)
        return Reading(key, metric.measure, parts, partial(self.by, "account", asks), is_narrow=key == own)

    def _narrow(self, policy: Policy, metric: Metric) -> Reading | None:
        """From the store's own ledgers, and those of the accounts on which the policy may differ; None where that cannot be."""
        store, measure, ledgers = self.settings.policy, metric.measure, self._ledgers(metric)
        key, own = self._key(policy, metric), self._key(store, metric)
        if self.asked.as_of or key == own or not _adds_up(measure):
            return None
        asks = question(self.con, self.settings, metric, store, self.asked, self.now)
        if not self.narrow.is_rated or self.narrow.choose(policy) is None:
            return None
        if own not in self._made:
            self._made[own] = self._whole(store, metric)
        base = self._made[own]
        asks = replace(asks, coverage=(self.narrow.begins, asks.coverage[1]))
        try:
            before = self.by("account", replace(asks, tables=self.narrow.keep(asks.tables, ledgers)))
            after = self.by("account", replace(asks, tables={**asks.tables, **self.narrow.make(policy, ledgers)}))
        finally:
            self.narrow.drop()
        same = {node.name for node in measure.walk() if isinstance(node, Fixed | Span)}
        parts = {n: v if n in same else _total(v, before, after, n) for n, v in base.parts.items()}
        return Reading(key, measure, parts, lambda: base.every, before, after)

    def _parts(self, asks: Question) -> Accounts:
        shown = next(slot.n for slot in asks.slots.slots if slot.shown)
        found = self.con.execute(statement(asks))
        names = [column[0] for column in found.description]
        rows = (dict(zip(names, values, strict=True)) for values in found.fetchall())
        wanted = {node.name for node in asks.measure.walk() if isinstance(node, Named)} & set(names)
        return {
            row["segment"]: {name: None if row[name] is None else Fraction(row[name]) for name in wanted}
            for row in rows
            if row["n"] == shown
        }


def window(asked: Asked, since: datetime, until: datetime) -> Asked:
    """The question over `[since, until)`, naive UTC, as one number."""
    begins, ends = (instant.replace(tzinfo=UTC).isoformat() for instant in (since, until))
    return replace(asked, since=begins, until=ends, grain="total", by=None, compare=None)


def _adds_up(measure: Measure) -> bool:
    """Whether every part is the same for all accounts, or the sum of what each has."""
    leaves = (node for node in measure.walk() if isinstance(node, Named) and not isinstance(node, Fixed | Span))
    return all(isinstance(leaf, Leaf) and leaf.empty == "0" and not leaf.beside for leaf in leaves)


def _total(value: Exact, before: Accounts, after: Accounts, name: str) -> Exact:
    """A part of all accounts, with some of them read otherwise."""
    if value is None:
        return None
    less = sum((parts[name] or Fraction(0) for parts in before.values()), Fraction(0))
    more = sum((parts[name] or Fraction(0) for parts in after.values()), Fraction(0))
    return value - less + more
