"""The names of several lines, each at its line's end: nobody has to look from a legend to a line and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.charts.axes import across
from tenure.charts.look import DASHES, PALETTE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.charts.look import Look

    Spec = dict[str, Any]

_LONGEST, _TALL, _BESIDE = 16, 14, 34
_FLOOR = 0.5


def ends(
    points: Sequence[Mapping[str, Any]], chosen: Sequence[str | None], known: Sequence[float], look: Look
) -> list[Spec]:
    """A label beside the last known point of each line, with a leader where they had to be moved apart.

    `points` have `n`, `kind` and `value`; `known` are all values on the upright scale.
    """
    last = max((p["n"] for p in points), default=0)
    found = {p["kind"]: p for p in sorted(points, key=lambda p: p["n"]) if p["value"] is not None}
    if not found:
        return []
    low, high = min(known), max(known)
    low = 0.0 if 0 <= low < high * _FLOOR else low
    gap = _TALL / (look.height - _BESIDE) * ((high - low) or 1)
    ranked = sorted(found.values(), key=lambda p: p["value"])
    places = spread([p["value"] for p in ranked], gap, low, high)
    rows = [
        {"n": p["n"], "last": last, "kind": p["kind"], "value": p["value"], "place": place, "name": cut(p["kind"])}
        for p, place in zip(ranked, places, strict=True)
    ]
    names = [name or "" for name in chosen]
    roles = [f"segment-{k + 1}" for k in range(len(DASHES))]
    scale = {"domain": names, "range": [PALETTE[role] for role in roles[: len(names)]]}
    data = {"values": rows}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "aria": False, "strokeWidth": 1, "opacity": 0.7},
            "encoding": {
                "x": across(),
                "x2": {"field": "last", "bandPosition": 1},
                "y": {"field": "value", "type": "quantitative"},
                "y2": {"field": "place"},
                "color": {"field": "kind", "type": "nominal", "sort": None, "scale": scale, "legend": None},
            },
        },
        {
            "data": data,
            "mark": {
                "type": "text",
                "aria": False,
                "align": "left",
                "dx": 5,
                "fontSize": 11.5,
                "color": PALETTE["text"],
            },
            "encoding": {
                "x": {**across(), "field": "last", "bandPosition": 1},
                "y": {"field": "place", "type": "quantitative"},
                "text": {"field": "name"},
            },
        },
    ]


def spread(values: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places at least `gap` apart, near to `values` (ascending) and, where there is room, between `low` and `high`."""
    places: list[float] = []
    for value in values:
        places.append(max(value, places[-1] + gap) if places else max(value, low))
    ceiling = high
    for k in reversed(range(len(places))):
        places[k] = min(places[k], ceiling)
        ceiling = places[k] - gap
    return places


def cut(name: str) -> str:
    """A name as it has room beside the chart."""
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
