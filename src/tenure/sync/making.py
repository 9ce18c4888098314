"""What a sync makes in the warehouse: views of the canonical tables, the inputs, the ledgers that must come from there."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tenure.facts.fact import INPUTS, facts
from tenure.policy import Policy
from tenure.store import facts as store_facts
from tenure.store import warehouse
from tenure.sync import coarse, inputs, made, near, touched, views
from tenure.sync.home import Brought
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.sync.look import Looked
    from tenure.sync.made import Maker, Reading
    from tenure.sync.steps import Steps
    from tenure.sync.there import There
    from tenure.sync.views import Source

ASKED_RAW = (
    "accounts", "account_attributes", "account_links", "person_links", "exclusions", "plans", "fx_rates", "releases",
    "subscriptions",
)  # fmt: skip
"""The tables that questions read beside the ledgers; they come home. So do people, where they are few."""
PEOPLE, FEW_PEOPLE = "people", 100_000


@dataclass(frozen=True)
class Order:
    """What is wanted beside the company's own policy: other presets, and ledgers row by row however large."""

    policies: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """What a sync stands on: the store, the warehouse, its tables as they were found, and what was kept of the last sync."""

    con: DuckDBPyConnection
    settings: Settings
    there: There
    order: Order
    found: Mapping[str, Source]
    looked: Mapping[str, Looked]
    kept: Mapping[str, Any]

    @property
    def home(self) -> tuple[str, ...]:
        """The tables that come home themselves."""
        is_asked = PEOPLE in self.order.whole or (PEOPLE in self.found and self.looked[PEOPLE].rows <= FEW_PEOPLE)
        return tuple(name for name in self.found if name in ASKED_RAW or (name == PEOPLE and is_asked))

    def since(self, name: str) -> str | None:
        """The watermark from which on a table is read; None where all of it is."""
        before = self.kept.get("tables", {}).get(name)
        return before["reached"] if before and before["by"] and self.found[name].is_same(before) else None

    def is_new(self, name: str) -> bool:
        """Whether a table that has a watermark has new rows, or fewer."""
        before, now = self.kept["tables"][name], self.looked[name]
        return now.fresh > 0 or now.rows != before["rows"]


@dataclass
class Making:
    """Makes it; marks of inputs and views, how each ledger comes home (`kinds`) and its columns (`shapes`) are for the next sync."""

    world: World
    scratch: DuckDBPyConnection
    steps: Steps
    inputs: dict[str, str] = field(default_factory=dict)
    views: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    shapes: dict[str, dict[str, str]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    maker: Maker = field(init=False)

    def __post_init__(self) -> None:
        self.inputs = dict(self.world.kept.get("inputs", {}))
        self.kinds = dict(self.world.kept.get("kinds", {}))
        self.shapes = dict(self.world.kept.get("shapes", {}))
        self.sizes = dict(self.world.kept.get("sizes", {}))

    def go(self) -> list[Brought]:
        """Makes everything, and says which ledgers come home."""
        world = self.world
        store_facts.ensure(self.scratch, world.settings, None, ["usage"])  # with it the inputs
        changed, anew = self._views()
        carried = inputs.carry(world.there, self.scratch, self.inputs, self.steps)
        anew |= carried if world.kept else set()
        changed |= anew
        self._people(changed)
        are_others = self._cells()
        kept = set(world.kept.get("ledgers", ()))
        self.maker = maker = made.Maker(world.there, kept, changed, anew, self._near(), self.steps)
        brought: dict[str, Brought] = {}
        for policy in (world.settings.policy, *(Policy(name) for name in world.order.policies)):
            for one in self._of(maker, policy, are_others=are_others):
                brought.setdefault(one.place, one)
        for one in brought.values():
            if one.is_difference:
                maker.differences(one.name, one.columns)
        return list(brought.values())

    def _near(self) -> dict[str, str]:
        """Where the rows of touched accounts alone stand, by table."""
        world = self.world
        only = near.chosen(world.there, made.TOUCHED) if world.kept else None
        return near.narrow(world.there, world.found.values(), only, self._excluded()) if only else {}

    def _excluded(self) -> dict[str, list[str]]:
        """By table the keys that are left out."""
        told: dict[str, list[str]] = {}
        for table, key in self.scratch.execute("SELECT table_name, id FROM exclusions").fetchall():
            told.setdefault(table, []).append(key)
        return told

    def _views(self) -> tuple[set[str], set[str]]:
        """The canonical tables; says which have something new, and of which it is not known what."""
        world, changed, anew = self.world, set[str](), set[str]()
        excluded = self._excluded()
        for name in TABLES:
            if name not in world.found:
                changed |= self._own(name)
                continue
            source, old, now = world.found[name], world.kept.get("tables", {}).get(name, {}), world.looked[name]
            select = views.view(world.there, source, excluded.get(name, ()))
            self.views[name] = self.steps.carry(f"view_{name}", views.mark(select), old.get("view"), lambda: None)
            world.there.view(name, select)
            since = world.since(name)
            if since:
                world.there.view(f"fresh_{name}", views.fresh(world.there, source, since, now.after))
            if not since or old["view"] != self.views[name]:
                if now.rows or old.get("rows"):
                    anew.add(name)
            elif world.is_new(name):
                changed.add(name)
        return changed, anew

    def _own(self, name: str) -> set[str]:
        """A table that the warehouse does not have: this store's own rows go there."""
        con, there = self.world.con, self.world.there
        columns = {c.name: c.type.sql for c in TABLES[name].columns}
        row = con.execute(f"SELECT count(*), coalesce(bit_xor(hash(t)), 0) FROM main.{name} AS t").fetchone()
        before = self.inputs.get(name)

        def upload() -> None:
            rows = con.execute(f"SELECT {', '.join(columns)} FROM main.{name}").to_arrow_table()
            there.engine.run(f"DROP VIEW IF EXISTS {there.place(name)}")
            there.upload(f"local_{name}", rows, columns)
            there.view(name, f"SELECT * FROM {there.place(f'local_{name}')}")

        self.inputs[name] = self.steps.carry(name, str(row), before, upload)
        return {name} if self.world.kept and self.inputs[name] != before else set()

    def _people(self, changed: set[str]) -> None:
        """Who is who, and whose rows are touched."""
        world, there, moved = self.world, self.world.there, None
        if not world.kept:
            self.steps("person_roots", lambda: inputs.people(there, self.scratch, "person_roots"))
            return
        if changed & {"people", "person_links", "exclusions", "account_roots"}:
            self.steps("new_person_roots", lambda: inputs.people(there, self.scratch, "new_person_roots"))
            old, new = (f"SELECT * FROM {there.place(n)}" for n in ("person_roots", "new_person_roots"))
            both = f"SELECT * FROM ({old} EXCEPT {new}) AS a UNION ALL SELECT * FROM ({new} EXCEPT {old}) AS b"
            only = f"SELECT DISTINCT person_id, account_id FROM ({both}) AS t"
            self.steps("moved_people", lambda: there.make("moved_people", only))
            self.steps("person_roots", lambda: there.engine.make(there.place("person_roots"), new))
            if there.count("moved_people"):
                moved = "moved_people"
                changed.add("person_roots")
        kept = {n.rpartition("_")[0]: there.place(n) for n in world.kept["ledgers"] if not n.startswith("coarse_")}
        tables = [name for name in sorted(changed & set(world.found)) if world.since(name)]
        self.steps(made.TOUCHED, lambda: touched.fill(there, tables, moved, kept, made.TOUCHED))

    def _cells(self) -> bool:
        """The accounts that stand for others, where a ledger is added up; says whether they are others than before."""
        rows = self.scratch.execute(coarse.cells(self.world.settings.warehouse.dimensions)).to_arrow_table()
        mark = f"{crc32(repr(sorted(tuple(row.values()) for row in rows.to_pylist())).encode()):08x}"
        before, columns = self.inputs.get("cells"), {"account_id": "VARCHAR", "cell_id": "VARCHAR"}
        upload = partial(self.world.there.upload, "cells", rows, columns)
        self.inputs["cells"] = self.steps.carry("cells", mark, before, upload)
        return self.inputs["cells"] != before

    def _of(self, maker: Maker, policy: Policy, *, are_others: bool) -> list[Brought]:
        """The ledgers of one policy that come from there, made there."""
        settings = self.world.settings
        places, wanted = store_facts.placed(settings, policy)
        values = store_facts.values_of(self.scratch, policy, settings)
        reading = made.Reading(wanted, values, partial(self._shape, policy, wanted))
        brought: list[Brought] = []
        for ledger in facts():
            kind = self._kind(maker, reading, ledger, places[ledger])
            if kind in {"whole", "coarse"}:
                brought += self._one(maker, reading, ledger, places[ledger], are_others=are_others)
        return brought

    def _shape(self, policy: Policy, marks: Mapping[str, str], ledger: str) -> Mapping[str, str]:
        """The columns of a ledger, with their types: those of the last sync, where its statement is the same."""
        name = f"{ledger}_{marks[ledger]}"
        if name not in self.shapes:
            self.shapes[name] = inputs.shape(self.scratch, self.world.settings, policy, ledger)
        return self.shapes[name]

    def _kind(self, maker: Maker, reading: Reading, ledger: str, place: str) -> str:
        """How a ledger comes home: made here, brought whole or added up, or left there."""
        reads, is_asked, told = facts()[ledger].reads, ledger in self.world.order.whole, self.kinds.get(ledger)
        if all(self._is_here(read) for read in reads):
            self.kinds.pop(ledger, None)
            return "here"
        if not is_asked and (told == "left" or any(self.kinds.get(read) == "left" for read in reads)):
            self.kinds[ledger] = "left"
            return "left"
        if not self._is_held(place, reading.marks[ledger]) and (is_asked or told == "whole"):
            maker.forget(reading.name(ledger))
        maker.ledger(reading, ledger)
        if is_asked or "events" not in facts()[ledger].sources:
            self.kinds[ledger] = "whole"
        elif told is None:
            self.kinds[ledger] = self._by_size(reading.name(ledger), ledger)
        return self.kinds[ledger]

    def _by_size(self, name: str, ledger: str) -> str:
        """How a ledger of what people do comes home that was just made for the first time."""
        there = self.world.there
        rows = there.count(name)
        if rows <= self.world.settings.warehouse.whole_rows:
            return "whole"
        self.sizes[ledger] = rows
        if ledger in coarse.KEYS:
            return "coarse"
        there.drop(name)
        self.steps.note([done for done in self.steps.done if done != name])
        return "left"

    def _is_here(self, read: str) -> bool:
        """Whether something that a ledger reads is at home, row by row."""
        if read in facts():
            return self.kinds.get(read, "whole") == "whole"
        if read == "person_roots":
            return self._is_here("people")
        found = self.world.found
        return read in INPUTS or read not in found or read in self.world.home or not self.world.looked[read].rows

    def _is_held(self, place: str, mark: str) -> bool:
        """Whether the store has the ledger row by row."""
        held = warehouse.held(self.world.con) if self.world.kept else None
        return held is not None and held.whole.get(place) == mark

    def _one(self, maker: Maker, reading: Reading, ledger: str, place: str, *, are_others: bool) -> list[Brought]:
        """The ledger, if it is not at home as it is there."""
        name, columns = reading.name(ledger), reading.columns(ledger)
        is_changed = maker.is_changed(ledger)
        is_coarse = self.kinds[ledger] == "coarse"
        if is_coarse:
            is_changed = maker.coarse(reading, ledger, cells=are_others)
            name, columns = f"coarse_{name}", coarse.described(columns)
        is_first = not maker.is_kept(name)
        if not is_first and not is_changed:
            return []
        return [Brought(ledger, place, name, reading.marks[ledger], is_coarse, not is_first, columns)]
