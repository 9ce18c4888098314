"""Commands timed from outside, as a user sees them."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

TENURE = str(Path(sys.executable).with_name("tenure"))
# A user's Python keeps what it has compiled; where this is switched off, each start would compile everything anew.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@dataclass(frozen=True)
class Run:
    """What a command took: seconds on the clock, bytes of memory at its peak; and its standard output."""

    seconds: float
    peak: int
    output: str


def run(*command: str | Path) -> Run:
    """Runs a command to its end.

    The peak is the kernel's own, and a child's count begins with the memory of the process that started it: so nothing
    large is ever done in this one.

    Raises:
        SystemExit: it failed; with what it said.
    """
    words = [str(word) for word in command]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as noted:
        begun = time.perf_counter()
        process = subprocess.Popen(words, stdout=said, stderr=noted, env=ENVIRONMENT)
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        noted.seek(0)
        output, notes = said.read().decode(), noted.read().decode()
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{output}{notes}")
    return Run(seconds, used.ru_maxrss * (1 if sys.platform == "darwin" else 1024), output)


def tenure(store: Path, *words: str | Path) -> Run:
    """The `tenure` command on a store."""
    return run(TENURE, "--store", store, *words)


def python(*words: str | Path) -> Run:
    """This Python."""
    return run(sys.executable, *words)
