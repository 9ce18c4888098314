"""What stands behind one number, as a page: the formula with its values, the ledger rows, the raw rows, the SQL; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tenure import show
from tenure.surfaces.web import lines

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

LIMITS = (20, 100, 1000)


def explained(shown: Mapping[str, Any], name: str, view: View, settings: Settings) -> dict[str, Any]:
    """What `explain.html` takes of `Explanation.to_dict()`."""
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
        "parts_": [_part(part, limit, view, settings) for part in shown["parts"]],
        "sql": shown["sql"],
        "back": view.link(path=f"/metric/{name}", extra=()),
    }


def _part(part: Mapping[str, Any], limit: int, view: View, settings: Settings) -> dict[str, Any]:
    value = part["value"]
    return {
        "name": part["name"].replace("_", " "),
        "value": show.UNKNOWN if value is None else f"{value:,}",
        "ledger": part["ledger"],
        "meaning": part["meaning"],
        "total": part["total"],
        "count": f"{part['count']:,}",
        "shown": len(part["rows"]),
        "more": next((view.telling(limit=str(n)) for n in LIMITS if n > limit), "") if part["count"] > limit else "",
        "rows": grid(part["rows"], settings),
        "raw": grid(part["raw"], settings),
    }


def grid(rows: Sequence[Mapping[str, Any]], settings: Settings) -> dict[str, Any]:
    """Rows of any columns: those in which any row says something, an account's id with the address of its page."""
    names = [name for name in (rows[0] if rows else {}) if any(row[name] is not None for row in rows)]
    numbers = [all(isinstance(row[name], int | float) for row in rows if row[name] is not None) for name in names]
    return {
        "columns": [(name.replace("_", " "), number) for name, number in zip(names, numbers, strict=True)],
        "rows": [
            [
                (_cell(row[name]), account(str(row[name])) if name == "account_id" and row[name] else "", number)
                for name, number in zip(names, numbers, strict=True)
            ]
            for row in rows
        ],
        "zone": settings.timezone,
    }


def account(account_id: str) -> str:
    """The page of a customer."""
    return f"/customers/{quote(account_id, safe='')}"


def _cell(value: object) -> str:
    """As it stands in the ledger: whoever checks a number needs its digits."""
    if isinstance(value, float):
        return f"{value:.10f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)
