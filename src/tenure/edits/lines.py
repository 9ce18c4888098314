"""The file of edits: one line each, for people to read and for version control to compare.

    edit,table,id,same_as,reason
    migration,,acc-17,mv-17,same name; the old one ends as the new one begins
    merge,,acc-80,acc-12,
    person,,p-4,p-9,two addresses
    exclude,tickets,t-99,,spam

`merge` and `migration` say that `id` and `same_as` are one customer, `person` that they are one person; `same_as` survives.
`exclude` leaves out a row of `table` by its key, the parts of which are joined by a slash. A line that begins with # is a remark.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tenure.errors import InputError
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

COLUMNS = ("edit", "table", "id", "same_as", "reason")
LINKS = ("merge", "migration")
EDITS = ("exclude", *LINKS, "person")
KEYS: Mapping[str, tuple[str, str]] = {
    "exclusions": ("table_name", "id"),
    "account_links": ("account_id", "same_as"),
    "person_links": ("person_id", "same_as"),
}
"""The tables that edits are rows of, with their keys."""
_HEADER = ",".join(COLUMNS)


@dataclass(frozen=True)
class Line:
    """One edit. `number` is its line in the file, 0 where it comes from elsewhere."""

    edit: str
    table: str
    id: str
    same_as: str
    reason: str = ""
    number: int = 0

    @property
    def stored_in(self) -> str:
        """The table that the edit is a row of."""
        return "exclusions" if self.edit == "exclude" else "person_links" if self.edit == "person" else "account_links"

    @property
    def key(self) -> tuple[str, str, str]:
        """The table that it is a row of, and its key there."""
        first, second = (self.table, self.id) if self.edit == "exclude" else (self.id, self.same_as)
        return self.stored_in, first, second

    @property
    def said(self) -> tuple[str, ...]:
        """All that it says, wherever it stands."""
        return (*self.key, self.edit, self.reason)

    def row(self) -> dict[str, str]:
        """Itself as a row of its table."""
        _, first, second = self.key
        names = KEYS[self.stored_in]
        kind = {"kind": self.edit} if self.stored_in == "account_links" else {}
        return {names[0]: first, names[1]: second, **kind, "reason": self.reason}

    def to_dict(self) -> dict[str, str]:
        """Itself as a line of the file."""
        return {name: getattr(self, name) for name in COLUMNS}


def read(path: Path) -> list[Line]:
    """The edits of a file, in its order.

    Raises:
        InputError: there is no such file, or a line of it says nothing that can be done; the sentence names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as fault:
        message = f"There is no file '{path}'. `tenure edits list --format csv` prints the edits of the store as one."
        raise InputError(message) from fault
    except (OSError, UnicodeDecodeError) as fault:
        message = f"'{path}' cannot be read as text in UTF-8: it is a CSV file with the header {_HEADER}."
        raise InputError(message) from fault
    numbered = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and not line.startswith("#")]
    if not numbered:
        message = f"'{path}' has no header: it begins with the line {_HEADER}."
        raise InputError(message)
    header = [name.strip() for name in next(csv.reader([numbered[0][1]]))]
    if not {"edit", "id"} <= set(header) <= set(COLUMNS) or len(set(header)) != len(header):
        message = f"'{path}' begins with '{numbered[0][1]}': its header is {_HEADER}."
        raise InputError(message)
    lines = [_line(path, number, header, next(csv.reader([line]))) for number, line in numbered[1:]]
    return _once(path, lines)


def _line(path: Path, number: int, header: list[str], cells: list[str]) -> Line:
    where = f"'{path}', line {number}"
    if len(cells) > len(header):
        message = f"{where}: it has {len(cells)} cells and the header {len(header)}: quote a cell that holds a comma."
        raise InputError(message)
    said = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
    line = Line(**said, number=number)
    if fault := _fault(line):
        message = f"{where}: {fault}"
        raise InputError(message)
    return line


def _fault(line: Line) -> str | None:
    """What is wrong with a line, whatever is loaded."""
    if line.edit not in EDITS:
        return f"'{line.edit}' is no edit.{_near(line.edit, EDITS)} The edits are {', '.join(EDITS)}."
    if not line.id:
        return "it names no id."
    if line.edit == "exclude":
        if line.table not in TABLES:
            return f"'{line.table}' is no table.{_near(line.table, TABLES)} `tenure tables` lists them."
        if line.table == "exclusions":
            return "an exclusion cannot be excluded: take its line away instead."
        return "an exclusion has no same_as: leave it empty." if line.same_as else None
    if not line.same_as:
        return f"a {line.edit} needs same_as, the id that survives."
    return "id and same_as are the same: nothing is to be linked." if line.id == line.same_as else None


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f" Did you mean '{near[0]}'?" if near else ""


def _once(path: Path, lines: list[Line]) -> list[Line]:
    """The lines, of which none says again what another does."""
    seen: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        if line.key in seen:
            message = f"'{path}', line {line.number}: line {seen[line.key].number} has that edit already: keep one."
            raise InputError(message)
        seen[line.key] = line
    return lines
