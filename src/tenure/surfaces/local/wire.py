"""What goes through the socket: messages one after the other, each as long as the number before it says.

They are pickled tuples of plain values and of what the house has made of such; nothing else is taken in. A path goes as text, and
each side says what it means by it. What would go back to the store, as an answer to its rows, arrives as None.
"""

from __future__ import annotations

import io
import pickle
import struct
import sys
from functools import partial
from importlib import import_module
from pathlib import Path, PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping

STOP = ("stop",)
_LENGTH = struct.Struct(">Q")
_PLAIN = {
    "builtins": {"set", "frozenset", "complex", "bytearray"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "decimal": {"Decimal"},
    "fractions": {"Fraction"},
}
_PLAIN[__name__] = {"_proxy"}
_OUR_OWN = __name__.partition(".")[0]


def packed(message: object, written: Callable[[Path], str] = str) -> bytes:
    """A message as bytes; `written` says how a path goes.

    Raises:
        TypeError: there is something in it that cannot travel.
    """
    text = io.BytesIO()
    try:
        _Packer(text, written).dump(message)
    except (pickle.PicklingError, AttributeError) as fault:
        raise TypeError(str(fault)) from fault
    return text.getvalue()


def send(link: socket.socket, message: bytes) -> None:
    """Sends a message that is packed."""
    link.sendall(_LENGTH.pack(len(message)) + message)


def receive(link: socket.socket, meant: Callable[[str], Path] = Path) -> Any:  # noqa: ANN401 - whatever was sent
    """The next message; `meant` says which path a text is.

    Raises:
        EOFError: the other side has gone.
    """
    (length,) = _LENGTH.unpack(_exactly(link, _LENGTH.size))
    return _Unpacker(io.BytesIO(_exactly(link, length)), meant).load()


class _Packer(pickle.Pickler):
    def __init__(self, text: io.BytesIO, written: Callable[[Path], str]) -> None:
        super().__init__(text, protocol=5)
        self._written = written

    def persistent_id(self, obj: object) -> tuple[str, str] | None:
        if isinstance(obj, PurePath):
            return "path", self._written(Path(obj))
        return ("back", "") if isinstance(obj, partial) else None

    def reducer_override(self, obj: object) -> Any:  # noqa: ANN401 - as of pickle
        return (_proxy, (dict(obj),)) if isinstance(obj, MappingProxyType) else NotImplemented


class _Unpacker(pickle.Unpickler):
    def __init__(self, text: io.BytesIO, meant: Callable[[str], Path]) -> None:
        super().__init__(text)
        self._meant = meant

    def persistent_load(self, pid: tuple[str, str]) -> Path | None:
        kind, text = pid
        return self._meant(text) if kind == "path" else None

    def find_class(self, module: str, name: str) -> Any:  # noqa: ANN401 - a class of many
        if name in _PLAIN.get(module, ()):
            return getattr(import_module(module), name)
        if module.partition(".")[0] == _OUR_OWN:
            import_module(module)
            known = getattr(sys.modules[module], name, None)
            if isinstance(known, type):
                return known
        message = f"'{module}.{name}' does not travel"
        raise pickle.UnpicklingError(message)


def _proxy(values: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(values)


def _exactly(link: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        part = link.recv(min(length, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
