"""Activation: how many of those who signed up together have done something for the first time by the end of each period."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tenure.cohorts.triangle import Cohort, Triangle, places, shown
from tenure.errors import UnknownNameError
from tenure.measure import flow
from tenure.metric import Better, Metric, Unit
from tenure.selection import selected
from tenure.store.layout import literal

if TYPE_CHECKING:
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.selection import Question

COUNTED = Metric(
    "Sign-ups",
    flow("signups", "count(*)", name="signups") + flow("account_activity", "count(*)", name="days"),
    Unit.COUNT,
    Better.UP,
)
"""What says how far the triangle reaches: from the first sign-up to the last active day, and to the last milestone."""

_OWNED = (
    "SELECT coalesce(x.root_id, a.account_id) AS account_id, min(a.{column}) AS first_at FROM {accounts} AS a"
    " LEFT JOIN {account_roots} AS x ON x.account_id = a.account_id GROUP BY ALL"
)
_EVENT = (
    "SELECT coalesce(x.root_id, e.account_id, u.account_id) AS account_id, min(e.happened_at) AS first_at FROM {events} AS e"
    " LEFT JOIN {account_roots} AS x ON x.account_id = e.account_id"
    " LEFT JOIN {person_roots} AS u ON u.person_id = e.person_id"
    " WHERE e.name = {event} AND coalesce(x.is_left_out, FALSE) = FALSE AND coalesce(u.is_left_out, FALSE) = FALSE GROUP BY ALL"
)
MILESTONES = {
    "active": "SELECT account_id, min(happened_at) AS first_at FROM {account_activity} GROUP BY account_id",
    "value": _OWNED.replace("{column}", "first_value_at"),
    "launch": _OWNED.replace("{column}", "launched_at"),
    "paying": "SELECT account_id, converted_at AS first_at FROM {signups}",
}
"""What an account may have done for the first time: the first active day, the first value, the launch, the first payment."""
NEEDS = {"active": "events", "value": "accounts", "launch": "accounts", "paying": "subscription_periods"}
"""The table without which nobody knows whether it was done."""


def firsts(con: DuckDBPyConnection, asks: Question, milestone: str, event: str | None) -> str:
    """SQL: accounts and the instant at which each first reached the milestone, or first did the event.

    Raises:
        UnknownNameError: there is no such milestone, or such an event never happened.
    """
    tables = {"accounts": "accounts", "events": "events", **asks.tables}
    if event is not None:
        if not con.execute(f"SELECT 1 FROM {tables['events']} WHERE name = {literal(event)} LIMIT 1").fetchone():
            names = [row[0] for row in con.execute(f"SELECT DISTINCT name FROM {tables['events']}").fetchall()]
            told = ", ".join(sorted(names)[:20]) if names else "none: `tenure import` loads them"
            raise UnknownNameError("event", event, names, f"The events are {told}.")
        return _EVENT.format(**tables, event=literal(event))
    if milestone not in MILESTONES:
        raise UnknownNameError("milestone", milestone, MILESTONES, f"The milestones are {', '.join(MILESTONES)}.")
    return MILESTONES[milestone].format(**tables)


def reach(con: DuckDBPyConnection, reached: str) -> datetime | None:
    """When the milestone was last reached."""
    row = con.execute(f"SELECT max(first_at) FROM ({reached})").fetchone()
    last: datetime | None = row[0] if row else None
    return last


def activation(con: DuckDBPyConnection, asks: Question, reached: str) -> Triangle:
    """The triangle: the share that has reached the milestone by the end of the k-th period after that of the sign-up.

    What was done before the sign-up was done by its end. A period that still runs is not over for anybody.
    """
    sql = _statement(asks, reached)
    slots = shown(asks)
    known = len(slots) - (1 if slots and slots[-1].period.partial else 0)
    sizes: dict[tuple[int, str], int] = defaultdict(int)
    done: dict[tuple[int, str], dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for cohort, segment, place, count in con.execute(sql).fetchall():
        sizes[cohort, segment] += count
        if place is not None:
            done[cohort, segment][max(place, cohort)] += count
    rows = []
    for (cohort, segment), size in sorted(sizes.items()):
        total, values = 0, list[float | None]()
        for place in range(cohort, len(slots)):
            total += done[cohort, segment][place]
            values.append(total / size if place < known else None)
        rows.append(Cohort(slots[cohort].period.opens, segment if asks.by else None, size, tuple(values)))
    return Triangle(tuple(rows), sql)


def _statement(asks: Question, reached: str) -> str:
    """Columns: the cohort's place and segment, the place of the period in which the milestone was reached, how many."""
    chosen = selected(asks, "signups", "flow")
    where = "".join(f" AND {condition}" for condition in chosen.conditions)
    return f"""WITH periods(n, place, opens, closes) AS (
  VALUES {places(asks)}
), members AS (
  SELECT r.account_id, {chosen.segment} AS segment, d.place
  FROM {chosen.source} JOIN periods AS d ON r.happened_at >= d.opens AND r.happened_at < d.closes
  WHERE r.account_id <> ''{where}
), reached AS (
  {reached}
), found AS (
  SELECT f.account_id, d.place FROM reached AS f ASOF JOIN periods AS d ON f.first_at < d.closes
)
SELECT m.place AS cohort, m.segment, f.place, count(*) FROM members AS m LEFT JOIN found AS f ON f.account_id = m.account_id
GROUP BY ALL"""
