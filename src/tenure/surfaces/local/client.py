"""The side of the socket that has not the store: what a command asks of it is asked over there, and told here.

What it shows, and where; which files its words name; how Ctrl-C ends it: all that is decided here, as if the store were open here.
"""

from __future__ import annotations

import signal
import socket
import threading
import time
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Self, cast

from tenure import __version__
from tenure.errors import StoreBusyError, StoreVersionError
from tenure.surfaces.local import place, wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from types import FrameType, TracebackType

    from tenure.config import Settings
    from tenure.library import Store

_PATIENCE_S, _BRIEFLY_S = 5.0, 0.2


def reached(folder: Path, *, create: bool = False) -> Store:
    """The store, open here, or served by another process, which makes no difference to who uses it.

    Raises:
        TenureError: there is none, another process has it that serves nobody, or one of another version.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        if served := attached(folder):
            return cast("Store", served)
        from tenure import library

        try:
            return library.open(folder, create=create, patience_s=_BRIEFLY_S)
        except StoreBusyError:
            # who has it may just be beginning to serve, or about to end
            if time.monotonic() > deadline:
                raise


def owned(folder: Path, *, create: bool = False) -> Store:
    """The store, open here and nowhere else.

    Raises:
        StoreBusyError: another process serves it, or has it; the sentence says which.
        TenureError: there is none, or it cannot be opened.
    """
    from tenure import library

    if served := attached(folder):
        with served:
            at = f" at {served.page}" if served.page else ""
            message = f"The store '{folder}' is served{at} already, by the process {served.pid}: stop that one with Ctrl-C first."
            raise StoreBusyError(message)
    return library.open(folder, create=create)


def attached(folder: Path) -> Served | None:
    """The store as another process serves it; None where none does.

    Raises:
        StoreVersionError: it is one of another version.
        SettingsError: the store's `tenure.toml` cannot be used.
    """
    path = place.found(folder)
    if path is None:
        return None
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        link.settimeout(_PATIENCE_S)
        link.connect(str(path))
        version, pid, page = wire.receive(link)
        link.settimeout(None)
    except (OSError, EOFError):
        link.close()
        return None
    except BaseException:
        link.close()
        raise
    if version != __version__:
        link.close()
        message = (
            f"The store '{folder}' is served by Tenure {version} (the process {pid}), and this is {__version__}: "
            "stop that one with Ctrl-C, and serve it again with this version."
        )
        raise StoreVersionError(message)
    return Served(_Line(link, folder), folder, pid, page)


class Remote:
    """Something that stays where it is: its attributes are asked for, its methods are called there."""

    def __init__(self, line: _Line, number: int) -> None:
        self._line, self._number = line, number

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it is over there
        """What it has under that name."""
        if name.startswith("_"):
            raise AttributeError(name)
        value = self._line.ask((self._number, name))
        if value is not _METHOD:
            return value

        def method(*words: object, progress: Callable[..., None] | None = None, **options: object) -> Any:  # noqa: ANN401
            return self._line.ask((self._number, name, words, options, progress is not None), progress)

        return method


class Served(Remote):
    """A store that another process serves. `page` is the address of its dashboard, empty while it is not known."""

    def __init__(self, line: _Line, folder: Path, pid: int, page: str) -> None:
        super().__init__(line, 0)
        from tenure.config import load_settings

        self.folder, self.pid, self.page = folder, pid, page
        try:
            self.settings: Settings = load_settings(folder)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of it; what is still being done for it ends."""
        self._line.link.close()


_METHOD = object()


class _Line:
    """One conversation. Paths go whole, since the other side stands elsewhere, and come back as they were said here."""

    def __init__(self, link: socket.socket, folder: Path) -> None:
        self.link = link
        self._folder = folder
        self._said: dict[str, str] = {}
        self._is_stopped = False

    def ask(self, request: tuple[object, ...], progress: Callable[..., None] | None = None) -> Any:  # noqa: ANN401 - whatever it asks for
        """What the other side answers, and its faults as if they were ours.

        Raises:
            StoreBusyError: it has gone before it answered.
            KeyboardInterrupt: Ctrl-C has stopped it.
        """
        if self._is_stopped:  # it came too late for what was asked before
            raise KeyboardInterrupt
        try:
            with self._passing_on():
                wire.send(self.link, wire.packed(request, self._whole))
                while (told := wire.receive(self.link, self._as_said))[0] == "progress":
                    if progress:
                        progress(*told[1])
        except (OSError, EOFError) as fault:
            raise self._gone() from fault
        kind, *words = told
        if kind == "value":
            return words[0]
        if kind == "method":
            return _METHOD
        if kind == "kept":
            return Remote(self, words[0])
        raise self._fault(kind, words)

    def _fault(self, kind: str, words: list[Any]) -> BaseException:
        if kind == "stopped":
            return KeyboardInterrupt()
        if kind == "gone":
            return self._gone()
        if kind == "error":
            sort, sentence, state = words
            return _again(sort, self._text(sentence), state)
        if kind == "refused":
            number, said, file = words
            return OSError(number, said, file and self._text(file))
        name, said, trace = words
        fault: Exception = type(name, (Exception,), {})(self._text(said))
        fault.add_note(trace)
        return fault

    def _gone(self) -> StoreBusyError:
        return StoreBusyError(
            f"The process that serves the store '{self._folder}' ended before it had answered: run the command again. "
            "What it was loading is there whole, or not at all."
        )

    @contextmanager
    def _passing_on(self) -> Iterator[None]:
        """Inside, the first Ctrl-C stops what is done over there, and the second one ends the command here."""
        before = None
        if threading.current_thread() is threading.main_thread():
            before = signal.getsignal(signal.SIGINT)
        if not callable(before):
            yield
            return

        def stop(_number: int, _frame: FrameType | None) -> None:
            signal.signal(signal.SIGINT, before)
            self._is_stopped = True
            wire.send(self.link, wire.packed(wire.STOP))

        signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def _whole(self, path: Path) -> str:
        whole = str(path.absolute())
        if whole != str(path):
            self._said[whole] = str(path)
        return whole

    def _as_said(self, text: str) -> Path:
        for whole, said in self._said.items():
            if PurePath(text).is_relative_to(whole):
                return Path(said) / PurePath(text).relative_to(whole)
        return Path(text)

    def _text(self, sentence: str) -> str:
        for whole, said in sorted(self._said.items(), key=lambda pair: -len(pair[0])):
            sentence = sentence.replace(f"{whole}/", f"{said}/" if said != "." else "").replace(whole, said)
        return sentence


def _again(sort: type[Exception], sentence: str, state: Mapping[str, object]) -> Exception:
    """A fault of the house, with the sentence that it had; its class may want other words to be made of."""
    fault = sort.__new__(sort, sentence)
    fault.args = (sentence,)
    fault.__dict__.update(state)
    return fault
