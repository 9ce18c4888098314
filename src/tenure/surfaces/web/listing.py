"""The list of customers: searched, filtered, sorted and cut into pages; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.errors import UnknownNameError
from tenure.surfaces.web.explained import account

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Row = Mapping[str, Any]

OWN = ("q", "show", "sort", "page")
_SHOWN = {"current": ("paying", "paused"), "left": ("left",), "all": ("paying", "paused", "left")}
_WORDS = {"current": "Customers", "left": "Left", "all": "All"}
# Of each column: its heading, the field that sorts it, whether it is a number, and whether the greatest comes first.
_COLUMNS = (
    ("Customer", "name", False, False),
    ("A month", "monthly", True, True),
    ("Since", "since", True, True),
    ("Plan", "plan", False, False),
    ("Active days of 30", "active_days", True, True),
    ("Last answer", "answered_at", True, True),
    ("Open tickets", "open_tickets", True, True),
    ("Renews", "renews_on", True, False),
)
_FIRST = "-monthly"
_PAGE = 100


def found(customers: Sequence[Row], view: View) -> list[Row]:
    """The customers that the view asks for, in its order; what is not known comes last either way.

    Raises:
        UnknownNameError: a selection or an order that there is not.
    """
    chosen, order = view.told("show") or "current", view.told("sort") or _FIRST
    if chosen not in _SHOWN:
        raise UnknownNameError("selection of customers", chosen, _SHOWN, f"It takes {', '.join(_SHOWN)}.")
    key, fields = order.removeprefix("-"), [field for _, field, _, _ in _COLUMNS]
    if key not in fields:
        raise UnknownNameError(
            "order of customers", order, fields, f"It takes {', '.join(fields)}, with - before it for the reverse."
        )
    said = view.told("q").casefold()
    kept = [row for row in customers if row["state"] in _SHOWN[chosen] and _matches(row, said)]
    known = [row for row in kept if _field(row, key) is not None]
    known.sort(key=lambda row: _field(row, key), reverse=order.startswith("-"))
    return [*known, *(row for row in kept if _field(row, key) is None)]


def _matches(row: Row, said: str) -> bool:
    return not said or any(said in str(row[field] or "").casefold() for field in ("name", "account_id", "plan"))


def _field(row: Row, key: str) -> Any:  # noqa: ANN401 - what a column holds
    value = (row["name"] or row["account_id"]) if key == "name" else row.get(key)
    return value.casefold() if isinstance(value, str) else value


def listing(customers: Sequence[Row], rows: Sequence[Row], view: View, settings: Settings) -> dict[str, Any]:
    """What `customers.html` takes: `rows` are those found among all `customers`."""
    page = int(view.told("page")) if view.told("page").isdecimal() else 1
    pages = max((len(rows) + _PAGE - 1) // _PAGE, 1)
    page = min(max(page, 1), pages)
    told = {field for row in customers[:1] for field in row}
    columns = [column for column in _COLUMNS if column[1] in told]
    kept = view.told("show") or "current"
    return {
        "view": view,
        "q": view.told("q"),
        "count": f"{len(rows):,}",
        "selections": [
            (_WORDS[name], view.telling(show=name if name != "current" else "", page=""), name == kept)
            for name in _SHOWN
        ],
        "columns": [_heading(column, view) for column in columns],
        "rows": [
            [_cell(row, field, settings) | {"number": number} for _, field, number, _ in columns]
            for row in rows[(page - 1) * _PAGE : page * _PAGE]
        ],
        "page": page,
        "pages": pages,
        "before": view.telling(page=str(page - 1)) if page > 1 else "",
        "after": view.telling(page=str(page + 1)) if page < pages else "",
        "total": show.value(_total(rows), "money", settings.currency, settings.locale),
        "download": view.link(path="/customers.csv"),
        "policy": view.policy or settings.policy.preset,
    }


def _heading(column: tuple[str, str, bool, bool], view: View) -> dict[str, Any]:
    """A column's heading, its order now, and the link that sorts by it: the other way round if it is sorted by already."""
    title, field, number, greatest = column
    now = view.told("sort") or _FIRST
    own = f"-{field}" if greatest else field
    other = field if greatest else f"-{field}"
    order = {own: "first", other: "reversed"}.get(now, "")
    down = now == f"-{field}"
    return {
        "title": title,
        "number": number,
        "link": view.telling(sort=other if order == "first" else own, page=""),
        "sorted": ("descending" if down else "ascending") if order else "",
    }


def _total(rows: Sequence[Row]) -> float | None:
    amounts = [row["monthly"] for row in rows]
    return None if None in amounts else sum(amounts)


def _cell(row: Row, field: str, settings: Settings) -> dict[str, str]:
    """A cell: what is written, what is written small below it, and where it leads."""
    zone, locale, value = settings.timezone, settings.locale, row.get(field)
    text, below, link = "", "", ""
    if field == "name":
        text, link = row["name"] or row["account_id"], account(row["account_id"])
        below = "" if row["state"] == "paying" else row["state"]
    elif field == "monthly":
        text = show.value(value, "money", settings.currency, locale)
    elif field == "since" and value:
        text = show.day(value, zone, locale)
        below = f"left {show.day(row['left_at'], zone, locale)}" if row["left_at"] else ""
    elif field == "active_days":
        text, below = str(value), f"{row['active_days_before']} before"
    elif field == "answered_at" and value:
        of = f" of {row['answer_of']:g}" if row["answer_of"] is not None else ""
        text, below = f"{row['answer_survey']} {row['answer_score']:g}{of}", show.day(value, zone, locale)
    elif field == "renews_on" and value:
        text = show.day(value, zone, locale)
    elif field not in ("since", "answered_at", "renews_on"):
        text = "" if value is None else str(value)
    return {"text": text, "below": below, "link": link}
