"""One metric on one page: its number, its course, its segments, the table behind, and all that it says of itself; pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tenure import figure, show
from tenure.dimensions import NONE
from tenure.policy import SWITCHES
from tenure.surfaces.web import lines
from tenure.surfaces.web.family import needed
from tenure.surfaces.web.swayed import sways

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.surfaces.web.view import Frame, View

    Answered = Mapping[str, Any]

_LISTED = 40
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Measured:
    """One metric as it was asked: whole, by segment (None unless asked for), its reading, and what happened meanwhile.

    `called` has the names of the accounts among the segments, by their ids.
    """

    metric: Metric
    name: str
    whole: Answered
    parted: Answered | None
    frame: Frame
    policy: Policy
    releases: Sequence[Mapping[str, Any]]
    called: Mapping[str, str] = field(default_factory=dict)


def measured(one: Measured, view: View, settings: Settings) -> dict[str, Any]:
    """What `metric.html` takes beside its controls."""
    whole, focus, locale = one.whole, one.frame.focus, settings.locale
    row = whole["rows"][focus] if focus < len(whole["rows"]) else figure.NO_ROW
    order = ranked(one)
    parted, names = drawn(one, order)
    base = f"/metric/{one.name}"
    return {
        "name": one.name,
        "title": whole["title"],
        "nothing": bool(view.where) and not any(row["value"] for row in whole["rows"]),
        "summary": one.metric.summary,
        "family": one.metric.family,
        "number": {
            "value": lines.cell(row, whole, locale),
            "unit": whole["currency"] if whole["unit"] == "money" else figure.UNITS[whole["unit"]],
            "unknown": figure.unknown(row, whole["missing"]),
            **figure.change(row, whole, locale),
            "interval": figure.interval(row, whole, locale),
            "counted": figure.counted(row, one.metric, locale),
            "target": figure.target(row, whole, locale),
            "parts": figure.spelt(row, whole, one.metric, settings),
        },
        "line": lines.line(whole, parted, names, focus, settings, one.releases, lines.PAGE),
        "table": _table(one, view, settings),
        "segments": _segments(one, view, order, settings),
        "variants": _variants(one, view),
        "why": figure.why(one.metric),
        "aliases": one.metric.aliases,
        "needs": needed(whole["missing"]),
        "policy": whole["policy"] if sways(view, one.metric, one.name.partition(":")[2]) else None,
        "switches": [
            (SWITCHES[name].meaning, name, value, name in whole["switches"])
            for name, value in one.policy.switches.items()
        ],
        "explain": view.link(path=f"{base}/explain", by=""),
        "why_moved": view.link(path=f"{base}/why", by=""),
        "base": base,
        "command": command(one.name, view, one.frame),
    }


def command(name: str, view: View, frame: Frame) -> str:
    """What gives the same numbers on the command line."""
    # an address has minutes, and the end is exclusive: what happened within the last one belongs to it
    until = frame.until if frame.until == frame.until.replace(second=0, microsecond=0) else frame.until + _MINUTE
    words = [f"tenure ask {name}", f"--from {frame.address(frame.since)}", f"--to {frame.address(until)}"]
    words += [f"--grain {view.grain}"] if view.grain != "month" else []
    words += [f"--by {view.by}"] if view.by else []
    words += [f'--where "{dimension}={value}"' for dimension, value in view.where]
    words += [f"--compare {view.compare}"] if view.compare != "none" else []
    words += [f"--policy {view.policy}"] if view.policy else []
    words += [f"--hours {view.hours}"] if view.hours else []
    return " ".join(words)


def _table(one: Measured, view: View, settings: Settings) -> dict[str, Any]:
    """Every period with its value, change, n, interval and parts; newest first."""
    whole, locale = one.whole, settings.locale
    rows = whole["rows"]
    named = list(rows[0]["parts"]) if rows else []
    has = {key: any(row.get(key) is not None for row in rows) for key in ("change", "n", "low")}
    written = []
    for n, row in enumerate(rows):
        parts = [part for _, part in figure.spelt(row, whole, one.metric, settings)]
        at = one.frame.address(one.frame.periods[n].whole_opens) if n < len(one.frame.periods) else ""
        written.append(
            {
                "when": lines.when(row, whole, locale),
                "explain": view.link(path=f"/metric/{one.name}/explain", at=at, by=""),
                "value": lines.cell(row, whole, locale),
                **figure.change(row, whole, locale),
                "n": figure.rests_on(row, one.metric, settings) if has["n"] else "",
                "interval": figure.interval(row, whole, locale),
                "parts": parts or [show.UNKNOWN] * len(named),
                "note": row.get("note") or "",
                "here": n == one.frame.focus,
            }
        )
    return {"has": has, "parts": [show.spoken(name) for name in named], "rows": written[::-1]}


def ranked(one: Measured) -> list[str]:
    """The segments: those first that are largest, or rest on most cases where a size would say nothing; none comes last."""
    if one.parted is None:
        return []
    opens = one.whole["rows"][one.frame.focus]["start"] if one.whole["rows"] else ""
    sized = one.whole["unit"] in ("money", "count")
    weight: dict[str, float] = {}
    for row in one.parted["rows"]:
        known = abs((row["value"] if sized else row["n"]) or 0)
        now = known * (1_000_000 if row["start"] == opens else 1)  # the shown period decides, the others break ties
        weight[row["segment"]] = weight.get(row["segment"], 0) + now
    return sorted(weight, key=lambda name: (name == NONE, -weight[name], name))


def drawn(one: Measured, ranked: Sequence[str]) -> tuple[Answered | None, list[str]]:
    """What a chart shows by segment: those that come first, and accounts by their names; an id tells two of one name apart."""
    shown = ranked[: lines.SEGMENTS]
    if one.parted is None or not one.called:
        return one.parted, list(shown)
    often = Counter(one.called.get(name, name) for name in shown)
    names = {
        name: called if often[called := one.called.get(name, name)] == 1 else f"{called} ({name})" for name in shown
    }
    rows = [{**row, "segment": names[row["segment"]]} for row in one.parted["rows"] if row["segment"] in names]
    return {**one.parted, "rows": rows}, list(names.values())


def _segments(one: Measured, view: View, ranked: Sequence[str], settings: Settings) -> dict[str, Any] | None:
    """The shown period by segment."""
    if one.parted is None:
        return None
    opens = one.whole["rows"][one.frame.focus]["start"]
    rows = {row["segment"]: row for row in one.parted["rows"] if row["start"] == opens}
    by, locale = view.by, settings.locale
    has = {key: any(row.get(key) is not None for row in rows.values()) for key in ("change", "n", "low")}

    def written(name: str) -> dict[str, Any]:
        row = rows.get(name, {**figure.NO_ROW, "parts": {}})
        where = (*view.where, (by, name))
        return {
            "name": one.called.get(name, name),
            "id": name if name in one.called else "",
            "link": view.customer(name) if by == "account" and name != NONE else view.link(by="", where=where),
            "explain": view.link(path=f"/metric/{one.name}/explain", by="", where=where),
            "value": lines.cell(row, one.whole, locale),
            **figure.change(row, one.whole, locale),
            "n": figure.rests_on(row, one.metric, settings) if has["n"] else "",
            "interval": figure.interval(row, one.whole, locale),
        }

    return {
        "by": by,
        "has": has,
        "rows": [written(name) for name in ranked[:_LISTED] if name in rows],
        "more": max(len(rows) - _LISTED, 0),
    }


def _variants(one: Measured, view: View) -> list[tuple[str, str, bool]]:
    """The metric and its other readings: title, link, and whether it is the one that is shown."""
    base, _, shown = one.name.partition(":")
    every = [("", one.metric.title), *((name, variant.title) for name, variant in one.metric.variants.items())]
    return [
        (title, view.link(path=f"/metric/{base}:{name}" if name else f"/metric/{base}"), name == shown)
        for name, title in every
    ]
