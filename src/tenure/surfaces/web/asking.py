"""What a page asks of the store: a view in, answers out, in the one shape that every surface gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tenure.errors import TenureError, UnknownNameError
from tenure.surfaces.web.exchange import exchange
from tenure.surfaces.web.overview import shipped
from tenure.surfaces.web.view import Frame, frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tenure.library import Store
    from tenure.surfaces.web.memory import Memory
    from tenure.surfaces.web.overview import CohortKind, Overview
    from tenure.surfaces.web.view import View

    Answered = dict[str, Any]
    Window = tuple[datetime, datetime]

_INSTANT = timedelta(microseconds=1)
COHORT_GRAINS = {"hour": "month", "day": "month", "week": "month"}


@dataclass(frozen=True)
class Asked:
    """The answers of the overview, by metric; `segments` and `lines` are empty unless a segment was asked for."""

    overview: Overview
    frame: Frame
    known: Window
    answers: Mapping[str, Answered]
    segments: Mapping[str, Answered]
    lines: Mapping[str, Answered]
    kind: CohortKind
    cohorts: Mapping[str, Any]
    releases: Sequence[Mapping[str, Any]]


def known(memory: Memory) -> Window | None:
    """From when to when the store knows something (naive UTC), its end exclusive and never past the minute of the page; None if nothing.

    It is what is known of revenue; where none was loaded, of everything else.
    """
    store = memory.store
    first, last = memory.of("coverage", {}, lambda: store.coverage, lasts=True)
    if first is None or last is None:
        spans = [(row["first"], row["last"]) for row in store.holdings()["tables"] if row["first"] and row["dated"]]
        if not spans:
            return None
        first, last = min(_naive(a) for a, _ in spans), max(_naive(b) for _, b in spans)
    until = min(last + _INSTANT, memory.state[2])
    return (first, until) if first < until else None


def _naive(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=None)


def words(view: View, window: Window, by: str = "") -> dict[str, Any]:
    """The words of a question that a view and a window (naive UTC) mean, as `Store.ask` takes them."""
    since, until = (instant.replace(tzinfo=UTC).isoformat() for instant in window)
    return {
        "since": since,
        "until": until,
        "grain": view.grain,
        "by": by or None,
        "where": list(view.where) or None,
        "compare": None if view.compare == "none" else view.compare,
        "policy": view.policy or None,
        "hours": view.hours or None,
    }


def answered(memory: Memory, view: View, names: Iterable[str], window: Window, by: str = "") -> dict[str, Answered]:
    """The answers by metric.

    Raises:
        TenureError: one of them cannot be answered.
    """
    return {name: told(memory, view, name, words(view, window, by)) for name in names}


def told(memory: Memory, view: View, name: str, asks: Mapping[str, Any]) -> Answered:
    """One answer as it is shown: its money in the currency that the view asks for."""
    answer, other = memory.ask(name, asks), exchange(memory, view)
    return other.converted(answer.to_dict(), answer.definition) if other else answer.to_dict()


def tried(memory: Memory, view: View, names: Iterable[str], window: Window) -> dict[str, Answered | TenureError]:
    """The answers by metric, and the fault of those that cannot be answered: a filter that says nothing of them."""
    found: dict[str, Answered | TenureError] = {}
    for name in names:
        try:
            found[name] = told(memory, view, name, words(view, window))
        except TenureError as fault:
            found[name] = fault
    return found


def asked(memory: Memory, view: View) -> Asked | None:
    """The answers of the overview; None while the store is empty.

    Raises:
        TenureError: the words of the view do not fit the store.
    """
    coverage, store = known(memory), memory.store
    if coverage is None:
        return None
    window = frame(view, store.settings, *coverage)
    whole = (window.since, window.until)
    overview = shipped().with_tiles(store.settings.overview.metrics)
    kinds = {kind.kind: kind for kind in overview.cohorts}
    wanted = view.told("cohorts")
    if wanted and wanted not in kinds:
        raise UnknownNameError("kind of cohorts", wanted, kinds, f"The page shows {' and '.join(kinds)}.")
    kind = kinds.get(wanted, overview.cohorts[0])
    lines = [line.metric for line in overview.lines]
    answers = answered(memory, view, [*lines, *(m.metric for m in overview.movements)], whole)
    found = tried(memory, view, overview.tiles, whole)
    overview = overview.of_those({name for name, one in found.items() if _is_told(one, store, name)})
    answers |= {name: one for name, one in found.items() if name in overview.tiles and not isinstance(one, TenureError)}
    shown = (window.shown.opens, window.shown.closes)
    by_grain = {"grain": COHORT_GRAINS.get(view.grain, view.grain)}
    return Asked(
        overview,
        window,
        coverage,
        answers,
        _segmented(memory, view, overview.tiles, shown, strict=True),
        _segmented(memory, view, lines, whole, strict=False),
        kind,
        memory.of("cohorts", by_grain | {"kind": kind.kind}, lambda: store.cohorts(kind.kind, **by_grain).to_dict()),
        releases(memory, whole),
    )


def releases(memory: Memory, window: Window) -> Sequence[Mapping[str, Any]]:
    """What we did within a window (naive UTC)."""
    ends = [instant.replace(tzinfo=UTC) for instant in window]
    return memory.of("releases", {"ends": ends}, lambda: memory.store.releases(*ends), lasts=True)


def _is_told(one: Answered | TenureError, store: Store, name: str) -> bool:
    """Whether a tile has something to say: a company's own always, another where its tables were loaded."""
    if isinstance(one, TenureError):
        return False
    if name in store.settings.overview.metrics:
        return True
    return not one["missing"] and any(row["value"] is not None for row in one["rows"])


def _segmented(
    memory: Memory, view: View, names: Sequence[str], window: Window, *, strict: bool
) -> dict[str, Answered]:
    """The answers by segment, of those metrics that the dimension says something of.

    Raises:
        TenureError: it says nothing of any, and that is not allowed.
    """
    if not view.by:
        return {}
    found, faults = {}, []
    for name in names:
        try:
            found[name] = told(memory, view, name, words(view, window, view.by))
        except TenureError as fault:
            faults.append(fault)
    if strict and faults and not found:
        raise faults[0]
    return found
