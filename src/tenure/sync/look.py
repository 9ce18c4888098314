"""A look at the warehouse's tables before anything is made: how many rows, how many since the last sync, how wide they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tenure.sync.views import written_at
from tenure.tables.schema import Type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.sync.there import There
    from tenure.sync.views import Source

_SAMPLE = 2_000


@dataclass(frozen=True)
class Looked:
    """One table: its rows, those written since the last sync, the bytes of all as text (from a sample), its watermark.

    `reached` is null where no column says when a row was written; `edge` is how many rows were written at that very instant, and
    `after` what tells the fresh rows: those later than the last watermark, and those at it too where there are now others.
    `years` are the first and the last it speaks of.
    """

    rows: int
    fresh: int
    bytes: int
    reached: str | None
    edge: int
    after: str
    years: tuple[int, int] | None

    @property
    def fresh_bytes(self) -> int:
        """The bytes of the fresh rows."""
        return self.bytes * self.fresh // self.rows if self.rows else 0


def look(there: There, found: Mapping[str, Source], before: Mapping[str, Mapping[str, Any]]) -> dict[str, Looked]:
    """Each table, looked at; `before` says how far the watermark of each had come (`reached`), and its `edge`."""
    return {name: _look(there, source, before.get(name, {})) for name, source in found.items()}


def _look(there: There, source: Source, before: Mapping[str, Any]) -> Looked:
    since = before.get("reached")
    cast = there.engine.cast
    instants = [
        there.quoted(source.own[c.name])
        for c in source.given
        if c.type in {Type.INSTANT, Type.DAY} and c.name != "updated_at"
    ]
    told = {"n": ("COUNT(*)", "BIGINT")}
    if source.watermark:
        written = written_at(there, source)
        told["reached"] = (f"MAX({written})", "TIMESTAMP")
        if since:
            told["later"] = (f"SUM(CASE WHEN {written} > {there.instant(since)} THEN 1 ELSE 0 END)", "BIGINT")
            told["tied"] = (f"SUM(CASE WHEN {written} = {there.instant(since)} THEN 1 ELSE 0 END)", "BIGINT")
    for i, name in enumerate(instants):
        told[f"first_{i}"] = (f"MIN({cast(f's.{name}', 'TIMESTAMP')})", "TIMESTAMP")
        told[f"last_{i}"] = (f"MAX({cast(f's.{name}', 'TIMESTAMP')})", "TIMESTAMP")
    select = f"SELECT {', '.join(f'{sql} AS {name}' for name, (sql, _) in told.items())} FROM {source.place} AS s"
    row = there.one(select, {name: kind for name, (_, kind) in told.items()})
    rows, reached = int(str(row["n"] or 0)), row.get("reached")
    later, tied = (int(str(row.get(name) or 0)) for name in ("later", "tied"))
    is_tied = tied != before.get("edge")
    fresh = later + (tied if is_tied else 0) if since and source.watermark else rows
    years = [at.year for name, at in row.items() if name.startswith(("first_", "last_")) and isinstance(at, datetime)]
    return Looked(
        rows,
        fresh,
        rows * _width(there, source),
        str(reached) if reached is not None else None,
        _edge(there, source, str(reached)) if reached is not None else 0,
        ">=" if is_tied else ">",
        (min(years), max(years)) if years else None,
    )


def _edge(there: There, source: Source, reached: str) -> int:
    where = f"{written_at(there, source)} = {there.instant(reached)}"
    row = there.one(f"SELECT COUNT(*) AS n FROM {source.place} AS s WHERE {where}", {"n": "BIGINT"})
    return int(str(row["n"]))


def _width(there: There, source: Source) -> int:
    """The mean length of a row as text, all columns of it, a sign between two, from some rows."""
    columns = dict.fromkeys(source.columns, "VARCHAR")
    listed = ", ".join(there.quoted(name) for name in columns)
    select = f"SELECT {listed} FROM {source.place} AS s LIMIT {_SAMPLE}"
    sample = [row for batch in there.rows(select, columns) for row in batch.to_pylist()]
    length = sum(len(value or "") + 1 for row in sample for value in row.values())
    return -(-length // len(sample)) if sample else 0


def years(looked: Mapping[str, Looked]) -> tuple[int, int]:
    """The first and the last year of anything that is there, with the one before and the one after."""
    told = [one.years for one in looked.values() if one.years]
    now = datetime.now(UTC).year
    return min((first for first, _ in told), default=now) - 1, max((last for _, last in told), default=now) + 1
