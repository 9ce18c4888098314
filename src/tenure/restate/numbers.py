"""Numbers of some periods in exact decimals, as they are now or at a step of the past; and what they are defined by."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tenure import dimensions
from tenure.algebra import Leaf
from tenure.answer import instant
from tenure.query import Asked, given, question
from tenure.statement import statement
from tenure.store import facts
from tenure.store.known import look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.selection import Question
    from tenure.store.known import Known

Exact = Decimal | None
Cell = tuple[datetime, "str | None"]
"""Where a number stands: when its period begins, and its segment."""
PLAN = "plan"
_NEVER = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC
HOURS = "calendar"


@dataclass(frozen=True)
class Probe:
    """One metric over whole periods of a grain within `[since, until)`, whole or by plan; `now` is what counts as now.

    `name` is the metric as it is asked for.
    """

    metric: Metric = field(compare=False)
    variant: str | None
    by: str | None
    grain: str
    since: datetime
    until: datetime
    now: datetime
    name: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", f"{self.metric.name}:{self.variant}" if self.variant else self.metric.name)


class Reader:
    """Reads probes under one policy: `places` are where the ledgers of a step stand, None is the store as it is."""

    def __init__(self, con: DuckDBPyConnection, settings: Settings, policy: Policy) -> None:
        self.con, self.settings, self.policy = con, settings, policy
        self._asks: dict[Probe, Question] = {}
        self._readings: dict[tuple[str, datetime], Metric] = {}
        self._filled: dict[str, bool] = {}

    def reading(self, probe: Probe) -> Metric:
        """The metric without what policy and settings leave open."""
        if (probe.name, probe.now) not in self._readings:
            opened = given(self.settings, self.policy, HOURS, probe.now)
            self._readings[probe.name, probe.now] = probe.metric.reading(probe.variant, opened)
        return self._readings[probe.name, probe.now]

    def ledgers(self, probe: Probe) -> set[str]:
        """The ledgers that the probe reads."""
        leaves = {node.ledger for node in self.reading(probe).measure.walk() if isinstance(node, Leaf)}
        return leaves | ({"customers"} if probe.by else set())

    def values(self, probe: Probe, step: Step | None = None) -> dict[Cell, Exact]:
        """The number of each period and segment; one that is not there is `absent`."""
        found = self._run(probe, self._asked(probe), step)
        return {cell: row["value"] for cell, row in found.items()}

    def accounts(self, probe: Probe, step: Step, segment: str | None) -> dict[Cell, Mapping[str, Exact]]:
        """The parts of the number by account, in the place of segments; of one segment, where there is one."""
        asks = replace(self._asked(probe), by=dimensions.BUILT_IN["account"])
        if segment is not None:
            asks = replace(asks, filters=((dimensions.BUILT_IN[PLAN], (segment,)),))
        return self._run(probe, asks, step)

    def fits(self, probe: Probe) -> bool:
        """Whether the number can be broken down by plan."""
        asks = self._asked(replace(probe, by=None))
        return dimensions.fits(dimensions.BUILT_IN[PLAN], asks.measure, asks.columns)

    def lacking(self, probe: Probe, step: Step | None = None) -> bool:
        """Whether a table is empty without which the metric cannot be computed."""
        known = step.filled if step else self._filled

        def is_there(table: str) -> bool:
            if table not in known:
                place = step.places[table] if step else f"rows.{table}"
                known[table] = self.con.execute(f"SELECT 1 FROM {place} LIMIT 1").fetchone() is not None
            return known[table]

        return any(not any(map(is_there, need.split(" or "))) for need in self.reading(probe).needs)

    def absent(self, probe: Probe) -> Exact:
        """What a segment is that has nothing: 0 where sums are all that it is made of."""
        measure = self.reading(probe).measure
        leaves = {leaf.name: leaf.empty == "0" for leaf in measure.walk() if isinstance(leaf, Leaf)}
        return exact(measure.value({name: 0 if is_sum else None for name, is_sum in leaves.items()}, float))

    def fingerprint(self, probe: Probe) -> str:
        """Stands for the definition: the formula, the ledgers' statements, and the settings that decide where periods are cut."""
        marks = facts.marks(self.settings, self.policy)
        ledgers = [(name, marks[name]) for name in sorted(self.ledgers(probe))]
        measure = self.reading(replace(probe, now=_NEVER)).measure
        settings = (
            self.settings.timezone,
            self.settings.week_start,
            self.settings.currency,
            self.settings.trailing_periods,
        )
        return f"{crc32(repr((measure, ledgers, settings)).encode()):08x}"

    def _asked(self, probe: Probe) -> Question:
        if probe not in self._asks:
            since, until, now = map(instant, (probe.since, probe.until, probe.now))
            asked = Asked(since=since, until=until, now=now, grain=probe.grain, by=probe.by)
            asks = question(self.con, self.settings, self.reading(probe), self.policy, asked, probe.now)
            self._asks[probe] = replace(asks, is_certain=False)
        return self._asks[probe]

    def _run(self, probe: Probe, asks: Question, step: Step | None) -> dict[Cell, Mapping[str, Exact]]:
        if step:
            standing = step.known(self.con, self.ledgers(probe))
            asks = replace(
                asks, tables=step.places, coverage=standing.coverage, rate_days=standing.rate_days,
                unrated=standing.unrated, columns=standing.columns,
            )  # fmt: skip
        if self.lacking(probe, step):
            return {}
        starts = {slot.n: slot.period.opens for slot in asks.slots.slots if slot.shown}
        found = self.con.execute(statement(asks))
        names = [column[0] for column in found.description]
        rows: dict[Cell, Mapping[str, Exact]] = {}
        for values in found.fetchall():
            row = dict(zip(names, values, strict=True))
            n, segment = row.pop("n"), row.pop("segment")
            if n in starts:
                rows[starts[n], segment if asks.by else None] = {name: exact(value) for name, value in row.items()}
        return rows


@dataclass(frozen=True)
class Step:
    """Where the tables and ledgers of a step stand; what is known of them is looked up once: `filled`, which tables have rows."""

    places: Mapping[str, str]
    filled: dict[str, bool] = field(default_factory=dict)
    _known: dict[frozenset[str], Known] = field(default_factory=dict)

    def known(self, con: DuckDBPyConnection, ledgers: Iterable[str]) -> Known:
        """What a question must know of its ledgers."""
        names = frozenset(ledgers)
        if names not in self._known:
            self._known[names] = look(con, self.places, sorted(names))
        return self._known[names]


def exact(value: Any) -> Exact:  # noqa: ANN401 - whatever the database gives
    """A number as a decimal: a sum as it is, and what is no sum to twelve digits, which no order of rows changes."""
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, float):
        return Decimal(f"{value:.12g}")
    return value if isinstance(value, Decimal) else Decimal(value)


def depends_on_now(probe: Probe, reader: Reader) -> bool:
    """Whether what counts as now is a part of the metric's definition."""
    return reader.reading(probe).measure != reader.reading(replace(probe, now=_NEVER)).measure
