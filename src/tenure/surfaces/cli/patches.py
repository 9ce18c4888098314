"""Edits, for a person: those that hold, what a file would change, what it has changed, and who is likely one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def listed(shown: Mapping[str, Any]) -> str:
    """The edits that hold."""
    columns = ("edit", "of", "reason", "source")
    rows = [[one["edit"], _of(one), one["reason"], one["source"]] for one in shown["edits"]]
    return Grid(columns, rows).text() if rows else ""


def proposed(shown: Mapping[str, Any]) -> str:
    """Who is likely one, and why."""
    rows = [
        [one["id"], one["same_as"], one["name"] or "", str(one["score"]), one["reason"]] for one in shown["proposals"]
    ]
    return Grid(("id", "same as", "name", "score", "reasons"), rows, frozenset({"score"})).text() if rows else ""


def applied(shown: Mapping[str, Any]) -> str:
    """What became of the edits."""
    rows = [
        [became, one["edit"], _of(one), one["reason"]]
        for became in ("added", "changed", "withdrawn")
        for one in shown[became]
    ]
    return (
        Grid(("became", "edit", "of", "reason"), rows).text()
        if rows
        else "Nothing changes: the store has these edits.\n"
    )


def checked(shown: Mapping[str, Any], locale: str) -> str:
    """What each line would change, then all of them."""
    rows = []
    for one in shown["lines"]:
        number = "" if one["line"] is None else str(one["line"])
        names = "nothing" if one["fault"] else _named(one)
        rows.append([number, one["edit"], _of(one), one["standing"], names, *_change(shown, one["effect"], locale)])
    columns = ("line", "edit", "of", "standing", "names", "customers", "MRR", "movements")
    grid = Grid(columns, rows, frozenset({"line"})).text() if rows else ""
    month = show.period(shown, "month", shown["timezone"], locale)
    customers, money, _ = _change(shown, shown["effect"], locale)
    moved = _moved(shown["effect"]["movements"])
    return f"{grid}All together, at the end of {month}: customers {customers}, MRR {money}{f'; {moved}' if moved else ''}.\n"


def _named(one: Mapping[str, Any]) -> str:
    count = one["names"]
    return f"{count:,} row{'' if count == 1 else 's'}" if one["edit"] == "exclude" else "both"


def _of(one: Mapping[str, Any]) -> str:
    return f"{one['table']} {one['id']}" if one["edit"] == "exclude" else f"{one['id']} → {one['same_as']}"


def _change(shown: Mapping[str, Any], effect: Mapping[str, Any] | None, locale: str) -> list[str]:
    if effect is None:
        return ["", "", ""]
    money = [show.value(effect[f"mrr_{side}"], "money", shown["currency"], locale) for side in ("before", "after")]
    counts = [show.value(effect[f"customers_{side}"], "count", None, locale) for side in ("before", "after")]
    return [_sides(counts), _sides(money), _moved(effect["movements"])]


def _sides(pair: Sequence[str]) -> str:
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} → {pair[1]}"


def _moved(movements: Sequence[Mapping[str, Any]]) -> str:
    """`2026-08: churn 41 → 1, new 58 → 18`."""
    months: dict[str, list[str]] = {}
    for one in movements:
        months.setdefault(one["month"], []).append(f"{one['kind']} {one['before']} → {one['after']}")
    return "; ".join(f"{month}: {', '.join(some)}" for month, some in months.items())
