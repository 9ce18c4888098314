"""A question in a warm process beside the statement that a person would write over the same ledgers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from benchmarks.figure import Figure
from benchmarks.process import python

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ASKED = "15"


def figures(store: Path, times: int) -> Iterator[Figure]:
    """Movements of recurring revenue by month over four years, active people by day over two."""
    rounds = [json.loads(python("-m", "benchmarks.inside", "movements", store, ASKED).output) for _ in range(times)]
    for metric in rounds[0]:
        ratios = [found[metric]["asked"] / found[metric]["by_hand"] for found in rounds]
        ours, theirs = (1000 * min(found[metric][way] for found in rounds) for way in ("asked", "by_hand"))
        note = f"best {ours:.1f} ms against {theirs:.1f} ms"
        yield Figure(f"{metric} by month, of hand-written SQL", ratios, 2, note=note)
    counts = [json.loads(python("-m", "benchmarks.inside", "actives", store, ASKED).output) for _ in range(times)]
    asked, own, counted = (1000 * min(found[way] for found in counts) for way in ("asked", "statement", "counted"))
    note = f"best {own:.1f} ms against {counted:.1f} ms; {asked:.1f} ms with the periods and rows around it"
    ratios = [found["counted"] / found["statement"] for found in counts]
    yield Figure("730 days of active users, COUNT(DISTINCT) of it", ratios, 20, at_least=True, note=note)
