"""What the store holds: loads, how far each table reaches, what was set aside and why, whether the laws hold; pure."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.restate import CAUSES
from tenure.surfaces.web.sent import downloads
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Row = Mapping[str, Any]

OWN = ("check",)
CHECKS = ("laws", "restated")
_LOADS, _ASIDE, _FLAT = 20, 10, 40


def held(
    holdings: Mapping[str, Sequence[Row]],
    aside: Sequence[Row],
    broken: Sequence[Row],
    checked: Mapping[str, Any] | None,
    restated: Mapping[str, Any] | None,
    view: View,
    settings: Settings,
) -> dict[str, Any]:
    """What `data.html` takes; `checked` is the last diagnosis of what is loaded now, with the instant as `checked_at`.

    `aside` was set aside, `broken` left out in a warehouse. `restated` is the last restatement since that load; None where
    nobody asked for it.
    """
    write = Writing(settings)
    tables = holdings["tables"]
    return {
        "view": view,
        "loads": [_load(load, write) for load in holdings["loads"][:_LOADS]],
        "older": max(len(holdings["loads"]) - _LOADS, 0),
        "tables": [_table(row, write) for row in tables if row["rows"]],
        "empty": [row for row in tables if not row["rows"]],
        "aside": _aside(aside, write) if len(aside) > _FLAT else [],
        "flat": [_set_aside(row) for row in aside] if len(aside) <= _FLAT else [],
        "count": write.count(len(aside)),
        "downloads": downloads(view, "/data/set-aside"),
        "there": [_left_out(one, write) for one in sorted(broken, key=lambda one: -one["rows"])],
        "count_there": write.several(sum(one["rows"] for one in broken), "row"),
        "laws": _laws(checked, write),
        "check": view.telling(check="laws"),
        "restated": _restated(restated, write),
        "can_restate": len(holdings["loads"]) > 1,
        "restate": view.telling(check="restated"),
    }


def _load(load: Row, write: Writing) -> dict[str, Any]:
    names = load["inputs"] or []
    return {
        "number": load["load_id"],
        "when": _moment(load["loaded_at"], write),
        "source": load["source"] or "",
        "inputs": ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else ""),  # noqa: PLR2004 - enough to know it by
        "counts": [
            write.count(load[name])
            for name in ("rows_in", "accepted", "duplicate", "replaced", "quarantined", "retired")
        ],
    }


def _table(row: Row, write: Writing) -> dict[str, str]:
    return {
        "name": row["table"],
        "meaning": row["meaning"],
        "rows": write.count(row["rows"]),
        "first": write.day(row["first"]),
        "last": write.day(row["last"]),
        "clock": row["clock"] or "",
        "loaded": _moment(row["loaded_at"], write),
        "aside": write.count(row["quarantined"]) if row["quarantined"] else "",
    }


def _aside(rows: Sequence[Row], write: Writing) -> list[dict[str, Any]]:
    """What was set aside, by table and rule: the most frequent first, each with its first rows."""

    def key(row: Row) -> tuple[str, str]:
        return row["table"], row["rule"]

    groups = [(where, list(found)) for where, found in groupby(sorted(rows, key=key), key)]
    return [
        {
            "table": table,
            "rule": rule.replace("_", " "),
            "count": write.count(len(found)),
            "rows": [_set_aside(row) for row in found[:_ASIDE]],
            "more": max(len(found) - _ASIDE, 0),
        }
        for (table, rule), found in sorted(groups, key=lambda group: -len(group[1]))
    ]


def _set_aside(row: Row) -> dict[str, str]:
    return {
        "table": row["table"],
        "place": row["file"] or "",
        "line": "" if row["line"] is None else str(row["line"]),
        "column": row["column"] or "",
        "value": row["value"] or "",
        "mend": row["mend"],
    }


def _left_out(one: Row, write: Writing) -> dict[str, str]:
    return {
        "count": write.count(one["rows"]),
        "table": one["table"],
        "rule": one["rule"].replace("_", " "),
        "column": one["column"],
        "select": one["select"],
    }


def _laws(checked: Mapping[str, Any] | None, write: Writing) -> dict[str, Any] | None:
    if checked is None:
        return None
    laws = checked["laws"]
    broken = [law for law in laws if not law["holds"]]
    at: datetime = checked["checked_at"]
    return {
        "count": len(laws),
        "broken": [(law["law"], write.count(law["count"]), law["places"]) for law in broken],
        "holding": [law["law"] for law in laws if law["holds"]],
        "when": show.moment(at, write.settings.timezone, write.settings.locale),
    }


def _restated(shown: Mapping[str, Any] | None, write: Writing) -> dict[str, Any] | None:
    """The numbers of past months that are others now, those of the latest months first, and what made them so."""
    if shown is None:
        return None
    moved = sorted((one for one in shown["numbers"] if one["moved"]), key=lambda one: one["start"], reverse=True)
    return {
        "count": write.count(shown["count"]),
        "moved": write.count(len(moved)),
        "since": "" if shown["kind"] == "frozen" else _moment(shown["since"], write),
        "rows": [_moved(one, write) for one in moved[:_FLAT]],
        "more": max(len(moved) - _FLAT, 0),
    }


def _moved(one: Row, write: Writing) -> dict[str, Any]:
    def written(value: float | None, *, signed: bool = False) -> str:
        text = show.value(value, one["unit"], one["currency"], write.settings.locale)
        return f"+{text}" if signed and value and value > 0 and not text.startswith("+") else text

    return {
        "title": one["title"],
        "segment": one["segment"] or "",
        "period": one["period"],
        "then": written(one["then"]),
        "now": written(one["now"]),
        "difference": written(one["difference"], signed=True),
        "shares": [
            (
                CAUSES[share["cause"]],
                f"load {share['load_id']}" if share["load_id"] else "",
                written(share["effect"], signed=True),
            )
            for share in one["shares"]
        ],
    }


def _moment(text: str | None, write: Writing) -> str:
    if not text:
        return ""
    local = show.instant(text, write.settings.timezone)
    return f"{write.day(text)} {local:%H:%M}"
