"""The side of the socket that has the store: whoever connects works with it as if it were open over there.

A client has a connection of the store for itself, and two threads here: one does what it asks for, one listens for its end. A client
that has gone, or says stop, ends what is done for it; what was being written is then not there.
"""

from __future__ import annotations

import os
import select
import socket
import traceback
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from tenure import __version__
from tenure.errors import TenureError
from tenure.surfaces.local import place, wire

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.library import Store

_AGAIN_S, _FAREWELL_S = 0.05, 20.0


class Host:
    """What every client is told first: who serves, which version, and where its page is (empty until it is known)."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.page = ""
        self.is_closing = False
        self._sessions: set[Session] = set()
        self._lock = Lock()

    def accept(self, listener: socket.socket) -> None:
        """Takes one client after the other, until it is closed."""
        listener.settimeout(0.2)  # so often it looks whether it is closed
        while not self.is_closing:
            try:
                link, _ = listener.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            link.settimeout(None)
            Thread(target=self._attend, args=(link,), daemon=True).start()

    def close(self) -> None:
        """Ends what is done for every client, and waits until it has ended."""
        self.is_closing = True
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.end()
        for session in sessions:
            session.over.wait(_FAREWELL_S)

    def _attend(self, link: socket.socket) -> None:
        with link, suppress(OSError, EOFError):
            wire.send(link, wire.packed((__version__, os.getpid(), self.page)))
            try:
                first = wire.receive(link)  # one who only asks who serves costs no connection
            except Exception:  # noqa: BLE001 - whatever came, it is no request
                first = None
            if first is None:
                return
            try:
                store = self.store.beside()
            except TenureError as fault:
                wire.send(link, wire.packed(_told(fault)))
                return
            session = Session(link, store, self)
            with self._lock:
                self._sessions.add(session)
            try:
                session.run(first)
            finally:
                store.close()
                with self._lock:
                    self._sessions.discard(session)
                session.over.set()


class Session:
    """What is done for one client. `kept` are the things that cannot travel and that it may ask further: number 0 is the store."""

    def __init__(self, link: socket.socket, store: Store, host: Host) -> None:
        self.over = Event()
        self._link, self._store, self._host = link, store, host
        self._kept: list[object] = [store]
        self._requests: SimpleQueue[Any] = SimpleQueue()
        self._pending = 0
        self._is_stopped = False
        self._writing = Lock()

    def run(self, first: Any) -> None:  # noqa: ANN401 - as it came
        """Does what the client asks for, one after the other, until it has gone."""
        self._pending += 1
        self._requests.put(first)
        Thread(target=self._listen, daemon=True).start()
        while (request := self._requests.get()) is not None:
            reply = self._reply(request)
            # before the answer goes: what comes after it is about something else
            self._pending -= 1
            with suppress(OSError):
                self._send(reply)

    def end(self) -> None:
        """Takes nothing in any more: the client is told what the thing at hand has become, and that was all."""
        with suppress(OSError):
            self._link.shutdown(socket.SHUT_RD)

    def _listen(self) -> None:
        while True:
            try:
                request = wire.receive(self._link)
            except Exception:  # noqa: BLE001 - whatever came, it is the end
                request = None
            if request is not None and request != wire.STOP:
                self._pending += 1
                self._requests.put(request)
                continue
            self._is_stopped = True
            while self._pending:  # a statement that ends is followed by another one
                self._store.stop()
                self.over.wait(_AGAIN_S)
            if request is None:
                self._requests.put(None)
                return

    def _reply(self, request: tuple[Any, ...]) -> bytes:
        try:
            number, name, *said = request
            thing = getattr(self._kept[number], name.lstrip("_"))  # what is private is nobody's over there
            if not said:
                return wire.packed(("method",)) if callable(thing) else self._value(thing)
            words, options, tells = said
            if tells:
                options["progress"] = self._tell
            return self._value(self._store.steady(lambda: thing(*words, **options)))
        except BaseException as fault:  # noqa: BLE001 - it is the client's, not ours
            if self._host.is_closing:
                return wire.packed(("gone",))
            if self._is_stopped:
                return wire.packed(("stopped",))
            return wire.packed(_told(fault))

    def _value(self, value: object) -> bytes:
        """What can travel does; of anything else the client gets the number."""
        try:
            return wire.packed(("value", value))
        except TypeError:
            self._kept.append(value)
            return wire.packed(("kept", len(self._kept) - 1))

    def _tell(self, *step: object) -> None:
        # one who does not listen, for being halted, must not hold up those who wait for their turn
        if select.select([], [self._link], [], 0)[1]:
            with suppress(OSError):
                self._send(wire.packed(("progress", step)))

    def _send(self, message: bytes) -> None:
        with self._writing:
            wire.send(self._link, message)


def _told(fault: BaseException) -> tuple[object, ...]:
    """A fault as it travels: one of the house as itself, one of the system by its number, one that nobody expected by its name."""
    if isinstance(fault, TenureError):
        return ("error", type(fault), str(fault), fault.__dict__)
    if isinstance(fault, OSError):
        return ("refused", fault.errno, fault.strerror or str(fault), fault.filename and str(fault.filename))
    return ("fault", type(fault).__name__, str(fault), "".join(traceback.format_exception(fault)))


@contextmanager
def hosted(store: Store) -> Iterator[Host | None]:
    """Inside, other commands on the store come through here. None where there can be no socket for it, and they have to wait."""
    if store.folder is None or not place.CAN:
        yield None
        return
    folder = store.folder.absolute()
    host = Host(store)
    try:
        bound = place.bound(folder)
    except OSError:
        yield None
        return
    with bound as listener:
        thread = Thread(target=host.accept, args=(listener,), daemon=True)
        thread.start()
        try:
            yield host
        finally:
            place.taken_away(folder)
            host.close()
            thread.join()
