"""The overview of the dashboard as it is served, beside the statements that it runs: `python -m benchmarks.viewing STORE TIMES`.

A page is *anew* when a load came in, or nobody asked for it for long: everything is asked of the store once more. It is *again*
until then: a wall, a second reader, a step back. As the minute turns it is shown as it was, and made anew meanwhile.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
import time
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, Self

import duckdb

from benchmarks.figure import Figure
from benchmarks.process import python

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenure.library import Store

DATABASE = "company.duckdb"
MONTHS = [f"/?at={year}-{month:02}-01" for year in (2024, 2025) for month in range(1, 13)]
AGAIN, WARM_UP = 10, 3
BEFORE_S, AFTER_S = 1, 5
P50_MS, P95_MS = 60, 120


def figures(store: Path, times: int) -> Iterator[Figure]:
    """How long the server takes, and what of it is the database's."""
    pages = str(WARM_UP + 5 * times)
    found = json.loads(python("-m", "benchmarks.viewing", store, pages).output)
    again, anew, raw, turning = ([1000 * one for one in found[name]] for name in ("again", "anew", "raw", "turning"))
    yield Figure(
        "overview again, p50", [median(again)], P50_MS, "ms", note=f"{len(again)} times, {found['bytes']:,} bytes"
    )
    yield Figure("overview again, p95", [_p95(again)], P95_MS, "ms")
    note = f"{len(turning)} times from {BEFORE_S} s before to {AFTER_S} s after; the longest {max(turning):.0f} ms"
    yield Figure("overview as the minute turns, p95", [_p95(turning)], P95_MS, "ms", note=note)
    note = f"p50 {median(anew):.0f} ms, p95 {_p95(anew):.0f} ms against {median(raw):.0f} ms of {found['statements']} statements"
    yield Figure("overview anew, of its statements alone", [median(anew) / median(raw)], 2, note=note)


def _p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def viewed(folder: Path, pages: int) -> dict[str, Any]:
    """Seconds of each page anew and again, and of its statements alone; the bytes of one as it is sent."""
    import tenure

    with tenure.open(folder) as store:
        store.prepare()
        statements = _recorded(store)
        with _Served(store) as served:
            first: list[float] = []
            again: list[float] = []
            asked: list[list[str]] = []
            for _ in range(pages):
                statements.clear()
                store.edition += 1  # what was found out counts for the settings of then
                seconds, size = served.get("/")
                first.append(seconds)
                asked.append(list(statements))
                again += [served.get("/")[0] for _ in range(AGAIN)]
            turning = _turning(served)
    return {
        "anew": first[WARM_UP:],
        "again": again[WARM_UP * AGAIN :],
        "turning": turning,
        "raw": _alone(folder, asked)[WARM_UP:],
        "statements": len(asked[-1]),
        "bytes": size,
    }


def _turning(served: _Served) -> list[float]:
    """Seconds of each page about the turn of a minute: a reader every tenth of a second."""
    served.get("/")
    time.sleep((-BEFORE_S - time.time()) % 60)
    ends, taken = time.monotonic() + BEFORE_S + AFTER_S, []
    while time.monotonic() < ends:
        taken.append(served.get("/")[0])
        time.sleep(0.1)
    return taken


def _recorded(store: Store) -> list[str]:
    """The statements of what is asked of a store from now on."""
    kept: list[str] = []
    for name in ("ask", "cohorts"):
        asks = getattr(store, name)

        def recording(*words: Any, asks: Any = asks, **named: Any) -> Any:  # noqa: ANN401 - as the store's own
            found = asks(*words, **named)
            kept.append(found.sql)
            return found

        setattr(store, name, recording)
    return kept


def _alone(folder: Path, asked: Sequence[Sequence[str]]) -> list[float]:
    """Seconds of each page's statements, run one after the other; the store is closed by then: a file has one owner."""
    taken = []
    with duckdb.connect(str(folder / DATABASE)) as con:
        for statements in asked:
            begun = time.perf_counter()
            for statement in statements:
                if statement:
                    con.execute(statement).fetchall()
            taken.append(time.perf_counter() - begun)
    return taken


class _Served:
    """A store's dashboard on a free port, in a thread of this process."""

    def __init__(self, store: Store) -> None:
        import uvicorn

        from tenure.surfaces.web import app

        self._server = uvicorn.Server(uvicorn.Config(app(store), port=0, log_level="critical"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=30)

    def get(self, path: str) -> tuple[float, int]:
        """Seconds until the last byte of a page, and how many bytes came."""
        link = http.client.HTTPConnection("127.0.0.1", self._server.servers[0].sockets[0].getsockname()[1], timeout=600)
        begun = time.perf_counter()
        link.request("GET", path, headers={"accept-encoding": "gzip"})
        answer = link.getresponse()
        size = len(answer.read())
        seconds = time.perf_counter() - begun
        link.close()
        assert answer.status == http.client.OK, f"{path}: {answer.status}"
        return seconds, size


if __name__ == "__main__":
    print(json.dumps(viewed(Path(sys.argv[1]), int(sys.argv[2]))))
