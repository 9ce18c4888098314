"""A period as a person names it: 2026, 2026-Q2, 2026-06, 2026-W23, 2026-06-30."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tenure.calendar import day_start, period_start, periods
from tenure.errors import UsageError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_WAYS = (
    ("year", r"(?P<year>\d{4})"),
    ("quarter", r"(?P<year>\d{4})-?[Qq](?P<part>[1-4])"),
    ("month", r"(?P<year>\d{4})-(?P<part>\d{2})"),
    ("week", r"(?P<year>\d{4})-?[Ww](?P<part>\d{1,2})"),
    ("day", r"(?P<year>\d{4})-(?P<part>\d{2})-(?P<day>\d{2})"),
)
_THURSDAY = 4
_LONGEST = timedelta(days=400)


@dataclass(frozen=True)
class Named:
    """A whole period `[start, end)` in naive UTC, with the grain that it is one of; `label` is its name."""

    label: str
    grain: str
    start: datetime
    end: datetime


def named(text: str, zone: ZoneInfo, week_start: str) -> Named:
    """The period that `text` names, cut in the company's zone; a week is the one that holds its Thursday.

    Raises:
        UsageError: it is no such name.
    """
    for grain, way in _WAYS:
        found = re.fullmatch(way, text.strip())
        if found:
            try:
                day, label = _day(grain, found.groupdict())
            except ValueError:
                break
            return whole(label, grain, day_start(day, zone), zone, week_start)
    message = f"'{text}' is not a period: write it like 2026-06, 2026-Q2, 2026, 2026-W23 or 2026-06-30."
    raise UsageError(message)


def whole(label: str, grain: str, instant: datetime, zone: ZoneInfo, week_start: str) -> Named:
    """The whole period of a grain that holds an instant."""
    start = period_start(instant, grain, zone, week_start)
    end = periods(start, start + _LONGEST, grain, zone, week_start, datetime.max)[0].whole_closes  # noqa: DTZ901 - naive UTC
    return Named(label, grain, start, end)


def _day(grain: str, said: dict[str, str]) -> tuple[date, str]:
    """A day within the period, and how the period is written."""
    year, part = int(said["year"]), int(said.get("part") or 1)
    match grain:
        case "quarter":
            return date(year, part * 3 - 2, 1), f"{year}-Q{part}"
        case "week":
            return date.fromisocalendar(year, part, _THURSDAY), f"{year}-W{part:02}"
        case "day":
            day = date(year, part, int(said["day"]))
            return day, day.isoformat()
    return date(year, part, 1), f"{year}-{part:02}" if grain == "month" else str(year)
