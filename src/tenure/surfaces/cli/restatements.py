"""What months said then and say now, for a person: each number that has moved, and under it what moved it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.restate.shape import CAUSES
from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping


def text(shown: dict[str, Any], locale: str) -> str:
    """The whole of it."""
    if not shown["numbers"]:
        return "No such month is frozen.\n" if shown["kind"] == "frozen" else "No month of that window was over then.\n"
    numbers = [one for one in shown["numbers"] if one["moved"]]
    lines = [line for one in numbers for line in _lines(shown, one, locale)]
    columns = ["number", "then", "now", "difference"]
    table = Grid(columns, lines, frozenset(columns[1:])).text() if lines else ""
    return f"{_head(shown, locale)}{table}"


def _head(shown: dict[str, Any], locale: str) -> str:
    count, moved = shown["count"], shown["moved"]
    if shown["kind"] == "since":
        about = f"As of {show.moment(datetime.fromisoformat(shown['since']), shown['timezone'], locale)}"
    else:
        about = "Frozen"
    what = "has moved" if moved == 1 else "have moved"
    said = f"{moved:,} of {count:,} numbers {what}" if moved else f"none of {count:,} numbers has moved"
    return f"{about}: {said}.\n"


def _lines(shown: dict[str, Any], one: Mapping[str, Any], locale: str) -> list[list[str]]:
    def amount(number: float | None) -> str:
        return show.value(number, one["unit"], one["currency"], locale)

    name = f"{one['metric']}:{one['variant']}" if one["variant"] else one["metric"]
    when = show.period(one, one["grain"], shown["timezone"], locale)
    segment = f", {one['by']} {one['segment']}" if one["by"] else ""
    changed = _effect(one, one["difference"], locale)
    lines = [[f"{one['title']} ({name}), {when}{segment}", amount(one["then"]), amount(one["now"]), changed]]
    for share in one["shares"]:
        load = f", load {share['load_id']}" if share["load_id"] else ""
        lines.append([f"· {CAUSES[share['cause']]}{load}", "", "", _effect(one, share["effect"], locale)])
        lines += [[f"– {_row(row, shown['timezone'], locale)}", "", "", ""] for row in share["rows"]]
        hidden = share["count"] - len(share["rows"])
        lines += [[f"– and {hidden:,} more row{'s' if hidden > 1 else ''}", "", "", ""]] if hidden else []
    return lines


def _row(row: Mapping[str, Any], timezone: str, locale: str) -> str:
    """A raw row: whose it is, since when, and what of it is another one now."""
    owner = f" of {row['account_id']}" if row["account_id"] else ""
    changes = "; ".join(
        f"{name} {change['was'] or '(empty)'} → {change['becomes'] or '(empty)'}"
        for name, change in row["columns"].items()
    )
    begins = f" from {show.day(row['begins_at'], timezone, locale)}" if row["begins_at"] else ""
    return f"{row['table']} {row['key'].split('/')[0]}{owner}{begins}" + (f": {changes}" if changes else "")


def _effect(one: Mapping[str, Any], number: float | None, locale: str) -> str:
    """A change: shares change by points, and what grows says so."""
    if number is None:
        return show.UNKNOWN
    if one["unit"] == "share":
        written = show.value(number * 100, "points", None, locale).lstrip("+") + " pt"
    else:
        written = show.value(number, one["unit"], one["currency"], locale).lstrip("+")
    return f"+{written}" if number > 0 else written
