"""Who came, grew, shrank, left and returned in the shown period, by how much and why; pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tenure.errors import UnknownNameError
from tenure.surfaces.web.sent import downloads
from tenure.surfaces.web.sorting import leaf, total
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Row = Mapping[str, Any]

OWN = ("kind", "page")
MONEY = ("amount",)
KINDS = {
    "new": ("Came", "line"),
    "expansion": ("Grew", "line"),
    "reactivation": ("Returned", "line"),
    "contraction": ("Shrank", "worse"),
    "churn": ("Left", "worse"),
}
_PAGE = 200
_REASONS = 8


def found(movements: Sequence[Row], view: View) -> list[Row]:
    """The movements of the kind that the view asks for, of every kind where it asks for none.

    Raises:
        UnknownNameError: a kind of movement that there is not.
    """
    kind = view.told("kind")
    if kind and kind not in KINDS:
        raise UnknownNameError("kind of movement", kind, KINDS, f"The kinds are {', '.join(KINDS)}.")
    return [row for row in movements if not kind or row["kind"] == kind]


def moved(movements: Sequence[Row], view: View, settings: Settings) -> dict[str, Any]:
    """What `movements.html` takes beside its controls; `settings` are those of the shown currency."""
    kind, write, rows = view.told("kind"), Writing(settings), found(movements, view)
    shown = leaf(rows, view, _PAGE)
    return {
        "kinds": [_kind(name, movements, view, write) for name in KINDS],
        "all": (view.telling(kind="", page=""), not kind),
        "net": write.money(total(movements, "amount"), settings.currency, signed=True),
        "net_short": write.money(total(movements, "amount"), settings.currency, signed=True, compact=True),
        "count": write.count(len(rows)),
        "reasons": [
            (KINDS[name][0], reasons)
            for name in KINDS
            if not kind or name == kind
            if (reasons := _reasons(movements, name, write))
        ],
        "rows": [_row(row, view, write) for row in shown.rows],
        "leaf": shown,
        "downloads": downloads(view, "/movements"),
        "policy": view.policy or settings.policy.preset,
    }


def _kind(name: str, movements: Sequence[Row], view: View, write: Writing) -> dict[str, Any]:
    """One kind: how many, how much, and the link that shows it alone."""
    own = [row for row in movements if row["kind"] == name]
    return {
        "title": KINDS[name][0],
        "count": write.count(len(own)),
        "amount": write.money(total(own, "amount"), write.settings.currency, signed=True),
        "link": view.telling(kind=name, page=""),
        "here": view.told("kind") == name,
    }


def _reasons(movements: Sequence[Row], name: str, write: Writing) -> list[tuple[str, str, str]]:
    """The reasons of a kind, the most frequent first, each with its count and its share; empty where none was ever said."""
    own = [row["reason"] or "" for row in movements if row["kind"] == name]
    if not any(own):
        return []
    counted = Counter(own).most_common(_REASONS)
    return [
        (reason or "no reason given", write.count(count), write.share(count / len(own))) for reason, count in counted
    ]


def _row(row: Row, view: View, write: Writing) -> dict[str, str]:
    before, after = (", ".join(row[side]) for side in ("plans_before", "plans_after"))
    plans = " to ".join(dict.fromkeys(filter(None, (before, after))))
    return {
        "day": write.day(row["happened_at"]),
        "name": row["name"] or row["account_id"],
        "link": view.customer(row["account_id"]),
        "kind": KINDS[row["kind"]][0],
        "tone": KINDS[row["kind"]][1],
        "amount": write.money(row["amount"], write.settings.currency, signed=True),
        "plans": plans,
        "reason": row["reason"] or "",
        "below": ", ".join(filter(None, (row["end_kind"], row["comment"]))),
    }
