"""What stands behind one number, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.explain import written
from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def text(shown: dict[str, Any], locale: str) -> str:
    """The number, its formula with values, the policy, the rows of each part, the statement."""
    return "\n".join(
        (_number(shown, locale), *(_part(part) for part in shown["parts"]), f"Statement\n{shown['sql']}\n")
    )


def _number(shown: dict[str, Any], locale: str) -> str:
    (row,) = shown["rows"]
    value = show.value(row["value"], shown["unit"], shown["currency"], locale)
    period = show.period(row, shown["grain"], shown["timezone"], locale)
    switches = ", ".join(f"{name} {value}" for name, value in shown["policy_in_force"].items())
    told = {
        "Definition": shown["definition"],
        "Formula": shown["formula"],
        "Computed": shown["calculation"],
        "Segment": "" if row["segment"] is None else f"{shown['by']} = {row['segment']}",
        "Where": "; ".join(f"{name} = {' or '.join(values)}" for name, values in shown["where"].items()),
        "Missing": ", ".join(shown["missing"]),
        "Note": row.get("note", ""),
        "Policy": f"{shown['policy']}: {switches}",
    }
    lines = "".join(f"  {heading:<12}{said}\n" for heading, said in told.items() if said)
    return f"{shown['title']} ({shown['metric']}), {period}: {value}\n\n{lines}"


def _part(part: dict[str, Any]) -> str:
    head = f"{part['name']} = {written(part['value'])}: {part['total']}\n"
    head += f"  {part['meaning']}, {_count(part)} of the ledger {part['ledger']}\n"
    raw = f"  as loaded\n{_rows(part['raw'])}" if part["raw"] else ""
    return head + _rows(part["rows"]) + raw


def _count(part: dict[str, Any]) -> str:
    rows = "1 row" if part["count"] == 1 else f"{part['count']:,} rows"
    return f"the first {len(part['rows'])} of {rows}" if len(part["rows"]) < part["count"] else rows


def _rows(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as a table, without the columns in which no row says anything."""
    names = [name for name in (rows[0] if rows else {}) if any(row[name] is not None for row in rows)]
    numbers = frozenset(n for n in names if all(isinstance(row[n], int | float) for row in rows if row[n] is not None))
    lines = list(_cells(rows, names))
    return Grid(names, lines, numbers).text() if names else ""


def _cells(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> Iterator[list[str]]:
    for row in rows:
        yield [_cell(row[name]) for name in names]


def _cell(value: object) -> str:
    """As it stands in the ledger: whoever checks a number needs its digits."""
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
