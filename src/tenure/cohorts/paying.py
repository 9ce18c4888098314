"""Retention by customers and by revenue: how many of those who began together pay at the end of each later period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.cohorts.triangle import Cohort, Triangle, places, shown
from tenure.measure import closing
from tenure.metric import Better, Metric, Unit
from tenure.selection import selected
from tenure.store.layout import literal

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.selection import Question

COUNTED = Metric("Paying customers", closing("customers", "sum(paying)", name="paying"), Unit.COUNT, Better.UP)
"""What says how far the triangle reaches: from the first payment to the last change."""


def paying(con: DuckDBPyConnection, asks: Question, kind: str) -> Triangle:
    """The triangle of `retention` or `revenue`."""
    sql = _statement(asks, kind)
    found = con.execute(sql).fetchall()
    slots = shown(asks)
    index = {slot.n: i for i, slot in enumerate(slots)}
    triangle: dict[tuple[int, str], list[tuple[int, int, Any]]] = {}
    for n, segment, size, later, level, worth in found:
        triangle.setdefault((index[n], segment), []).append(
            (index[later], size, level if kind == "retention" else worth)
        )
    rows = []
    for (first, segment), cells in sorted(triangle.items()):
        size = cells[0][1]
        levels = [value for _, _, value in sorted(cells)]
        base = size if kind == "retention" else levels[0]
        values = tuple(float(value) / float(base) if base and value is not None else None for value in levels)
        values = (1.0, *values[1:]) if kind == "retention" else values
        rows.append(Cohort(slots[first].period.opens, segment if asks.by else None, size, values))
    return Triangle(tuple(rows), sql)


def _statement(asks: Question, kind: str) -> str:
    """Columns: n and segment of the cohort, its size, n of a later period, paying then, worth then at the first rates.

    What it is worth is only said of `revenue`: reading it takes longer than all the rest.
    """
    chosen = selected(asks, "customers", "level")
    tables = asks.tables
    first, last = asks.rate_days
    day = f"least(greatest(CAST(m.closes - INTERVAL 1 MICROSECOND AS DATE), DATE '{first}'), DATE '{last}')"
    where = "".join(f" AND {condition}" for condition in chosen.conditions)
    own, worth = literal(asks.currency), "CAST(r.worth AS DECIMAL(22, 4)) * f.rate"
    rates = f"\n  LEFT JOIN {tables['rates']} AS f ON f.currency = r.valued_in AND f.day = {day}"
    amount = f"sum(CASE WHEN r.valued_in = {own} THEN r.worth ELSE {worth} END)"
    if kind == "retention":
        amount, rates = "0", ""
    return f"""WITH periods(n, place, opens, closes) AS (
  VALUES {places(asks)}
), members AS (
  SELECT r.account_id, {chosen.segment} AS segment, d.n, d.place, d.closes
  FROM {chosen.source} ASOF JOIN periods AS d ON r.happened_at >= d.opens
  WHERE r.kind = 'new' AND r.accounts = 1 AND r.happened_at < d.closes{where}
), sizes AS (
  SELECT n, place, segment, count(*) AS size FROM members GROUP BY ALL
), changes AS (
  SELECT m.n, m.segment, greatest(d.place, m.place) AS place, sum(r.paying) AS paying, {amount} AS worth
  FROM members AS m JOIN {tables["customers"]} AS r ON r.account_id = m.account_id
  ASOF JOIN periods AS d ON r.happened_at >= d.opens{rates}
  WHERE r.happened_at < d.closes
  GROUP BY ALL
)
SELECT s.n, s.segment, s.size, d.n AS later,
  sum(coalesce(c.paying, 0)) OVER w AS paying, sum(coalesce(c.worth, 0)) OVER w AS worth
FROM sizes AS s JOIN periods AS d ON d.place >= s.place
LEFT JOIN changes AS c ON c.n = s.n AND c.segment = s.segment AND c.place = d.place
WINDOW w AS (PARTITION BY s.n, s.segment ORDER BY d.place)
ORDER BY s.n, s.segment, d.place"""
