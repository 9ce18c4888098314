"""How an answer shows itself in a notebook: a table, its numbers written for people."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from tenure import show

if TYPE_CHECKING:
    from collections.abc import Mapping


def html(answer: Mapping[str, Any]) -> str:
    """The answer (its `to_dict()`) as an HTML table: period, segment, value, what it is compared with, denominator."""
    unit, currency = answer["unit"], answer["currency"]
    compared = any("previous" in row for row in answer["rows"])
    heads = [
        "period",
        *([answer["by"]] if answer["by"] else []),
        "value",
        *(["before", "change"] if compared else []),
        "n",
    ]
    lines = [_line("th", heads)]
    for row in answer["rows"]:
        name = show.period(row, answer["grain"], answer["timezone"]) + (" (partial)" if row["partial"] else "")
        cells = [name, *([row["segment"] or ""] if answer["by"] else []), show.value(row["value"], unit, currency)]
        if compared:
            cells += [
                show.value(row["previous"], unit, currency),
                show.change(row["change"], row["change_kind"], unit, currency),
            ]
        lines.append(_line("td", [*cells, show.value(row["n"], "count") if row["n"] is not None else ""]))
    missing = (
        f"<p>Unknown: nothing was loaded of {escape(', '.join(answer['missing']))}.</p>" if answer["missing"] else ""
    )
    notes = "".join(
        f"<p>{escape(note)}</p>" for note in dict.fromkeys(row["note"] for row in answer["rows"] if row.get("note"))
    )
    return f"<table><caption>{escape(answer['title'])}</caption>{''.join(lines)}</table>{missing}{notes}"


def _line(tag: str, cells: list[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(str(cell))}</{tag}>" for cell in cells) + "</tr>"
