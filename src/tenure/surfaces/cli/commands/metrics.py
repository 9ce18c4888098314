"""`tenure metrics`: the catalogue, and all there is to know of one metric.

JSON: `{"metric": …, "title": …, "family": …, "summary": …, "definition": …, "formula": …, "edge_cases": …,
"sources": …, "computed": …, "parts": […], "unit": …, "better": …, "target": …, "interval": …, "needs": […], "aliases": […],
"variants": […], "examples": […]}` of one metric, an array of them for all.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.metric import Metric

_SECTIONS = ("Definition", "Formula", "Edge cases", "Sources")


@click.command("metrics", cls=Command, section="Ask")
@click.argument("name", required=False)
@click.option("--family", metavar="FAMILY", help="Only the metrics of one family.")
@pass_state
def metrics(state: State, name: str | None, family: str | None) -> None:
    """List what can be asked; with a NAME, its definition, formula, unit, target, variants and sources."""
    every = _catalogue(state)
    if name is not None and family is None and name not in every and name in {m.family for m in every.values()}:
        name, family = None, name  # a family is what was meant
    if name is not None:
        from tenure.catalog import find

        metric, _ = find(name, every)
        emit(state, data=lambda: described(metric), records=lambda: [_row(metric)], table=lambda: _page(metric))
        return
    listed = [m for m in every.values() if family in (None, m.family)]
    if not listed:
        from tenure.errors import UnknownNameError

        families = sorted({m.family for m in every.values()})
        raise UnknownNameError("family", str(family), families, f"The families are {', '.join(families)}.")
    emit(state, data=lambda: [described(m) for m in listed], records=lambda: map(_row, listed),
         table=lambda: _list(listed))  # fmt: skip


def _catalogue(state: State) -> Mapping[str, Metric]:
    """What is shipped, and the store's own metrics where there is a store; its database need not be opened for it."""
    from tenure.catalog import own, shipped

    mine, broken = own(state.folder / "metrics")
    for file in broken:
        note(f"{file.path}, line {file.line}, is left out: {file.reason}.")
    return {**shipped(), **mine}


def described(metric: Metric) -> dict[str, Any]:
    """The metric as JSON."""
    target = metric.target
    return {
        "metric": metric.name,
        "title": metric.title,
        "family": metric.family,
        "summary": metric.summary,
        **{heading.lower().replace(" ", "_"): metric.section(heading) for heading in _SECTIONS},
        "computed": metric.formula,
        "parts": _parts(metric),
        "unit": metric.unit.value,
        "better": metric.better.value,
        "target": target and {"value": target.value, "per": target.per, "source": target.source},
        "interval": metric.interval and metric.interval.value,
        "needs": list(metric.needs),
        "aliases": list(metric.aliases),
        "variants": [
            {
                "variant": name,
                "title": variant.title,
                "computed": variant.measure.text(),
                "unit": (variant.unit or metric.unit).value,
                "interval": variant.interval and variant.interval.value,
                "needs": list(variant.needs or metric.needs),
            }
            for name, variant in metric.variants.items()
        ],
        "examples": [{"title": e.title, "expect": e.expect, "source": e.source} for e in metric.examples],
    }


def _parts(metric: Metric) -> list[str]:
    """The names of the leaves, as they appear under `parts` of an answer."""
    names = (getattr(piece, "name", None) for piece in metric.measure.walk())
    return list(dict.fromkeys(name for name in names if name))


def _row(metric: Metric) -> dict[str, object]:
    return {
        "metric": metric.name,
        "family": metric.family,
        "unit": metric.unit.value,
        "better": metric.better.value,
        "target": metric.target.value if metric.target else None,
        "title": metric.title,
    }


def _list(listed: Sequence[Metric]) -> str:
    """Family by family a line for each metric; on a terminal its meaning is folded beside it."""
    wide = max(len(metric.name) for metric in listed) + 4
    return "\n".join(
        f"{family}\n" + "".join(_folded(f"  {m.name}".ljust(wide), _meaning(m)) for m in listed if m.family == family)
        for family in dict.fromkeys(metric.family for metric in listed)
    )


def _meaning(metric: Metric) -> str:
    """The summary without the title, which says little beside the name; its unit and target behind it."""
    said = (metric.summary.partition(": ")[2] or metric.summary).removesuffix(".")
    target = f", target {_target(metric)}" if metric.target else ""
    return f"{said} ({metric.unit.value}{target})"


def _target(metric: Metric) -> str:
    from tenure import show

    return show.value(metric.target.value, metric.unit.value) if metric.target else ""


def _page(metric: Metric) -> str:
    target = metric.target
    lines = {
        **{heading: metric.section(heading) for heading in _SECTIONS},
        "Computed": metric.formula,
        "Parts": ", ".join(_parts(metric)),
        "Unit": f"{metric.unit.value}, better: {metric.better.value}",
        "Target": f"{_target(metric)}{f' a {target.per}' if target.per else ''} ({target.source})" if target else "",
        "Interval": metric.interval.value if metric.interval else "",
        "Variants": "; ".join(f"{metric.name}:{name}, {v.title}" for name, v in metric.variants.items()),
        "Also called": ", ".join(metric.aliases),
        "Needs": ", ".join(metric.needs),
        "Examples": "; ".join(f"{e.title}: {_plain(e.expect)}" for e in metric.examples),
    }
    told = "".join(_folded(f"  {heading:<14}", text) for heading, text in lines.items() if text)
    return f"{metric.title} ({metric.name}, {metric.family})\n{metric.summary}\n\n{told}"


def _folded(heading: str, text: str) -> str:
    """One line; on a terminal as many as its width asks for."""
    if not sys.stdout.isatty():
        return f"{heading}{text}\n"
    width = shutil.get_terminal_size().columns
    return click.wrap_text(text, width, heading, " " * len(heading)) + "\n"


def _plain(number: float | None) -> str:
    return "unknown" if number is None else f"{number:g}"


COMMAND = metrics
