"""How far a long statement has come, told while it runs."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb

_EVERY_S = 0.2


@contextmanager
def watched(con: duckdb.DuckDBPyConnection, tell: Callable[[float], None] | None) -> Iterator[None]:
    """Tells, from a thread of its own, the share (0 to 1, rising) of what runs inside; a second statement adds nothing."""
    if tell is None:
        yield
        return
    con.execute("SET enable_progress_bar_print = false")
    con.execute("SET enable_progress_bar = true")
    over = Event()
    watcher = Thread(target=_watch, args=(con, tell, over), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    con.execute("SET enable_progress_bar = false")


def _watch(con: duckdb.DuckDBPyConnection, tell: Callable[[float], None], over: Event) -> None:
    furthest = 0.0
    while not over.wait(_EVERY_S):
        share = min(con.query_progress() / 100, 1.0)
        if share > furthest:
            furthest = share
            tell(share)
