"""What is shown as a workbook: the numbers on one sheet, what they mean on another; no cell of either is a formula."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.errors import UsageError
from tenure.surfaces.web.sent import FORMULAS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_MOST = 100_000
_LONGEST = 32_767  # characters that a cell holds
_INSTANTS = ("start", "end")
_FORMS = {"share": "0.0%", "money": "#,##0.00", "count": "#,##0.##", "points": "0.0", "score": "0.00", "ratio": "0.00"}
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
        _numbers(_Sheet(book, "Numbers"), rows, unit, timezone)
        sheet = _Sheet(book, "About")
        for n, pair in enumerate(about):
            for k, text in enumerate(pair):
                sheet.write(n, k, text, sheet.bold if k == 0 else None)
        sheet.page.set_column(0, 0, 22)
        sheet.page.set_column(1, 1, 110)
    return content.getvalue()


def _numbers(sheet: _Sheet, rows: Sequence[Mapping[str, Any]], unit: str, timezone: str) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    for k, column in enumerate(columns):
        sheet.write(0, k, f"{column} ({timezone})" if column in _INSTANTS else column, sheet.bold)
    instants, form = sheet.form("yyyy-mm-dd hh:mm"), sheet.form(_FORMS.get(unit, "General"))
    for n, row in enumerate(rows, 1):
        for k, column in enumerate(columns):
            value = row.get(column)
            if column in _INSTANTS and value:
                sheet.page.write_datetime(n, k, show.instant(value, timezone).replace(tzinfo=None), instants)
            else:
                sheet.write(n, k, value, form if column in _IN_UNIT else None)
    sheet.page.freeze_panes(1, 0)
    sheet.page.set_column(0, max(len(columns) - 1, 0), 17)


class _Sheet:
    """A sheet whose texts stay texts, whatever they begin with, also after a person has edited them."""

    def __init__(self, book: Workbook, name: str) -> None:
        self.page: Worksheet = book.add_worksheet(name)
        self.bold: Format = book.add_format({"bold": True})
        self._quoted: Format = book.add_format({"quote_prefix": True})
        self._book = book

    def form(self, pattern: str) -> Format:
        """The way a number is written."""
        return self._book.add_format({"num_format": pattern})

    def write(self, row: int, column: int, value: object, form: Format | None = None) -> None:
        """One cell: an unknown value is empty, a truth value is one, what is neither it nor a number is a text."""
        if value is None:
            return
        if isinstance(value, bool):
            self.page.write_boolean(row, column, value)
        elif isinstance(value, int | float):
            self.page.write_number(row, column, value, form)
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            quoted = self._quoted if text.startswith(FORMULAS) else form
            self.page.write_string(row, column, text[:_LONGEST], quoted)
