"""The edits that a store has, and how a file of them is brought in: one load of the source `edits`, that is all there is of it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tenure.edits.lines import KEYS, Line
from tenure.edits.naming import named
from tenure.store.load import load

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.store.record import Load

SOURCE = "edits"
_STORED = """
SELECT 'exclusions', table_name, id, 'exclude', coalesce(reason, ''), source, loaded_at FROM rows.exclusions WHERE replaced_at IS NULL
UNION ALL SELECT 'account_links', account_id, same_as, coalesce(kind, 'merge'), coalesce(json_extract_string(props, '$.reason'), ''),
    source, loaded_at FROM rows.account_links WHERE replaced_at IS NULL
UNION ALL SELECT 'person_links', person_id, same_as, 'person', coalesce(json_extract_string(props, '$.reason'), ''), source, loaded_at
    FROM rows.person_links WHERE replaced_at IS NULL
ORDER BY 1, 4, 2, 3
"""
_COLUMNS = {
    "exclusions": ("table_name", "id", "reason"),
    "account_links": ("account_id", "same_as", "kind", "reason"),
    "person_links": ("person_id", "same_as", "reason"),
}


@dataclass(frozen=True)
class Stored:
    """An edit that the store has, where it came from, and when."""

    line: Line
    source: str
    loaded_at: datetime


@dataclass(frozen=True)
class Patch:
    """A file of edits beside those that the store has: what is new, what says something else, what is withdrawn.

    `held` are lines that another source than `edits` has brought: they hold already, and taking the line away
    would not withdraw them. `mine` are the lines that this source is to have. `faults` are the lines that name nothing, each with
    what is wrong: a slip, or a row that is still to come.
    """

    added: tuple[Line, ...]
    changed: tuple[Line, ...]
    withdrawn: tuple[Line, ...]
    held: tuple[tuple[Line, str], ...]
    mine: tuple[Line, ...]
    faults: tuple[tuple[Line, str], ...]

    @property
    def changes(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.added or self.changed or self.withdrawn)


def stored(con: DuckDBPyConnection) -> list[Stored]:
    """The edits that hold now."""
    found = []
    for table, first, second, edit, reason, source, loaded_at in con.execute(_STORED).fetchall():
        is_exclusion = table == "exclusions"
        line = Line(
            edit,
            first if is_exclusion else "",
            second if is_exclusion else first,
            "" if is_exclusion else second,
            reason,
        )
        found.append(Stored(line, source, loaded_at))
    return found


def patch(con: DuckDBPyConnection, lines: Sequence[Line]) -> Patch:
    """What a file would do to the edits of the store."""
    there = {one.line.key: one for one in stored(con)}
    held = [(line, there[line.key].source) for line in lines if line.key in there and there[line.key].source != SOURCE]
    mine = [line for line in lines if line.key not in there or there[line.key].source == SOURCE]
    kept = {line.key for line in lines}
    return Patch(
        added=tuple(line for line in mine if line.key not in there),
        changed=tuple(line for line in mine if line.key in there and there[line.key].line.said != line.said),
        withdrawn=tuple(one.line for key, one in there.items() if one.source == SOURCE and key not in kept),
        held=tuple(held),
        mine=tuple(mine),
        faults=tuple((line, fault) for line, (_, fault) in zip(lines, named(con, lines), strict=True) if fault),
    )


def apply(con: DuckDBPyConnection, settings: Settings, lines: Sequence[Line]) -> tuple[Patch, Load | None]:
    """Brings the edits of a file in: those that it lacks are withdrawn. Where nothing changes there is no load.

    Raises:
        StorageError: the disk is full; nothing was kept.
    """
    found = patch(con, lines)
    if not found.changes:
        return found, None
    touched = {line.stored_in for line in (*found.added, *found.changed, *found.withdrawn)}
    with TemporaryDirectory() as folder:
        for table in KEYS:
            if table in touched:
                _write(Path(folder) / f"{table}.csv", table, [line for line in found.mine if line.stored_in == table])
        return found, load(con, settings, folder, source=SOURCE, replace=True)


def _write(path: Path, table: str, lines: Sequence[Line]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, _COLUMNS[table], lineterminator="\n")
        writer.writeheader()
        writer.writerows(line.row() for line in lines)
