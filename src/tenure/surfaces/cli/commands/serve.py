"""`tenure serve`: the dashboard of a store."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from tenure.library import Store

HOST, PORT = "127.0.0.1", 8765
port_option = click.option("--port", type=click.IntRange(0, 65535), metavar="N", default=PORT, show_default=True,
                           help="The port to listen on; 0 takes a free one.")  # fmt: skip


@click.command("serve", cls=Command, section="Begin")
@click.option("--host", metavar="ADDRESS", default=HOST, show_default=True, help="The address to listen on.")
@port_option
@pass_state
def serve(state: State, host: str, port: int) -> None:
    """Serve the dashboard of the store, until Ctrl-C."""
    with state.own() as store:
        present(state, store, host, port, open_browser=False)


def present(state: State, store: Store, host: str, port: int, *, open_browser: bool) -> None:
    """Serve `store` to browsers and to other commands; open the browser only where somebody sits before a screen."""
    from tenure.surfaces.local.server import hosted

    state.interrupted = "Stopped."
    # first: a command that comes now need not wait until the page is ready
    with hosted(store) as host_of_commands:
        from tenure.surfaces import web

        def told(address: str) -> None:
            if host_of_commands:
                host_of_commands.page = address
            else:
                note("Other commands on this store have to wait until the dashboard is stopped.")

        web.serve(store, host, port, open_browser=open_browser and _seen(), told=told)


def _seen() -> bool:
    screen = sys.platform in ("darwin", "win32") or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(screen) and sys.stderr.isatty()


COMMAND = serve
