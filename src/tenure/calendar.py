"""Periods: where hours to years are cut in a company's time zone, and which earlier period each is compared with.

Instants are naive UTC, every interval is half-open. A cut is made in local time, through the days on which clocks
change: an hour is a 3,600-second step from local midnight (so 23 or 25 on such a day, and a shorter last one where
clocks move by half an hour), and a day whose midnight does not exist begins with its first instant.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count, pairwise
from typing import TYPE_CHECKING, Literal

from tenure.errors import UnknownNameError, UsageError, cut

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

GRAINS = ("hour", "day", "week", "month", "quarter", "year", "total")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
How = Literal["previous", "year"]

_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_DAYS = {"hour": 1, "day": 1, "week": 7}
_HOUR = timedelta(hours=1)
_YEARS = range(1900, 2200)
_MOST = 100_000


@dataclass(frozen=True)
class Period:
    """One row of an answer: what it shows, `[opens, closes)`, of its whole period; all four in naive UTC.

    `partial` says that something of the whole is not shown: clipped by the window's ends, or not yet over.
    """

    opens: datetime
    closes: datetime
    partial: bool
    whole_opens: datetime
    whole_closes: datetime


def parse_instant(text: str | date, zone: ZoneInfo) -> datetime:
    """The instant that `text` means, naive UTC: ISO 8601, local time of `zone` unless it has an offset or `Z`.

    A bare date is the first instant of that local day. A local time that clocks skip is read as if they had not been
    changed yet, one that comes twice is its first. Dates and datetimes are taken as well.

    Raises:
        UsageError: it is no instant, or not one of the years 1900 to 2199.
    """
    try:
        found = datetime.fromisoformat(text.strip()) if isinstance(text, str) else text
        if not isinstance(found, datetime):
            found = datetime.combine(found, time())
    except ValueError as fault:
        message = f"'{cut(str(text))}' is not a date or an instant: write it like 2024-03-01 or 2024-03-01T09:30:00Z."
        raise UsageError(message) from fault
    if found.year not in _YEARS:
        message = f"'{cut(str(text))}' is outside the years {_YEARS[0]} to {_YEARS[-1]}, which is all that can be asked about."
        raise UsageError(message)
    return _utc(found, zone) if found.tzinfo is None else found.astimezone(UTC).replace(tzinfo=None)


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    """What the clocks of `zone` show at `instant` (naive UTC), naive."""
    return instant.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None, fold=0)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day, naive UTC; also where clocks skip its midnight."""
    return _utc(datetime.combine(day, time()), zone)


def period_start(instant: datetime, grain: str, zone: ZoneInfo, week_start: str, back: int = 0) -> datetime:
    """When the whole period that holds `instant` began, or the one `back` periods before it; naive UTC.

    `total` has no cuts of its own: it begins at `instant`.
    """
    if grain == "total":
        return instant
    opens = next(opens for opens, closes in _wholes(instant, grain, zone, week_start) if closes > instant)
    return _opens_before(opens, grain, back, "previous", zone) if back else opens


def periods(
    since: datetime, until: datetime, grain: str, zone: ZoneInfo, week_start: str, now: datetime
) -> list[Period]:
    """The periods of the window `[since, until)` at a grain, in order, without gap or overlap up to `now`.

    Those at the ends are clipped to the window, and partial if that takes something from them. One that runs at `now`
    is cut there and partial; what has not begun is left out. `total` is the window itself as one period.

    Args:
        since: naive UTC, as `until` and `now`.
        until: the end, exclusive.
        grain: one of `GRAINS`.
        zone: where the cuts are local.
        week_start: one of `WEEKDAYS`.
        now: what counts as now.

    Raises:
        UnknownNameError: there is no such grain.
        UsageError: the window is empty, or has more than 100,000 periods.
    """
    if grain not in GRAINS:
        raise UnknownNameError("grain", grain, GRAINS, f"The grains are {', '.join(GRAINS)}.")
    if until <= since:
        shown = f"'{local(since, zone).isoformat()}' to '{local(until, zone).isoformat()}'"
        raise UsageError(f"The window from {shown} is empty: it must end after it begins.")
    cut, found = min(until, now), list[Period]()
    for opens, closes in [(since, until)] if grain == "total" else _wholes(since, grain, zone, week_start):
        if max(opens, since) >= cut:
            break
        if closes <= since or opens == closes:  # a zone that crosses the date line skips a day
            continue
        if len(found) == _MOST:
            raise UsageError(f"That window has more than {_MOST:,} periods of grain '{grain}': ask for a coarser one.")
        found.append(_shown(max(opens, since), min(closes, cut), opens, closes))
    return found


def earlier(
    period: Period, grain: str, k: int = 1, how: How = "previous", *, zone: ZoneInfo, week_start: str
) -> Period:
    """The period to compare with: `k` periods before, or `k` years before (`how="year"`).

    A whole period is compared with a whole one. Of a partial one the same elapsed local days and time of day are
    taken, never past the earlier one's end: 30 March against all of February. A week's year is 52 weeks; 29 February
    is compared with 28. `total` is a window: the one before has as many months if both ends are on a first of month,
    else as many local days, else the same length. Where a clipped start has no counterpart the period is empty
    (`opens == closes`).
    """
    opens = period.whole_opens
    if grain == "total":
        before, after = _window_before(opens, period.whole_closes, k, how, zone)
    else:
        before = _opens_before(opens, grain, k, how, zone)
        after = _closes(before, grain, zone, week_start)
    if not period.partial:
        return Period(before, after, partial=False, whole_opens=before, whole_closes=after)

    def counterpart(instant: datetime) -> datetime:
        if instant == opens:
            return before
        moved = before + (instant - opens) if grain == "hour" else _same_elapsed(instant, opens, before, zone)
        return min(max(moved, before), after)

    return _shown(counterpart(period.opens), counterpart(period.closes), before, after)


def months_before(period: Period, k: int, zone: ZoneInfo) -> Period:
    """The k-th month before a period opens: a calendar month where it opens with one, else to the same day of the month."""
    day = local(period.opens, zone).date()
    opens, closes = (day_start(_months_later(day, -months), zone) for months in (k, k - 1))
    return Period(opens, closes, partial=False, whole_opens=opens, whole_closes=closes)


def _utc(wall: datetime, zone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def _shown(opens: datetime, closes: datetime, whole_opens: datetime, whole_closes: datetime) -> Period:
    return Period(opens, closes, (opens, closes) != (whole_opens, whole_closes), whole_opens, whole_closes)


def _months_later(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _steps_later(day: date, grain: str, k: int) -> date:
    if grain in _MONTHS:
        return _months_later(day, k * _MONTHS[grain])
    return day + timedelta(days=k * _DAYS[grain])


def _first_day(day: date, grain: str, week_start: str) -> date:
    """The local day on which the period of `day` begins."""
    if grain == "week":
        return day - timedelta(days=(day.weekday() - WEEKDAYS.index(week_start)) % 7)
    if grain in _MONTHS:
        return date(day.year, day.month - (day.month - 1) % _MONTHS[grain], 1)
    return day


def _hours(opens: datetime, closes: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The hours of one local day."""
    while opens < closes:
        yield opens, min(opens + _HOUR, closes)
        opens += _HOUR


def _wholes(instant: datetime, grain: str, zone: ZoneInfo, week_start: str) -> Iterator[tuple[datetime, datetime]]:
    """Whole periods one after the other, without end; the first ones may lie before `instant`."""
    # A day early: where clocks go back over midnight, two dates alternate for an hour.
    first = _first_day(local(instant, zone).date() - timedelta(days=1), grain, week_start)
    cuts = (day_start(_steps_later(first, grain, k), zone) for k in count())
    for opens, closes in pairwise(cuts):
        if grain == "hour":
            yield from _hours(opens, closes)
        else:
            yield opens, closes


def _closes(opens: datetime, grain: str, zone: ZoneInfo, week_start: str) -> datetime:
    """When the whole period that begins at `opens` ends."""
    wholes = _wholes(opens, grain, zone, week_start)
    return next(closes for begun, closes in wholes if begun >= opens)


def _opens_before(opens: datetime, grain: str, k: int, how: How, zone: ZoneInfo) -> datetime:
    """When the whole period begins that is `k` periods or years before the one that begins at `opens`."""
    if grain == "hour":
        return _hours_before(opens, k, zone) if how == "previous" else _hour_of_year_before(opens, k, zone)
    day = local(opens, zone).date()
    if how == "previous":
        return day_start(_steps_later(day, grain, -k), zone)
    return day_start(day - timedelta(weeks=52 * k) if grain == "week" else _months_later(day, -12 * k), zone)


def _hours_before(opens: datetime, k: int, zone: ZoneInfo) -> datetime:
    day = local(opens, zone).date()
    start = day_start(day, zone)
    step = (opens - start) // _HOUR - k
    while step < 0:
        day, end = day - timedelta(days=1), start
        start = day_start(day, zone)
        step += -((start - end) // _HOUR)  # rounded up: the last hour of a day may be a short one
    return start + step * _HOUR


def _hour_of_year_before(opens: datetime, k: int, zone: ZoneInfo) -> datetime:
    """The hour that holds the same local time of the same date."""
    wall = local(opens, zone)
    day = _months_later(wall.date(), -12 * k)
    start = day_start(day, zone)
    return start + max(_utc(datetime.combine(day, wall.time()), zone) - start, timedelta(0)) // _HOUR * _HOUR


def _window_before(since: datetime, until: datetime, k: int, how: How, zone: ZoneInfo) -> tuple[datetime, datetime]:
    walls = [local(since, zone), local(until, zone)]
    days = [wall.date() for wall in walls]
    if how == "year":
        first, last = (_months_later(day, -12 * k) for day in days)
        if last.day != days[1].day and walls[1].time() == time():
            last += timedelta(days=1)  # the end is exclusive: up to 29 February is all of 28
        before = _utc(datetime.combine(first, walls[0].time()), zone)
        return before, max(before, _utc(datetime.combine(last, walls[1].time()), zone))
    if [day_start(day, zone) for day in days] != [since, until]:
        length = until - since
        return since - k * length, until - k * length
    if all(day.day == 1 for day in days):
        months = (days[1].year - days[0].year) * 12 + days[1].month - days[0].month
        first, last = (_months_later(day, -k * months) for day in days)
    else:
        first, last = (day - k * (days[1] - days[0]) for day in days)
    return day_start(first, zone), day_start(last, zone)


def _same_elapsed(instant: datetime, opens: datetime, before: datetime, zone: ZoneInfo) -> datetime:
    """As many local days after `before` as `instant` is after `opens`, at the same time of day."""
    wall = local(instant, zone)
    days = wall.date() - local(opens, zone).date()
    return _utc(datetime.combine(local(before, zone).date() + days, wall.time()), zone)
