"""From what numbers were after one load to what they are after the last: load by load, and within a load cause by cause."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenure.facts.fact import facts
from tenure.restate.numbers import Probe, Reader, Step
from tenure.restate.rows import Rows
from tenure.restate.shape import LoadInfo, Share
from tenure.store.affected import changed_tables
from tenure.store.causes import CAUSES
from tenure.store.stages import Stages
from tenure.store.touched import INPUTS as MADE_OF
from tenure.store.turns import writing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from tenure.restate.numbers import Cell, Exact

Place = tuple[Probe, "Cell"]
"""One number: what asks for it, and which period and segment of it."""
Accounts = dict[tuple[Probe, "str | None"], "Mapping[Cell, object]"]
"""The parts of a probe, or of one segment of it, by period and account."""


@dataclass
class Trail:
    """What some numbers were after the loads that touched them, and what each load did to them."""

    at: dict[int, dict[Place, Exact]]
    shares: dict[Place, list[Share]] = field(default_factory=dict)

    def after(self, load_id: int, place: Place) -> Exact:
        """What a number was when that load was the last one."""
        return self.at[max(one for one in self.at if one <= load_id)][place]


def trail(reader: Reader, places: Sequence[Place], base: int, limit: int) -> Trail:
    """Follows numbers from what was known after the load `base` to what is known now.

    Args:
        reader: Reads them, under the policy that they had.
        places: The numbers.
        base: The load to begin after; 0 is before the first.
        limit: How many rows are shown of each share.
    """
    probes = list(dict.fromkeys(probe for probe, _ in places))
    loads = _loads(reader, probes, base)
    with _begun(reader, probes, base, loads) as stages:
        walk = _Walk(reader, stages, probes, places, limit)
        found = Trail({base: walk.read(probes)})
        for load in loads:
            walk.through(load, found)
        return found


def known_after(
    reader: Reader, probes: Sequence[Probe], base: int
) -> tuple[dict[Probe, dict[Cell, Exact]], dict[Probe, Exact]]:
    """What each probe said when the load `base` was the last one, and what a segment was that was not there."""
    with _begun(reader, probes, base, _loads(reader, probes, base)) as stages:
        step = Step(dict(stages.places))
        return {one: reader.values(one, step) for one in probes}, _nothing(reader, probes, step)


def _nothing(reader: Reader, probes: Iterable[Probe], step: Step) -> dict[Probe, Exact]:
    return {one: None if reader.lacking(one, step) else reader.absent(one) for one in probes}


@contextmanager
def _begun(reader: Reader, probes: Iterable[Probe], base: int, loads: Iterable[LoadInfo]) -> Iterator[Stages]:
    ledgers = {ledger for probe in probes for ledger in reader.ledgers(probe)}
    with writing(reader.con):  # every connection sees the stages: there is one walk at a time
        stages = Stages(reader.con, reader.settings, reader.policy, ledgers, [load.load_id for load in loads])
        try:
            stages.begin(base)
            yield stages
        finally:
            stages.close()


class _Walk:
    """The numbers on their way."""

    def __init__(
        self, reader: Reader, stages: Stages, probes: Sequence[Probe], places: Sequence[Place], limit: int
    ) -> None:
        self._reader, self._stages, self._places, self._limit = reader, stages, places, limit
        self._sources = {probe: _tables(reader.ledgers(probe)) for probe in probes}
        self.values: dict[Place, Exact] = {}

    def read(self, probes: Collection[Probe]) -> dict[Place, Exact]:
        """The numbers at the step that stands, of those probes that it may have changed."""
        step = Step(dict(self._stages.places))
        found = {probe: self._reader.values(probe, step) for probe in probes}
        absent = _nothing(self._reader, probes, step)
        fresh = {(p, cell): found[p].get(cell, absent[p]) for p, cell in self._places if p in found}
        self.values = {**self.values, **fresh}
        return self.values

    def through(self, load: LoadInfo, found: Trail) -> None:
        """Goes through one load, cause by cause."""
        changes = self._stages.changes(load.load_id)
        causes = [cause for cause in CAUSES if any(cause in some for some in changes.values())]
        before: Accounts = {}
        for count, cause in enumerate(causes, start=1):
            tables = {name for name, some in changes.items() if cause in some}
            probes = [probe for probe, sources in self._sources.items() if sources & tables]
            before |= self._accounts(set(probes), before)
            self._stages.apply(load.load_id, changes, causes[:count])
            was, becomes, after = self.values, self.read(probes), self._accounts(set(probes), {})
            moved = [place for place in self._places if was[place] != becomes[place]]
            told = {place: (_differing(before, after, place), self._sources[place[0]]) for place in moved}
            rows = Rows(self._reader.con, changes, cause, self._limit).of(told) if told else {}
            for place, shown in rows.items():
                share = Share(cause, load, was[place], becomes[place], shown.count, shown.first)
                found.shares.setdefault(place, []).append(share)
            before |= after
        self._stages.settle()
        found.at[load.load_id] = self.values

    def _accounts(self, probes: Collection[Probe], known: Accounts) -> Accounts:
        """The parts of each number by account, of those accounts that the load at hand may have changed."""
        step = Step(dict(self._stages.some))
        wanted = {(probe, segment) for probe, (_, segment) in self._places if probe in probes} - known.keys()
        return {(probe, segment): self._reader.accounts(probe, step, segment) for probe, segment in wanted}


def _differing(before: Accounts, after: Accounts, place: Place) -> frozenset[str]:
    """The accounts of which a part of the number is another one."""
    probe, (start, segment) = place
    was, becomes = before.get((probe, segment), {}), after[probe, segment]
    cells = [cell for cell in {*was, *becomes} if cell[0] == start and was.get(cell) != becomes.get(cell)]
    return frozenset(str(account) for _, account in cells)


def _tables(ledgers: Iterable[str]) -> frozenset[str]:
    """The canonical tables that ledgers are made of, through each other and through their inputs."""
    found = {source for ledger in ledgers for source in facts()[ledger].sources}
    for name, reads in reversed(MADE_OF.items()):
        found |= reads if name in found else set()
    return frozenset(found | {"exclusions"})


def _loads(reader: Reader, probes: Iterable[Probe], base: int) -> list[LoadInfo]:
    """The later loads that touched a table of which the probes are made."""
    read = _tables({ledger for probe in probes for ledger in reader.ledgers(probe)})
    found = reader.con.execute(
        f"SELECT load_id, loaded_at, source FROM meta.loads WHERE load_id > {int(base)} ORDER BY load_id"
    ).fetchall()
    return [LoadInfo(*row) for row in found if changed_tables(reader.con, row[0]) & read]
