"""Survival: the share of customers that is still there so many periods after each of them joined, by Kaplan and Meier."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tenure.cohorts.triangle import Cohort, Triangle, places, shown
from tenure.selection import selected
from tenure.statement import moment
from tenure.store.layout import literal
from tenure.survival import curve

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.selection import Question

Stay = tuple[float, bool, int]
_STEPS = {"hour": ("hour", 1), "day": ("day", 1), "week": ("day", 7), "month": ("month", 1), "quarter": ("month", 3),
          "year": ("month", 12)}  # fmt: skip


def staying(con: DuckDBPyConnection, asks: Question, grain: str) -> Triangle:
    """The triangle, and the curves of all cohorts together.

    A stay ends at the churn after which a customer did not come back; of whoever is there when the last period closes it is
    known to last until then. It is counted in whole periods since the customer's own joining, by local time.
    """
    slots = shown(asks)
    if not slots:
        return Triangle((), "")
    sql = _statement(asks, grain, slots[-1].period.closes)
    stays: dict[tuple[int, str], list[Stay]] = defaultdict(list)
    for cohort, segment, periods, is_gone, count in con.execute(sql).fetchall():
        stays[cohort, segment].append((float(periods), is_gone, count))
    by = bool(asks.by)
    rows = [
        _cohort(slots[place].period.opens, segment if by else None, some, len(slots) - place)
        for (place, segment), some in sorted(stays.items())
    ]
    whole: dict[str, list[Stay]] = defaultdict(list)
    longest: dict[str, int] = defaultdict(int)
    for (place, segment), some in stays.items():
        whole[segment] += some
        longest[segment] = max(longest[segment], len(slots) - place)
    everyone = [_cohort(None, s if by else None, some, longest[s]) for s, some in sorted(whole.items())]
    return Triangle(tuple(rows), sql, tuple(everyone))


def _cohort(start: datetime | None, segment: str | None, stays: Iterable[Stay], length: int) -> Cohort:
    stays = list(stays)
    drawn = curve(stays)
    steps = [drawn.at(float(period)) for period in range(length)]
    return Cohort(
        start,
        segment,
        sum(count for _, _, count in stays),
        tuple(step.share if step else None for step in steps),
        tuple(step.low if step else None for step in steps),
        tuple(step.high if step else None for step in steps),
    )


def _statement(asks: Question, grain: str, cut: datetime) -> str:
    """Columns: the cohort's place and segment, how many periods were seen, whether the stay ended at their end, how many.

    A stay that ends at the very end of a period is over then: what was paid for is used up.
    """
    chosen = selected(asks, "customers", "level")
    where = "".join(f" AND {condition}" for condition in chosen.conditions)
    unit, size = _STEPS[grain]
    zone = literal(asks.zone)
    joined, seen = (
        f"CAST({instant} AT TIME ZONE 'UTC' AT TIME ZONE {zone} AS TIMESTAMP)"
        for instant in ("m.joined_at", f"(CASE WHEN t.is_gone THEN t.turned_at ELSE {moment(cut)} END)")
    )
    lasted = f"date_sub('{unit}', {joined}, {seen} - INTERVAL 1 MICROSECOND) // {size}"
    return f"""WITH periods(n, place, opens, closes) AS (
  VALUES {places(asks)}
), members AS (
  SELECT r.account_id, {chosen.segment} AS segment, d.place, r.happened_at AS joined_at
  FROM {chosen.source} JOIN periods AS d ON r.happened_at >= d.opens AND r.happened_at < d.closes
  WHERE r.kind = 'new' AND r.accounts = 1{where}
), turns AS (
  SELECT account_id, arg_max(kind, movement) = 'churn' AS is_gone, max(happened_at) AS turned_at
  FROM {asks.tables["customers"]}
  WHERE kind IN ('new', 'reactivation', 'churn') AND accounts <> 0 AND happened_at < {moment(cut)}
  GROUP BY account_id
)
SELECT m.place, m.segment, greatest({lasted}, 0) + CAST(t.is_gone AS INTEGER) AS periods, t.is_gone, count(*)
FROM members AS m JOIN turns AS t ON t.account_id = m.account_id
GROUP BY ALL ORDER BY ALL"""
