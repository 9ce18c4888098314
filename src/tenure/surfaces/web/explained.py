"""What stands behind one number, as a page: the formula with its values, the ledger rows, the raw rows, the SQL; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.surfaces.web import lines
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

LIMITS = (20, 100, 1000)
_ID = "account_id"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")  # as `tenure.answer.plain` writes one


def accounts(shown: Mapping[str, Any]) -> set[str]:
    """The ids of the accounts that an explanation shows."""
    rows = (row for part in shown["parts"] for row in (*part["rows"], *part["raw"]))
    return {str(row[_ID]) for row in rows if row.get(_ID)}


def explained(
    shown: Mapping[str, Any], name: str, view: View, settings: Settings, names: Mapping[str, str]
) -> dict[str, Any]:
    """What `explain.html` takes of `Explanation.to_dict()`; `names` are those of the accounts in it, by their ids."""
    (row,) = shown["rows"]
    limit = int(view.told("limit") or LIMITS[0])
    return {
        "name": name,
        "title": shown["title"],
        "value": lines.cell(row, shown, settings.locale),
        "missing": shown["missing"],
        "note": row.get("note") or "",
        "definition": shown["definition"],
        "formula": shown["formula"],
        "calculation": shown["calculation"],
        "policy": shown["policy"],
        "switches": list(shown["policy_in_force"].items()),
        "parts_": [_part(part, limit, view, settings, names) for part in shown["parts"]],
        "sql": shown["sql"],
        "back": view.link(path=f"/metric/{name}", extra=()),
    }


def _part(
    part: Mapping[str, Any], limit: int, view: View, settings: Settings, names: Mapping[str, str]
) -> dict[str, Any]:
    value = part["value"]
    return {
        "name": show.spoken(part["name"]),
        "value": show.exact(value, settings.locale),
        "ledger": part["ledger"],
        "meaning": part["meaning"],
        "total": part["total"],
        "rest": Writing(settings).several(part["count"], "row"),
        "first": len(part["rows"]) if len(part["rows"]) < part["count"] else 0,
        "more": next((view.telling(limit=str(n)) for n in LIMITS if n > limit), "") if part["count"] > limit else "",
        "rows": grid(part["rows"], view, settings, names),
        "raw": grid(part["raw"], view, settings, names),
    }


def grid(rows: Sequence[Mapping[str, Any]], view: View, settings: Settings, names: Mapping[str, str]) -> dict[str, Any]:
    """Rows of any columns, those in which any row says something; a cell is what is written, small below it, and where it leads.

    An account has its name and the address of its page; an instant is that of the company's clocks.
    """
    fields = [name for name in (rows[0] if rows else {}) if any(row[name] is not None for row in rows)]
    numbers = [all(isinstance(row[name], int | float) for row in rows if row[name] is not None) for name in fields]
    return {
        "columns": [(name.replace("_", " "), number) for name, number in zip(fields, numbers, strict=True)],
        "rows": [
            [
                (
                    *(
                        _called(str(row[name]), names, view)
                        if name == _ID and row[name]
                        else (_cell(row[name], settings), "", "")
                    ),
                    number,
                )
                for name, number in zip(fields, numbers, strict=True)
            ]
            for row in rows
        ],
    }


def _called(account_id: str, names: Mapping[str, str], view: View) -> tuple[str, str, str]:
    name = names.get(account_id, account_id)
    return name, account_id if name != account_id else "", view.customer(account_id)


def _cell(value: object, settings: Settings) -> str:
    """As it stands in the ledger: whoever checks a number needs its digits, and an instant to the second."""
    if isinstance(value, float):
        return show.exact(value, settings.locale)
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return show.second(value, settings.timezone, settings.locale)
    return "" if value is None else str(value)
