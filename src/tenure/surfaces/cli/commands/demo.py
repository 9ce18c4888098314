"""`tenure demo`: a believable company, its numbers, its page."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.commands.serve import HOST, port_option, present
from tenure.surfaces.cli.loads import bar, show_load
from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.rows import rows_text
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from tenure.library import Store

_FOLDER, _MARK = Path("demo-store"), "demo.json"


@click.command("demo", cls=Command, section="Begin")
@click.option("--no-serve", is_flag=True, help="Make and load the company, and stop there.")
@click.option("--seed", type=int, metavar="N", help="Another company: the same seed makes the same one.")
@click.option("--accounts", type=int, metavar="N", help="How many customers it has had.")
@click.option("--months", type=int, metavar="N", help="How many months its books go back.")
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Where its books end.  [default: today]"
)
@port_option
@pass_state
def demo(state: State, /, port: int, *, no_serve: bool, **asked: Any) -> None:  # noqa: ANN401 - the words of `company`
    """Make a believable company, load it, and open the dashboard.

    Its store is ./demo-store, or --store. Run it again and the same company is shown; with other options, another one
    takes its place.
    """
    # $TENURE_STORE is the user's own company: the demo never goes there unasked.
    state.store = state.store or _FOLDER
    story = {name: value.date() if name == "until" else value for name, value in asked.items() if value is not None}
    made = Made.of(state.folder)
    if made is None or not made.answers(story):
        _make(state, story)
    else:
        note(f"The demo company is in '{state.folder}' already.")
    if no_serve:
        return
    with state.own() as store:
        present(state, store, HOST, port, open_browser=True)


@dataclass(frozen=True)
class Made:
    """The mark that the demo leaves in a store of its own: what was asked for, and whether it was finished."""

    story: dict[str, Any]
    finished: bool

    @classmethod
    def of(cls, folder: Path) -> Made | None:
        """The mark of a folder, None where there is no store yet.

        Raises:
            UsageError: the store is somebody's own.
        """
        if not folder.exists() or not any(folder.iterdir()):
            return None
        if not (folder / _MARK).is_file():
            from tenure.errors import UsageError

            message = f"'{folder}' is not a store that the demo made, so it is left alone: name another with --store."
            raise UsageError(message)
        return cls(**json.loads((folder / _MARK).read_text(encoding="utf-8")))

    def answers(self, story: dict[str, Any]) -> bool:
        """Whether the company that is there is the one asked for; nothing asked for: any."""
        return self.finished and all(self.story.get(name) == str(value) for name, value in story.items())

    def leave(self, folder: Path) -> None:
        """Write the mark."""
        mark = {"story": {name: str(value) for name, value in self.story.items()}, "finished": self.finished}
        (folder / _MARK).write_text(json.dumps(mark, indent=2) + "\n", encoding="utf-8")


def _make(state: State, story: dict[str, Any]) -> None:
    from tenure.sources.demo import company, settings, write
    from tenure.sources.demo.late import late, printed_month

    folder = state.folder
    with TemporaryDirectory() as files, TemporaryDirectory() as later, bar("Making a company") as progress:
        tables, month = company(**story), printed_month(story.get("until"))
        write(Path(files), tables)
        write(Path(later), late(tables, month))
        _clear(state)
        state.interrupted = "Interrupted: the demo company is not finished; `tenure demo` begins anew."
        folder.mkdir(parents=True, exist_ok=True)
        Made(story, finished=False).leave(folder)
        (folder / "tenure.toml").write_text(settings(), encoding="utf-8")
        with state.own(create=True) as store:
            load = store.load(files, source="demo", progress=progress)
            store.prepare()
            _print_and_go_on(store, f"{month:%Y-%m}", Path(later), story)
            aside = [row.to_dict() for row in store.quarantined()]
    Made(story, finished=True).leave(folder)
    state.interrupted = "Interrupted after the demo company was loaded."
    show_load(state, load)
    note(f"{month:%B %Y} was printed before the last rows came in: `tenure restate{state.option}` shows what moved.")
    if state.format == "table":
        click.echo("\n" + rows_text(aside), nl=False)


def _print_and_go_on(store: Store, month: str, later: Path, story: dict[str, Any]) -> None:
    """The last full month is printed; then what is late comes in."""
    from tenure.sources.demo.late import NOTE, PRINTED

    if any(later.iterdir()):
        now = f"{story['until']}T23:00:00Z" if "until" in story else None
        store.freeze(month, *PRINTED, note=NOTE, now=now)
        store.load(later, source="demo")


def _clear(state: State) -> None:
    """Make room for another company."""
    if state.folder.exists() and any(state.folder.iterdir()):
        # Whoever has the store open (a dashboard that is still running) keeps it: opening says so.
        state.own(create=True).close()
        shutil.rmtree(state.folder)


COMMAND = demo
