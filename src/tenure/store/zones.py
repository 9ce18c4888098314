"""Local time to UTC as SQL, by Python's own zones: the same digits as the calendar, whatever the database ships."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)
_STEP = timedelta(days=5)  # no zone has changed its offset twice within as many days


@lru_cache
def offsets(zone: str) -> tuple[tuple[datetime | None, int], ...]:
    """From which local time on which offset in seconds holds; the first one holds from the beginning.

    A local time that occurs twice is read as the first of the two, one that never occurs with the offset before the
    gap: both as Python reads them (`fold=0`).
    """
    tz = ZoneInfo(zone)
    found: list[tuple[datetime | None, int]] = [(None, _offset(_FIRST, tz))]
    instant = _FIRST
    while instant < _LAST:
        later = instant + _STEP
        if _offset(later, tz) != (before := found[-1][1]):
            turn = _turn(instant, later, tz)
            after = _offset(turn, tz)
            found.append((turn.replace(tzinfo=None) + timedelta(seconds=max(before, after)), after))
        instant = later
    return tuple(found)


def to_utc(local: str, zone: str) -> str:
    """SQL: the naive `TIMESTAMP` expression `local`, read in `zone`, as naive UTC. `local` is written often: a name."""
    known = offsets(zone)
    if len(known) == 1 and known[0][1] == 0:
        return local
    return f"{local} - to_seconds({_choice(local, known)})"


def _choice(local: str, known: tuple[tuple[datetime | None, int], ...]) -> str:
    # a tree, not a chain: a zone has some hundred changes, and each row passes through eight of them
    if len(known) == 1:
        return str(known[0][1])
    half = len(known) // 2
    turn = f"TIMESTAMP '{known[half][0]}'"
    return f"CASE WHEN {local} < {turn} THEN {_choice(local, known[:half])} ELSE {_choice(local, known[half:])} END"


def _offset(instant: datetime, tz: ZoneInfo) -> int:
    offset = instant.astimezone(tz).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _turn(before: datetime, after: datetime, tz: ZoneInfo) -> datetime:
    """The first whole second at which the offset is no longer that of `before`."""
    old = _offset(before, tz)
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        before, after = (middle, after) if _offset(middle, tz) == old else (before, middle)
    return after
