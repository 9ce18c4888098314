"""The overview as plain data for its template: answers and a view in, texts and drawings out; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import charts, figure, show
from tenure.dimensions import NONE
from tenure.surfaces.web import lines, tiles
from tenure.surfaces.web.triangle import triangle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.surfaces.web.asking import Asked
    from tenure.surfaces.web.overview import Line
    from tenure.surfaces.web.view import View

_LISTED = 25


def page(asked: Asked, view: View, settings: Settings, metrics: Mapping[str, Metric]) -> dict[str, Any]:
    """What `overview.html` takes beside its controls; `settings` are those of the shown currency."""
    ranked = _ranked(asked)

    def of(name: str) -> Metric:
        return metrics[asked.answers[name]["metric"]]

    return {
        "tiles": [
            tiles.tile(name, asked.answers[name], asked.frame.focus, settings, of(name), link(view, name))
            for name in asked.overview.tiles
        ],
        "nothing": bool(view.where) and not any(r["value"] for a in asked.answers.values() for r in a["rows"]),
        "movements": _movements(asked, settings),
        "lines": [_line(asked, line, ranked[: lines.SEGMENTS], view, settings) for line in asked.overview.lines],
        "segments": _segments(asked, view, ranked, settings, metrics),
        "cohorts": triangle(asked.cohorts, settings)
        | {
            "title": asked.overview.cohorts_title,
            "note": asked.kind.note,
            "kinds": [(k.title, view.telling(cohorts=k.kind), k is asked.kind) for k in asked.overview.cohorts],
        },
        "policy": next(iter(asked.answers.values()))["policy"],
    }


def link(view: View, metric: str) -> str:
    """The page of a metric, in the same window and reading."""
    return view.to(f"/metric/{metric}")


def _movements(asked: Asked, settings: Settings) -> dict[str, Any]:
    some = [m for m in asked.overview.movements if any(r["value"] for r in asked.answers[m.metric]["rows"])]
    some = some or list(asked.overview.movements)
    series = [charts.Series(asked.answers[m.metric], m.sign, m.tone, m.title) for m in some]
    first, locale = series[0].answer, settings.locale
    marks = lines.marked(asked.releases, first["rows"])
    return {
        "title": asked.overview.movements_title,
        "note": asked.overview.movements_note,
        "currency": first["currency"],
        "plot": lines.plot(lambda look: charts.movements(series, look, marks), asked.frame.focus, locale, lines.CARD),
        "legend": [
            (m.title, "+" if m.sign > 0 and m.tone != "neutral" else "−" if m.sign < 0 else "±", m.tone) for m in some
        ],
        "columns": [m.title for m in some],
        "rows": [
            (lines.when(row, first, locale), [_signed(s.answer["rows"][n]["value"], s, locale) for s in series])
            for n, row in enumerate(first["rows"])
        ],
        "missing": first["missing"],
        "releases": lines.listed(asked.releases, settings),
    }


def _signed(number: float | None, one: charts.Series, locale: str) -> str:
    return show.value(None if number is None else one.sign * number, one.answer["unit"], one.answer["currency"], locale)


def _line(asked: Asked, line: Line, segments: list[str], view: View, settings: Settings) -> dict[str, Any]:
    whole, parted = asked.answers[line.metric], asked.lines.get(line.metric)
    shown = lines.line(whole, parted, segments, asked.frame.focus, settings, asked.releases)
    return shown | {"id": line.metric, "note": line.note, "link": link(view, line.metric)}


def _ranked(asked: Asked) -> list[str]:
    """The segments, those first that weigh most in the first tile; rows without one come last."""
    if not asked.segments:
        return []
    weight = {row["segment"]: row["value"] or 0 for row in next(iter(asked.segments.values()))["rows"]}
    return sorted(weight, key=lambda name: (name == NONE, -weight[name], name))


def _segments(
    asked: Asked, view: View, ranked: list[str], settings: Settings, metrics: Mapping[str, Metric]
) -> dict[str, Any] | None:
    if not asked.segments:
        return None
    cells = {(name, row["segment"]): row for name, answer in asked.segments.items() for row in answer["rows"]}

    def cell(metric: str, segment: str) -> dict[str, str]:
        answer, row = asked.segments[metric], cells.get((metric, segment))
        if row is None:
            return {"value": show.UNKNOWN, "change": "", "verdict": "", "basis": ""}
        model = metrics[answer["metric"]]
        counted = model.basis and row.get("low") is not None  # a share of few is another thing than a share of many
        return {
            "value": figure.short(row["value"], answer, settings.locale),
            **figure.change(row, answer, settings.locale),
            "basis": figure.basis(row, model, settings) if counted else "",
        }

    def link(segment: str) -> str:
        return "" if segment == NONE else view.link(by="", where=(*view.where, (view.by, segment)))

    return {
        "by": view.by,
        "columns": [(answer["title"], answer["better"] == "down") for answer in asked.segments.values()],
        "rows": [(name, link(name), [cell(metric, name) for metric in asked.segments]) for name in ranked[:_LISTED]],
        "more": max(len(ranked) - _LISTED, 0),
    }
