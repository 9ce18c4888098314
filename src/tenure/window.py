"""The window of a question: which periods are shown, and which earlier ones are needed to compare them and to redo them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tenure.calendar import How, Period, earlier, local, months_before, period_start, periods
from tenure.errors import UnknownNameError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

COMPARISONS = ("previous", "year")
_INSTANT = timedelta(microseconds=1)
# How many full periods stand before the running one where the user names no beginning.
_FULL = 12


@dataclass(frozen=True)
class Window:
    """What is asked about: `[since, until)` in naive UTC, cut at `grain`; `compare` is `previous`, `year` or None."""

    since: datetime
    until: datetime
    grain: str
    compare: str | None = None

    def __post_init__(self) -> None:
        if self.compare is not None and self.compare not in COMPARISONS:
            raise UnknownNameError("comparison", self.compare, COMPARISONS, f"There are {' and '.join(COMPARISONS)}.")


@dataclass(frozen=True)
class Slot:
    """One period of the statement: shown, or only there to compare with; `compared` is the number of its counterpart."""

    n: int
    period: Period
    shown: bool
    compared: int | None


@dataclass(frozen=True)
class Slots:
    """All periods of a statement; `ancestors` are (n, k, the n of the period k before), `months` that of the k-th month before."""

    slots: tuple[Slot, ...]
    ancestors: tuple[tuple[int, int, int], ...]
    months: tuple[tuple[int, int, int], ...] = ()

    @property
    def cuts(self) -> list[datetime]:
        """Every instant at which a level may be read."""
        return sorted({cut for s in self.slots for cut in (s.period.opens, s.period.closes)})


def default_window(
    first: datetime | None, last: datetime | None, now: datetime, grain: str, zone: ZoneInfo, week_start: str
) -> tuple[datetime, datetime]:
    """The last twelve full periods and the running one, up to the earlier of now and the last loaded change.

    For `total` it is all that was loaded. With nothing loaded it ends now.
    """
    until = min(now, last + _INSTANT) if last else now
    if grain == "total":
        return (min(first, until - _INSTANT) if first else until - timedelta(days=365)), until
    return period_start(until - _INSTANT, grain, zone, week_start, back=_FULL), until


def window_ahead(now: datetime, grain: str, zone: ZoneInfo, week_start: str) -> tuple[datetime, datetime]:
    """The running period and the twelve after it; for `total` the year from now."""
    if grain == "total":
        return now, now + timedelta(days=365)
    opens = period_start(now, grain, zone, week_start)
    longest = timedelta(days=1 if grain == "hour" else 366)  # of a period; the hours of years would be too many
    ahead = periods(opens, opens + (_FULL + 1) * longest, grain, zone, week_start, datetime.max)  # noqa: DTZ901 - naive UTC
    return opens, ahead[_FULL].closes


def slots(window: Window, zone: ZoneInfo, week_start: str, now: datetime, depth: int, months: int = 0) -> Slots:
    """The periods to compute: those of the window, their counterparts, and `depth` periods and `months` before each of both."""
    numbers: dict[tuple[datetime, datetime], int] = {}
    kept: dict[int, Period] = {}

    def number(period: Period) -> int:
        n = numbers.setdefault((period.opens, period.closes), len(numbers) + 1)
        kept.setdefault(n, period)
        return n

    shown = periods(window.since, window.until, window.grain, zone, week_start, now)
    compared: dict[int, int] = {}
    main = {number(period): period for period in shown}
    if window.compare:
        how: How = "year" if window.compare == "year" else "previous"
        for n, period in list(main.items()):
            compared[n] = number(earlier(period, window.grain, 1, how, zone=zone, week_start=week_start))
    ancestors = [
        (n, k, number(earlier(kept[n], window.grain, k, zone=zone, week_start=week_start)) if k else n)
        for n in sorted({*main, *compared.values()})
        for k in range(depth + 1)
        if depth
    ]
    before = [
        (n, k, number(months_before(kept[n], k, zone)))
        for n in sorted({*main, *compared.values()})
        for k in range(1, months + 1)
    ]
    made = tuple(Slot(n, period, n in main, compared.get(n)) for n, period in sorted(kept.items()))
    return Slots(made, tuple(ancestors), tuple(before))


def local_days(period: Period, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last local day of a period; of one without length the last is the day before the first."""
    first = local(period.opens, zone).date()
    if period.closes <= period.opens:
        return first, first - timedelta(days=1)
    return first, local(period.closes - _INSTANT, zone).date()


def rate_day(cut: datetime, first: date, last: date) -> date:
    """The day whose rate a level takes at a cut: that of the instant before it, or the nearest that has a rate."""
    return min(max((cut - _INSTANT).date(), first), last)
