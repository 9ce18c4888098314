"""Rows of the warehouse that break a rule of their table: no ledger is made of them.

They stay where they are, so they are not in the quarantine; they are counted there by the first rule that each breaks, and the
SELECT that finds them is told. Tables that come home go through the front door, which sets their rows aside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store import warehouse
from tenure.store.warehouse import Broken
from tenure.sync.views import rules, typed, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.sync.making import World
    from tenure.sync.there import There
    from tenure.sync.views import Source


def tally(world: World) -> tuple[Broken, ...]:
    """What is broken in the tables that stay there: of those that have a watermark only what was written since is read anew."""
    before = warehouse.held(world.con) if world.kept else None
    found: list[Broken] = []
    for name, source in world.found.items():
        if name in world.home:
            continue
        since, known = world.since(name), [one for one in (before.broken if before else ()) if one.table == name]
        if since is None or before is None:
            found += _count(world.there, source, "")
        elif world.is_new(name):
            fresh = written(world.there, source, world.looked[name].after, since)
            found += _added(known, list(_count(world.there, source, fresh)))
        else:
            found += known
    return tuple(found)


def _count(there: There, source: Source, where: str) -> Iterator[Broken]:
    told = rules(there, source.table)
    first = " ".join(f"WHEN NOT ({rule.holds}) THEN {number}" for number, rule in enumerate(told, 1))
    each = f"SELECT CASE {first} ELSE 0 END AS broken FROM ({typed(there, source, where)}) AS d"
    counted = f"SELECT broken, COUNT(*) AS n FROM ({each}) AS e WHERE broken <> 0 GROUP BY broken"
    rows = [row for batch in there.rows(counted, {"broken": "BIGINT", "n": "BIGINT"}) for row in batch.to_pylist()]
    for row in sorted(rows, key=lambda row: row["broken"]):
        rule = told[row["broken"] - 1]
        select = f"SELECT * FROM ({typed(there, source)}) AS d WHERE NOT ({rule.holds})"
        yield Broken(source.table.name, rule.rule, rule.column, row["n"], select)


def _added(known: list[Broken], more: list[Broken]) -> list[Broken]:
    rows: dict[tuple[str, str], int] = {}
    for one in (*known, *more):
        rows[one.rule, one.column] = rows.get((one.rule, one.column), 0) + one.rows
    latest = {(one.rule, one.column): one for one in (*known, *more)}
    return [Broken(one.table, one.rule, one.column, rows[key], one.select) for key, one in latest.items()]
