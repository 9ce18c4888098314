"""Where the socket of a store is: in its folder, or where that cannot be, in a private folder to which a link there leads.

Only who owns the store's database makes it or takes it away. What a killed server has left behind answers nobody, and is
replaced by the next one.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

NAME = "serve.sock"
CAN = hasattr(socket, "AF_UNIX")
"""Whether this system has sockets that are files; without them a store has one process at a time."""


def found(folder: Path) -> Path | None:
    """The socket of the store, if there is one and it is the user's own."""
    place = folder / NAME
    try:
        if place.is_symlink():
            place = place.readlink()
        # what another user has put there may be anything
        return place if CAN and place.is_socket() and place.stat().st_uid == os.geteuid() else None
    except OSError:
        return None


def bound(folder: Path) -> socket.socket:
    """A socket that listens, which nobody but this user can connect to.

    Raises:
        OSError: there can be none, neither in the folder nor in a private one.
    """
    taken_away(folder)
    try:
        return _listening(folder / NAME)
    except OSError:  # a path that is too long for a socket, or a file system that has none
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        private = Path(mkdtemp(prefix="tenure-", dir=runtime if Path(runtime).is_dir() and runtime else None)) / NAME
        listener = _listening(private)
        (folder / NAME).symlink_to(private)
        return listener


def taken_away(folder: Path) -> None:
    """Takes the socket away, if there is one."""
    place = folder / NAME
    with suppress(OSError):
        if place.is_symlink():
            private = place.readlink()
            with suppress(OSError):
                private.unlink()
                private.parent.rmdir()
        place.unlink()


def _listening(place: Path) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(place))
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(before)
    return listener
