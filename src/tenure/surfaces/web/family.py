"""A family of the catalogue: each of its metrics as a tile, and what is not known yet with the file that would fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.errors import TenureError
from tenure.surfaces.web import tiles

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.surfaces.web.view import View

    Answered = Mapping[str, Any]


def family(
    answers: Mapping[str, Answered | TenureError],
    models: Iterable[Metric],
    view: View,
    focus: int,
    settings: Settings,
    metrics: Mapping[str, Metric],
) -> dict[str, Any]:
    """What `family.html` takes beside its controls: tiles, and those without a number with the reason.

    `models` are the metrics that were not asked for because a model must be fitted first.
    """
    told, waiting, refused = [], [], []
    for name, answer in answers.items():
        metric, link = metrics[name], view.to(f"/metric/{name}")
        if isinstance(answer, TenureError):
            refused.append({"title": metric.title, "link": link, "sentence": str(answer)})
        elif answer["missing"]:
            waiting.append(
                {"title": metric.title, "link": link, "summary": metric.summary, "needs": needed(answer["missing"])}
            )
        else:
            one = tiles.tile(name, answer, focus, settings, metric, link)
            told.append(one | {"about": _without_title(metric)})
    return {
        "tiles": sorted(told, key=lambda tile: tile["title"].lower()),
        "waiting": waiting,
        "refused": refused,
        "models": [
            {"title": m.title, "link": view.to(f"/metric/{m.name}"), "summary": _without_title(m)} for m in models
        ],
    }


def _without_title(metric: Metric) -> str:
    """The first line of a metric, which begins with its name."""
    title, _, rest = metric.summary.partition(": ")
    return (rest or title).rstrip(".")


def needed(missing: Iterable[str]) -> list[list[str]]:
    """The tables that would fill a number: each a list of which any one will do."""
    return [need.split(" or ") for need in missing]
