"""Cohorts as a heat map that is a table: every cell says its number, the shade only repeats it."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from tenure import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.config import Settings

_ROWS, _COLUMNS = 12, 12
SHADES = [f"h{n}" for n in range(9)]
"""The classes of a cell, the palest first."""


def shade(value: float | None, least: float, most: float) -> str:
    """The class of a cell's shade: what lies beyond the ends is as pale, or as dark, as they are."""
    if value is None:
        return "none"
    place = floor((value - least) / (most - least) * len(SHADES))
    return SHADES[max(0, min(len(SHADES) - 1, place))]


def triangle(cohorts: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """The last cohorts, oldest first; shades run from the least of the shown values, rounded down to a tenth, to 1."""
    rows, grain = [row for row in cohorts["rows"] if row["size"]][-_ROWS:], cohorts["grain"]
    shown = [v for row in rows for v in row["values"][:_COLUMNS] if v is not None]
    least = min(floor(min(shown, default=0) * 10) / 10, 0.9)

    def name(row: Mapping[str, Any]) -> str:
        start = {"start": row["cohort"], "end": row["cohort"]}
        return show.period(start, grain, settings.timezone, settings.locale, short=True)

    width = max((len(row["values"][:_COLUMNS]) for row in rows), default=0)
    return {
        "grain": grain,
        "offsets": list(range(width)),
        "rows": [
            {
                "name": name(row),
                "size": show.value(row["size"], "count", None, settings.locale),
                "cells": [(show.percent(v, settings.locale), shade(v, least, 1)) for v in row["values"][:width]],
                "rest": width - len(row["values"][:width]),
            }
            for row in rows
        ],
        "least": show.percent(least, settings.locale),
        "most": show.percent(1, settings.locale),
        "shades": SHADES,
    }
