"""What a page says of its window, and the links and choices that change it: texts for the head of every page; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import calendar, show
from tenure.exchange import day_before
from tenure.surfaces.web.filters import chosen
from tenure.surfaces.web.view import COMPARISONS, SPANS, View, ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from tenure.calendar import Period
    from tenure.config import Settings
    from tenure.exchange import Exchange
    from tenure.surfaces.web.view import Frame

NO_FILTERS: Mapping[str, Any] = {
    "filterable": (),
    "choosing": "",
    "choices": (),
    "suggested": (),
    "choices_left": 0,
    "strangers": (),
}


def controls(
    view: View,
    frame: Frame,
    known: tuple[datetime, datetime],
    settings: Settings,
    *,
    dimensions: Sequence[str] = (),
    hours: bool = False,
    filtering: Mapping[str, Any] = NO_FILTERS,
    exchange: Exchange | None = None,
    currencies: Sequence[str] = (),
    presets: Iterable[str] = (),
) -> dict[str, Any]:
    """What `controls.html` takes.

    Args:
        view: What the reader asked to see.
        frame: The window that it means.
        known: From when to when anything is known (naive UTC).
        settings: The company's.
        dimensions: What the page can be broken down by.
        hours: Whether it is offered which hours a duration counts.
        filtering: What `filters.filters` gives, where the page offers to filter.
        exchange: By which the money of the page is shown, where that is not the company's.
        currencies: What the money of the page can be shown in.
        presets: The policies that the page can be read under.
    """
    return {
        "view": view,
        "now": named(frame.shown, view, settings),
        "running": running(frame, settings),
        "compared": compared(view, frame, settings),
        "filters": chosen(view),
        **filtering,
        "own_currency": settings.currency,
        "currencies": [name for name in currencies if name != settings.currency],
        "exchanged": exchange.told(day_before(z(frame.shown.closes)), settings) if exchange else "",
        "in_own": view.link(currency=""),
        "grains": [(grain, view.link(grain=grain, at="", since="", until=""), grain == view.grain) for grain in SPANS],
        "steps": steps(view, frame, known),
        "comparisons": COMPARISONS,
        "ranges": [
            (
                name,
                words,
                view.link(span=name, since="", until="", at="", grain="hour" if name == "today" else view.grain),
            )
            for name, words in ranges(view.grain, *known).items()
        ],
        "presets": list(presets),
        "own_policy": settings.policy.preset,
        "dimensions": dimensions,
        "has_hours": hours,
        "since": frame.address(frame.since)[:10],
        "until": frame.address(frame.until)[:10],
        "span": span(view, frame, settings),
    }


def named(period: Period, view: View, settings: Settings, *, short: bool = False) -> str:
    """The name of a period: `June 2024`."""
    row = {"start": z(period.opens), "end": z(period.closes)}
    return show.period(row, view.grain, settings.timezone, settings.locale, short=short)


def running(frame: Frame, settings: Settings) -> str:
    """For a period that is not over or not whole: up to when it is shown."""
    if not frame.shown.partial:
        return ""
    return "to " + show.through({"end": z(frame.shown.closes)}, settings.timezone, settings.locale)


def compared(view: View, frame: Frame, settings: Settings) -> str:
    """With what the shown period is compared: `May 2024`, or `the same part of May 2024` while it runs."""
    if view.compare == "none":
        return ""
    how: calendar.How = "year" if view.compare == "year" else "previous"
    other = calendar.earlier(frame.shown, view.grain, how=how, zone=frame.zone, week_start=settings.week_start)
    name = named(other, view, settings)
    return f"the same part of {name}" if frame.shown.partial else name


def steps(view: View, frame: Frame, known: tuple[datetime, datetime]) -> dict[str, str]:
    """Links to the periods before and after the shown one; empty where nothing is known there."""
    found = {"before": "", "after": ""}
    if frame.focus > 0:
        before = frame.periods[frame.focus - 1]
        if before.closes > known[0]:
            found["before"] = view.link(at=frame.address(before.whole_opens))
    is_last = frame.focus == len(frame.periods) - 1
    if frame.shown.whole_closes < known[1] and not ((view.until or view.span) and is_last):
        found["after"] = view.link(at=frame.address(frame.shown.whole_closes))
    return found


def span(view: View, frame: Frame, settings: Settings) -> str:
    """The window from its first to its last period: `Jun 23 – Jun 24`."""
    ends: Sequence[Period] = (frame.periods[0], frame.periods[-1])
    return " – ".join(named(period, view, settings, short=True) for period in ends)


def z(instant: datetime) -> str:
    """A naive UTC instant as answers write it."""
    return instant.isoformat() + "Z"
