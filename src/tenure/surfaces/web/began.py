"""Cohorts on a page of their own: triangles of those who began together, and the course of how long customers stay; pure."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.dimensions import NONE
from tenure.surfaces.web import curve
from tenure.surfaces.web.filters import chosen
from tenure.surfaces.web.sent import downloads
from tenure.surfaces.web.triangle import SHADES, shade
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Made = Mapping[str, Any]
    Row = Mapping[str, Any]

OWN = ("kind", "milestone", "event")
GRAINS = ("week", "month", "quarter", "year")
KINDS = {
    "retention": ("Customers", "Of those who began together, the share that pays at the end of each later period; who returned counts"),
    "revenue": ("Revenue", "Of what those who began together paid first, the share that they pay at the end of each later period"),
    "activation": ("Activation", "Of those who signed up together, the share that reached the milestone by the end of each later period"),
    "survival": ("Survival", "The share of customers still there so long after each of them joined, by Kaplan and Meier"),
}  # fmt: skip
_EVENT = "Of those who signed up together, the share that did {} for the first time by the end of each later period"
MILESTONES = {
    "active": "Was active",
    "value": "Saw the first value",
    "launch": "Launched",
    "paying": "Paid",
}
_BEGAN = {"activation": ("Signed up", "Accounts", "since they signed up")}
_OTHERWISE = ("Began", "Customers", "since they began to pay")
_ROWS, _COLUMNS, _SEGMENTS, _FEW = 36, 36, 6, 10


def began(
    made: Made, view: View, settings: Settings, dimensions: Sequence[str], events: Sequence[str] = ()
) -> dict[str, Any]:
    """What `cohorts.html` takes of `Cohorts.to_dict()`; `events` are those that can be asked for."""
    kind = made["kind"]
    ranked = _ranked(made) if made["by"] else [None]
    shown = ranked[:_SEGMENTS]
    least, most = _ends(made)
    return {
        "view": view,
        "kind": kind,
        "note": _EVENT.format(made["event"]) if made.get("event") else KINDS[kind][1],
        "kinds": [(title, _link(view, name), name == kind) for name, (title, _) in KINDS.items()],
        "cuts": [(g, view.link(grain=g), g == made["grain"]) for g in GRAINS],
        "grain": made["grain"],
        "dimensions": dimensions,
        "milestones": [(words, view.telling(milestone="" if name == "active" else name, event=""), name == made.get("milestone"))
                       for name, words in MILESTONES.items()] if kind == "activation" else [],
        "events": events if kind == "activation" else (),
        "event": made.get("event") or "",
        "heads": _BEGAN.get(kind, _OTHERWISE),
        "triangles": [_triangle(made, name, least, most, settings) for name in shown],
        "curves": curve.curves(made["all"], made, shown, settings) if kind == "survival" and made["all"] else None,
        "partial": made["partial"],
        "left_out": [name for name in ranked[_SEGMENTS:] if name is not None],
        "filters": chosen(view),
        "scale": (show.percent(least, settings.locale), show.percent(most, settings.locale)),
        "shades": SHADES,
        "downloads": downloads(view, "/cohorts"),
        "policy": made["policy"],
    }  # fmt: skip


def _link(view: View, kind: str) -> str:
    return view.telling(kind="" if kind == "retention" else kind, milestone="", event="")


def records(made: Made) -> Iterator[dict[str, Any]]:
    """A line per cohort and period, as the command line gives them."""
    for row in (*made["rows"], *({"cohort": None, **one} for one in made.get("all", ()))):
        several = {"value": row["values"]} | {name: row[name] for name in ("low", "high") if name in row}
        alone = {name: value for name, value in row.items() if not isinstance(value, list)}
        for period, values in enumerate(zip(*several.values(), strict=True)):
            yield {**alone, "period": period, **dict(zip(several, values, strict=True))}


def _ranked(made: Made) -> list[str | None]:
    """The segments, those first that most belong to; none comes last."""
    sizes: dict[str | None, int] = {}
    for row in made["rows"]:
        sizes[row["segment"]] = sizes.get(row["segment"], 0) + row["size"]
    return sorted(sizes, key=lambda name: (name == NONE, -sizes[name], name or ""))


def _ends(made: Made) -> tuple[float, float]:
    """The ends of the shades: the least and the greatest of what is shown, to a tenth; the few that lie beyond are as pale or as dark."""
    known = sorted(v for row in made["rows"][-_ROWS:] for v in row["values"][:_COLUMNS] if v is not None)
    if not known:
        return 0.0, 1.0
    most = max(known[int(0.95 * (len(known) - 1))], 1.0 if made["kind"] != "activation" else 0.1)
    least = min(floor(known[int(0.05 * (len(known) - 1))] * 10) / 10, most - 0.1)
    return least, round(most, 2)


def _triangle(made: Made, segment: str | None, least: float, most: float, settings: Settings) -> dict[str, Any]:
    """One triangle, oldest cohort first, under it all of them together."""
    every = [row for row in made["rows"] if row["size"] and (segment is None or row["segment"] == segment)]
    rows = every[-_ROWS:]
    write = Writing(settings)

    width = min(max((len(row["values"]) for row in rows), default=0), _COLUMNS)
    written = []
    for row in rows:
        cells = [
            {
                "text": show.percent(value, settings.locale),
                "shade": shade(value, least, most),
                "open": made["partial"] and k == len(row["values"]) - 1,
                "about": _interval(row, k, settings),
            }
            for k, value in enumerate(row["values"][:width])
        ]
        period = {"start": row["cohort"], "end": row["cohort"]}
        written.append(
            {
                "name": write.day(row["cohort"])
                if made["grain"] == "week"
                else show.period(period, made["grain"], settings.timezone, settings.locale, short=True),
                "size": write.count(row["size"]),
                "few": row["size"] < _FEW,
                "open": made["partial"] and len(row["values"]) == 1,
                "cells": cells,
                "rest": width - len(cells),
            }
        )
    return {
        "segment": segment,
        "size": write.count(sum(row["size"] for row in every)),
        "offsets": list(range(width)),
        "rows": written,
        "together": _together(made, every, width, (least, most), settings),
        "older": len(every) - len(rows),
        "few": any(row["few"] for row in written),
    }


def _interval(row: Row, k: int, settings: Settings) -> str:
    if "low" not in row or row["low"][k] is None:
        return ""
    return f"95% interval {show.percent(row['low'][k], settings.locale)} to {show.percent(row['high'][k], settings.locale)}"


def _together(
    made: Made, rows: Sequence[Row], width: int, ends: tuple[float, float], settings: Settings
) -> list[dict[str, str]]:
    """All cohorts that are old enough as one, with how many those are; only of what counts heads can it be made of the shares."""
    if made["kind"] not in ("retention", "activation") or len(rows) < 2:  # noqa: PLR2004 - one is all of them
        return []
    found = []
    for k in range(width):
        over = [
            (row["size"], row["values"][k])
            for row in rows
            if k < len(row["values"]) - made["partial"] and row["values"][k] is not None
        ]
        size = sum(count for count, _ in over)
        value = sum(count * share for count, share in over) / size if size else None
        about = f"of {show.value(size, 'count', None, settings.locale)}" if size else ""
        found.append({"text": show.percent(value, settings.locale), "shade": shade(value, *ends), "about": about})
    return found
