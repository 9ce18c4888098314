"""One sync from its beginning to its end."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tenure.engines.types import arrow_schema
from tenure.facts.fact import facts
from tenure.store import facts as store_facts
from tenure.store import warehouse
from tenure.store.connection import transaction
from tenure.sync import broken, home, inputs, left, made, views
from tenure.sync.look import odd, years
from tenure.sync.making import ASKED_RAW, Making, World
from tenure.sync.report import LedgerBrought, Synced
from tenure.sync.stage import packed
from tenure.sync.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.config import Settings
    from tenure.store.record import Progress
    from tenure.sync.home import Brought, Small
    from tenure.sync.stage import Stage

_BESIDE = ("new_", "other_", "come_", "gone_", "near_", "touched_")


def run(world: World, stage: Stage, told: Synced, progress: Progress | None, began: float) -> Synced:
    """Does it; `told` is what it was estimated at, `began` when the first look at the tables was taken.

    Raises:
        WarehouseError: the warehouse broke off, or refuses; nothing here has changed.
    """
    steps = Steps(world.con, progress)
    if steps.is_other(_of(world)):
        world, told = World(**{**world.__dict__, "kept": {}}), replace(told, kind="full")
    reached = {name: (one.reached, one.edge, one.rows) for name, one in world.looked.items()}
    steps.begin(_of(world), reached, stage, is_full=not world.kept)
    left.write(world.there, steps.mark)
    if world.kept.get("unsettled"):
        _settle(world, world.kept)  # now, and not once more when another one goes on from here
    small = _small(world, steps)
    tables = dict.fromkeys([*ASKED_RAW, "people"])
    with inputs.scratch(world.con, world.settings, tables, small.frames, small.whole, years(world.looked)) as scratch:
        making = Making(world, scratch, steps)
        brought = making.go()
    for number, one in enumerate(brought):
        _fetch(world, stage, steps, one, number, len(brought))
    moved = stage.moved()
    kept = _kept(world, making, steps, brought)
    steps.tell("facts", 1, 1)
    held = _held(world, making, brought)
    load = home.settle(world.con, world.settings, stage, small, brought, held, kept)
    steps.tell("settling", 1, 1)
    _settle(world, kept)
    for name in steps.done:
        if name.startswith(_BESIDE):
            world.there.drop(name)
    for name in world.found:
        world.there.engine.run(f"DROP VIEW IF EXISTS {world.there.place(f'near_{name}')}")
    steps.tell("done", 1, 1)
    ledgers = [*_told(brought, moved), *_tables(small)]
    ledgers += [LedgerBrought(name, "left", 0, 0, 0) for name, kind in making.kinds.items() if kind == "left"]
    told = replace(told, line_bytes=world.there.engine.carried)
    return told.done(
        ledgers, load, time.monotonic() - began, _notes(world, making, held), held.broken, resumed=steps.is_resumed
    )


def _of(world: World) -> str:
    """What a sync is for; one that is for the same can go on where another one was ended."""
    marks = store_facts.marks(world.settings, world.settings.policy)
    told = (
        world.order,
        sorted(world.looked),
        world.kept.get("tables"),
        sorted(marks.items()),
        world.settings.warehouse,
    )
    return f"{crc32(repr(told).encode()):08x}"


def _small(world: World, steps: Steps) -> Small:
    """The rows of the small tables: those written since the last sync, or all of them."""
    import pyarrow as pa  # an extra

    frames, whole, there = {}, set(), world.there
    for name in world.home:
        source = world.found[name]
        since = world.since(name) if name in world.kept.get("home", ()) else None
        if since and not world.is_new(name):
            continue
        columns = {c.name: c.type.sql for c in source.given}
        if name == "accounts":  # what else there is are attributes
            taken = {*columns, *source.own.values(), source.watermark}
            columns |= {n: "VARCHAR" for n in source.columns if n not in taken}
        listed = ", ".join(f"s.{there.quoted(source.own.get(n, n))} AS {there.quoted(n)}" for n in columns)
        select = f"SELECT {listed} FROM {source.place} AS s"
        if since:
            select += f" WHERE {views.written_at(there, source)} {world.looked[name].after} {there.instant(since)}"
        else:
            whole.add(name)
        steps.tell(name, 0, 0)
        rows = pa.Table.from_batches(list(there.rows(select, columns)), arrow_schema(columns))
        # The front door takes a naive instant for a local one; these are UTC.
        zoned = [
            pa.field(f.name, pa.timestamp("us", "UTC") if pa.types.is_timestamp(f.type) else f.type)
            for f in rows.schema
        ]
        frames[name] = rows.cast(pa.schema(zoned))
    return home.Small(frames, frozenset(whole))


def _fetch(world: World, stage: Stage, steps: Steps, one: Brought, number: int, total: int) -> None:
    names = _arriving(one)
    for part, name in enumerate(names):

        def tell(share: float, part: int = part) -> None:
            steps.tell(one.ledger, number + (part + share) / len(names), total)

        stage.fetch(world.there, name, one.columns, tell)


def _arriving(one: Brought) -> list[str]:
    return [f"come_{one.name}", f"gone_{one.name}"] if one.is_difference else [one.name]


def _held(world: World, making: Making, brought: list[Brought]) -> warehouse.Held:
    """What will stand here; its load has no number yet."""
    before = warehouse.held(world.con) if world.kept else None
    whole, some = (dict(before.whole), dict(before.coarse)) if before else ({}, {})
    for one in brought:
        (some if one.is_coarse else whole)[one.place] = one.mark
        (whole if one.is_coarse else some).pop(one.place, None)
    return warehouse.Held(
        0,
        {name: one.rows for name, one in world.looked.items()},
        world.home,
        whole,
        some,
        tuple(name for name, kind in making.kinds.items() if kind == "left"),
        world.settings.warehouse.dimensions,
        years(world.looked),
        broken.tally(world),
        making.sizes,
    )


def origin(settings: Settings) -> str:
    """Which warehouse, and which schema of it."""
    return f"{crc32(f'{settings.warehouse.url} {settings.warehouse.schema}'.encode()):08x}"


def _kept(world: World, making: Making, steps: Steps, brought: list[Brought]) -> dict[str, Any]:
    """What the next sync needs to know."""
    tables = {
        name: {
            "reached": steps.reached[name][0],
            **world.found[name].kept(),
            "edge": steps.reached[name][1],
            "rows": steps.reached[name][2],
            "years": one.years,
            "width": one.width,
            "view": making.views[name],
        }
        for name, one in world.looked.items()
    }
    ledgers = {*world.kept.get("ledgers", ()), *(name for name in steps.done if _is_ledger(name))}
    changed = [
        name.removeprefix("new_") for name in steps.done if name.startswith("new_") and name != "new_person_roots"
    ]
    return {
        "of": origin(world.settings),
        "mark": steps.mark,
        "tables": tables,
        "inputs": making.inputs,
        "ledgers": sorted({*ledgers, *(one.name for one in brought)}),
        "kinds": making.kinds,
        "sizes": making.sizes,
        "shapes": {name: shape for name, shape in making.shapes.items() if name in ledgers},
        "home": world.home,
        "policies": world.order.policies,
        "whole": world.order.whole,
        "unsettled": [{"name": name, "touched": making.maker.touched_of(name)} for name in changed],
    }


def _is_ledger(name: str) -> bool:
    """Whether a step was to make a ledger that is kept there."""
    return not name.startswith((*_BESIDE, "all_")) and name.removeprefix("coarse_").rpartition("_")[0] in facts()


def _settle(world: World, kept: Mapping[str, Any]) -> None:
    """What is kept there follows what is at home; where a sync is ended before this, the next one does it."""
    for one in kept["unsettled"]:
        made.settle(world.there, one["name"], one["touched"])
    with transaction(world.con, derived=True):
        warehouse.tell(world.con, "kept", {**kept, "unsettled": []})


def _notes(world: World, making: Making, held: warehouse.Held) -> list[str]:
    notes = list(odd(world.found, world.looked, world.kept.get("tables", {})))
    if count := sum(one.rows for one in held.broken):
        tables = ", ".join(dict.fromkeys(one.table for one in held.broken))
        notes.append(
            f"{count:,} {'row' if count == 1 else 'rows'} in the warehouse ({tables}) break a rule of their table and are left out:"
            " `tenure quarantine` says which rule, and the SELECT that finds them."
        )
    if lacking := [name for name, kind in making.kinds.items() if kind in {"left", "coarse"}]:
        each = (f"{name} ({held.sizes[name]:,} rows)" if name in held.sizes else name for name in lacking)
        told = f"Too large to come home row by row: {', '.join(each)}."
        notes.append(f"{told} `tenure sync --whole NAME` brings one of them.")
    return notes


def _told(brought: list[Brought], moved: Mapping[str, tuple[int, int, int]]) -> list[LedgerBrought]:
    told = []
    for one in brought:
        columns = zip(*(moved.get(name, (0, 0, 0)) for name in _arriving(one)), strict=True)
        rows, size, small = (sum(column) for column in columns)
        told.append(LedgerBrought(one.ledger, "by day" if one.is_coarse else "whole", rows, size, small))
    return told


def _tables(small: Small) -> list[LedgerBrought]:
    return [
        LedgerBrought(name, "table", rows.num_rows, rows.nbytes, packed(rows.to_batches()) if rows.num_rows else 0)
        for name, rows in small.frames.items()
    ]
