"""The command line as a process: exit codes, signals, streams that break, faults that nobody expected."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from surfaces.shell import Said, ended, started

BROKEN = """
import sys
from tenure.surfaces.cli import app, main

def run(words, state):
    raise {fault}

app.run = run
sys.argv = ["tenure", *{words}]
main()
"""


def broken(fault: str, **env: str) -> Said:
    """A command in which something nobody expected happens."""
    code = BROKEN.format(fault=fault, words=["tables"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=env)
    return Said(done.stdout, done.stderr, done.returncode)


def test_done_is_0_and_words_that_are_off_are_2() -> None:
    assert ended(started("tables")).code == 0
    assert ended(started("tabels")).code == 2


def test_a_fault_of_the_house_is_one_sentence_that_says_how_to_report_it() -> None:
    said = broken("KeyError('surprise')")
    assert (said.out, said.code) == ("", 2)
    assert said.err == (
        "This is a fault of Tenure, not yours (KeyError: 'surprise'). "
        "Please report it with what the same command prints with --debug.\n"
    )


def test_debugging_shows_the_traceback() -> None:
    """Run as `python -m tenure`, so that the traceback has somewhere to come from."""
    code = BROKEN.format(fault="KeyError('surprise')", words=["tables"]).replace(
        "raise KeyError", "state.debug = True\n    raise KeyError"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "Traceback" in done.stderr


def test_ctrl_c_is_130_and_says_that_nothing_was_changed() -> None:
    said = broken("KeyboardInterrupt")
    assert (said.out, said.err, said.code) == ("", "Interrupted: nothing was changed.\n", 130)


def test_a_reader_that_has_seen_enough_is_no_fault() -> None:
    process = started("tables", "subscription_periods", "--format", "json", bufsize=0)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(30) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_full_disk_behind_standard_output_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        said = ended(started("tables", stdout=full))
    assert said.code == 2
    assert said.err == "The system refused: No space left on device.\n"


def test_standard_output_that_is_closed_is_no_fault() -> None:
    said = ended(started("tables", stdout=None, preexec_fn=partial(os.close, 1)))
    assert (said.code, said.err) == (0, "")
