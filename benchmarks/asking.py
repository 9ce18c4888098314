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
    """Movements of recurring revenue by month over four years."""
    rounds = [json.loads(python("-m", "benchmarks.inside", "movements", store, ASKED).output) for _ in range(times)]
    for metric in rounds[0]:
        ratios = [found[metric]["asked"] / found[metric]["by_hand"] for found in rounds]
        ours, theirs = (1000 * min(found[metric][way] for found in rounds) for way in ("asked", "by_hand"))
        note = f"best {ours:.1f} ms against {theirs:.1f} ms"
        yield Figure(f"{metric} by month, of hand-written SQL", ratios, 2, note=note)
