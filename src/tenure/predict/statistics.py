"""What the models are fitted to, read from the ledgers as of the end of a month.

A customer stands in the segment in which it began, so that those who left are in one as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.calendar import Period, periods
from tenure.predict.contracts import Renewals
from tenure.predict.purchases import Buyer
from tenure.predict.spending import Spender
from tenure.selection import selected
from tenure.statement import moment

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from duckdb import DuckDBPyConnection

    from tenure.selection import Question


@dataclass(frozen=True)
class Months:
    """The months of the company's calendar, from the first change of its ledgers on."""

    months: tuple[Period, ...]

    @classmethod
    def of(cls, first: datetime, last: datetime, zone: ZoneInfo) -> Months:
        """The months from that of `first` to that of `last`."""
        return (
            cls(tuple(periods(first, max(first, last), "month", zone, "monday", max(first, last))))
            if last > first
            else cls(())
        )

    def over(self, cut: datetime) -> int:
        """How many of them are over at an instant."""
        return bisect_right([month.whole_closes for month in self.months], cut)

    @property
    def values(self) -> str:
        """Rows of SQL: their number, and when they open and close."""
        rows = ((n, moment(m.whole_opens), moment(m.whole_closes)) for n, m in enumerate(self.months))
        return ", ".join(f"({n}, {opens}, {closes})" for n, opens, closes in rows)


@dataclass(frozen=True)
class Stays:
    """What the customers of a segment went through: their renewals, and the renewals made by those who are still there."""

    renewals: Renewals
    ages: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Bought:
    """What the buyers of a segment did, by days; `unrated`: some of it is in money that has no rate."""

    buyers: tuple[Buyer, ...]
    spenders: tuple[Spender, ...]
    unrated: bool


def stays(con: DuckDBPyConnection, asks: Question, months: Months, overs: Iterable[int]) -> dict[int, dict[str, Stays]]:
    """By how many months were over, and by segment, how long customers stayed until then.

    A month is a renewal: who joined in January comes up for the first one in February. Who came back is still there; who left
    and did not left for the last time. Who left in the month of joining left at the first renewal.
    """
    chosen = selected(asks, "customers", "level")
    where = "".join(f" AND {condition}" for condition in chosen.conditions)
    cuts = ", ".join(f"({over - 1})" for over in overs)
    found = con.execute(f"""WITH months(n, opens, closes) AS (
  VALUES {months.values}
), cuts(last) AS (
  VALUES {cuts}
), members AS (
  SELECT r.account_id, {chosen.segment} AS segment, d.n AS joined
  FROM {chosen.source} JOIN months AS d ON r.happened_at >= d.opens AND r.happened_at < d.closes
  WHERE r.kind = 'new' AND r.accounts = 1{where}
), turns AS (
  SELECT t.account_id, d.n, arg_max(t.kind, t.movement) = 'churn' AS is_gone
  FROM {asks.tables["customers"]} AS t JOIN months AS d ON t.happened_at >= d.opens AND t.happened_at < d.closes
  WHERE t.kind IN ('new', 'reactivation', 'churn') AND t.accounts <> 0
  GROUP BY t.account_id, d.n
), spans AS (
  SELECT account_id, n, is_gone, lead(n, 1, {len(months.months)}) OVER (PARTITION BY account_id ORDER BY n) AS until FROM turns
), alike AS (
  SELECT m.segment, m.joined, s.n, s.is_gone, s.until, count(*) AS customers
  FROM members AS m JOIN spans AS s ON s.account_id = m.account_id
  GROUP BY ALL
), ended AS (
  SELECT c.last, a.segment, c.last - a.joined AS age, a.is_gone, greatest(a.n - a.joined, 1) AS left_after, a.customers
  FROM alike AS a JOIN cuts AS c ON c.last >= a.n AND c.last < a.until
)
SELECT last + 1, segment, CASE WHEN is_gone THEN least(left_after, age) ELSE age END AS months,
  is_gone AND left_after <= age AS has_left, is_gone, CAST(sum(customers) AS BIGINT)
FROM ended GROUP BY ALL ORDER BY ALL""").fetchall()
    rows: dict[tuple[int, str], list[tuple[int, bool, int]]] = defaultdict(list)
    ages: dict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for over, segment, age, has_left, is_gone, count in found:
        rows[over, segment].append((age, has_left, count))
        if not is_gone:
            ages[over, segment].append((age, count))
    made: dict[int, dict[str, Stays]] = defaultdict(dict)
    for (over, segment), some in rows.items():
        made[over][segment] = Stays(Renewals.of(some), tuple(ages[over, segment]))
    return made


def buyers_statement(asks: Question, months: Months, over: int) -> str:
    """SQL: who bought how often, when last, and for how much when `over` months were over; time in days.

    What one customer buys on one day (UTC) is one purchase, as in the papers.
    """
    chosen = selected(asks, "purchases", "flow")
    where = "".join(f" AND {condition}" for condition in chosen.conditions)
    closes = moment(months.months[over - 1].whole_closes)
    return f"""WITH members AS (
  SELECT r.account_id, {chosen.segment} AS segment FROM {chosen.source}
  WHERE r.nth = 1 AND r.account_id <> '' AND r.happened_at < {closes}{where}
), days AS (
  SELECT account_id, CAST(happened_at AS DATE) AS day, CASE WHEN count(amount) = count(*) THEN sum(amount) END AS amount
  FROM {asks.tables["purchases"]} WHERE happened_at < {closes} GROUP BY ALL
), each AS (
  SELECT m.segment, count(*) - 1 AS repeats, max(d.day) - min(d.day) AS recency, CAST({closes} AS DATE) - min(d.day) AS age,
    count(d.amount) < count(*) AS is_unrated, CAST(sum(d.amount) - arg_min(d.amount, d.day) AS DOUBLE) AS later
  FROM members AS m JOIN days AS d ON d.account_id = m.account_id
  GROUP BY m.segment, m.account_id
)
SELECT segment, repeats, recency, age, is_unrated, CASE WHEN repeats > 0 THEN later / repeats END AS mean, count(*)
FROM each GROUP BY ALL ORDER BY ALL"""


def bought(con: DuckDBPyConnection, statement: str) -> dict[str, Bought]:
    """By segment, what `buyers_statement` finds."""
    found: list[tuple[Any, ...]] = con.execute(statement).fetchall()
    alike: dict[str, dict[tuple[int, int, int], int]] = defaultdict(lambda: defaultdict(int))
    spenders: dict[str, list[Spender]] = defaultdict(list)
    unrated = set()
    for segment, repeats, recency, age, is_unrated, mean, count in found:
        alike[segment][repeats, recency, age] += count
        if is_unrated:
            unrated.add(segment)
        if mean is not None and mean > 0:
            spenders[segment] += [Spender(repeats, mean)] * count
    return {
        segment: Bought(
            tuple(Buyer(*what, count) for what, count in kinds.items()), tuple(spenders[segment]), segment in unrated
        )
        for segment, kinds in alike.items()
    }
