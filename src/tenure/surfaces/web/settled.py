"""The settings of a store as a page: each with its value, what it means, and where it comes from; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.calendar import WEEKDAYS
from tenure.config import Sql
from tenure.config.origins import DEFAULT, EARLIER, FILE
from tenure.engines.address import masked
from tenure.policy import PRESETS, SWITCHES, Policy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenure.config import BusinessHours, FileMapping, Settings
    from tenure.config.origins import Told
    from tenure.metric import Metric
    from tenure.surfaces.web.view import View

_APART = ("policy", "business_hours", "targets", "segments", "mapping", "overview")


def settled(
    told: Sequence[Told], view: View, settings: Settings, metrics: Mapping[str, Metric], place: tuple[str, str]
) -> dict[str, Any]:
    """What `settings.html` takes; `place` is the store's folder and what said so."""
    by_name = {one.name: one for one in told}
    return {
        "view": view,
        "place": place,
        "stale": [one.name for one in told if one.origin == EARLIER],
        "plain": [
            {"name": one.name, "meaning": one.meaning, "value": _written(one.value), "origin": one.origin,
             "default": "" if one.value == one.default or is_dataclass(one.default) else _written(one.default)}
            for one in told if one.name not in _APART
        ],
        "policy_table": _policy(by_name["policy"], view, settings),
        "presets": [
            (name, preset.note, name == (view.policy or settings.policy.preset),
             view.link(policy="" if name == settings.policy.preset else name))
            for name, preset in PRESETS.items()
        ],
        "hours": _hours(by_name["business_hours"], settings),
        "targets": _targets(view, settings, metrics),
        "segments": [(name, condition) for name, condition in settings.segments.items()],
        "mappings": [_mapping(one) for one in settings.mapping],
        "chosen": [(metrics[name.partition(":")[0]].title, view.to(f"/metric/{name}")) for name in settings.overview.metrics
                   if name.partition(":")[0] in metrics],
        "policy": view.policy or settings.policy.preset,
    }  # fmt: skip


def _written(value: Any) -> str:  # noqa: ANN401 - whatever a setting holds
    """A value as it stands in the file; what is empty is said to be."""
    if value in (None, "", ()):
        return "(none)"
    if isinstance(value, Sql):
        return value.sql
    if is_dataclass(value):
        told = ((one.name, getattr(value, one.name)) for one in fields(value))
        return "; ".join(f"{name}: {_written(own)}" for name, own in told if own) or "(none)"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} = {_written(own)}" for name, own in value.items())
    if isinstance(value, str):
        return masked(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _policy(one: Told, view: View, settings: Settings) -> dict[str, Any]:
    """Every switch in force beside what its preset and the house say, and who set it."""
    own = settings.policy
    force = Policy(view.policy) if view.policy else own
    preset = PRESETS[force.preset]

    def source(name: str) -> str:
        if name in force.overrides:
            return FILE
        where = "the address of this page" if view.policy else FILE if one.origin == FILE else DEFAULT
        return f"preset {force.preset} ({where})" if name in preset.switches else DEFAULT

    return {
        "preset": force.preset,
        "own": own.preset,
        "note": preset.note,
        "rows": [
            {
                "name": name,
                "meaning": switch.meaning,
                "value": force[name],
                "preset": preset.switches.get(name, switch.default),
                "default": switch.default,
                "takes": ", ".join(switch.takes),
                "source": source(name),
                "apart": name in force.overrides,
            }
            for name, switch in SWITCHES.items()
        ],
    }


def _hours(one: Told, settings: Settings) -> dict[str, Any]:
    hours: BusinessHours = settings.business_hours
    return {
        "origin": one.origin,
        "timezone": hours.timezone or settings.timezone,
        "days": [
            (day.capitalize(), ", ".join(f"{_clock(a)} to {_clock(b)}" for a, b in stretches) or "closed")
            for day, stretches in zip(WEEKDAYS, hours.week, strict=True)
        ],
        "holidays": [show.day(day, settings.timezone, settings.locale) for day in sorted(hours.holidays)],
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _targets(view: View, settings: Settings, metrics: Mapping[str, Metric]) -> list[dict[str, Any]]:
    """The targets in force, the company's own first, each with who says so."""
    rows = []
    for name, metric in metrics.items():
        own, shipped = settings.targets.get(name), metric.target
        if own is None and shipped is None:
            continue
        unit, currency = metric.unit.value, settings.currency
        value, per = (own.value, own.per) if own else (shipped.value, shipped.per) if shipped else (None, None)
        rows.append(
            {
                "title": metric.title,
                "link": view.to(f"/metric/{name}"),
                "name": name,
                "value": show.value(value, unit, currency, settings.locale),
                "side": {"up": "at least", "down": "at most"}.get(metric.better.value or "", ""),
                "per": f"a {per}" if per else "any period",
                "source": FILE if own else shipped.source if shipped else "",
                "instead": ""
                if not (own and shipped)
                else f"instead of {show.value(shipped.value, unit, currency, settings.locale)} ({shipped.source})",
                "own": own is not None,
            }
        )
    return sorted(rows, key=lambda row: (not row["own"], row["title"].lower()))


def _mapping(one: FileMapping) -> dict[str, Any]:
    return {
        "file": one.file,
        "table": one.table,
        "columns": [
            (name, source.sql if isinstance(source, Sql) else source, isinstance(source, Sql))
            for name, source in one.columns.items()
        ],
        "ignore": ", ".join(one.ignore),
    }
