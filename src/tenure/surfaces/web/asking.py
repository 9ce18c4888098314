"""Everything that the page asks of the store, in one place and one at a time: a view in, answers out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tenure.errors import UnknownNameError
from tenure.surfaces.web.overview import shipped
from tenure.surfaces.web.view import Frame, frame

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.library import Store
    from tenure.surfaces.web.overview import CohortKind, Overview
    from tenure.surfaces.web.view import View

    Answered = dict[str, Any]

_INSTANT = timedelta(microseconds=1)
COHORT_GRAINS = {"hour": "month", "day": "month", "week": "month"}


@dataclass(frozen=True)
class Asked:
    """The answers of one view, by metric; `segments` and `lines` are empty unless a segment was asked for."""

    overview: Overview
    frame: Frame
    last: datetime
    answers: Mapping[str, Answered]
    segments: Mapping[str, Answered]
    lines: Mapping[str, Answered]
    kind: CohortKind
    cohorts: Mapping[str, Any]
    dimensions: Sequence[str]


def known(store: Store) -> tuple[datetime, datetime] | None:
    """From when to when the store knows something (naive UTC), its end exclusive and never past now; None if nothing."""
    first, last = store.coverage
    if first is None or last is None:
        return None
    until = min(last + _INSTANT, datetime.now(UTC).replace(tzinfo=None))
    return (first, until) if first < until else None


def asked(store: Store, view: View) -> Asked | None:
    """The answers of `view`; None while the store is empty.

    Raises:
        TenureError: the words of the view do not fit the store.
    """
    coverage = known(store)
    if coverage is None:
        return None
    window = frame(view, store.settings, *coverage)
    overview = shipped().with_tiles(store.settings.overview.metrics)
    kinds = {kind.kind: kind for kind in overview.cohorts}
    if view.cohorts and view.cohorts not in kinds:
        raise UnknownNameError("kind of cohorts", view.cohorts, kinds, f"The page shows {' and '.join(kinds)}.")
    kind = kinds.get(view.cohorts, overview.cohorts[0])
    tiles, lines = [t.metric for t in overview.tiles], [line.metric for line in overview.lines]
    names = [*tiles, *lines, *(m.metric for m in overview.movements)]
    shown = window.shown
    return Asked(
        overview,
        window,
        coverage[1],
        _answers(store, view, names, (window.since, window.until)),
        _answers(store, view, tiles, (shown.opens, shown.closes), view.by) if view.by else {},
        _answers(store, view, lines, (window.since, window.until), view.by) if view.by else {},
        kind,
        store.cohorts(kind.kind, grain=COHORT_GRAINS.get(view.grain, view.grain)).to_dict(),
        [name for name in store.dimensions() if name not in overview.not_offered],
    )


def _answers(
    store: Store, view: View, metrics: list[str], window: tuple[datetime, datetime], by: str = ""
) -> dict[str, Answered]:
    since, until = (instant.replace(tzinfo=UTC).isoformat() for instant in window)
    where: dict[str, list[str]] = {}
    for dimension, value in view.where:
        where.setdefault(dimension, []).append(value)
    names = list(dict.fromkeys(metrics))
    answers = store.ask(
        names,
        since=since,
        until=until,
        grain=view.grain,
        by=by or None,
        where=where or None,
        compare=None if view.compare == "none" else view.compare,
    )
    return {name: answer.to_dict() for name, answer in zip(names, answers, strict=True)}
