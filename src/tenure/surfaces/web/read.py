"""One number under every preset, and the bridge to one of them, switch by switch and customer by customer; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.policy import SWITCHES
from tenure.surfaces.web.navigation import heading
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.surfaces.web.view import View

    Shown = Mapping[str, Any]

OWN = ("metric", "against")


def read(
    presets: Shown, bridge: Shown | None, metrics: Mapping[str, Metric], view: View, settings: Settings
) -> dict[str, Any]:
    """What `readings.html` takes beside its controls, of `Presets.to_dict()` and, if one is asked for, `Bridge.to_dict()`."""

    def written(value: float | None) -> str:
        return show.value(value, presets["unit"], presets["currency"], settings.locale)

    def moved(value: float | None) -> str:
        if presets["unit"] == "share":
            return show.change(value, "difference", "share", None, settings.locale)
        return "+" * bool(value and value > 0) + written(value) if value else "the same" if value == 0 else show.UNKNOWN

    return {
        "title": presets["title"],
        "metric": presets["metric"],
        "page": view.to(f"/metric/{presets['metric']}"),
        "missing": presets["missing"],
        "own": {"name": presets["own"]["policy"], "value": written(presets["own"]["value"])},
        "rows": [
            {
                "preset": row["preset"],
                "value": written(row["value"]),
                "difference": moved(row["difference"]),
                "differs": bool(row["difference"]),
                "switches": [(SWITCHES[name].meaning, value) for name, value in row["switches"].items()],
                "note": row["note"],
                "link": view.telling(against=row["preset"]),
                "here": row["preset"] == view.told("against"),
            }
            for row in presets["rows"]
        ],
        "choices": _choices(metrics),
        "bridge": _bridge(bridge, view, settings, written, moved) if bridge else None,
        "policy": presets["own"]["policy"],
    }


def _choices(metrics: Mapping[str, Metric]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The metrics by family; what a model makes is left out."""
    families = sorted({metric.family for metric in metrics.values()})
    return [
        (
            heading(family),
            sorted(((m.title, m.name) for m in metrics.values() if m.family == family and m.model is None), key=_lower),
        )
        for family in families
    ]


def _lower(choice: tuple[str, str]) -> str:
    return choice[0].lower()


def _bridge(bridge: Shown, view: View, settings: Settings, written: Any, moved: Any) -> dict[str, Any]:  # noqa: ANN401 - functions of a number
    return {
        "a": (bridge["a"]["policy"], written(bridge["a"]["value"])),
        "b": (bridge["b"]["policy"], written(bridge["b"]["value"])),
        "difference": moved(bridge["difference"]),
        "steps": [
            {
                "meaning": step["meaning"],
                "was": step["was"],
                "becomes": step["becomes"],
                "effect": moved(step["effect"]),
                "after": written(step["after"]),
                "customers": [
                    {
                        "name": one["name"] or one["account_id"] or f"{Writing(settings).count(one['count'])} others",
                        "link": view.customer(one["account_id"]),
                        "effect": moved(one["effect"]),
                    }
                    for one in step["customers"] or ()
                ],
            }
            for step in bridge["steps"]
        ],
        "unmoved": [SWITCHES[name].meaning for name in bridge["unmoved"]],
    }
