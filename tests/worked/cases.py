"""How a worked example is written down, and what an answer must be to agree with it.

A file holds `cases`; a case has `id`, `title`, `why`, `tables`, `asks`, and may have `defaults` (the window that an ask
overrides), `settings` (a tenure.toml) and `loads` (more tables, imported after the first, one by one).

    tables    CSV text by canonical table; a line "{1..5} s#,a#" stands for five rows with # replaced by the number
    asks      metric, from, to, grain, by, where, compare, policy, set, now, as on the command line, and `expect`
    expect    a number or null for an answer of one row; or a mapping of value, n, low, high, previous, change,
              change_kind, partial, parts, missing, tol (default 0.00005), series (all rows in order),
              segments (value by segment), rows (by start), count, sum, one_of, note (what some row's note holds; null: none)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

TOLERANCE = 0.00005
ON_THE_ROW = ("value", "n", "low", "high", "previous", "change")
AS_IT_IS = ("partial", "change_kind")
OPTIONS = ("from", "to", "grain", "by", "where", "compare", "policy", "set", "hours", "now")


@dataclass(frozen=True)
class Case:
    """One small company and what is asked about it."""

    id: str
    tables: Mapping[str, str]
    asks: tuple[Mapping[str, Any], ...]
    settings: str = ""
    loads: tuple[Mapping[str, str], ...] = field(default=())


def cases(path: Path) -> Iterator[Case]:
    """The cases of one file, their lines and defaults spelled out."""
    for raw in yaml.safe_load(path.read_text())["cases"]:
        yield Case(
            id=raw["id"],
            tables={name: expanded(text) for name, text in raw["tables"].items()},
            asks=tuple({**raw.get("defaults", {}), **ask} for ask in raw["asks"]),
            settings=raw.get("settings", ""),
            loads=tuple({name: expanded(text) for name, text in load.items()} for load in raw.get("loads", ())),
        )


def expanded(text: str) -> str:
    """CSV text with every "{1..5} s#,a#" written out."""
    lines: list[str] = []
    for line in text.splitlines():
        many = re.fullmatch(r"\{(\d+)\.\.(\d+)\} (.*)", line)
        if many is None:
            lines.append(line)
            continue
        first, last, pattern = many.groups()
        lines += [pattern.replace("#", str(n).zfill(len(first))) for n in range(int(first), int(last) + 1)]
    return "\n".join(lines) + "\n"


def words(ask: Mapping[str, Any]) -> list[str]:
    """An ask as the words of the command line after `ask`."""
    found = [str(ask["metric"])]
    for option in OPTIONS:
        if (given := ask.get(option)) is None:
            continue
        if isinstance(given, dict):
            for name, value in given.items():
                for one in value if isinstance(value, list) else [value]:
                    found += [f"--{option}", f"{name}={one}"]
        else:
            found += [f"--{option}", str(given)]
    return found


def faults(answer: Mapping[str, Any], expect: object) -> list[str]:
    """Where an answer (the JSON shape of `ask`) differs from what is expected; empty where it does not."""
    wanted: Mapping[str, Any] = expect if isinstance(expect, dict) else {"value": expect}
    tolerance = wanted.get("tol", TOLERANCE)
    rows = answer["rows"]
    found = list(_of_one_row(rows, wanted, tolerance))
    found += _of_all_rows(rows, wanted, tolerance)
    if "missing" in wanted and answer["missing"] != wanted["missing"]:
        found.append(f"missing is {answer['missing']}, not {wanted['missing']}")
    return found


def _of_one_row(rows: list[dict[str, Any]], wanted: Mapping[str, Any], tolerance: float) -> Iterator[str]:
    if not {*ON_THE_ROW, *AS_IT_IS, "parts", "one_of"} & wanted.keys():
        return
    if len(rows) != 1:
        yield f"{len(rows)} rows, not one: {rows}"
        return
    row = rows[0]
    for name in ON_THE_ROW:
        if name in wanted and not near(row.get(name), wanted[name], tolerance):
            yield f"{name} is {row.get(name)}, not {wanted[name]}"
    for name in AS_IT_IS:
        if name in wanted and row.get(name) != wanted[name]:
            yield f"{name} is {row.get(name)}, not {wanted[name]}"
    for part, value in wanted.get("parts", {}).items():
        if not near(row["parts"].get(part), value, tolerance):
            yield f"the part {part} is {row['parts'].get(part)}, not {value}"
    if "one_of" in wanted and not any(near(row["value"], value, tolerance) for value in wanted["one_of"]):
        yield f"value is {row['value']}, none of {wanted['one_of']}"


def _of_all_rows(rows: list[dict[str, Any]], wanted: Mapping[str, Any], tolerance: float) -> Iterator[str]:
    values = [row["value"] for row in rows]
    if "series" in wanted:
        series = wanted["series"]
        agree = [near(value, other, tolerance) for value, other in zip(values, series, strict=False)]
        if len(values) != len(series) or not all(agree):
            yield f"the series is {values}, not {series}"
    if "segments" in wanted:
        yield from _by_name({row["segment"]: row["value"] for row in rows}, wanted["segments"], tolerance)
    if "rows" in wanted:
        starts = {str(start): value for start, value in wanted["rows"].items()}
        by_start = {start: row["value"] for start in starts for row in rows if row["start"].startswith(start)}
        yield from _by_name(by_start, starts, tolerance)
    if "note" in wanted:
        notes = [row.get("note") for row in rows]
        if not any(wanted["note"] in note for note in notes if note) if wanted["note"] else any(notes):
            yield f"the notes are {notes}, not {wanted['note']}"
    if "count" in wanted and len(rows) != wanted["count"]:
        yield f"{len(rows)} rows, not {wanted['count']}"
    if "sum" in wanted and not near(sum(value or 0 for value in values), wanted["sum"], tolerance):
        yield f"the sum is {sum(value or 0 for value in values)}, not {wanted['sum']}"


def _by_name(found: Mapping[str, float | None], wanted: Mapping[str, Any], tolerance: float) -> Iterator[str]:
    for name, value in wanted.items():
        if str(name) not in found:
            yield f"there is no row '{name}', only {sorted(found)}"
        elif not near(found[str(name)], value, tolerance):
            yield f"'{name}' is {found[str(name)]}, not {value}"


def near(found: float | None, wanted: float | None, tolerance: float) -> bool:
    """Equal within `tolerance`; unknown is only equal to unknown."""
    if found is None or wanted is None:
        return found is wanted
    return abs(found - wanted) <= tolerance
