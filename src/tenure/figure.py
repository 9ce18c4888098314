"""A figure: one number of an answer as it is written, and what it takes to read it.

That is its change and whether that may be noise, what it rests on, its interval, its target and its parts; pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tenure import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.config import Settings
    from tenure.metric import Metric

_PART = re.compile(r"\{(\w+)\}")
_FEW = 3
_HEADS = ("Definition", "Formula", "Edge cases", "Sources")
NO_ROW: Mapping[str, Any] = {"value": None, "parts": {}, "partial": False, "n": None}
UNITS = {
    "money": "money",
    "count": "a count",
    "share": "a share",
    "points": "points",
    "score": "a score",
    "ratio": "a ratio",
    "duration": "a time",
}


def change(row: Mapping[str, Any], answer: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """The change, whether it is for the better, and whether it may be chance; no verdict where it is nothing or may be."""
    amount = row.get("change")
    text = show.change(amount, row.get("change_kind"), answer["unit"], answer["currency"], locale)
    noise = bool(text) and row.get("beyond_noise") is False
    quiet = noise or text.startswith("→")
    return {
        "change": text,
        "verdict": "" if quiet else show.verdict(amount, answer["better"]),
        "noise": noise,
        "beyond": bool(text) and row.get("beyond_noise") is True,
    }


def unknown(row: Mapping[str, Any], missing: list[str]) -> str:
    """Why there is no number, in words; empty where there is one."""
    if row["value"] is not None:
        return ""
    if missing:
        return f"Needs {', '.join(missing)}"
    if row.get("note"):
        return str(row["note"])
    if row.get("n"):
        return "Unknown: too few have come that far"
    return "Unknown: nothing to divide by in this period" if row["parts"] else "Unknown in this period"


def parts(row: Mapping[str, Any], metric: Metric, settings: Settings, *, compact: bool = False) -> dict[str, str]:
    """Every part of the formula with its value, so that a reader can do the division again."""

    def written(name: str, number: float | None) -> str:
        whole = number is None or float(number).is_integer()
        unit = "money" if name in metric.money_parts else "count" if whole else ""
        return show.value(number, unit, settings.currency, settings.locale, compact=compact)

    return {name: written(name, number) for name, number in row["parts"].items()}


def spelt(
    row: Mapping[str, Any], answer: Mapping[str, Any], metric: Metric, settings: Settings
) -> list[tuple[str, str]]:
    """The parts with their names as a person reads them; the one that is the number itself is written as that is."""
    written = parts(row, metric, settings)
    if answer["unit"] == "duration":
        same = (name for name, number in row["parts"].items() if number is not None and number == row["value"])
        written |= {name: full(row["value"], answer, settings.locale) for name in same}
    return [(show.spoken(name), number) for name, number in written.items()]


def full(number: float | None, answer: Mapping[str, Any], locale: str) -> str:
    """A value with all that is told of it; a time has two units, and their short names, wherever it stands."""
    if answer["unit"] == "duration":
        return show.brief(number, locale)
    return show.value(number, answer["unit"], answer["currency"], locale)


def short(number: float | None, answer: Mapping[str, Any], locale: str) -> str:
    """A value where room is scarce."""
    if answer["unit"] == "duration":
        return full(number, answer, locale)
    return show.value(number, answer["unit"], answer["currency"], locale, compact=True)


def based(row: Mapping[str, Any], answer: Mapping[str, Any], metric: Metric, settings: Settings) -> str:
    """What the number rests on, or on how many cases: no parts say that of a time."""
    said = "" if answer["unit"] == "duration" else basis(row, metric, settings)
    return said or counted(row, metric, settings.locale)


def basis(row: Mapping[str, Any], metric: Metric, settings: Settings) -> str:
    """What the number rests on, in the metric's own words: `38 of 1,204 customers`; without any, the parts by name."""
    found = parts(row, metric, settings, compact=True)
    if not row["parts"] or any(number is None for number in row["parts"].values()):
        return ""
    if metric.basis and all(name in found for name in _PART.findall(metric.basis)):
        return _PART.sub(lambda m: found[m[1]], metric.basis)
    few = 1 < len(found) <= _FEW
    return ", ".join(f"{show.spoken(name)} {number}" for name, number in found.items()) if few else ""


def counted(row: Mapping[str, Any], metric: Metric, locale: str) -> str:
    """How many cases the number rests on; empty where that is not known, or what is divided by is no count."""
    return (
        "" if row.get("n") is None or _is_money(row, metric) else f"n = {show.value(row['n'], 'count', None, locale)}"
    )


def rests_on(row: Mapping[str, Any], metric: Metric, settings: Settings) -> str:
    """`n` of a row as it is written: cases, or the money that is divided by."""
    unit = "money" if _is_money(row, metric) else "count"
    return show.value(row.get("n"), unit, settings.currency, settings.locale)


def _is_money(row: Mapping[str, Any], metric: Metric) -> bool:
    return any(name in metric.money_parts and number == row["n"] for name, number in row["parts"].items())


def interval(row: Mapping[str, Any], answer: Mapping[str, Any], locale: str) -> str:
    """The 95 % interval in words; empty where there is none."""
    if row.get("low") is None or row.get("high") is None:
        return ""
    low, high = (full(row[end], answer, locale) for end in ("low", "high"))
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
