"""The company's calendar as tables: its local days, and which quarters of an hour are business hours.

`facts.calendar_days(day, starts_at, ends_at)` has a row for each local day, `facts.calendar(quarter_at, day, business_s,
is_open)` one for each quarter of an hour of UTC: the local day that it belongs to, the business seconds from the
calendar's beginning up to it, and whether it is in business hours (1 or 0). Zones come from one database, that of Python,
for every engine; a join with these tables is about twenty times faster than a conversion per row, and right through
changes of clocks. What is planned reaches further than what has happened, so quarters end with next year. (A zone whose
offset is no whole number of quarters, as some had before 1972, has days that begin within one.)
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tenure.calendar import day_start
from tenure.facts.fact import facts
from tenure.store import warehouse
from tenure.store.connection import transaction
from tenure.store.layout import literal, quoted
from tenure.tables import TABLES
from tenure.tables.schema import Type

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings

# Beyond these years an instant is a slip of somebody's keyboard, and the table would only be long.
_FIRST, _LAST = 1970, 2099
# What is loaded goes on to tell until then: a call's mood lapses after 90 days, use is missed for nine weeks.
# East and west of UTC the local day may be the one before, or after.
_AHEAD = 90 + 1
_PLACE = "facts.calendar"


def mark(settings: Settings) -> str:
    """What the calendar depends on; equal where it is the same one."""
    hours = settings.business_hours
    return f"{_AHEAD} {settings.timezone} {hours.timezone or ''} {hours.week} {sorted(hours.holidays)}"


def ensure(con: DuckDBPyConnection, settings: Settings) -> None:
    """Makes the calendar where it is not there, was made for other hours or does not reach over all that is loaded."""
    if not stands(con, settings):
        with transaction(con, derived=True):
            _forget_cut(con)
            rebuild(con, settings)
            con.execute(f"DELETE FROM meta.ledgers WHERE place = '{_PLACE}'")
            con.execute(f"INSERT INTO meta.ledgers VALUES ('{_PLACE}', {literal(mark(settings))}, '', 0)")


def _forget_cut(con: DuckDBPyConnection) -> None:
    """Has those ledgers made anew that are made by quarters of an hour, where there were days that had none yet."""
    row = con.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = 'facts' AND table_name = 'calendar'"
    )
    if not row.fetchone():
        return
    row = con.execute("SELECT (SELECT max(day) FROM facts.calendar) < max(day) FROM facts.calendar_days")
    if row.fetchall()[0][0]:
        stale = ", ".join(literal(name) for name, fact in facts().items() if "calendar" in fact.sources)
        con.execute(f"DELETE FROM meta.ledgers WHERE split_part(place, '.', 2) IN ({stale})")


def stands(con: DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the calendar is there, made for these hours, and reaches over all that is loaded."""
    row = con.execute(f"SELECT fingerprint FROM meta.ledgers WHERE place = '{_PLACE}'").fetchone()
    return row is not None and row[0] == mark(settings) and covers(con)


def rebuild(con: DuckDBPyConnection, settings: Settings) -> None:
    """Writes the calendar anew, in whole years, for all that is loaded."""
    first, last = _years(con)
    days = [date(first, 1, 1) + timedelta(days=k) for k in range((date(last + 1, 1, 1) - date(first, 1, 1)).days + 1)]
    starts = [day_start(day, settings.zone) for day in days]
    rows = ", ".join(
        f"(DATE '{day}', TIMESTAMP '{opens}', TIMESTAMP '{closes}')"
        for day, opens, closes in zip(days, starts, starts[1:], strict=False)
        if opens < closes  # a zone that crosses the date line skips a day
    )
    con.execute(f"""
        CREATE OR REPLACE TABLE facts.calendar_days AS
        SELECT * FROM (VALUES {rows}) AS v(day, starts_at, ends_at)
    """)
    stretches = ", ".join(f"(TIMESTAMP '{a}', TIMESTAMP '{b}')" for a, b in _stretches(days, settings))
    opened = (
        f"(VALUES {stretches}) AS v(since, until)" if stretches else "(SELECT NULL AS since, NULL AS until WHERE false)"
    )
    con.execute(f"""
        CREATE OR REPLACE TABLE facts.calendar AS
        WITH quarters AS (
            SELECT unnest(range(starts_at, ends_at, INTERVAL 15 MINUTE)) AS quarter_at, day FROM facts.calendar_days
            WHERE year(day) <= {datetime.now(UTC).year + 1}
        ), opened AS (
            SELECT DISTINCT unnest(range(CAST(since AS TIMESTAMP), CAST(until AS TIMESTAMP), INTERVAL 15 MINUTE)) AS quarter_at
            FROM {opened}
        ), marked AS (
            SELECT q.quarter_at, q.day, CAST(o.quarter_at IS NOT NULL AS BIGINT) AS is_open
            FROM quarters AS q LEFT JOIN opened AS o ON o.quarter_at = q.quarter_at
        )
        SELECT quarter_at, day, CAST(900 * (sum(is_open) OVER (ORDER BY quarter_at) - is_open) AS BIGINT) AS business_s, is_open FROM marked
    """)


def covers(con: DuckDBPyConnection) -> bool:
    """Whether the calendar that is there reaches over all that is loaded."""
    first, last = _years(con)
    row = con.execute("""
        SELECT year(min(d.day)), year(max(d.day)), (SELECT year(max(day)) FROM facts.calendar) FROM facts.calendar_days AS d
    """).fetchone()
    known = row if row and row[0] is not None else (_LAST, _FIRST, _FIRST)
    return bool(known[0] <= first and known[1] >= last and known[2] >= min(last, datetime.now(UTC).year))


def _years(con: DuckDBPyConnection) -> tuple[int, int]:
    """The first and the last year of which anything that is loaded tells; this one where nothing is."""
    bounds = [
        f"SELECT min({quoted(column.name)}) AS first, max({quoted(column.name)}) AS last FROM rows.{table.name}"
        for table in TABLES.values()
        for column in table.columns
        if column.type in {Type.INSTANT, Type.DAY} and column.name != "updated_at"
    ]
    sql = f"SELECT year(min(first) - INTERVAL 1 DAY), year(max(last) + INTERVAL {_AHEAD} DAY) FROM ({' UNION ALL '.join(bounds)})"
    row = con.execute(sql).fetchone()
    first, last = row if row and row[0] is not None else (datetime.now(UTC).year,) * 2
    if brought := warehouse.held(con):
        first, last = min(first, brought.years[0]), max(last, brought.years[1])
    return min(max(first, _FIRST), _LAST), max(min(last, _LAST), _FIRST)


def _stretches(days: list[date], settings: Settings) -> Iterator[tuple[datetime, datetime]]:
    """The business hours as instants, in the zone where they are kept."""
    hours = settings.business_hours
    zone = ZoneInfo(hours.timezone) if hours.timezone else settings.zone
    for day in days:
        if day in hours.holidays:
            continue
        for since, until in hours.week[day.weekday()]:
            yield _instant(day, since, zone), _instant(day, until, zone)


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
