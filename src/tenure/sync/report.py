"""What a sync will read, and what it did: the shapes that users script against."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tenure.facts.fact import facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.config import Settings
    from tenure.store.record import Load
    from tenure.store.warehouse import Broken
    from tenure.sync.look import Looked
    from tenure.sync.views import Source


@dataclass(frozen=True)
class TableRead:
    """A table of the warehouse: its rows and bytes as text (from a sample), those written since the last sync, and how many
    rows are scanned by the ledgers that read it; `by` is its watermark, null where it is counted anew each time.
    """  # noqa: D205 - one sentence

    table: str
    rows: int
    bytes: int
    fresh: int
    scanned: int
    by: str | None


@dataclass(frozen=True)
class LedgerBrought:
    """A ledger that came home, or did not: `how` is whole, by day, or left. Bytes are Arrow's; `packed` as they are sent
    where the warehouse packs them.
    """  # noqa: D205 - one sentence

    ledger: str
    how: str
    rows: int
    bytes: int
    packed: int


@dataclass(frozen=True)
class Synced:
    """What a sync will read (`dry_run`), or did. `kind` is full or changes; `line_bytes` is what the warehouse sent, all in all
    and as it sent it, where its client tells.
    """  # noqa: D205 - one sentence

    kind: str
    engine: str
    tables: tuple[TableRead, ...]
    ledgers: tuple[LedgerBrought, ...] = ()
    load: Load | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    broken: tuple[Broken, ...] = ()
    line_bytes: int | None = None
    dry_run: bool = True
    resumed: bool = field(default=False)

    @property
    def raw_bytes(self) -> int:
        """The bytes of all raw rows, as text."""
        return sum(one.bytes for one in self.tables)

    @property
    def moved_bytes(self) -> int:
        """The bytes that came home, packed."""
        return sum(one.packed for one in self.ledgers)

    def done(
        self, ledgers: list[LedgerBrought], load: Load, seconds: float, notes: list[str], broken: tuple[Broken, ...],
        *, resumed: bool,
    ) -> Synced:  # fmt: skip
        """Itself, when it is done."""
        return replace(
            self, ledgers=tuple(ledgers), load=load, seconds=seconds, notes=tuple(notes), broken=broken, dry_run=False,
            resumed=resumed,
        )  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        told: dict[str, Any] = {
            "kind": self.kind,
            "engine": self.engine,
            "dry_run": self.dry_run,
            "raw_bytes": self.raw_bytes,
            "tables": [asdict(one) for one in self.tables],
        }
        if self.dry_run:
            return told
        return told | {
            "resumed": self.resumed,
            "load_id": self.load.load_id if self.load else 0,
            "seconds": round(self.seconds, 3),
            "moved_rows": sum(one.rows for one in self.ledgers),
            "moved_bytes": self.moved_bytes,
            "line_bytes": self.line_bytes,
            "ledgers": [asdict(one) for one in self.ledgers],
            "loaded": self.load.to_dict()["tables"] if self.load else [],
            "broken": [asdict(one) for one in self.broken],
            "notes": list(self.notes),
        }


def estimate(
    settings: Settings, found: Mapping[str, Source], looked: Mapping[str, Looked], kept: Mapping[str, Any] | None
) -> Synced:
    """What would be read: a table once to be looked at, and once for each ledger that reads it and is made there."""
    readers = {name: sum(name in fact.reads for fact in facts().values()) for name in found}
    tables = []
    for name, one in looked.items():
        source = found[name]
        is_quiet = kept is not None and source.watermark and one.fresh == 0
        scanned = one.rows * (1 if is_quiet else 1 + readers[name])
        tables.append(TableRead(name, one.rows, one.bytes, one.fresh if kept else one.rows, scanned, source.watermark))
    return Synced("changes" if kept else "full", settings.warehouse.url.partition(":")[0], tuple(tables))
