"""Answers as Vega-Lite specifications: pure functions of what `Answer.to_dict()` gives (INTERFACES.md section 3).

Every colour comes from `PALETTE`, where each role has a colour of its own: a surface may swap roles for its own colours
(the dashboard puts CSS variables, and so follows light and dark). Blue stands for what is won and orange for what is
lost, a pair that every kind of colour vision tells apart; the sign, the legend and the text of each band say it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.charts.axes import across, axis_of, labels, overhang, symbol, upright
from tenure.charts.ends import ends
from tenure.charts.look import DASHES, NOTEBOOK, PALETTE, Look

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Spec = dict[str, Any]

__all__ = ["DASHES", "NOTEBOOK", "PALETTE", "SCHEMA", "Look", "Mark", "Series", "chart", "movements"]

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_MANY_POINTS = 40


@dataclass(frozen=True)
class Series:
    """One kind of movement: an answer without segments, which way it counts (1 or -1), and its role in `PALETTE`."""

    answer: Mapping[str, Any]
    sign: int
    tone: str
    title: str


@dataclass(frozen=True)
class Mark:
    """Something that we did, on a chart: in which period, how far into it (0 to 1), and the number beside its rule."""

    n: int
    share: float
    label: str


def chart(
    answer: Mapping[str, Any], look: Look = NOTEBOOK, segments: Sequence[str] = (), marks: Sequence[Mark] = ()
) -> Spec:
    """A line over the periods, one per segment, with the target's rule and the interval, as a Vega-Lite specification.

    `segments` names the ones to draw and their order; without it the first six are drawn. Periods that are not whole are
    shaded, and each of `marks` is an upright rule.
    """
    chosen = list(segments) or list(dict.fromkeys(row["segment"] for row in answer["rows"]))[: len(DASHES)]
    rows = [row for row in answer["rows"] if row["segment"] in chosen]
    starts = sorted({row["start"] for row in rows})
    rows.sort(key=lambda row: chosen.index(row["segment"]))
    points = [_point(row, starts.index(row["start"]), answer, look) for row in rows]
    drawn = ("value", "low", "high") if answer["by"] is None else ("value",)
    known = [p[key] for p in points for key in drawn if p[key] is not None]
    return _framed(
        answer,
        look,
        labels(answer, starts, look),
        [
            *_hatched(points),
            _bands(points, answer["title"]),
            *_marked(marks),
            *_interval(answer, points),
            *_target(answer),
            *_line(answer, points, look, chosen),
            *_unknown(points if answer["by"] is None else ()),
            *(ends(points, chosen, known, look) if look.names and answer["by"] is not None else ()),
        ],
        axis_of(answer, [*known, *_aim(answer)], look),
        9 if look.names and answer["by"] is not None else 0,  # the page's letters may be wider than the engine's
    )


def movements(series: Sequence[Series], look: Look = NOTEBOOK, marks: Sequence[Mark] = ()) -> Spec:
    """Bars of movements stacked by kind, losses below the line, as a Vega-Lite specification; `marks` as of `chart`.

    Raises:
        ValueError: no series is given.
    """
    if not series:
        message = "A chart of movements needs at least one series."
        raise ValueError(message)
    first = series[0].answer
    starts = list(dict.fromkeys(row["start"] for one in series for row in one.answer["rows"]))
    points = [
        _point(row, starts.index(row["start"]), one.answer, look)
        | {"value": None if row["value"] is None else one.sign * row["value"], "kind": one.title, "order": k}
        for k, one in enumerate(series)
        for row in one.answer["rows"]
    ]
    colour = {
        "field": "kind",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": [s.title for s in series], "range": [PALETTE[s.tone] for s in series]},
        "legend": {"orient": "top", "title": None} if look.legend else None,
    }
    bars = {
        "data": {"values": [p for p in points if p["value"]]},
        "mark": {"type": "bar", "aria": False, "cornerRadius": 1, "width": {"band": 0.56}},
        "encoding": {
            "x": across(),
            "y": upright(axis_of(first, [0.0], look)),
            "color": colour,
            "order": {"field": "order"},
            "opacity": {"condition": {"test": "datum.partial", "value": 0.55}, "value": 1},
        },
    }
    zero = {"data": {"values": [{"zero": 0}]}, "mark": {"type": "rule", "aria": False, "color": PALETTE["axis"]},
            "encoding": {"y": {"field": "zero", "type": "quantitative"}}}  # fmt: skip
    layers = [*_hatched(points), _bands(points), bars, zero, *_marked(marks)]
    return _framed(first, look, labels(first, starts, look), layers, axis_of(first, [0.0], look))


def _point(row: Mapping[str, Any], n: int, answer: Mapping[str, Any], look: Look) -> dict[str, Any]:
    unit, currency = answer["unit"], answer["currency"]
    when = show.period(row, answer["grain"], answer["timezone"], look.locale)
    if row["partial"]:
        when += f" (to {show.through(row, answer['timezone'], look.locale)})"
    return {
        "n": n,
        "when": when,
        "value": row["value"],
        "text": show.brief(row["value"], look.locale)
        if unit == "duration"
        else show.value(row["value"], unit, currency, look.locale),
        "kind": row["segment"] or "",
        "partial": bool(row["partial"]),
        "low": row.get("low"),
        "high": row.get("high"),
    }


def _bands(points: Sequence[Mapping[str, Any]], title: str = "") -> Spec:
    """One unseen bar per period, with everything that happened in it as text: what a pointer or a reader is told."""
    names = list(dict.fromkeys(p["kind"] or title for p in points))
    rows: dict[int, dict[str, Any]] = {}
    for p in points:
        row = rows.setdefault(p["n"], {"n": p["n"], "when": p["when"], "about": p["when"]})
        sign = "−" if p["value"] and p["value"] < 0 and not p["text"].startswith("−") else ""
        name = p["kind"] or title
        row["about"] += f"; {name}: {sign}{p['text']}"
        # a segment may be called anything, and a field's name is read as a path: so fields have numbers
        row[f"text{names.index(name)}"] = sign + p["text"]
    return {
        "data": {"values": list(rows.values())},
        "mark": {"type": "rect", "color": PALETTE["band"]},
        "encoding": {
            "x": across(),
            "description": {"field": "about", "type": "nominal"},
            "tooltip": [
                {"field": "when", "title": "Period", "type": "nominal"},
                *({"field": f"text{k}", "title": name, "type": "nominal"} for k, name in enumerate(names)),
            ],
        },
    }


def _hatched(points: Sequence[Mapping[str, Any]]) -> list[Spec]:
    """What lies behind the periods that are not over, or cut by the window's ends."""
    partial = [{"n": n} for n in sorted({p["n"] for p in points if p["partial"]})]
    if not partial:
        return []
    mark = {"type": "rect", "aria": False, "color": PALETTE["hatch"]}
    return [{"data": {"values": partial}, "mark": mark, "encoding": {"x": across()}}]


def _marked(marks: Sequence[Mark]) -> list[Spec]:
    """A rule for each release with its number at the top."""
    layers: list[Spec] = []
    for one in marks:
        x = {"field": "n", "type": "ordinal", "bandPosition": round(one.share, 3)}
        data = {"values": [{"n": one.n, "label": one.label}]}
        rule = {"type": "rule", "aria": False, "color": PALETTE["release"], "strokeDash": [1, 3], "strokeWidth": 1.25}
        label = {"type": "text", "aria": False, "color": PALETTE["text"], "align": "left", "dx": 3, "fontSize": 11}
        layers += [
            {"data": data, "mark": rule, "encoding": {"x": x}},
            {"data": data, "mark": label, "encoding": {"x": x, "y": {"value": 5}, "text": {"field": "label"}}},
        ]
    return layers


def _unknown(points: Sequence[Mapping[str, Any]]) -> list[Spec]:
    """A question mark at the foot of each period without a number: a gap alone could be taken for nothing."""
    gaps = [{"n": p["n"]} for p in points if p["value"] is None]
    if not gaps or len(points) > _MANY_POINTS:
        return []
    mark = {"type": "text", "aria": False, "text": "?", "color": PALETTE["text"], "fontSize": 12, "dy": -9}
    return [{"data": {"values": gaps}, "mark": mark, "encoding": {"x": across(), "y": {"value": "height"}}}]


def _line(
    answer: Mapping[str, Any], points: list[dict[str, Any]], look: Look, chosen: Sequence[str | None]
) -> list[Spec]:
    single = answer["by"] is None
    roles = ["line"] if single else [f"segment-{k + 1}" for k in range(len(DASHES))]
    names = [name or "" for name in chosen]
    scale = {"domain": names, "range": [PALETTE[role] for role in roles[: len(names)]]}
    legend = {"orient": "top", "title": None} if look.legend and not single else None
    colour = {"field": "kind", "type": "nominal", "sort": None, "scale": scale, "legend": legend}
    dash = {
        "field": "kind", "type": "nominal", "legend": None,
        "scale": {"domain": names, "range": [list(d) for d in DASHES[: len(names)]]},
    }  # fmt: skip
    place = {"x": across(), "y": {"field": "value", "type": "quantitative"}}
    stroke: Spec = {
        "data": {"values": points},
        "mark": {"type": "line", "aria": False, "strokeWidth": 2, "strokeJoin": "round"},
        "encoding": place | {"color": colour} | ({} if single else {"strokeDash": dash}),
    }
    few = len({p["n"] for p in points}) <= _MANY_POINTS
    shown = [p for p in points if p["value"] is not None and (few or p["n"] == look.focus)]
    size = {"condition": {"test": f"datum.n === {-1 if look.focus is None else look.focus}", "value": 60}, "value": 16}
    dots: Spec = {
        "data": {"values": shown},
        "mark": {"type": "point", "aria": False, "opacity": 1, "strokeWidth": 1.5},
        "encoding": place
        | {
            "stroke": colour,
            "fill": {"condition": {"test": "datum.partial", "value": PALETTE["paper"]}, **colour},
            "size": size,
        },
    }
    return [stroke, dots]


def _interval(answer: Mapping[str, Any], points: list[dict[str, Any]]) -> list[Spec]:
    """The 95 % interval as a pale area; only where there is one line, or the areas would hide each other.

    Where a period is unknown, a bar at each of the others: an area would claim to know what lies between.
    """
    known = [p for p in points if p["low"] is not None and p["high"] is not None]
    if answer["by"] is not None or not known:
        return []
    shape: Spec = {"type": "area", "opacity": 0.12, "line": False}
    if len(known) < len(points):
        shape = {"type": "rule", "opacity": 0.25, "strokeWidth": 5, "strokeCap": "butt"}
    return [
        {
            "data": {"values": known},
            "mark": {**shape, "aria": False, "color": PALETTE["line"]},
            "encoding": {
                "x": {"field": "n", "type": "ordinal"},
                "y": {"field": "low", "type": "quantitative"},
                "y2": {"field": "high"},
            },
        }
    ]


def _target(answer: Mapping[str, Any]) -> list[Spec]:
    """The target's rule, where it is a target for periods of this length."""
    aim = _aim(answer)
    if not aim:
        return []
    return [
        {
            "data": {"values": [{"target": aim[0]}]},
            "mark": {
                "type": "rule",
                "aria": False,
                "strokeDash": [4, 4],
                "strokeWidth": 1.5,
                "color": PALETTE["target"],
            },
            "encoding": {"y": {"field": "target", "type": "quantitative"}},
        }
    ]


def _aim(answer: Mapping[str, Any]) -> list[float]:
    """The target, if it is one for periods of this length."""
    target = answer["target"]
    return [target["value"]] if target and target.get("per") in (None, answer["grain"]) else []


def _framed(
    answer: Mapping[str, Any], look: Look, names: list[str], layers: list[Spec], axis: Spec, right: int = 0
) -> Spec:
    for layer in layers:
        if layer["mark"]["type"] in ("line", "area", "point", "bar") and "field" in layer["encoding"].get("y", {}):
            layer["encoding"]["y"] |= {"axis": axis["axis"], "scale": axis["scale"]}
    decimal, thousands = show.separators(look.locale)
    number = {
        "decimal": decimal, "thousands": thousands, "grouping": [3], "minus": "−",
        "currency": list(symbol(answer, look)),
    }  # fmt: skip
    text = {"labelColor": PALETTE["text"], "labelFontSize": 11.5, "gridColor": PALETTE["grid"]}
    right = max(right, overhang(names, look))
    return {
        "$schema": SCHEMA,
        "description": answer["title"],
        "width": look.width,
        "height": look.height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": {"left": 7, "right": 3 + right, "top": 6, "bottom": 2},
        "background": None,
        "params": [{"name": "labels", "value": names}],
        "layer": layers,
        "config": {
            "view": {"stroke": None},
            "font": "system-ui, sans-serif",
            "axis": text,
            "legend": {"labelColor": PALETTE["text"], "symbolType": "square"},
            "locale": {"number": number},
        },
    }
