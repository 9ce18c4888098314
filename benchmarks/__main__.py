"""`python -m benchmarks`: every promised speed, measured on this machine beside its goal."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import asking, loading, scoring, starting, viewing
from benchmarks.process import python, tenure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.figure import Figure

GROUPS = ("load", "ask", "scorecard", "view", "start")


def figures(data: Path | None, room: Path, accounts: int, times: int, only: list[str]) -> Iterator[Figure]:
    """Each figure as soon as it is known."""
    if data is None:
        data = room / "data"
        if set(only) - {"start"}:
            python("-m", "benchmarks.company", data, str(accounts))
    if {"load", "ask"} & set(only):
        # A question needs a store: with `ask` alone, the one that a single load leaves.
        measured = list(loading.figures(data, room, times if "load" in only else 1))
        yield from measured if "load" in only else ()
    if "ask" in only:
        yield from asking.figures(room / "store", times)
    if "scorecard" in only:
        store = loading.made(room / "scored")
        tenure(store, "import", *sorted(data.glob("*.parquet")), *sorted((data / "more").glob("*.parquet")))
        yield from scoring.figures(store, times)
    if "view" in only:
        store = loading.made(room / "viewed")
        tenure(store, "import", *sorted(data.glob("*.parquet")), *sorted((data / "more").glob("*.parquet")))
        yield from viewing.figures(store, times)
    if "start" in only:
        yield from starting.figures(room, times)


def main() -> None:
    """Measures and prints."""
    words = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    words.add_argument(
        "--data", type=Path, metavar="DIR", help="canonical Parquet files, one more day in DIR/day [made]"
    )
    words.add_argument(
        "--accounts", type=int, default=50_000, metavar="N", help="how large the made company is [50000]"
    )
    words.add_argument("--times", type=int, default=3, metavar="N", help="repetitions [3]")
    words.add_argument("--room", type=Path, metavar="DIR", help="where stores are made [a folder that goes again]")
    words.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS, help="some of the groups")
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.room) as room:
        for figure in figures(asked.data, Path(room), asked.accounts, asked.times, list(asked.only)):
            print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
