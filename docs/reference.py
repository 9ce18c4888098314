"""Writes docs/reference from what the program declares of itself: `make reference`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tenure.catalog import shipped
from tenure.config import DEFAULT_TOML
from tenure.policy import PRESETS, SWITCHES
from tenure.surfaces.cli import reference
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tenure.metric import Metric
    from tenure.tables.schema import Column, Table

FOLDER = Path(__file__).parent / "reference"
MADE = "<!-- Made by `make reference`. -->\n"


def grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"
    yield ""


def _column(column: Column) -> tuple[str, ...]:
    name = f"**`{column.name}`**" if column.required else f"`{column.name}`"
    words = [column.meaning]
    if column.choices:
        words.append(f"one of {', '.join(column.choices)}")
    if column.default is not None:
        words.append(f"empty: `{column.default}`")
    if column.aliases:
        words.append(f"also written {', '.join(f'`{alias}`' for alias in column.aliases)}")
    return name, column.type.name.lower(), column.unit or "", "; ".join(words)


def _table(table: Table) -> Iterator[str]:
    yield from (
        f"## {table.name}",
        "",
        f"{table.meaning[0].upper()}{table.meaning[1:]}. Key: {', '.join(table.key)}.",
        "",
    )
    yield from grid(("column", "type", "unit", "meaning"), map(_column, table.columns))
    if table.checks:
        yield "A row is set aside where one of these does not hold:"
        yield ""
        yield from (f"- `{check.rule}`: {check.sentence}" for check in table.checks)
        yield ""


def tables() -> Iterator[str]:
    """Every canonical table with its columns and row checks."""
    yield from ("# Tables", "", MADE)
    yield "Required columns are bold. Instants are ISO 8601; without an offset they are in the company's time zone."
    yield "Money is decimal text in major units. Other columns of `accounts` become attributes to ask by."
    yield ""
    for table in TABLES.values():
        yield from _table(table)


def _metric(metric: Metric) -> Iterator[str]:
    yield from (f"### {metric.name}", "", f"**{metric.title}.** {metric.section('Definition')}", "")
    yield f"- Formula: `{metric.formula}`"
    yield f"- Unit: {metric.unit.value}; better: {metric.better.value}; needs {', '.join(metric.needs)}"
    if target := metric.target:
        yield f"- Target: {target.value:g}{f' a {target.per}' if target.per else ''} ({target.source})"
    if metric.aliases:
        yield f"- Also asked as {', '.join(f'`{alias}`' for alias in metric.aliases)}"
    yield from (f"- `{metric.name}:{name}`: {variant.title}" for name, variant in metric.variants.items())
    for heading in ("Edge cases", "Sources"):
        if said := metric.section(heading):
            yield f"- {heading}: {said}"
    yield ""


def metrics() -> Iterator[str]:
    """Every metric that comes with Tenure, family by family."""
    yield from ("# Metrics", "", MADE)
    yield "Asked by name: `tenure ask NAME`. Shares are 0 to 1, durations seconds; a ratio over nothing is unknown."
    yield ""
    for family in sorted({metric.family for metric in shipped().values()}):
        yield from (f"## {family.capitalize()}", "")
        for metric in shipped().values():
            if metric.family == family:
                yield from _metric(metric)


def policy() -> Iterator[str]:
    """The switches and presets of the revenue policy."""
    yield from ("# The revenue policy", "", MADE)
    yield "What counts as recurring revenue. `--policy PRESET` reads as another tool does, `--set SWITCH=VALUE`"
    yield "changes one switch; for good they stand under `[policy]` in `tenure.toml`."
    yield from ("", "## Switches", "")
    yield from grid(
        ("switch", "default", "takes", "what it decides"),
        ((f"`{s.name}`", f"`{s.default}`", ", ".join(s.takes), s.meaning) for s in SWITCHES.values()),
    )
    yield from ("## Presets", "")
    for preset in PRESETS.values():
        switches = ", ".join(f"`{name}={value}`" for name, value in preset.switches.items()) or "every default"
        yield f"- `{preset.name}`: {switches}. {preset.note}"


def settings() -> Iterator[str]:
    """The settings file as `tenure init` writes it."""
    yield from ("# Settings", "", MADE)
    yield "The file `tenure.toml` in the store's folder. All of it is optional; this is what `tenure init` writes."
    yield from ("", "```toml", DEFAULT_TOML.rstrip(), "```")


def pages() -> dict[str, str]:
    """Every page by its name."""
    made = {"metrics": metrics(), "tables": tables(), "policy": policy(), "settings": settings()}
    return {name: "\n".join(lines).rstrip() + "\n" for name, lines in made.items()} | {"commands": reference.page()}


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / f"{name}.md").write_text(text, encoding="utf-8")
