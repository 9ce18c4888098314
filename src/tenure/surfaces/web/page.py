"""The page as plain data for its template: answers and a view in, texts and drawings out; pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tenure import calendar, charts, show
from tenure.surfaces.web import tiles
from tenure.surfaces.web.drawing import drawn
from tenure.surfaces.web.triangle import triangle
from tenure.surfaces.web.view import COMPARISONS, SPANS, View

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tenure.calendar import Period
    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.surfaces.web.asking import Asked
    from tenure.surfaces.web.overview import Line

_WIDE, _NARROW = charts.Look(592, 272, legend=False), charts.Look(330, 220, legend=False)
_SEGMENTS = len(charts.DASHES)
_LISTED = 25


def page(asked: Asked, view: View, settings: Settings, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """What `overview.html` takes."""
    window, locale = asked.frame, settings.locale
    focus = window.focus
    every = [
        tiles.tile(one, asked.answers[one.metric], focus, settings, metrics[asked.answers[one.metric]["metric"]])
        for one in asked.overview.tiles
    ]
    ranked = _ranked(asked)
    return {
        "view": view,
        "now": _named(window.shown, view, settings),
        "compared": _compared(asked, view, settings),
        "running": _running(asked, settings),
        "filters": [
            (name, value, view.link(where=tuple(w for w in view.where if w != (name, value))))
            for name, value in view.where
        ],
        "grains": [(grain, view.link(grain=grain, at="", since="", until=""), grain == view.grain) for grain in SPANS],
        "steps": _steps(asked, view),
        "comparisons": COMPARISONS,
        "dimensions": asked.dimensions,
        "since": window.address(window.since)[:10],
        "until": window.address(window.until)[:10],
        "span": _span(asked, view, settings),
        "tiles": every,
        "movements": _movements(asked, settings),
        "lines": [_line(asked, line, ranked[:_SEGMENTS], settings) for line in asked.overview.lines],
        "segments": _segments(asked, view, ranked, settings, metrics),
        "cohorts": triangle(asked.cohorts, settings)
        | {
            "title": asked.overview.cohorts_title,
            "note": asked.kind.note,
            "kinds": [(k.title, view.link(cohorts=k.kind), k is asked.kind) for k in asked.overview.cohorts],
        },
        "fresh": show.moment(asked.last, settings.timezone, locale),
        "policy": next(iter(asked.answers.values()))["policy"],
    }


def _named(period: Period, view: View, settings: Settings, *, short: bool = False) -> str:
    row = {"start": _z(period.opens), "end": _z(period.closes)}
    return show.period(row, view.grain, settings.timezone, settings.locale, short=short)


def _running(asked: Asked, settings: Settings) -> str:
    """For a period that is not over or not whole: up to when it is shown."""
    if not asked.frame.shown.partial:
        return ""
    return "to " + show.through({"end": _z(asked.frame.shown.closes)}, settings.timezone, settings.locale)


def _compared(asked: Asked, view: View, settings: Settings) -> str:
    """With what the shown period is compared: `May 2024`, or `the same days of May 2024` while it runs."""
    if view.compare == "none":
        return ""
    how: calendar.How = "year" if view.compare == "year" else "previous"
    other = calendar.earlier(
        asked.frame.shown, view.grain, how=how, zone=asked.frame.zone, week_start=settings.week_start
    )
    name = _named(other, view, settings)
    return f"the same part of {name}" if asked.frame.shown.partial else name


def _steps(asked: Asked, view: View) -> dict[str, str]:
    """Links to the periods before and after the shown one, and back to the latest."""
    window, found = asked.frame, {"before": "", "after": ""}
    first: str | None = next(iter(asked.answers.values()))["coverage"]["from"]
    if window.focus > 0:
        before = window.periods[window.focus - 1]
        if first is None or _z(before.closes) > first:
            found["before"] = view.link(at=window.address(before.whole_opens))
    shown = window.shown
    if shown.whole_closes < asked.last and not (view.until and window.focus == len(window.periods) - 1):
        found["after"] = view.link(at=window.address(shown.whole_closes))
    return found


def _span(asked: Asked, view: View, settings: Settings) -> str:
    periods = asked.frame.periods
    return " – ".join(_named(period, view, settings, short=True) for period in (periods[0], periods[-1]))


def _plot(spec_of: Any, focus: int, locale: str) -> dict[str, Any]:  # noqa: ANN401 - a function of a Look
    return {
        name: drawn(spec_of(charts.Look(look.width, look.height, legend=False, locale=locale, focus=focus)))
        for name, look in (("wide", _WIDE), ("narrow", _NARROW))
    }


def _movements(asked: Asked, settings: Settings) -> dict[str, Any]:
    some = [m for m in asked.overview.movements if any(r["value"] for r in asked.answers[m.metric]["rows"])]
    some = some or list(asked.overview.movements)
    series = [charts.Series(asked.answers[m.metric], m.sign, m.tone, m.title) for m in some]
    first, locale = series[0].answer, settings.locale
    return {
        "title": asked.overview.movements_title,
        "note": asked.overview.movements_note,
        "currency": first["currency"],
        "plot": _plot(lambda look: charts.movements(series, look), asked.frame.focus, locale),
        "legend": [
            (m.title, "+" if m.sign > 0 and m.tone != "neutral" else "−" if m.sign < 0 else "±", m.tone) for m in some
        ],
        "columns": [m.title for m in some],
        "rows": [
            (_when(row, first, locale), [_signed(s.answer["rows"][n]["value"], s, locale) for s in series])
            for n, row in enumerate(first["rows"])
        ],
        "missing": first["missing"],
    }


def _signed(number: float | None, one: charts.Series, locale: str) -> str:
    return show.value(None if number is None else one.sign * number, one.answer["unit"], one.answer["currency"], locale)


def _line(asked: Asked, line: Line, segments: Sequence[str], settings: Settings) -> dict[str, Any]:
    whole, locale = asked.answers[line.metric], settings.locale
    answer = asked.lines.get(line.metric, whole)
    names: Sequence[str | None] = segments if asked.lines else [None]
    cells = {(row["start"], row["segment"]): row for row in answer["rows"]}
    steady = _steady(answer["rows"], names, len(whole["rows"]))
    shown = {**answer, "rows": [row for row in answer["rows"] if row["segment"] in steady]}
    goal = tiles.target(whole["rows"][asked.frame.focus], whole, locale) if whole["rows"] else None
    return {
        "id": line.metric,
        "title": whole["title"],
        "note": line.note,
        "target": goal,
        "ruled": bool(goal) and whole["target"].get("per") in (None, whole["grain"]),
        "interval": not asked.lines and any(row.get("low") is not None for row in answer["rows"]),
        "plot": _plot(
            lambda look: charts.chart(shown, look, segments if asked.lines else ()), asked.frame.focus, locale
        ),
        "legend": [
            (name, f"segment-{k + 1}", " ".join(map(str, charts.DASHES[k])))
            for k, name in enumerate(segments if asked.lines else ())
            if name in steady
        ],
        "left_out": [name for name in names if name and name not in steady],
        "columns": [name or whole["title"] for name in names],
        "rows": [
            (_when(row, whole, locale), [_cell(cells.get((row["start"], name)), whole, locale) for name in names])
            for row in whole["rows"]
        ],
        "missing": whole["missing"],
    }


def _steady(rows: Sequence[Mapping[str, Any]], names: Sequence[str | None], periods: int) -> set[str | None]:
    """The segments that are known in at least half of the periods: a line of fewer points would only bend the scale."""
    known = Counter(row["segment"] for row in rows if row["value"] is not None)
    return {name for name in names if known[name] * 2 >= periods} or set(names)


def _cell(row: Mapping[str, Any] | None, answer: Mapping[str, Any], locale: str) -> str:
    return show.value(row["value"] if row else None, answer["unit"], answer["currency"], locale)


def _when(row: Mapping[str, Any], answer: Mapping[str, Any], locale: str) -> str:
    name = show.period(row, answer["grain"], answer["timezone"], locale)
    return f"{name} (to {show.through(row, answer['timezone'], locale)})" if row["partial"] else name


def _ranked(asked: Asked) -> list[str]:
    """The segments, those first that weigh most in the first tile; rows without one come last."""
    if not asked.segments:
        return []
    weight = {row["segment"]: row["value"] or 0 for row in next(iter(asked.segments.values()))["rows"]}
    return sorted(weight, key=lambda name: (name == "(none)", -weight[name], name))


def _segments(
    asked: Asked, view: View, ranked: list[str], settings: Settings, metrics: Mapping[str, Metric]
) -> dict[str, Any] | None:
    if not asked.segments:
        return None
    cells = {(name, row["segment"]): row for name, answer in asked.segments.items() for row in answer["rows"]}
    bases = {one.metric: one.basis for one in asked.overview.tiles}

    def cell(metric: str, segment: str) -> dict[str, str]:
        answer, row = asked.segments[metric], cells.get((metric, segment))
        if row is None:
            return {"value": show.UNKNOWN, "change": "", "verdict": "", "basis": ""}
        counted = bases[metric] and row.get("low") is not None  # a share of few is another thing than a share of many
        return {
            "value": show.value(row["value"], answer["unit"], answer["currency"], settings.locale, compact=True),
            **tiles.change(row, answer, settings.locale),
            "basis": tiles.basis(bases[metric], row, metrics[answer["metric"]], settings) if counted else "",
        }

    def link(segment: str) -> str:
        return "" if segment == "(none)" else view.link(by="", where=(*view.where, (view.by, segment)))

    return {
        "by": view.by,
        "columns": [(answer["title"], answer["better"] == "down") for answer in asked.segments.values()],
        "rows": [(name, link(name), [cell(metric, name) for metric in asked.segments]) for name in ranked[:_LISTED]],
        "more": max(len(ranked) - _LISTED, 0),
    }


def _z(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds") + "Z"
