"""What is shown as a workbook: the numbers on one sheet, what they mean on another; no cell of either is a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.errors import UsageError
from tenure.surfaces.sheet import Sheet, pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_MOST = 100_000
_INSTANTS = ("start", "end")
_IN_UNIT = ("value", "low", "high", "previous")


def workbook(
    rows: Sequence[Mapping[str, Any]], about: Sequence[tuple[str, str]], *, unit: str = "", timezone: str = "UTC"
) -> bytes:
    """The rows as a workbook; `start` and `end` as instants of `timezone`, values as the unit is written.

    Raises:
        UsageError: there are more rows than a person can look at in one.
    """
    if len(rows) > _MOST:
        message = (
            f"A workbook of {len(rows):,} rows opens badly: take the CSV, or choose a coarser grain or fewer segments."
        )
        raise UsageError(message)
    import xlsxwriter  # only needed where one is asked for

    content = io.BytesIO()
    with xlsxwriter.Workbook(
        content, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        _numbers(Sheet(book, "Numbers"), rows, unit, timezone)
        sheet = Sheet(book, "About")
        for n, pair in enumerate(about):
            for k, text in enumerate(pair):
                sheet.write(n, k, text, sheet.bold if k == 0 else None)
        sheet.page.set_column(0, 0, 22)
        sheet.page.set_column(1, 1, 110)
    return content.getvalue()


def _numbers(sheet: Sheet, rows: Sequence[Mapping[str, Any]], unit: str, timezone: str) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for k, column in enumerate(columns):
        sheet.write(0, k, f"{column} ({timezone})" if column in _INSTANTS else column, sheet.bold)
    instants = sheet.form("yyyy-mm-dd hh:mm")
    form = sheet.form(pattern(unit, [row.get(name) for row in rows for name in _IN_UNIT]))
    for n, row in enumerate(rows, 1):
        for k, column in enumerate(columns):
            value = row.get(column)
            if column in _INSTANTS and value:
                sheet.page.write_datetime(n, k, show.instant(value, timezone).replace(tzinfo=None), instants)
            else:
                sheet.write(n, k, value, form if column in _IN_UNIT else None)
    sheet.page.freeze_panes(1, 0)
    sheet.page.set_column(0, max(len(columns) - 1, 0), 17)
