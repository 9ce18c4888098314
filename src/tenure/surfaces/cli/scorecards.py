"""The report on standard output: tables for a person, and one long table of raw values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.surfaces.cli.answers import records as answered
from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenure.surfaces.report.content import Content, Line

_RIGHT = frozenset({"value", "before", "year before", "change"})


def text(content: Content) -> str:
    """The head, then a table for each family, then what is not known and why."""
    wide = max(len(name) for name, _ in content.head)
    blocks = ["".join([f"{content.title}\n", *(f"{name.ljust(wide)}  {said}\n" for name, said in content.head)])]
    columns = ("metric", "value", content.before.lower(), "change", "", "target", "", "rests on")
    for family in content.families:
        rows = [_cells(line) for line in family.lines]
        kept = [k for k, name in enumerate(columns) if name in ("metric", "value") or any(row[k] for row in rows)]
        names = [columns[k] for k in kept]
        blocks.append(Grid(names, [[row[k] for k in kept] for row in rows], _RIGHT, title=family.name).text())
    if content.wants:
        rows = [[one.metric, _wanted(one.files, one.rates)] for one in content.wants]
        blocks.append(Grid(("metric", "wants"), rows, title=content.lost).text())
    if content.refused:
        blocks.append(Grid(("metric", "why"), [list(one) for one in content.refused], title="Not answered").text())
    return "\n".join(blocks)


def _cells(line: Line) -> list[str]:
    aim = {"met": "on target", "missed": "off target"}.get(line.aim, "")
    return [
        line.metric,
        line.value,
        line.before,
        line.change,
        line.judged,
        line.target,
        aim,
        line.unknown or line.basis,
    ]


def _wanted(files: tuple[tuple[str, ...], ...], rates: tuple[str, ...]) -> str:
    return ", ".join([*(" or ".join(need) for need in files), *(f"a rate of {currency}" for currency in rates)])


def records(told: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    """A line for each metric and period, as of `ask`, and one for each metric without a number; `why` says why."""
    for answer in told["metrics"]:
        for row in answered([answer]):
            yield {"family": answer["family"], **row}
    for one in told["unknown"]:
        yield {"family": one["family"], "metric": one["metric"], "why": f"needs {', '.join(one['missing'])}"}
    for one in told["refused"]:
        yield {"family": one["family"], "metric": one["metric"], "why": one["why"]}
