"""`tenure init`: an empty store, with its settings written out as comments."""

from __future__ import annotations

import click

from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.state import State, note, pass_state


@click.command("init", cls=Command, section="Begin")
@pass_state
def init(state: State) -> None:
    """Make a store. It asks nothing: every setting has a default.

    The settings are in the file tenure.toml of the store's folder; each stands there as a comment.
    """
    from tenure.library import is_store

    fresh = not is_store(state.folder)
    state.open(create=True).close()
    click.echo(str(state.folder))
    if fresh:
        note(f"Made the store '{state.folder}'. Load your files with `tenure import PATH{state.option}`.")
    else:
        note(f"The store '{state.folder}' is there already; nothing was changed.")


COMMAND = init
