"""Lists of rows: sorted by several columns, filtered, and cut into pages, all of it by what the address says; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.surfaces.web.view import View

    Row = Mapping[str, Any]


@dataclass(frozen=True)
class Column:
    """One column: its heading, the field that sorts it, whether it is a number, and whether the greatest comes first."""

    title: str
    field: str
    is_number: bool = False
    greatest_first: bool = False

    @property
    def order(self) -> str:
        """How an address sorts by it at first."""
        return f"-{self.field}" if self.greatest_first else self.field


def orders(told: str, columns: Sequence[Column], first: str) -> list[str]:
    """The orders of an address, `plan,-monthly`, the one that counts most first; `first` where it says none.

    Raises:
        UnknownNameError: an order by what is no column.
    """
    fields = [column.field for column in columns]
    said = [one for one in (told or first).split(",") if one]
    for one in said:
        if one.removeprefix("-") not in fields:
            mend = f"It takes {', '.join(fields)}, with - before one for the reverse, and several with commas between them."
            raise UnknownNameError("order", one, fields, mend)
    return said


def ordered(rows: Sequence[Row], said: Sequence[str]) -> list[Row]:
    """The rows in those orders; what is not known comes last either way, and what is alike stays as it stood."""
    found = list(rows)
    for one in reversed(said):
        key = one.removeprefix("-")
        known = [row for row in found if _value(row, key) is not None]
        known.sort(key=lambda row: _value(row, key), reverse=one.startswith("-"))
        found = [*known, *(row for row in found if _value(row, key) is None)]
    return found


def _value(row: Row, key: str) -> Any:  # noqa: ANN401 - what a column holds
    value = (row["name"] or row["account_id"]) if key == "name" else row.get(key)
    return value.casefold() if isinstance(value, str) else value


def total(rows: Sequence[Row], field: str) -> float | None:
    """What they come to together; None where one of them is not known."""
    amounts = [row[field] for row in rows]
    return None if None in amounts else sum(amounts)


def grouped(rows: Sequence[Row], view: View) -> list[tuple[str, str, list[Row]]]:
    """The rows by segment, in the order in which one comes first: its name, the address that shows it alone, and its rows."""
    groups: dict[str, list[Row]] = {}
    for row in rows if view.by else ():
        groups.setdefault(row["segment"], []).append(row)
    return [
        (name, view.link(by="", where=tuple(dict.fromkeys((*view.where, (view.by, name))))), some)
        for name, some in groups.items()
    ]


def headings(columns: Sequence[Column], said: Sequence[str], view: View, first: str) -> list[dict[str, Any]]:
    """Each column's heading, its order now, the link that sorts by it first, and the one that sorts by it after the others."""
    return [_heading(column, said, view, first) for column in columns]


def _heading(column: Column, said: Sequence[str], view: View, first: str) -> dict[str, Any]:
    now = next((one for one in said if one.removeprefix("-") == column.field), "")
    turned = now.removeprefix("-") if now.startswith("-") else f"-{now}"
    alone = turned if now == said[0] and now == column.order else column.order
    within = [turned if one == now else one for one in said] if now else [*said, column.order]

    def link(order: str) -> str:
        return view.telling(sort="" if order == first else order, page="")

    return {
        "title": column.title,
        "number": column.is_number,
        "link": link(alone),
        "also": link(",".join(within)) if now not in said[:1] else "",
        "sorted": ("descending" if now.startswith("-") else "ascending") if now else "",
        "place": said.index(now) + 1 if now and len(said) > 1 else 0,
    }


@dataclass(frozen=True)
class Leaf:
    """One page of a list: its rows, its number of how many, and the addresses of those before and after it."""

    rows: Sequence[Row]
    page: int
    pages: int
    before: str
    after: str


def leaf(rows: Sequence[Row], view: View, size: int) -> Leaf:
    """The page that the view asks for; one that there is not is the nearest."""
    asked = int(view.told("page") or 1)
    pages = max((len(rows) + size - 1) // size, 1)
    page = min(max(asked, 1), pages)
    return Leaf(
        rows[(page - 1) * size : page * size],
        page,
        pages,
        view.telling(page=str(page - 1)) if page > 1 else "",
        view.telling(page=str(page + 1)) if page < pages else "",
    )
