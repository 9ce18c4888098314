"""The filters of a page: which values a dimension has, how one is chosen without a script, and what no row says."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from tenure.errors import TenureError
from tenure.segments import OTHER
from tenure.surfaces.web.overview import shipped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tenure.surfaces.web.memory import Memory
    from tenure.surfaces.web.view import View

_LISTED, _SUGGESTED = 40, 400


def chosen(view: View) -> list[tuple[str, str, str]]:
    """Each filter with the address without it; values of one dimension, which mean or, stand together."""
    dimensions = list(dict.fromkeys(name for name, _ in view.where))
    return [
        (name, value, view.link(where=tuple(w for w in view.where if w != (name, value))))
        for name, value in sorted(view.where, key=lambda pair: dimensions.index(pair[0]))
    ]


def filters(
    memory: Memory, view: View, known: tuple[datetime, datetime], dimensions: Sequence[str], metric: str = ""
) -> dict[str, Any]:
    """What `controls.html` takes to offer a filter, and to say which of those that are set no row has.

    Args:
        memory: The store.
        view: What the reader asked to see.
        known: From when to when anything is known (naive UTC).
        dimensions: What the page can be filtered by.
        metric: Whose page it is; empty where it shows several.
    """
    choosing, offered = view.choosing, [*dimensions, *memory.store.settings.segments]
    taken = {value for name, value in view.where if name == choosing}
    every = [v for v in values(memory, choosing, known, metric) if v not in taken] if choosing else []
    return {
        "filterable": list(dict.fromkeys(offered)),
        "choosing": choosing,
        "choices": [(value, view.link(where=(*view.where, (choosing, value)))) for value in every[:_LISTED]],
        "suggested": every[_LISTED : _LISTED + _SUGGESTED],
        "choices_left": max(len(every) - _LISTED, 0),
        "strangers": [one for pair in view.where if (one := _stranger(memory, view, known, metric, *pair))],
    }


def values(memory: Memory, dimension: str, known: tuple[datetime, datetime], metric: str = "") -> list[str]:
    """The values that a dimension ever had, the heaviest first; none where nothing is known of it."""
    segments = memory.store.settings.segments
    if dimension == "segment" and segments:
        return list(segments)
    if dimension in segments:
        return [dimension, OTHER]
    since, until = (instant.isoformat() + "Z" for instant in known)
    asks = {"since": since, "until": until, "grain": "total", "by": dimension}

    def found() -> list[str]:
        for name in _tellers(memory, metric):
            try:
                rows = memory.store.ask(name, **asks).rows
            except TenureError:  # it says nothing of this dimension: the next one may
                continue
            told = {row.segment: abs(row.value or 0) for row in rows if row.segment is not None}
            if told:
                return sorted(told, key=lambda value: (-told[value], value))
        return []

    return memory.of("values", {"dimension": dimension, "metric": metric}, found, lasts=True)


def _tellers(memory: Memory, metric: str) -> list[str]:
    """The metrics that are asked which values there are: the page's own, the overview's, the others; none that needs a model."""
    metrics = memory.store.metrics
    names = dict.fromkeys([*([metric] if metric else []), *shipped().tiles, *metrics])
    return [name for name in names if metrics[name.partition(":")[0]].model is None]


def _stranger(
    memory: Memory, view: View, known: tuple[datetime, datetime], metric: str, name: str, value: str
) -> dict[str, str] | None:
    """A filter of a value that no row has, with the near miss; None where there is such a value, or nothing is known."""
    every = values(memory, name, known, metric)
    if not every or value in every:
        return None
    others = tuple(pair for pair in view.where if pair != (name, value))
    return stranger(name, value, every, lambda meant: view.link(where=(*others, (name, meant)) if meant else others))


def stranger(name: str, value: str, every: Sequence[str], link: Callable[[str], str]) -> dict[str, str]:
    """A value that no row has, with the near miss; `link` gives the address with another value instead, or with none."""
    lower = {one.lower(): one for one in every}
    near = get_close_matches(value.lower(), lower, n=1, cutoff=0.5)
    meant = lower[near[0]] if near else ""
    return {
        "name": name,
        "value": value,
        "near": meant,
        "instead": link(meant) if meant else "",
        "without": link(""),
    }
