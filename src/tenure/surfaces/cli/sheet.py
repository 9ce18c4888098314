"""A page of words for a person: sections side by side with their names, calm and dense, as wide as the terminal."""

from __future__ import annotations

import shutil
import sys
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from tenure.surfaces.cli.grid import padded, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_GUTTER = 12
_LEAST = 60
_GAP = "  "


@dataclass(frozen=True)
class Rows:
    """Words in columns. `right` are the columns of numbers, `wide` the one that gives way where the line is too long.

    It is cut, or, where the words matter (`folds`), goes on in the next line.
    """

    rows: Sequence[Sequence[str]]
    head: Sequence[str] = ()
    right: frozenset[int] = frozenset()
    wide: int = -1
    folds: bool = False

    def lines(self, width: int | None) -> Iterator[str]:
        """The lines, none wider than `width`; columns that say nothing are left out."""
        if not self.rows:
            return
        every = [[" ".join(cell.split()) for cell in row] for row in self.rows]
        kept = [n for n in range(len(every[0])) if any(row[n] for row in every)]
        headed = [list(self.head), *every] if self.head else every
        widths = {n: max(places(row[n]) for row in headed) for n in kept}
        wide = self.wide % len(every[0])
        if width is not None and wide in widths:
            rest = sum(size + len(_GAP) for n, size in widths.items() if n != wide)
            widths[wide] = max(min(widths[wide], width - rest), 8)
        for n, row in enumerate(headed):
            folded = textwrap.wrap(row[wide], widths[wide]) if self.folds and wide in widths else []
            for place, part in enumerate(folded or [row[wide]]):
                said = [part if k == wide else row[k] if place == 0 else "" for k in range(len(row))]
                cells = (padded(_cut(said[k], widths[k]), widths[k], right=k in self.right) for k in kept)
                line = _GAP.join(cells).rstrip()
                yield click.style(line, dim=True) if self.head and n == 0 else line


Block = str | Rows


def page(title: str, intro: Sequence[str], sections: Sequence[tuple[str, Sequence[Block]]]) -> str:
    """The page: a title, sentences about the whole, then each section beside its name. A pipe gets lines of any length."""
    width = max(shutil.get_terminal_size().columns, _LEAST) if sys.stdout.isatty() else None
    lines = [click.style(title, bold=True), *(line for text in intro for line in _wrapped(text, width))]
    for name, blocks in sections:
        inner = None if width is None else width - _GUTTER
        body = [line for block in blocks for line in _lines(block, inner)]
        if body:
            lines.append("")
            lines += [f"{_label(name if n == 0 else '')}{line}" for n, line in enumerate(body)]
    return "\n".join(lines) + "\n"


def _lines(block: Block, width: int | None) -> Sequence[str]:
    return _wrapped(block, width) if isinstance(block, str) else list(block.lines(width))


def _label(name: str) -> str:
    return click.style(name, bold=True) + " " * (_GUTTER - len(name))


def _wrapped(text: str, width: int | None) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False) if width else ([text] if text else [])


def _cut(text: str, width: int) -> str:
    if places(text) <= width:
        return text
    while places(text) >= width:
        text = text[:-1]
    return f"{text.rstrip()}…"
