"""restate(): numbers of the past then and now, and every difference told apart by load and by cause."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tenure import catalog
from tenure.calendar import parse_instant, period_start, periods
from tenure.errors import TenureError, UsageError
from tenure.metric import Unit
from tenure.restate.freezing import chosen
from tenure.restate.numbers import PLAN, Probe, Reader, depends_on_now
from tenure.restate.periods import Named, named, whole
from tenure.restate.shape import Moved, Restatement, Share
from tenure.restate.trail import known_after, trail
from tenure.store.frozen import Frozen, kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.restate.numbers import Cell, Exact
    from tenure.restate.trail import Place

LIMIT = 5
_MONTHS = 12
_INSTANT = timedelta(microseconds=1)
_TOTAL = "total"


@dataclass(frozen=True)
class _Known:
    """One number that is to be told, as it was frozen or would have been at an instant, and what asks for it now."""

    frozen: Frozen
    probe: Probe
    is_frozen: bool = True

    @property
    def place(self) -> Place:
        return self.probe, (self.frozen.start, self.frozen.segment)


def restate(
    con: DuckDBPyConnection,
    settings: Settings,
    known: Mapping[str, Metric],
    metrics: Sequence[str] = (),
    *,
    since: str | None = None,
    from_: str | None = None,
    to: str | None = None,
    now: str | None = None,
    limit: int = LIMIT,
) -> Restatement:
    """Each frozen number then and now; with `since`, or where nothing is frozen, each month's as of that instant and now.

    Args:
        con: The store.
        settings: The company's; what a number is now is read under their policy.
        known: The catalogue.
        metrics: `name` or `name:variant`; none: all that are frozen, or else those of the first page, or mrr and customers.
        since: An instant; where nothing is frozen and none is given, just before the last load.
        from_: Only periods that begin then or later; of months that are not frozen, by default the last twelve that were over.
        to: Only periods that end by then.
        now: What counts as now.
        limit: How many rows of each share are shown.

    Raises:
        UsageError: an instant that cannot be read, or nothing was loaded by then.
        UnknownNameError: there is no such metric.
    """
    at = parse_instant(now, settings.zone) if now else datetime.now(UTC).replace(tzinfo=None)
    names = {_name(*catalog.find(name, known)) for name in metrics}
    window = tuple(parse_instant(end, settings.zone) if end else None for end in (from_, to))
    standing = kept(con)
    if since is None and standing:
        chosen_ones = [n for n in standing if (not names or n.name in names) and _within(_called(settings, n), *window)]
        told = tuple(_frozen(con, settings, known, chosen_ones, at, limit))
        return Restatement(is_frozen=True, since=None, timezone=settings.timezone, numbers=told)
    then, base = _then(con, settings, since)
    asked = [known[name] for name in ("mrr", "customers")]
    some = chosen(settings, known, metrics) if metrics or settings.overview.metrics else [(one, None) for one in asked]
    told = tuple(_since(con, settings, some, (then, base), window, at, limit))
    return Restatement(is_frozen=False, since=then, timezone=settings.timezone, numbers=told)


def _then(con: DuckDBPyConnection, settings: Settings, since: str | None) -> tuple[datetime, int]:
    """The instant as of which is asked, and the last load that was done by then."""
    if since is not None:
        at = parse_instant(since, settings.zone)
    else:
        row = con.execute("SELECT max(loaded_at) FROM meta.loads").fetchone()
        if row is None or row[0] is None:
            message = "Nothing was loaded yet, so that nothing can have moved. `tenure import FILE` loads."
            raise UsageError(message)
        at = row[0] - _INSTANT
    row = con.execute(
        f"SELECT coalesce(max(load_id), 0) FROM meta.loads WHERE loaded_at <= TIMESTAMP '{at}'"
    ).fetchone()
    return at, int(row[0]) if row else 0


def _frozen(
    con: DuckDBPyConnection,
    settings: Settings,
    known: Mapping[str, Metric],
    standing: Iterable[Frozen],
    now: datetime,
    limit: int,
) -> Iterable[Moved]:
    """The frozen numbers, those of one policy after the other; a segment that was not there then was nothing."""
    by_policy: dict[tuple[str, tuple[tuple[str, str], ...]], list[Frozen]] = defaultdict(list)
    for one in standing:
        by_policy[one.policy.preset, tuple(sorted(one.policy.overrides.items()))].append(one)
    found = []
    for some in by_policy.values():
        reader = Reader(con, settings, some[0].policy)
        numbers = _probed(reader, known, some)
        found += _told(reader, numbers, {one.probe: reader.absent(one.probe) for one in numbers}, now, limit)
    return sorted(found, key=lambda one: (one.start, one.end))


def _probed(reader: Reader, known: Mapping[str, Metric], standing: Sequence[Frozen]) -> list[_Known]:
    """What asks for each number; months of one metric are asked for together."""
    wide: dict[tuple[object, ...], Probe] = {}
    keys = []
    for one in standing:
        metric, variant = _metric(known, one)
        probe = Probe(metric, variant, one.by, one.grain, one.start, one.end, one.frozen_at)
        cut = whole(one.period, one.grain, one.start, reader.settings.zone, reader.settings.week_start)
        if (cut.start, cut.end) != (one.start, one.end):  # periods are cut elsewhere today
            probe = replace(probe, grain=_TOTAL)
        apart = one.frozen_at if depends_on_now(probe, reader) else None
        alone = one.start if probe.grain == _TOTAL else None
        key = (one.name, one.by, probe.grain, apart, alone)
        seen = wide.get(key, probe)
        wide[key] = replace(
            seen, since=min(seen.since, one.start), until=max(seen.until, one.end), now=max(seen.now, one.frozen_at)
        )
        keys.append((one, key))
    return [_Known(one, wide[key]) for one, key in keys]


def _metric(known: Mapping[str, Metric], one: Frozen) -> tuple[Metric, str | None]:
    try:
        return catalog.find(one.name, known)
    except TenureError as fault:
        message = f"{one.period} was frozen with a metric that is not there any more: {fault}"
        raise UsageError(message) from fault


def _since(
    con: DuckDBPyConnection, settings: Settings, metrics: Sequence[tuple[Metric, str | None]], then: tuple[datetime, int],
    window: tuple[datetime | None, ...], now: datetime, limit: int,
) -> Iterable[Moved]:  # fmt: skip
    """The months that were over then, as they were and as they are."""
    reader, months = Reader(con, settings, settings.policy), _months(con, settings, then[0], window)
    if not months:
        return []
    wholes = [Probe(metric, variant, None, "month", months[0][0], months[-1][1], now) for metric, variant in metrics]
    probes = [replace(one, by=by) for one in wholes for by in ((None, PLAN) if reader.fits(one) else (None,))]
    known, nothing = known_after(reader, probes, then[1])
    numbers = []
    for probe in probes:
        for start, end in months:
            label, name = f"{start + timedelta(days=14):%Y-%m}", (probe.metric.name, probe.variant, probe.by)
            said = {segment: value for (opens, segment), value in known[probe].items() if opens == start}
            for segment, value in (said or {None: None}).items():
                one = Frozen(then[0], label, "month", start, end, *name, segment, value, settings.policy, "", then[1])
                numbers.append(_Known(one, probe, is_frozen=False))
    return _told(reader, numbers, nothing, now, limit)


def _months(
    con: DuckDBPyConnection, settings: Settings, then: datetime, window: tuple[datetime | None, ...]
) -> list[tuple[datetime, datetime]]:
    """The months asked about: those of the window, else the last twelve that the data reach and that were over then."""
    zone, first = settings.zone, settings.week_start
    since, until = window
    known = f"max(ends_at) FILTER (ends_at <= TIMESTAMP '{then}')"  # an end that is agreed on lies beyond the data
    row = con.execute(f"SELECT min(starts_at), greatest(max(starts_at), {known}) FROM subscription_periods").fetchone()
    begun, last = row or (None, None)
    if until is None:
        until = whole("", "month", last, zone, first).end if last else then
    until = period_start(min(until, then), "month", zone, first)
    if since is None:
        since = period_start(until, "month", zone, first, back=_MONTHS)
        since = max(since, period_start(begun, "month", zone, first)) if begun else since
    if since >= until:
        return []
    cut = periods(since, until, "month", zone, first, until)
    return [(one.opens, one.closes) for one in cut if not one.partial]


def _told(
    reader: Reader, numbers: Sequence[_Known], nothing: Mapping[Probe, Exact], now: datetime, limit: int
) -> list[Moved]:
    """Then and now, with the shares of what moved; `nothing` is what a segment was then that was not there."""
    current = Reader(reader.con, reader.settings, reader.settings.policy)
    probes = {one.probe for one in numbers}
    rows = {probe: reader.values(probe) for probe in probes}
    same_policy = reader.policy.switches == current.policy.switches
    printed = rows if same_policy else {probe: current.values(probe) for probe in probes}
    today = {
        probe: current.values(replace(probe, now=now)) if depends_on_now(probe, reader) else printed[probe]
        for probe in probes
    }
    absent = {probe: None if reader.lacking(probe) else reader.absent(probe) for probe in probes}
    every = _with_new_segments(numbers, nothing, rows, today)

    def at(found: Mapping[Probe, Mapping[Cell, Exact]], one: _Known) -> Exact:
        return found[one.probe].get(one.place[1], absent[one.probe])

    moving = [
        one for one in every
        if _is_in_another_currency(reader, one) or not one.frozen.value == at(rows, one) == at(today, one)
    ]  # fmt: skip
    places = list(dict.fromkeys(one.place for one in moving))
    walked = trail(reader, places, min(one.frozen.load_id for one in moving), limit) if moving else None
    told = []
    for one in every:
        shares: list[Share] = []
        if walked and one.place in places:
            base = walked.after(one.frozen.load_id, one.place)
            if _is_in_another_currency(reader, one):
                shares.append(Share("currency", None, one.frozen.value, base))
            elif base != one.frozen.value:
                same = one.frozen.fingerprint == reader.fingerprint(replace(one.probe, by=None))
                shares.append(Share("unexplained" if same else "definition", None, one.frozen.value, base))
            shares += [s for s in walked.shares.get(one.place, ()) if s.load and s.load.load_id > one.frozen.load_id]
            steps = (("policy", at(rows, one), at(printed, one)), ("time", at(printed, one), at(today, one)))
            shares += [Share(cause, None, was, becomes) for cause, was, becomes in steps if was != becomes]
        told.append(_moved(reader, one, at(today, one), tuple(shares)))
    return told


def _with_new_segments(
    numbers: Sequence[_Known], nothing: Mapping[Probe, Exact], *found: Mapping[Probe, Mapping[Cell, Exact]]
) -> list[_Known]:
    """The numbers, and beside those of a breakdown the segments that have come since: they were nothing then."""
    groups: dict[tuple[Probe, datetime, int], list[_Known]] = defaultdict(list)
    for one in numbers:
        groups[one.probe, one.frozen.start, one.frozen.load_id].append(one)
    every = []
    for (probe, start, _), some in groups.items():
        every += [one for one in some if not probe.by or one.frozen.segment is not None]
        have = {one.frozen.segment for one in some}
        come = {cell[1] for values in found for cell in values[probe] if cell[0] == start} - have
        none = replace(some[0].frozen, value=nothing[probe])
        every += [replace(some[0], frozen=replace(none, segment=name)) for name in sorted(filter(None, come))]
    return every


def _is_in_another_currency(reader: Reader, one: _Known) -> bool:
    return one.frozen.currency not in (None, reader.settings.currency)


def _moved(reader: Reader, one: _Known, now: Exact, shares: tuple[Share, ...]) -> Moved:
    frozen, metric = one.frozen, one.probe.metric
    title = metric.variants[one.probe.variant].title if one.probe.variant else metric.title
    unit = reader.reading(one.probe).unit
    currency = reader.settings.currency if unit is Unit.MONEY else None
    return Moved(
        metric.name, title, unit.value, currency, one.probe.variant,
        frozen.period, frozen.grain, frozen.start, frozen.end, frozen.by, frozen.segment, frozen.value, now,
        frozen.policy.preset, frozen.policy.overrides, frozen.frozen_at if one.is_frozen else None, frozen.note, shares,
        frozen.currency or currency,
    )  # fmt: skip


def _called(settings: Settings, one: Frozen) -> Named:
    """The period that is called so today: where it was frozen it may have been cut in another time zone."""
    return named(one.period, settings.zone, settings.week_start)


def _within(period: Named, since: datetime | None, until: datetime | None) -> bool:
    return (since is None or period.start >= since) and (until is None or period.end <= until)


def _name(metric: Metric, variant: str | None) -> str:
    return f"{metric.name}:{variant}" if variant else metric.name
