"""A tile: the figure of the shown period with its line and the page that it leads to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import figure
from tenure.surfaces.sparkline import sparkline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.config import Settings
    from tenure.metric import Metric


def tile(
    name: str, answer: Mapping[str, Any], focus: int, settings: Settings, metric: Metric, link: str
) -> dict[str, Any]:
    """What the template writes of `answer` in the period number `focus`; `name` is the metric as it was asked, `link` its page."""
    locale = settings.locale
    rows = answer["rows"]
    row = rows[focus] if focus < len(rows) else figure.NO_ROW
    return {
        "id": name.replace(":", "-"),
        "title": answer["title"],
        "link": link,
        "value": figure.short(row["value"], answer, locale),
        "exact": figure.full(row["value"], answer, locale),
        "unknown": figure.unknown(row, answer["missing"]),
        **figure.change(row, answer, locale),
        "basis": figure.based(row, answer, metric, settings),
        "interval": figure.interval(row, answer, locale),
        "spark": sparkline([r["value"] for r in rows], focus),
        "target": figure.target(row, answer, locale),
        "parts": figure.spelt(row, answer, metric, settings),
        "why": figure.why(metric),
    }
