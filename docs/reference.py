"""Writes docs/reference from what the program declares of itself: `make reference`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import tenure
from tenure import show
from tenure.algebra import Named
from tenure.catalog import shipped
from tenure.config import DEFAULT_TOML
from tenure.policy import PRESETS, SWITCHES
from tenure.surfaces.cli import reference
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tenure.metric import Example, Metric, Variant
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


def _metric(metric: Metric, dimensions: Sequence[str]) -> Iterator[str]:
    yield from (f"### {metric.name}", "", f"**{metric.title}.** {metric.section('Definition')}", "")
    yield f"- Formula: `{metric.formula}`"
    parts = dict.fromkeys(leaf.name for leaf in metric.measure.walk() if isinstance(leaf, Named))
    yield f"- Parts: {', '.join(f'`{part}`' for part in parts)}"
    interval = f"; interval: {metric.interval.value}" if metric.interval else ""
    yield f"- Unit: {metric.unit.value}; better: {metric.better.value}{interval}; needs {_tables(metric.needs)}"
    if target := metric.target:
        yield f"- Target: {show.value(target.value, metric.unit.value)}{f' a {target.per}' if target.per else ''} ({target.source})"
    yield f"- By: {', '.join(dimensions)}"
    if metric.aliases:
        yield f"- Also asked as {', '.join(f'`{alias}`' for alias in metric.aliases)}"
    yield from (f"- `{metric.name}:{name}`: {_variant(metric, variant)}" for name, variant in metric.variants.items())
    for heading in ("Edge cases", "Sources"):
        yield f"- {heading}: {metric.section(heading)}"
    told = (f"{one.title}: {_expected(one)}" for one in metric.examples)
    yield f"- Worked examples: {'; '.join(told)}"
    yield ""


def _variant(metric: Metric, variant: Variant) -> str:
    apart = [f"unit: {variant.unit.value}"] if variant.unit not in (None, metric.unit) else []
    apart += [f"interval: {variant.interval.value}"] if variant.interval else []
    apart += [f"needs {_tables(variant.needs)}"] if variant.needs else []
    return "; ".join([f"{variant.title}, `{variant.measure.text()}`", *apart])


def _tables(needs: Sequence[str]) -> str:
    return ", ".join(needs)


def _expected(example: Example) -> str:
    number = "unknown" if example.expect is None else f"{example.expect:.10g}"
    return f"{number} (`{example.variant}`)" if example.variant else number


def metrics() -> Iterator[str]:
    """Every metric that comes with Tenure, family by family."""
    families = {
        family: [m for m in shipped().values() if m.family == family]
        for family in sorted({m.family for m in shipped().values()})
    }
    yield from ("# Metrics", "", MADE)
    yield "Asked by name: `tenure ask NAME`, or `NAME:VARIANT`. Shares are 0 to 1, durations seconds; a ratio over nothing is"
    yield "unknown. By these dimensions a number can be broken down or filtered, and by the attributes of accounts. A worked example"
    yield "is a small company in the metric's own file, with the number that must come out."
    yield ""
    for family, members in families.items():
        yield f"- [{family.capitalize()}](#family-{family}): {', '.join(f'[{m.name}](#{m.name})' for m in members)}"
    yield ""
    with tenure.open() as company:
        for family, members in families.items():
            yield from (f"## Family: {family}", "")
            for metric in members:
                yield from _metric(metric, company.dimensions(metric.name))


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
