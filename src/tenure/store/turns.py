"""Whose turn it is: within the process that owns a store several connections work at once, and one at a time writes.

A connection of its own (`beside`) reads what is committed and waits for nobody; whoever writes holds the store's one turn.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

_PATIENCE_S = 0.1


@dataclass(eq=False)
class Desk:
    """What the connections of one store share: the turn to write, and how often something was kept."""

    turn: RLock = field(default_factory=RLock)
    kept: int = 0


@dataclass(eq=False)
class _Seat:
    desk: Desk
    kept: int = 0
    is_stopped: bool = False


_seats: WeakKeyDictionary[DuckDBPyConnection, _Seat] = WeakKeyDictionary()


def desk(con: DuckDBPyConnection) -> Desk:
    """What a connection shares with the others of its store."""
    return _seat(con).desk


def beside(con: DuckDBPyConnection) -> DuckDBPyConnection:
    """Another connection to the same store; it is closed with `con` at the latest."""
    other = con.cursor()
    _seats[other] = _Seat(desk(con))
    return other


@contextmanager
def writing(con: DuckDBPyConnection) -> Iterator[None]:
    """Inside, nobody else writes.

    Raises:
        KeyboardInterrupt: it was stopped while it waited.
    """
    seat = _seat(con)
    while not seat.desk.turn.acquire(timeout=_PATIENCE_S):
        if seat.is_stopped:
            raise KeyboardInterrupt
    try:
        yield
    finally:
        seat.desk.turn.release()


def keeping(con: DuckDBPyConnection) -> None:
    """Notes that this connection has just changed what the store holds; ledgers only follow, and do not count."""
    seat = _seat(con)
    seat.kept += 1
    seat.desk.kept += 1


def kept(con: DuckDBPyConnection) -> tuple[int, int]:
    """How often what the store holds was changed: by this connection, and by the others."""
    seat = _seat(con)
    return seat.kept, seat.desk.kept - seat.kept


def stop(con: DuckDBPyConnection) -> None:
    """Ends the statement that the connection runs, if any, and its waiting for a turn; called from another thread."""
    _seat(con).is_stopped = True
    con.interrupt()


def _seat(con: DuckDBPyConnection) -> _Seat:
    return _seats.setdefault(con, _Seat(Desk()))
