"""What a command takes before it does anything, and a small question from start to end."""

from __future__ import annotations

import json
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.figure import Figure
from benchmarks.process import TENURE, python, run, tenure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TIMES_MORE = 5  # these are short


def figures(room: Path, times: int) -> Iterator[Figure]:
    """`tenure --help`; `tenure ask mrr` on the demo company, less Python's start and the query itself."""
    demo = room / "demo"
    tenure(demo, "demo", "--no-serve")
    many = range(times * TIMES_MORE)
    run(TENURE, "--help")
    starts = [python("-c", "pass").seconds for _ in many]
    helps = [run(TENURE, "--help").seconds for _ in many]
    note = f"Python alone {1000 * median(starts):.0f} ms"
    yield Figure("tenure --help", [1000 * seconds for seconds in helps], 150, "ms", note=note)

    statement = json.loads(tenure(demo, "ask", "mrr", "--sql", "--format", "json").output)["sql"]
    query = median(
        json.loads(python("-m", "benchmarks.inside", "cold", demo, statement).output)["seconds"] for _ in many
    )
    rest = [tenure(demo, "ask", "mrr").seconds - median(starts) - query for _ in many]
    note = f"the query {1000 * query:.0f} ms"
    yield Figure("tenure ask mrr, beyond start and query", [1000 * s for s in rest], 250, "ms", note=note)
