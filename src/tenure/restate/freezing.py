"""freeze(): keeps what the numbers of a period are, as they would be printed now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tenure import catalog
from tenure.answer import instant
from tenure.calendar import local, parse_instant
from tenure.errors import UsageError
from tenure.metric import Unit
from tenure.restate.numbers import PLAN, Probe, Reader
from tenure.restate.periods import Named, named
from tenure.store.frozen import Frozen, keep, kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.metric import Metric

FAMILIES = ("revenue", "customers")


@dataclass(frozen=True)
class Freeze:
    """What was frozen of a period: the numbers; and of the metrics asked for, which were frozen before, and which say nothing."""

    period: Named
    frozen_at: datetime
    numbers: tuple[Frozen, ...]
    before: tuple[str, ...]
    unknown: tuple[str, ...]
    note: str | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; `exact` is the value with every digit."""
        return {
            "period": self.period.label,
            "start": instant(self.period.start),
            "end": instant(self.period.end),
            "frozen_at": instant(self.frozen_at),
            "note": self.note,
            "frozen": [
                {
                    "metric": n.metric, "variant": n.variant, "by": n.by, "segment": n.segment,
                    "value": None if n.value is None else float(n.value), "exact": None if n.value is None else str(n.value),
                    "policy": n.policy.preset, "switches": dict(n.policy.overrides), "load_id": n.load_id,
                }
                for n in self.numbers
            ],
            "frozen_before": list(self.before),
            "unknown": list(self.unknown),
        }  # fmt: skip


def freeze(
    con: DuckDBPyConnection,
    settings: Settings,
    known: Mapping[str, Metric],
    period: str,
    metrics: Sequence[str] = (),
    *,
    note: str | None = None,
    again: bool = False,
    now: str | None = None,
) -> Freeze:
    """Keeps the numbers of a period that is over, whole and by plan.

    Args:
        con: The store.
        settings: The company's; the numbers are read under their policy.
        known: The catalogue.
        period: As a person names it (`tenure.restate.periods`).
        metrics: `name` or `name:variant`; none: those of the overview, else all of the families revenue and customers.
        note: Why it was frozen.
        again: Freezes what is frozen already once more, as it is now.
        now: What counts as now.

    Raises:
        UsageError: the period is not over, or is none; a metric is a prediction.
    """
    at = parse_instant(now, settings.zone) if now else datetime.now(UTC).replace(tzinfo=None)
    asked = named(period, settings.zone, settings.week_start)
    if asked.end > at:
        ends = local(asked.end, settings.zone)
        message = (
            f"'{asked.label}' is not over: it ends at {ends:%Y-%m-%d %H:%M}, and what is frozen must not change any more. "
            "Freeze it then."
        )
        raise UsageError(message)
    probes = [Probe(*one, None, asked.grain, asked.start, asked.end, at) for one in chosen(settings, known, metrics)]
    done = {n.name for n in kept(con) if (n.start, n.end) == (asked.start, asked.end)}
    before = [probe.name for probe in probes if probe.name in done and not again]
    reader = Reader(con, settings, settings.policy)
    numbers: list[Frozen] = []
    unknown: list[str] = []
    for probe in probes:
        if probe.name not in before:
            found = list(_numbers(reader, probe, asked, _last(con), note))
            numbers += found
            unknown += [] if found else [probe.name]
    keep(con, numbers)
    return Freeze(asked, at, tuple(numbers), tuple(before), tuple(unknown), note)


def chosen(settings: Settings, known: Mapping[str, Metric], metrics: Sequence[str]) -> list[tuple[Metric, str | None]]:
    """The metrics that are asked for, or those that a company has on its first page, or all of money and customers.

    Raises:
        UsageError: one is a prediction: what a model says is of all that is known, and not of a month.
    """
    if metrics or settings.overview.metrics:
        found = [catalog.find(name, known) for name in dict.fromkeys(metrics or settings.overview.metrics)]
        for metric, _ in found if metrics else ():
            if _looks_ahead(metric):
                message = f"'{metric.name}' is a prediction: it says nothing of a month that could be frozen."
                raise UsageError(message)
        return [(metric, variant) for metric, variant in found if not _looks_ahead(metric)]
    return [(metric, None) for metric in known.values() if metric.family in FAMILIES and not _looks_ahead(metric)]


def _looks_ahead(metric: Metric) -> bool:
    return metric.model is not None or metric.ahead


def _numbers(reader: Reader, probe: Probe, period: Named, load_id: int, note: str | None) -> Iterator[Frozen]:
    if reader.lacking(probe):
        return
    mark = reader.fingerprint(probe)
    currency = reader.settings.currency if reader.reading(probe).unit is Unit.MONEY else None
    for by in (None, PLAN) if reader.fits(probe) else (None,):
        for (_, segment), value in reader.values(replace(probe, by=by)).items():
            yield Frozen(
                probe.now, period.label, period.grain, period.start, period.end, probe.metric.name, probe.variant, by, segment,
                value, reader.policy, mark, load_id, note, currency,
            )  # fmt: skip


def _last(con: DuckDBPyConnection) -> int:
    row = con.execute("SELECT coalesce(max(load_id), 0) FROM meta.loads").fetchone()
    return int(row[0]) if row else 0
