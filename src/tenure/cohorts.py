"""Cohorts: accounts by the period of their first payment, and what is left of them in each later one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tenure.answer import instant
from tenure.calendar import parse_instant, periods
from tenure.errors import UnknownNameError, UsageError
from tenure.measure import closing
from tenure.metric import Better, Metric, Unit
from tenure.query import Asked, policy_of, question
from tenure.selection import selected
from tenure.statement import moment
from tenure.store.layout import literal
from tenure.window import default_window

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy
    from tenure.selection import Question

KINDS = ("retention", "revenue")
_PAYING = Metric("Paying customers", closing("customers", "sum(paying)", name="paying"), Unit.COUNT, Better.UP)


@dataclass(frozen=True)
class Cohort:
    """The accounts that began to pay in one period. `values[k]` is what is left at the end of the k-th later period."""

    start: datetime
    segment: str | None
    size: int
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class Cohorts:
    """A triangle. `partial`: the last period still runs, so the last value of each row may yet move."""

    kind: str
    grain: str
    by: str | None
    partial: bool
    policy: Policy
    rows: tuple[Cohort, ...]
    sql: str

    def to_dict(self) -> dict[str, Any]:
        """The triangle in the shape of INTERFACES, with `partial`, and `segment` where it was broken down."""
        return {
            "kind": self.kind,
            "grain": self.grain,
            "by": self.by,
            "partial": self.partial,
            "policy": self.policy.preset,
            "rows": [
                {"cohort": instant(row.start), "size": row.size, "values": list(row.values)}
                | ({"segment": row.segment} if self.by else {})
                for row in self.rows
            ],
        }


def cohorts(con: DuckDBPyConnection, settings: Settings, kind: str, asked: Asked) -> Cohorts:
    """The triangle of a kind.

    `retention`: members who pay at the end of their k-th later period / members; who returned counts.
    `revenue`: what the members pay then / what they paid at the end of the first period, at that instant's rates.

    Raises:
        UnknownNameError: there is no such kind, dimension or grain.
        UsageError: a grain without periods, or words that do not go together.
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of cohorts", kind, KINDS, f"There are {' and '.join(KINDS)}.")
    if asked.grain == "total":
        message = "Cohorts need periods: ask for a grain from hour to year."
        raise UsageError(message)
    policy = policy_of(settings, asked)
    now = parse_instant(asked.now, settings.zone) if asked.now else datetime.now(UTC).replace(tzinfo=None)
    asks = question(con, settings, _PAYING, policy, _whole(con, settings, policy, asked, now), now)
    shown = sorted((s for s in asks.slots.slots if s.shown), key=lambda s: s.period.opens)
    sql = _statement(asks)
    found = con.execute(sql).fetchall()
    index = {slot.n: i for i, slot in enumerate(shown)}
    triangle: dict[tuple[int, str], list[tuple[int, int, Any]]] = {}
    for n, segment, size, later, paying, worth in found:
        triangle.setdefault((index[n], segment), []).append(
            (index[later], size, paying if kind == "retention" else worth)
        )
    rows = []
    for (first, segment), cells in sorted(triangle.items()):
        size = cells[0][1]
        levels = [value for _, _, value in sorted(cells)]
        base = size if kind == "retention" else levels[0]
        values = tuple(float(value) / float(base) if base and value is not None else None for value in levels)
        values = (1.0, *values[1:]) if kind == "retention" else values
        rows.append(Cohort(shown[first].period.opens, segment if asked.by else None, size, values))
    partial = bool(shown) and shown[-1].period.partial
    return Cohorts(kind, asked.grain, asked.by, partial, policy, tuple(rows), sql)


def _whole(con: DuckDBPyConnection, settings: Settings, policy: Policy, asked: Asked, now: datetime) -> Asked:
    """The question with its window: from the first payment to the end of the period of the last change."""
    if asked.since and asked.until:
        return asked
    probe = question(con, settings, _PAYING, policy, replace(asked, grain="total", by=None, where={}), now)
    first, last = probe.coverage
    begins, _ = default_window(first, last, now, "total", settings.zone, settings.week_start)
    until = min(now, last) if last else now
    never = datetime.max  # noqa: DTZ901 - instants are naive UTC
    ends, opens = (
        periods(day, day + timedelta(days=800), asked.grain, settings.zone, settings.week_start, never)[0]
        for day in (until, begins)
    )
    return replace(
        asked,
        since=asked.since or instant(opens.whole_opens),
        until=asked.until or instant(max(ends.whole_closes, opens.whole_closes)),
    )


def _statement(asks: Question) -> str:
    """Columns: n and segment of the cohort, its size, n of a later period, paying then, worth then at the first rates."""
    chosen = selected(asks, "customers", "level")
    rows = ", ".join(
        f"({s.n}, {i}, {moment(s.period.opens)}, {moment(s.period.closes)})"
        for i, s in enumerate(sorted((s for s in asks.slots.slots if s.shown), key=lambda s: s.period.opens))
    )
    places = asks.tables
    first, last = asks.rate_days
    day = f"least(greatest(CAST(m.closes - INTERVAL 1 MICROSECOND AS DATE), DATE '{first}'), DATE '{last}')"
    where = "".join(f" AND {condition}" for condition in chosen.conditions)
    return f"""WITH periods(n, place, opens, closes) AS (
  VALUES {rows}
), members AS (
  SELECT r.account_id, {chosen.segment} AS segment, d.n, d.place, d.closes
  FROM {chosen.source} JOIN periods AS d ON r.happened_at >= d.opens AND r.happened_at < d.closes
  WHERE r.kind = 'new' AND r.accounts = 1{where}
), sizes AS (
  SELECT n, place, segment, count(*) AS size FROM members GROUP BY ALL
), changes AS (
  SELECT m.n, m.segment, greatest(d.place, m.place) AS place, sum(r.paying) AS paying,
    sum(CASE WHEN r.valued_in = {literal(asks.currency)} THEN r.worth ELSE CAST(r.worth AS DECIMAL(22, 4)) * f.rate END) AS worth
  FROM members AS m JOIN {places["customers"]} AS r ON r.account_id = m.account_id
  JOIN periods AS d ON r.happened_at >= d.opens AND r.happened_at < d.closes
  LEFT JOIN {places["rates"]} AS f ON f.currency = r.valued_in AND f.day = {day}
  GROUP BY ALL
)
SELECT s.n, s.segment, s.size, d.n AS later,
  sum(coalesce(c.paying, 0)) OVER w AS paying, sum(coalesce(c.worth, 0)) OVER w AS worth
FROM sizes AS s JOIN periods AS d ON d.place >= s.place
LEFT JOIN changes AS c ON c.n = s.n AND c.segment = s.segment AND c.place = d.place
WINDOW w AS (PARTITION BY s.n, s.segment ORDER BY d.place)
ORDER BY s.n, s.segment, d.place"""
