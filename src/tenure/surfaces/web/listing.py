"""The list of customers: searched, filtered, sorted and cut into pages; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.errors import UnknownNameError
from tenure.surfaces.web.filters import chosen as filtered
from tenure.surfaces.web.sent import downloads
from tenure.surfaces.web.sorting import Column, headings, leaf, ordered, orders, total
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Row = Mapping[str, Any]

OWN = ("q", "show", "sort", "page")
MONEY = ("monthly",)
_SHOWN = {"current": ("paying", "paused"), "left": ("left",), "all": ("paying", "paused", "left")}
_WORDS = {"current": "Customers", "left": "Left", "all": "All"}
_COLUMNS = (
    Column("Customer", "name"),
    Column("A\u00a0month", "monthly", is_number=True, greatest_first=True),
    Column("Since", "since", is_number=True, greatest_first=True),
    Column("Plan", "plan"),
    Column("Active of 30 days", "active_days", is_number=True, greatest_first=True),
    Column("Trend", "trend", is_number=True),
    Column("Last answer", "answered_at", is_number=True, greatest_first=True),
    Column("Open tickets", "open_tickets", is_number=True, greatest_first=True),
    Column("Renews", "renews_on", is_number=True),
)
_FIRST = "-monthly"
_PAGE = 100


def found(customers: Sequence[Row], view: View) -> list[Row]:
    """The customers that the view asks for, in its order; what is not known comes last either way.

    Raises:
        UnknownNameError: a selection or an order that there is not.
    """
    chosen = view.told("show") or "current"
    if chosen not in _SHOWN:
        raise UnknownNameError("selection of customers", chosen, _SHOWN, f"It takes {', '.join(_SHOWN)}.")
    said = view.told("q").casefold()
    kept = [_with_trend(row) for row in customers if row["state"] in _SHOWN[chosen] and _matches(row, said)]
    return ordered(kept, orders(view.told("sort"), _COLUMNS, _FIRST))


def _with_trend(row: Row) -> Row:
    """The row with how many more active days it had than in the 30 before, where its use is known."""
    return {**row, "trend": row["active_days"] - row["active_days_before"]} if "active_days" in row else row


def _matches(row: Row, said: str) -> bool:
    return not said or any(said in str(row[field] or "").casefold() for field in ("name", "account_id", "plan"))


def listing(
    customers: Sequence[Row], rows: Sequence[Row], view: View, settings: Settings, dimensions: Sequence[str]
) -> dict[str, Any]:
    """What `customers.html` takes: `rows` are those found among all `customers`; `settings` are those of the shown currency."""
    shown = leaf(rows, view, _PAGE)
    told = {field for row in rows[:1] or customers[:1] for field in row}
    columns = [column for column in _COLUMNS if column.field in told]
    kept = view.told("show") or "current"
    said, write = orders(view.told("sort"), _COLUMNS, _FIRST), Writing(settings, view)
    return {
        "view": view,
        "q": view.told("q"),
        "count": write.count(len(rows)),
        "selections": [
            (_WORDS[name], view.telling(show=name if name != "current" else "", page=""), name == kept)
            for name in _SHOWN
        ],
        "dimensions": dimensions,
        "filters": filtered(view),
        "columns": headings(columns, said, view, _FIRST),
        "rows": [
            {
                "cells": [_cell(row, c.field, write) | {"number": c.is_number} for c in columns],
                "segment": (row["segment"] or "") if view.by else "",
            }
            for row in shown.rows
        ],
        "leaf": shown,
        "total": write.money(total(rows, "monthly"), settings.currency),
        "downloads": downloads(view, "/customers"),
        "policy": view.policy or settings.policy.preset,
    }


def _cell(row: Row, field: str, write: Writing) -> dict[str, str]:
    """A cell: what is written, what is written small below it, and where it leads."""
    value = row.get(field)
    text, below, link = "", "", ""
    if field == "name":
        text, link = row["name"] or row["account_id"], write.view.customer(row["account_id"])
        below = "" if row["state"] == "paying" else row["state"]
    elif field == "monthly":
        text = write.money(value, write.settings.currency)
    elif field == "since" and value:
        text = write.day(value)
        below = f"left {write.day(row['left_at'])}" if row["left_at"] else ""
    elif field == "active_days":
        text, below = str(value), f"{row['active_days_before']} before"
    elif field == "trend" and value is not None:
        text = _trend(value)
    elif field == "answered_at" and value:
        of = f" of {write.count(row['answer_of'])}" if row["answer_of"] is not None else ""
        text, below = f"{show.spoken(row['answer_survey'])} {write.count(row['answer_score'])}{of}", write.day(value)
    elif field == "renews_on" and value:
        text = write.day(value)
    elif field not in ("since", "trend", "answered_at", "renews_on"):
        text = "" if value is None else str(value)
    return {"text": text, "below": below, "link": link}


def _trend(more: int) -> str:
    """How many more active days than before: an arrow and how many."""
    return f"↑ {more}" if more > 0 else f"↓ {-more}" if more < 0 else "→ 0"
