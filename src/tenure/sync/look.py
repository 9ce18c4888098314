"""A look at the warehouse's tables before anything is made: how many rows, how many since the last sync, how wide they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tenure.sync.views import written, written_at
from tenure.tables.schema import Type

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tenure.sync.there import There
    from tenure.sync.views import Source

_SAMPLE = 2_000


@dataclass(frozen=True)
class Looked:
    """One table: its rows, those written since the last sync, the width of one as text (from a sample), its watermark.

    `reached` is null where no column says when a row was written; `edge` is how many rows were written at that very instant, and
    `after` what tells the fresh rows: those later than the last watermark, and those at it too where there are now others.
    `years` are the first and the last it speaks of. `lost` is how many of the rows of the last sync are not among the old ones
    now: gone, or written again; less than 0 where rows came that say they are older than that.
    """

    rows: int
    fresh: int
    reached: str | None
    edge: int
    after: str
    years: tuple[int, int] | None
    width: int
    lost: int

    @property
    def bytes(self) -> int:
        """The bytes of all rows as text."""
        return self.rows * self.width


def look(there: There, found: Mapping[str, Source], before: Mapping[str, Mapping[str, Any]]) -> dict[str, Looked]:
    """Each table, looked at; `before` is what was kept of it: how far its watermark `by` had come (`reached`), its `edge`."""
    same = {name: was for name, was in before.items() if name in found and found[name].is_same(was)}
    return {name: _look(there, source, same.get(name, {})) for name, source in found.items()}


def _look(there: There, source: Source, before: Mapping[str, Any]) -> Looked:
    """Everything is counted, since nothing else tells what is gone; what else must be known of old rows is remembered."""
    since = before.get("reached") if source.watermark else None
    told = {"n": "COUNT(*)"}
    if since:
        told["later"] = f"COUNT(CASE WHEN {written(there, source, '>', since)} THEN 1 END)"
        told["tied"] = f"COUNT(CASE WHEN {written(there, source, '=', since)} THEN 1 END)"
    counted = _row(there, source, told, "BIGINT")
    rows, later, tied = (int(str(counted.get(name) or 0)) for name in ("n", "later", "tied"))
    is_tied = since is not None and tied != before["edge"]
    after = ">=" if is_tied else ">"
    reached, edge, years = since, tied, None
    if not since or later or is_tied:
        reached, years = _reach(there, source, f" WHERE {written(there, source, after, since)}" if since else "")
        edge = _edge(there, source, reached) if reached is not None else 0
    old = rows - later - max(0, tied - before["edge"]) if since else 0
    return Looked(
        rows,
        later + (tied if is_tied else 0) if since else rows,
        reached,
        edge,
        after,
        _both(years, before.get("years")),
        before.get("width") or _width(there, source),
        before["rows"] - old if since else 0,
    )


def _row(there: There, source: Source, told: Mapping[str, str], kind: str, where: str = "") -> dict[str, object]:
    """What some expressions of one type make of a table's rows."""
    select = f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in told.items())} FROM {source.place} AS s{where}"
    return there.one(select, dict.fromkeys(told, kind))


def _reach(there: There, source: Source, where: str) -> tuple[str | None, tuple[int, int] | None]:
    """How far the watermark of some rows comes, and the first and the last year that they speak of."""
    instants = [
        there.engine.cast(f"s.{there.quoted(source.own[c.name])}", "TIMESTAMP")
        for c in source.given
        if c.type in {Type.INSTANT, Type.DAY} and c.name != "updated_at"
    ]
    told = {"reached": f"MAX({written_at(there, source)})"} if source.watermark else {}
    for i, sql in enumerate(instants):
        told |= {f"first_{i}": f"MIN({sql})", f"last_{i}": f"MAX({sql})"}
    row = _row(there, source, told, "TIMESTAMP", where) if told else {}
    reached = row.pop("reached", None)
    found = [at.year for at in row.values() if isinstance(at, datetime)]
    return None if reached is None else str(reached), (min(found), max(found)) if found else None


def _both(one: Sequence[int] | None, other: Sequence[int] | None) -> tuple[int, int] | None:
    """The years that hold both."""
    told = [*(one or ()), *(other or ())]
    return (min(told), max(told)) if told else None


def _edge(there: There, source: Source, reached: str) -> int:
    where = f" WHERE {written(there, source, '=', reached)}"
    return int(str(_row(there, source, {"n": "COUNT(*)"}, "BIGINT", where)["n"]))


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


def odd(
    found: Mapping[str, Source], looked: Mapping[str, Looked], before: Mapping[str, Mapping[str, Any]]
) -> Iterator[str]:
    """Sentences on rows that a sync by watermarks does not see: those that are gone, and those that came with an old one.

    What happened is written once; rows of other tables are written again whenever they change, and then are not the old ones.
    """
    for name, one in looked.items():
        if name not in before or not found[name].watermark or not found[name].is_same(before[name]):
            continue
        many = abs(one.lost) != 1
        told = f"{abs(one.lost):,} {'rows' if many else 'row'} of {name}"
        happens = any(column.name == "happened_at" and column.required for column in found[name].table.columns)
        if one.rows < before[name]["rows"]:
            yield f"Rows of {name} are gone from the warehouse: `tenure sync --full` takes them out of the ledgers."
        elif one.lost > 0 and happens:
            yield (
                f"{told} that an earlier sync read {'were' if many else 'was'} written again, or {'are' if many else 'is'} gone"
                " from the warehouse: `tenure sync --full` takes out of the ledgers what is gone."
            )
        elif one.lost < 0:
            yield (
                f"{told} came after the last sync and {'say' if many else 'says'} in '{found[name].watermark}' that"
                f" {'they are' if many else 'it is'} older, so nobody looked at {'them' if many else 'it'}:"
                " `tenure sync --full` reads everything."
            )
