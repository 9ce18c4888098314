"""What a load did: counts per table, where each column came from, what was set aside. The shapes that users script against."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from tenure.store.mapping import Origin


class Progress(Protocol):
    """Is told how far a load has come."""

    def __call__(self, label: str, done: float, total: float) -> None:
        """`label` is being worked on; `done` of `total` are behind it, in bytes, or in files where sizes are unknown."""


@dataclass(frozen=True)
class TableLoad:
    """What a load did to one table, in rows: `rows_in` = `accepted` + `duplicate` + `quarantined`.

    `replaced` of the accepted ones took the place of another; `retired` are rows that a full export no longer has.
    """

    table: str
    rows_in: int
    accepted: int
    duplicate: int
    replaced: int
    quarantined: int
    retired: int = 0


@dataclass(frozen=True)
class FilePlan:
    """How one file was read as one table."""

    file: str
    table: str
    columns: tuple[Origin, ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON: the file, its table, and for each column the header and how it was told."""
        return {"file": self.file, "table": self.table, "columns": [asdict(c) for c in self.columns]}


@dataclass(frozen=True)
class Quarantined:
    """One row that was set aside: where it stood, which rule it broke, how to mend it; `raw` is the row as JSON."""

    table: str
    file: str | None
    line: int | None
    column: str | None
    value: str | None
    rule: str
    mend: str
    raw: str | None
    load_id: int
    quarantined_at: datetime

    def to_dict(self) -> dict[str, Any]:
        """As JSON; the instant is UTC."""
        return asdict(self) | {"quarantined_at": self.quarantined_at.isoformat() + "Z"}


@dataclass(frozen=True)
class Load:
    """What a load did, table by table. `set_aside` holds the first of its quarantined rows; `dry_run`: nothing was kept."""

    load_id: int
    tables: tuple[TableLoad, ...]
    files: tuple[FilePlan, ...] = ()
    set_aside: tuple[Quarantined, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def rows_in(self) -> int:
        """The rows that were read."""
        return sum(t.rows_in for t in self.tables)

    @property
    def accepted(self) -> int:
        """The rows that were stored."""
        return sum(t.accepted for t in self.tables)

    @property
    def duplicate(self) -> int:
        """The rows that said nothing new."""
        return sum(t.duplicate for t in self.tables)

    @property
    def replaced(self) -> int:
        """The accepted rows that took the place of another."""
        return sum(t.replaced for t in self.tables)

    @property
    def quarantined(self) -> int:
        """The rows that were set aside."""
        return sum(t.quarantined for t in self.tables)

    def to_dict(self) -> dict[str, Any]:
        """As JSON: the counts per table; of a dry run also the mapping, the notes and the first rows set aside."""
        counts = {"load_id": self.load_id, "tables": [asdict(t) for t in self.tables]}
        if not self.dry_run:
            return counts
        return counts | {
            "dry_run": True,
            "files": [f.to_dict() for f in self.files],
            "notes": list(self.notes),
            "quarantine": [q.to_dict() for q in self.set_aside],
        }
