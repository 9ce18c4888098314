"""Loading a company's files, and one more day of them, beside DuckDB's own load of the same files."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from benchmarks.figure import Figure
from benchmarks.process import python, tenure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MEGABYTE = 1e6


def made(store: Path) -> Path:
    """An empty store of a company that counts in euros."""
    shutil.rmtree(store, ignore_errors=True)
    tenure(store, "init")
    (store / "tenure.toml").write_text('currency = "EUR"\n', encoding="utf-8")
    return store


def figures(data: Path, room: Path, times: int) -> Iterator[Figure]:
    """Import, its memory, a further day, the disk. Leaves the last store in `room / "store"`."""
    files, day = sorted(data.glob("*.parquet")), sorted((data / "day").glob("*.parquet"))
    store, native = room / "store", room / "native.duckdb"
    full, own, peaks, further, sizes = [], [], [], [], []
    for _ in range(times):
        native.unlink(missing_ok=True)
        own.append(python("-m", "benchmarks.inside", "native", native, *files).seconds)
        first = tenure(made(store), "import", *files)
        full.append(first.seconds)
        peaks.append(first.peak / MEGABYTE)
        alone = json.loads(python("-m", "benchmarks.inside", "facts", native, store).output)["bytes"]
        sizes.append(sum(path.stat().st_size for path in store.rglob("*") if path.is_file()) / alone)
        if day:
            further.append(tenure(store, "import", *day).seconds)
    speeds = [theirs / ours for theirs, ours in zip(own, full, strict=True)]
    yield Figure("import, of the speed of DuckDB's own load", speeds, 0.4, at_least=True, note=_seconds(full, own))
    yield Figure("import, memory at its peak", peaks, 1000, "MB")
    if day:
        shares = [100 * more / whole for more, whole in zip(further, full, strict=True)]
        yield Figure("one further day, of the whole import", shares, 5, "%", note=_seconds(further, full))
    yield Figure("store on disk, of tables and facts alone", sizes, 1.2)


def _seconds(ours: list[float], theirs: list[float]) -> str:
    return f"best {min(ours):.2f} s against {min(theirs):.2f} s"
