"""A table of words for a person: with rich on a terminal, in plain aligned columns in a pipe."""

from __future__ import annotations

import shutil
import sys
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Grid:
    """Headings and rows of text. `right` are the headings of the columns that hold numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: frozenset[str] = field(default_factory=frozenset)
    title: str = ""

    def text(self) -> str:
        """The table, as standard output can show it."""
        return self._rich() if sys.stdout.isatty() else self._plain()

    def fits(self) -> bool:
        """Whether no cell need be folded: always in a pipe, on a terminal if that is wide enough."""
        if not sys.stdout.isatty():
            return True
        return max(map(places, self._plain().splitlines())) + len(self.columns) < shutil.get_terminal_size().columns

    def _plain(self) -> str:
        lines = [[" ".join(cell.split()) for cell in row] for row in (self.columns, *self.rows)]
        widths = [max(map(places, column)) for column in zip(*lines, strict=True)]
        right = [name in self.right for name in self.columns]
        body = (
            "  ".join(
                padded(cell, width, right=side) for cell, width, side in zip(line, widths, right, strict=True)
            ).rstrip()
            for line in lines
        )
        return "\n".join([*([self.title] if self.title else []), *body]) + "\n"

    def _rich(self) -> str:
        from io import StringIO

        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold", title=self.title or None,
                      title_justify="left", title_style="bold")  # fmt: skip
        for name in self.columns:
            numeric = name in self.right
            table.add_column(name, justify="right" if numeric else "left", no_wrap=numeric, overflow="fold")
        for row in self.rows:
            table.add_row(*(Text(cell) for cell in row))
        console = Console(file=StringIO(), force_terminal=True, width=shutil.get_terminal_size().columns)
        with console.capture() as capture:
            console.print(table)
        return capture.get()


def places(text: str) -> int:
    """How many places the text takes: East Asian letters take two, accents on their own none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def padded(text: str, width: int, *, right: bool) -> str:
    """The text in `width` places, at their right or left end."""
    space = " " * (width - places(text))
    return space + text if right else text + space
