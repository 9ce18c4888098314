"""A tile: one number of the shown period with all that it takes to read it; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.surfaces.web.drawing import sparkline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.surfaces.web.overview import Tile

_PART = re.compile(r"\{(\w+)\}")
_FEW = 3
_HEADS = ("Definition", "Formula", "Edge cases", "Sources")


def tile(one: Tile, answer: Mapping[str, Any], focus: int, settings: Settings, metric: Metric) -> dict[str, Any]:
    """What the template writes of `answer` in the period number `focus`."""
    locale = settings.locale
    rows, unit, currency = answer["rows"], answer["unit"], answer["currency"]
    row = rows[focus] if focus < len(rows) else {"value": None, "parts": {}, "partial": False, "n": None}
    return {
        "id": one.metric.replace(":", "-"),
        "title": answer["title"],
        "value": show.value(row["value"], unit, currency, locale, compact=True),
        "exact": show.value(row["value"], unit, currency, locale),
        "unknown": _unknown(row, answer["missing"]),
        **change(row, answer, locale),
        "basis": basis(one.basis, row, metric, settings),
        "interval": _interval(row, answer, locale),
        "spark": sparkline([r["value"] for r in rows], focus),
        "target": target(row, answer, locale),
        "parts": [(name.replace("_", " "), number) for name, number in parts(row, metric, settings).items()],
        "why": why(metric),
    }


def change(row: Mapping[str, Any], answer: Mapping[str, Any], locale: str) -> dict[str, str]:
    """The change and whether it is for the better; neither where what is shown of it is nothing."""
    amount = row.get("change")
    text = show.change(amount, row.get("change_kind"), answer["unit"], answer["currency"], locale)
    return {"change": text, "verdict": "" if text.startswith("→") else show.verdict(amount, answer["better"])}


def _unknown(row: Mapping[str, Any], missing: list[str]) -> str:
    """Why there is no number, in words."""
    if row["value"] is not None:
        return ""
    if missing:
        return f"Needs {', '.join(missing)}"
    if row.get("note"):
        return str(row["note"])
    return "Unknown: nothing to divide by in this period"


def parts(row: Mapping[str, Any], metric: Metric, settings: Settings, *, compact: bool = False) -> dict[str, str]:
    """Every part of the formula with its value, so that a reader can do the division again."""

    def written(name: str, number: float | None) -> str:
        unit = "money" if name in metric.money_parts else "count"
        return show.value(number, unit, settings.currency, settings.locale, compact=compact)

    return {name: written(name, number) for name, number in row["parts"].items()}


def basis(template: str, row: Mapping[str, Any], metric: Metric, settings: Settings) -> str:
    """What the number rests on: `38 of 1,204 customers`; without a template of its own, the parts by name."""
    found = parts(row, metric, settings, compact=True)
    if not row["parts"] or any(number is None for number in row["parts"].values()):
        return ""
    if template and all(name in found for name in _PART.findall(template)):
        return _PART.sub(lambda m: found[m[1]], template)
    few = 1 < len(found) <= _FEW
    return ", ".join(f"{name.replace('_', ' ')} {number}" for name, number in found.items()) if few else ""


def _interval(row: Mapping[str, Any], answer: Mapping[str, Any], locale: str) -> str:
    if row.get("low") is None or row.get("high") is None:
        return ""
    low, high = (show.value(row[end], answer["unit"], answer["currency"], locale) for end in ("low", "high"))
    return f"{low} to {high}"


def target(row: Mapping[str, Any], answer: Mapping[str, Any], locale: str) -> dict[str, str] | None:
    """The target in words, and whether it is met: said only of a full period of the length that it is meant for."""
    goal = answer["target"]
    if not goal:
        return None
    amount = show.value(goal["value"], answer["unit"], answer["currency"], locale)
    side = {"up": "at least ", "down": "at most "}.get(answer["better"] or "", "")
    text = f"{side}{amount}" + (f" a {goal['per']}" if goal.get("per") else "")
    comparable = goal.get("per") in (None, answer["grain"]) and not row["partial"]
    met = show.meets(row["value"], goal["value"], answer["better"]) if comparable else None
    state = {True: "met", False: "missed", None: "open"}[met]
    return {"text": text, "state": state, "source": goal.get("source") or ""}


def why(metric: Metric) -> list[tuple[str, str]]:
    """What a metric says of itself: ("", its first line), ("Definition", text) and so on."""
    sections = [("", metric.summary), *((head, metric.section(head)) for head in _HEADS)]
    return [(head, text) for head, text in sections if text]
