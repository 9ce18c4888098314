"""How long customers stay, as a drawing: a line of steps with its band, one per segment, and the numbers behind it; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import charts, show
from tenure.surfaces.web import lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.config import Settings

    Row = Mapping[str, Any]
    Spec = dict[str, Any]


def curves(
    everyone: Sequence[Row], made: Mapping[str, Any], segments: Sequence[str | None], settings: Settings
) -> dict[str, Any]:
    """The curves of all cohorts together: the drawing, its legend and its table."""
    locale, grain = settings.locale, made["grain"]
    by_name = {row.get("segment"): row for row in everyone}
    chosen = [by_name[name] for name in segments if name in by_name]
    width = max(len(row["values"]) for row in chosen)
    seen = {
        name: [
            sum(r["size"] for r in made["rows"] if r.get("segment") == name and len(r["values"]) > k)
            for k in range(width)
        ]
        for name in by_name
    }
    return {
        "plot": lines.plot(lambda look: spec(chosen, grain, look), -1, locale, lines.PAGE),
        "legend": [
            (row.get("segment"), f"segment-{k + 1}", " ".join(map(str, charts.DASHES[k])))
            for k, row in enumerate(chosen)
            if len(chosen) > 1
        ],
        "columns": [row.get("segment") or "All customers" for row in chosen],
        "rows": [
            (k, [_cell(row, k, seen[row.get("segment")], locale) for row in chosen]) for k in range(width)
        ],
    }  # fmt: skip


def _cell(row: Row, k: int, seen: Sequence[int], locale: str) -> dict[str, str]:
    """One number of the table, its interval, and of how many customers it is known that long ago."""
    if k >= len(row["values"]) or row["values"][k] is None:
        return {"text": show.UNKNOWN, "interval": "", "n": ""}
    low, high = (show.percent(row[end][k], locale) for end in ("low", "high"))
    return {
        "text": show.value(row["values"][k], "share", None, locale),
        "interval": f"{low} to {high}",
        "n": show.value(seen[k], "count", None, locale),
    }


def spec(rows: Sequence[Row], grain: str, look: charts.Look) -> Spec:
    """A Vega-Lite specification: shares from 0 to 1 over the periods since joining; a band only where one line stands alone."""
    alone = len(rows) == 1
    names = [row.get("segment") or "" for row in rows]
    points = [
        {"k": k, "value": value, "low": row["low"][k], "high": row["high"][k], "kind": row.get("segment") or ""}
        for row in rows
        for k, value in enumerate(row["values"])
        if value is not None
    ]
    colours = [charts.PALETTE["line" if alone else f"segment-{k + 1}"] for k in range(len(names))]
    kind = {"field": "kind", "type": "nominal", "legend": None}
    style = {"color": kind | {"scale": {"domain": names, "range": colours}}}
    if not alone:
        style["strokeDash"] = kind | {
            "scale": {"domain": names, "range": [list(d) for d in charts.DASHES[: len(names)]]}
        }
    plain = {"domain": False, "ticks": False, "labelPadding": 8}
    x = {
        "field": "k", "type": "quantitative", "scale": {"nice": False},
        "axis": plain | {"title": f"{grain}s since joining", "tickMinStep": 1, "grid": False, "format": "d"},
    }  # fmt: skip
    y = {
        "field": "value", "type": "quantitative", "scale": {"domain": [0, 1]},
        "axis": plain | {"title": None, "format": "~%", "tickCount": 5},
    }  # fmt: skip
    steps = {"aria": False, "interpolate": "step-after"}
    data = {"values": points}
    line = {"data": data, "mark": steps | {"type": "line", "strokeWidth": 2}, "encoding": {"x": x, "y": y} | style}
    band = {
        "data": data,
        "mark": steps | {"type": "area", "opacity": 0.12, "color": charts.PALETTE["line"]},
        "encoding": {"x": x, "y": y | {"field": "low"}, "y2": {"field": "high"}},
    }
    text = charts.PALETTE["text"]
    axis = {
        "labelColor": text, "labelFontSize": 11.5, "gridColor": charts.PALETTE["grid"],
        "titleColor": text, "titleFontWeight": "normal", "titleFontSize": 11.5,
    }  # fmt: skip
    return {
        "$schema": charts.SCHEMA,
        "width": look.width,
        "height": look.height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 5, "right": 6, "top": 6, "bottom": 2},
        "background": None,
        "layer": [*([band] if alone else []), line, _told(rows, grain, look, x)],
        "config": {"view": {"stroke": None}, "font": "system-ui, sans-serif", "axis": axis},
    }


def _told(rows: Sequence[Row], grain: str, look: charts.Look, x: Spec) -> Spec:
    """One unseen bar per period with what a pointer is told of it."""
    values = []
    for k in range(max(len(row["values"]) for row in rows)):
        about = f"{k} {grain}{'' if k == 1 else 's'} after joining"
        for row in rows:
            if k < len(row["values"]) and row["values"][k] is not None:
                low, high = (show.percent(row[end][k], look.locale) for end in ("low", "high"))
                name, share = row.get("segment") or "Still there", show.percent(row["values"][k], look.locale)
                about += f"; {name}: {share} ({low} to {high})"
        values.append({"k": k - 0.5, "end": k + 0.5, "about": about})
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "color": charts.PALETTE["band"], "clip": True},
        "encoding": {"x": x, "x2": {"field": "end"}, "description": {"field": "about", "type": "nominal"}},
    }
