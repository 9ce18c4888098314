"""The whole scorecard beside the statements that a person would write for it, and what a question takes beyond its statement."""

from __future__ import annotations

import json
import math
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.figure import Figure
from benchmarks.process import python

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from benchmarks.scored import Scores

ASKED = "5"
CENT = 0.01
CLOSE = 1e-9


def figures(store: Path, times: int) -> Iterator[Figure]:
    """Every metric over 13 months, beside those of a year before: both sides in turn, several times."""
    rounds = [(_scores("asked", store), _scores("by_hand", store)) for _ in range(times)]
    for asked, by_hand in rounds:
        for name, score in asked.items():
            agree(name, score["values"], by_hand[name]["values"])
    sums = [
        [sum(score["seconds"] for name, score in side.items() if name in asked) for side in (asked, by_hand)]
        for asked, by_hand in rounds
    ]
    ours, theirs = (min(side) for side in zip(*sums, strict=True))
    note = f"{len(rounds[0][0])} metrics; best {ours:.2f} s against {theirs:.2f} s"
    yield Figure("the scorecard, of hand-written SQL", [ours / theirs for ours, theirs in sums], 1.5, note=note)
    beyond = {name: median(1000 * asked[name]["beyond"] for asked, _ in rounds) for name in rounds[0][0]}
    worst = max(beyond, key=lambda name: beyond[name])
    yield Figure("a question, beyond its statement", list(beyond.values()), 15, "ms", note=f"most: {worst}")


def _scores(way: str, store: Path) -> Scores:
    found: Scores = json.loads(python("-m", "benchmarks.scored", way, store, ASKED).output)
    return found


def agree(name: str, asked: Mapping[str, float | None], by_hand: Mapping[str, float | None]) -> None:
    """Two ways of which one is wrong are not worth timing. A month in which nothing was is no row by hand."""
    apart = {
        month: (value, by_hand.get(month))
        for month, value in asked.items()
        if not math.isclose(value or 0, by_hand.get(month) or 0, rel_tol=CLOSE, abs_tol=CENT * (abs(value or 0) > 1))
    }
    assert not apart, f"{name}, asked and by hand: {apart}"
