"""From the CSV text of a worked example to typed rows, read by hand; and the cuts of its window."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from oracle.company import Company

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

NUMBERS = {"quantity", "unit_amount", "mrr", "discount_percent", "discount_amount", "rate"}
ALIASES = {"interval": "billing_interval", "date": "day", "table": "table_name"}
Cell = str | bool | int | Decimal | datetime | date | None
READ: Mapping[str, Callable[[str], Cell]] = {
    **dict.fromkeys(NUMBERS, Decimal),
    "day": date.fromisoformat,
    "interval_count": int,
}


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Naive UTC; a text without an offset is read in `zone`."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).replace(tzinfo=None)


def cell(column: str, text: str, zone: ZoneInfo) -> Cell:
    """One typed cell; None where it is empty."""
    if not text:
        return None
    if column.endswith("_at"):
        return instant(text, zone)
    if column.startswith("is_"):
        return text.lower() == "true"
    return READ.get(column, str)(text)


def company(tables: Mapping[str, str], zone: ZoneInfo, currency: str) -> Company:
    """The rows of a worked example's tables."""
    typed = {}
    for name, text in tables.items():
        rows = csv.DictReader(io.StringIO(text))
        named = [{ALIASES.get(column, column): value for column, value in row.items()} for row in rows]
        typed[name] = [{column: cell(column, value or "", zone) for column, value in row.items()} for row in named]
    return Company(typed, currency)


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """A naive local time as naive UTC."""
    return moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)


def following(day: date, grain: str) -> date:
    """The first day of the next period of `grain` after the one that begins on `day`."""
    if grain == "day":
        return day + timedelta(days=1)
    if grain == "week":
        return day + timedelta(days=7)
    length = {"month": 1, "quarter": 3, "year": 12}[grain]
    months = day.year * 12 + day.month - 1 + length
    return date(months // 12, months % 12 + 1, 1)


def preceding(day: date, grain: str) -> date:
    """The first day of the period of `grain` before the one that begins on `day`."""
    if grain in {"day", "week"}:
        return day - (following(day, grain) - day)
    length = {"month": 1, "quarter": 3, "year": 12}[grain]
    months = day.year * 12 + day.month - 1 - length
    return date(months // 12, months % 12 + 1, 1)


def beginning(day: date, grain: str) -> date:
    """The first day of the period of `grain` that `day` lies in; a week begins where the window does."""
    if grain in {"day", "week"}:
        return day
    length = {"month": 1, "quarter": 3, "year": 12}[grain]
    months = (day.month - 1) // length * length
    return date(day.year, months + 1, 1)


def windows(since: date, until: date, grain: str, zone: ZoneInfo) -> list[tuple[datetime, datetime, datetime]]:
    """(the earlier period's opening, opening, closing) in naive UTC of every period, clipped to the window."""

    def midnight(day: date) -> datetime:
        return local(datetime(day.year, day.month, day.day), zone)  # noqa: DTZ001 - naive local time on purpose

    if grain == "total":
        return [(midnight(since - (until - since)), midnight(since), midnight(until))]
    found = []
    begins = beginning(since, grain)
    while begins < until:
        ends = following(begins, grain)
        found.append((midnight(preceding(begins, grain)), midnight(max(begins, since)), midnight(min(ends, until))))
        begins = ends
    return found
