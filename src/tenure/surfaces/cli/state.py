"""What every command knows: which store, which format, and what to say if it is interrupted."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tenure.library import Store

FORMATS = ("table", "json", "csv")


@dataclass
class State:
    """The options that every command takes, wherever they stood; the last one said wins.

    `interrupted` is the sentence for Ctrl-C; a command that has changed the store by then says so in it.
    """

    store: Path | None = None
    format: str = "table"
    debug: bool = False
    interrupted: str = "Interrupted: nothing was changed."

    @property
    def folder(self) -> Path:
        """The store's folder: `--store`, else `$TENURE_STORE`, else `./tenure-store`."""
        return self.store or Path(os.environ.get("TENURE_STORE") or "tenure-store")

    @property
    def option(self) -> str:
        """What a command that a note names has to say of the store, after a space, as a shell takes it; nothing where none was said."""
        return f" --store {shlex.quote(str(self.store))}" if self.store else ""

    def open(self, *, create: bool = False) -> Store:
        """The open store, to be used in a `with`; `create` makes it where there is none. A server that has it is asked instead.

        Raises:
            TenureError: there is none, it is in use, or another version wrote it.
        """
        from tenure.surfaces.local.client import reached

        return reached(self.folder, create=create)

    def own(self, *, create: bool = False) -> Store:
        """The store, open in this process and in no other.

        Raises:
            TenureError: as of `open`, and also where a server has it.
        """
        from tenure.surfaces.local.client import owned

        return owned(self.folder, create=create)

    def look(self) -> Store:
        """The store for a dry run, which leaves nothing behind: where there is none yet, one in memory."""
        from tenure import library

        return self.open() if self.folder.exists() else library.open(":memory:")


pass_state = click.make_pass_decorator(State, ensure=True)


def note(text: str) -> None:
    """A line for the person, on standard error: standard output is for results."""
    click.echo(text, err=True)
