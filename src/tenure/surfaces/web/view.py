"""What the reader asked to see: the address of the page as data, and the window that it means."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from tenure import calendar
from tenure.errors import UnknownNameError, UsageError, cut
from tenure.policy import PRESETS
from tenure.query import HOURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenure.calendar import Period
    from tenure.config import Settings

SPANS = {"hour": 24, "day": 30, "week": 13, "month": 12, "quarter": 8, "year": 5}
COMPARISONS = {"previous": "the period before", "year": "the year before", "none": "nothing"}
RANGES = {
    "today": "Today",
    "7d": "Last 7 days",
    "30d": "Last 30 days",
    "3m": "Last 3 months",
    "6m": "Last 6 months",
    "12m": "Last 12 months",
    "24m": "Last 24 months",
    "this-year": "This year",
    "last-year": "Last year",
    "all": "All that is known",
}
PARAMETERS = (
    "grain", "at", "from", "to", "range", "by", "where", "compare", "policy", "hours", "currency", "filter", "value",
)  # fmt: skip
_READING = ("policy", "hours", "currency")
# Days are counted with the running one; months are full ones, and the running one beside them.
_BACK = {"d": ("day", 1), "m": ("month", 0)}
_HOURS = {"hour": 1, "day": 24, "week": 168, "month": 730, "quarter": 2190, "year": 8766}
_MOST = 400
_MOST_FILTERS = 100


@dataclass(frozen=True)
class View:
    """A page and its parameters, each empty where the reader left it to us; `extra` are those of one page alone.

    `currency` is what money is shown in if it is not the company's, `choosing` the dimension of which a filter is being chosen.
    """

    path: str = "/"
    grain: str = "month"
    at: str = ""
    since: str = ""
    until: str = ""
    span: str = ""
    by: str = ""
    where: tuple[tuple[str, str], ...] = ()
    compare: str = "previous"
    policy: str = ""
    hours: str = ""
    currency: str = ""
    choosing: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters as they stand in an address; what is as by default is left out."""
        every = [
            ("grain", self.grain if self.grain != "month" else ""),
            ("at", self.at),
            ("from", self.since),
            ("to", self.until),
            ("range", self.span),
            ("by", self.by),
            *(("where", f"{name}:{value}") for name, value in self.where),
            ("compare", self.compare if self.compare != "previous" else ""),
            ("policy", self.policy),
            ("hours", self.hours),
            ("currency", self.currency),
            ("filter", self.choosing),
            *self.extra,
        ]
        return [(name, value) for name, value in every if value]

    def link(self, **changes: object) -> str:
        """The address of this view with some of it changed."""
        other = replace(self, **{"choosing": "", **changes})  # type: ignore[arg-type]
        path, query = quote(other.path, safe="/:"), urlencode(other.pairs())
        return f"{path}?{query}" if query else path

    def to(self, path: str, **changes: object) -> str:
        """The address of another page in the same time and reading, without what only this page knows."""
        return self.link(**{"path": path, "extra": (), "by": "", **changes})

    def customer(self, account_id: str | None) -> str:
        """The page of a customer in the same reading, of whatever time; empty where nobody is known."""
        if not account_id:
            return ""
        reading = urlencode([pair for pair in self.pairs() if pair[0] in _READING])
        path = f"/customers/{quote(account_id, safe='')}"
        return f"{path}?{reading}" if reading else path

    def told(self, name: str) -> str:
        """A parameter of this page alone; empty if it was not given."""
        return dict(self.extra).get(name, "")

    def telling(self, **said: str) -> str:
        """The address of this view with some of its own parameters changed."""
        return self.link(extra=tuple({**dict(self.extra), **said}.items()))


def parsed(pairs: Sequence[tuple[str, str]], path: str = "/", own: Sequence[str] = ()) -> View:
    """The view that the parameters of an address mean; empty ones count as not given, `own` are those of one page alone.

    Raises:
        UnknownNameError: a parameter, grain, comparison, range, policy or kind of hours that there is not.
        UsageError: a filter that is not DIM:VALUE, or more of them than a page has room for.
    """
    single: dict[str, str] = {}
    where = []
    taken = (*PARAMETERS, *own)
    for name, value in pairs:
        if name not in taken:
            raise UnknownNameError("parameter", name, taken, f"The page takes {', '.join(taken)}.")
        if name == "where" and value:
            where.append(_filter(value))
        elif value:
            single[name] = value.strip()
    if len(where) > _MOST_FILTERS:
        message = f"The page takes up to {_MOST_FILTERS} filters, and these are {len(where):,}: name a segment in tenure.toml instead."
        raise UsageError(message)
    choosing, value = single.get("filter", ""), single.get("value", "")
    if choosing and value:  # a form cannot write them as one word
        where.append((choosing, value))
        choosing = ""
    for name, kind, known in (
        ("grain", "grain", SPANS),
        ("compare", "comparison", COMPARISONS),
        ("range", "range", RANGES),
        ("policy", "policy preset", PRESETS),
        ("hours", "kind of hours", HOURS),
    ):
        if name in single and single[name] not in known:
            raise UnknownNameError(kind, single[name], known, f"It takes {', '.join(known)}.")
    return View(
        path, single.get("grain", "month"), single.get("at", ""), single.get("from", ""), single.get("to", ""),
        single.get("range", ""), single.get("by", ""), tuple(dict.fromkeys(where)), single.get("compare", "previous"),
        single.get("policy", ""), single.get("hours", ""), single.get("currency", "").upper(), choosing,
        tuple((name, single[name]) for name in own if name in single),
    )  # fmt: skip


def _filter(text: str) -> tuple[str, str]:
    dimension, colon, wanted = text.partition(":")
    if not (dimension and colon):
        message = f"The filter '{cut(text)}' cannot be read: write it as DIMENSION:VALUE, as in plan:pro."
        raise UsageError(message)
    return dimension, wanted


@dataclass(frozen=True)
class Frame:
    """The window of a view: its ends (naive UTC), its periods, and which of them the tiles show."""

    since: datetime
    until: datetime
    periods: tuple[Period, ...]
    focus: int
    zone: ZoneInfo = field(repr=False)

    @property
    def shown(self) -> Period:
        """The period that the tiles show."""
        return self.periods[self.focus]

    def address(self, instant: datetime) -> str:
        """An instant as it stands in an address: local, and a bare date where it is midnight."""
        text = calendar.local(instant, self.zone).isoformat(timespec="minutes")
        return text.removesuffix("T00:00")


def frame(view: View, settings: Settings, first: datetime, last: datetime, now: datetime | None = None) -> Frame:
    """The window that `view` means for a store that knows `[first, last)` (naive UTC).

    Left to us, it is the last full period with as many before it as the grain has room for, and the running one; a
    period asked for by `at` is the last of its window instead, unless `from` and `to` say otherwise. Today ends now (None: the
    clock), whether or not anything was heard of it.

    Raises:
        UsageError: a date that cannot be read, a window that is empty, too long or outside of what is known.
    """
    zone, week = ZoneInfo(settings.timezone), settings.week_start
    if view.span == "today":
        last = max(last, now or datetime.now(UTC).replace(second=0, microsecond=0, tzinfo=None))
    running = calendar.period_start(last, view.grain, zone, week)
    at = calendar.parse_instant(view.at, zone) if view.at else None
    if (
        at is not None
        and not first <= at < last
        and not calendar.period_start(first, view.grain, zone, week) <= at < last
    ):
        span = f"{calendar.local(first, zone):%Y-%m-%d} to {calendar.local(last, zone):%Y-%m-%d}"
        message = f"There is nothing at '{view.at}': the store knows {span}."
        raise UsageError(message)
    ranged = _ranged(view.span, view.grain, first, last, zone, week)
    ends = ranged[1] if ranged else _end(at, view, running, last, zone, week)
    until = calendar.parse_instant(view.until, zone) if view.until else ends
    if view.since:
        since = calendar.parse_instant(view.since, zone)
    elif ranged:
        since = ranged[0]
    else:
        edge = calendar.period_start(until, view.grain, zone, week)
        since = calendar.period_start(edge, view.grain, zone, week, SPANS[view.grain])
    periods = calendar.periods(since, until, view.grain, zone, week, last)
    if not periods:
        message = f"Nothing is known yet at '{view.since or view.until}': the store knows until {last:%Y-%m-%d}."
        raise UsageError(message)
    if len(periods) > _MOST:
        message = (
            f"That window has {len(periods):,} periods of grain '{view.grain}', and the page has room for {_MOST}: "
            "choose a coarser grain or a shorter window."
        )
        raise UsageError(message)
    return Frame(since, min(until, last), tuple(periods), _focus(periods, at, first), zone)


def ranges(grain: str, first: datetime, last: datetime) -> dict[str, str]:
    """The ranges that make sense at a grain: of more than one period, and of no more than a page has room for; today by its hours."""
    known = (last - first) / timedelta(hours=1)
    long = {"today": 24.0, "this-year": 8766.0, "last-year": 8766.0, "all": known}

    def periods(name: str) -> float:
        hours = long.get(name) or int(name[:-1]) * _HOURS["day" if name[-1] == "d" else "month"]
        return hours / _HOURS[grain]

    return {
        name: said
        for name, said in RANGES.items()
        if periods(name) <= _MOST and (periods(name) > 1 or name in ("today", "all"))
    }


def _ranged(
    span: str, grain: str, first: datetime, last: datetime, zone: ZoneInfo, week: str
) -> tuple[datetime, datetime] | None:
    """The ends of a range that is asked for by name."""
    if not span:
        return None
    if span == "today":
        return calendar.period_start(last, "day", zone, week), last
    if span == "all":
        return calendar.period_start(first, grain, zone, week), last
    if span[-1] in _BACK:
        whole, beside = _BACK[span[-1]]
        return calendar.period_start(last, whole, zone, week, int(span[:-1]) - beside), last
    year = calendar.period_start(last, "year", zone, week)
    return (year, last) if span == "this-year" else (calendar.period_start(last, "year", zone, week, 1), year)


def _end(at: datetime | None, view: View, running: datetime, last: datetime, zone: ZoneInfo, week: str) -> datetime:
    if at is None or at >= calendar.period_start(running, view.grain, zone, week, 1):
        return last
    [asked, *_] = calendar.periods(at, last, view.grain, zone, week, last)
    return asked.whole_closes


def _focus(periods: Sequence[Period], at: datetime | None, first: datetime) -> int:
    """The period of `at`, else the last full one of which something is known, else the last."""
    if at is not None:
        found = [n for n, period in enumerate(periods) if period.opens <= at < period.closes]
        if found:
            return found[0]
    full = [n for n, period in enumerate(periods) if not period.partial and period.closes > first]
    return full[-1] if full else len(periods) - 1
