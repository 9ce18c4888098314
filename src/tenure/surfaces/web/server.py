"""The server of the dashboard: binds a port of this machine, says where, and runs until it is interrupted."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

from tenure.errors import UsageError
from tenure.surfaces.web.app import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenure.library import Store
    from tenure.surfaces.web.live import Live


def serve(
    store: Store,
    host: str = "127.0.0.1",
    port: int = 8765,
    *,
    open_browser: bool = False,
    told: Callable[[str], None] | None = None,
) -> None:
    """Serve the dashboard of `store` until Ctrl-C, or until it is told to end; port 0 takes a free one. `told` gets its address.

    Raises:
        UsageError: the address is not one of this machine alone, or the port is taken or not allowed.
    """
    with _listening(host, port) as listener:
        name = f"[{host}]" if ":" in host else host
        address = f"http://{name}:{listener.getsockname()[1]}/"
        # ends as by Ctrl-C: what is open is closed, and what others do here ends first
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        sys.stderr.write(f"The dashboard is at {address} - Ctrl-C stops it.\n")
        sys.stderr.flush()
        if told:
            told(address)
        if open_browser:
            threading.Timer(0.5, webbrowser.open, [address]).start()
        dashboard = app(store)
        config = uvicorn.Config(dashboard, log_level="warning", access_log=False, server_header=False)
        _Server(config, dashboard.state.live).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends the streams of open pages first: it waits for every answer to be complete, and those never are."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._live.is_over = True
        await super().shutdown(sockets)


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens already, so that the address is true before it is told."""
    if not _own(host):
        message = (
            f"'{host}' would show the company's numbers to others, and this page asks nobody who they are: "
            "use 127.0.0.1, and a tunnel or a proxy with a sign-in for the rest."
        )
        raise UsageError(message)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as fault:
        listener.close()
        if fault.errno == errno.EADDRINUSE:
            message = f"Port {port} is taken by another program: `tenure serve --port {port + 1}` takes another one."
        elif fault.errno in (errno.EACCES, errno.EPERM):
            message = f"Port {port} needs more rights than you have: `tenure serve --port 8765` needs none."
        else:
            message = f"'{host}' port {port} cannot be listened on: {fault.strerror}."
        raise UsageError(message) from fault
    return listener


def _own(host: str) -> bool:
    """Whether nobody but this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
