"""What is shown as a file, under a name that any system takes; CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from tenure.surfaces.sheet import FORMULAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tenure.surfaces.web.view import View

LISTED = ("CSV", "XLSX", "JSON")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def flat(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of an answer with a column for each part."""
    rows = []
    for row in answer["rows"]:
        own = {name: value for name, value in row.items() if name != "parts"}
        rows.append(
            {"metric": answer["metric"], **own, **{f"part.{name}": value for name, value in row["parts"].items()}}
        )
    return rows


def downloads(view: View, path: str) -> list[tuple[str, str]]:
    """The kinds of file that a list can be had as, each with its address."""
    return [(kind, view.link(path=f"{path}.{kind.lower()}")) for kind in LISTED]


def as_list(
    rows: Iterable[Mapping[str, Any]], name: str, kind: str, about: Sequence[tuple[str, str]]
) -> Response | None:
    """The rows of a list as a file of a kind; None where there is no such kind. `about` says in a workbook what they are."""
    every = list(rows)
    match kind:
        case "csv":
            return as_csv(every, name)
        case "json":
            return as_json(every, name)
        case "xlsx":
            from tenure.surfaces.web.sheet import workbook  # few take one

            return as_bytes(workbook(every, about), SHEET, f"{name}.xlsx")
    return None


def as_csv(rows: Iterable[Mapping[str, Any]], name: str) -> Response:
    """The rows as a CSV file called `name`, an unknown value empty."""
    every = list(rows)
    columns = list(dict.fromkeys(column for row in every for column in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in every)
    return _file(text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def as_json(data: object, name: str) -> Response:
    """The data as a JSON file called `name`."""
    return _file(json.dumps(data, indent=2, ensure_ascii=False), "application/json", f"{name}.json")


def _cell(value: object) -> object:
    """A cell of text that a spreadsheet would take for a formula gets an apostrophe before it; numbers are left alone."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        value = ", ".join(map(str, value))
    if isinstance(value, str) and value.startswith(FORMULAS):
        return "'" + value
    return value


def as_bytes(content: bytes, media_type: str, name: str) -> Response:
    """What is made already, as a file called `name`."""
    return _file(content, media_type, name)


def _file(text: str | bytes, media_type: str, name: str) -> Response:
    plain = "".join(c if c.isalnum() or c in "._-" else "-" for c in name)
    headers = {"content-disposition": f'attachment; filename="{plain}"', "cache-control": "private, no-cache"}
    return Response(text, media_type=media_type, headers=headers)
