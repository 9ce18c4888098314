"""What a source is to the store: a name, headers, and the SQL that reads its rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROW = '"#row"'
"""The ordinal of a row in its source, from 1, where a relation is read with numbers."""

OPTIONS = "#options"
"""Stands in a scan where the words go that have it note, in a table, which rows could not be taken apart."""


@dataclass(frozen=True)
class Header:
    """One column of a source: its `name` as it stands there, its DuckDB `type`, the `sql` that reads it from a row."""

    name: str
    type: str
    sql: str


@dataclass(frozen=True)
class Unread:
    """When a row cannot be used at all (`holds`, SQL over the row), what rule it breaks and how it is mended."""

    holds: str
    rule: str
    mend: str


class Places(Protocol):
    """Tells on which lines of a source its rows stand."""

    def __call__(
        self, rows: Sequence[int], rejected: Sequence[tuple[int, int]]
    ) -> tuple[dict[int, int], dict[int, int]]:
        """Lines, from 1, of the rows of those ordinals, and of the rejected rows, given by byte and length in bytes."""


@dataclass(frozen=True)
class Relation:
    """A source that is open. `scan` and `numbered` are SQL after FROM that read the same rows.

    `numbered` also has the ordinal `#row`. Where `torn`, a row may be one that cannot be taken apart: a scan that does
    not note such rows stops at the first of them. `raw` is SQL over the row: the whole row as JSON. Without `places`
    the line of a row is its ordinal. `file` and `line` are SQL over the row where rows come from several files.
    """

    name: str
    headers: tuple[Header, ...]
    scan: str
    numbered: str
    raw: str
    size: int = 0
    path: Path | None = None
    torn: bool = False
    unread: Unread | None = None
    places: Places | None = None
    file: str | None = None
    line: str | None = None

    def rows(self, *, numbered: bool = False, noting: str | None = None) -> str:
        """SQL after FROM: the rows; the ones that cannot be taken apart go to the temporary table `noting`."""
        # the option that merely ignores them loses, silently, what stands behind a stray quote
        options = (
            f", store_rejects = true, rejects_table = '{noting}', rejects_scan = '{noting}_scan'" if noting else ""
        )
        return (self.numbered if numbered else self.scan).replace(OPTIONS, options)


def pointer(key: str) -> str:
    """The JSON pointer to the member `key`: whatever stands in the name, a `*` or a quote as well, means itself."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def json_of(headers: Sequence[Header]) -> str:
    """SQL: the row as a JSON object of header to value, without those that are empty; null where all are."""
    if not headers:
        return "CAST(NULL AS JSON)"
    parts = ", ".join(f"'{h.name.replace(chr(39), chr(39) * 2)}', {h.sql}" for h in headers)
    return f"CAST(nullif(CAST(json_merge_patch('{{}}', json_object({parts})) AS VARCHAR), '{{}}') AS JSON)"
