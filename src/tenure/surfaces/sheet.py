"""A sheet of a workbook: numbers are numbers, texts stay texts, and nothing of it is a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""
_FORMS = {"share": "0.0%", "money": "#,##0.00", "count": "#,##0.##", "points": "0.0", "score": "0.00", "ratio": "0.00"}
_LONGEST = 32_767  # characters that a cell holds


def pattern(unit: str, numbers: Iterable[float | None] = (), decimals: int | None = None) -> str:
    """How a spreadsheet writes numbers of a unit, money with so many `decimals`; whole counts without the point behind them."""
    if unit == "count" and all(number is None or float(number).is_integer() for number in numbers):
        return "#,##0"
    if unit == "money" and decimals is not None:
        return f"#,##0.{'0' * decimals}".removesuffix(".")
    return _FORMS.get(unit, "General")


class Sheet:
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
