"""A sync is ended in its middle, by an exception or with its process: the next one has each ledger as it is in the twin."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import tenure
from engines.synced_shop import same_ledgers
from surfaces.shell import tenure as command
from tenure.sources.demo import settings
from tenure.sync import sync

if TYPE_CHECKING:
    from pathlib import Path

    from engines.synced_shop import Shop
    from tenure.store.record import Progress


class EndedError(Exception):
    """The process ends here."""


def ended_at(step: str, times: int = 1) -> Progress:
    """Ends a sync where it says something for the nth time."""
    left = iter(range(times - 1))

    def end(label: str, done: float, total: float) -> None:  # noqa: ARG001 - as Progress is called
        if label.startswith(step) and next(left, None) is None:
            raise EndedError(label)

    return end


def test_a_sync_that_was_ended_in_its_last_step_and_the_next_one_in_its_middle(there: Shop, tmp_path: Path) -> None:
    """What was left to be brought up there is brought up once, and not again with what the next one made."""
    with tenure.open(tmp_path / "home", settings=there.synced("tenure")) as home:
        sync(home._con, home.settings)
        for step in ("settling", "come_"):
            there.day()
            with pytest.raises(EndedError):
                sync(home._con, home.settings, progress=ended_at(step))
        last = sync(home._con, home.settings)
        assert (last.kind, last.resumed) == ("changes", True)
        same_ledgers(there.twin(), home)


DOOMED = """
import os, sys, tenure
from tenure.sync import sync
left = iter(range(int(sys.argv[2])))
with tenure.open(sys.argv[1]) as home:
    sync(home._con, home.settings, progress=lambda *_: next(left, None) is None and os.kill(os.getpid(), int(sys.argv[3])))
"""


@pytest.mark.soak
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_is_ended_at_any_step(there: Shop, tmp_path: Path, how: signal.Signals) -> None:
    """In a first sync, in a second one, and between what is written here and what is brought up there."""
    told = there.synced("tenure").warehouse
    listed = "\n".join(f'{name} = "{place}"' for name, place in told.tables.items())
    written = f'{settings()}\n[warehouse]\nurl = "{told.url}"\nschema = "tenure"\n[warehouse.tables]\n{listed}\n'
    every, last = (11, {130, 135, 138, 140, 142}) if how == signal.SIGKILL else (33, set())
    for number in sorted({*range(1, 150, every), *last}):
        home = tmp_path / f"home{number}"
        home.mkdir()
        (home / "tenure.toml").write_text(written, encoding="utf-8")
        for _ in range(2):
            doomed = [sys.executable, "-c", DOOMED, str(home), str(number), str(int(how))]
            ended = subprocess.run(doomed, capture_output=True, text=True, check=False)
            assert ended.returncode in {-how, 0}, ended.stderr
            said = command("--store", home, "--format", "json", "sync")
            assert said.code == 0, said.err
            with tenure.open(home) as store:
                same_ledgers(there.twin(), store)
            there.day()
