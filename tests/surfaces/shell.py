"""The command line as a test uses it: in this process for speed, as a process of its own for signals and streams."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from tenure.surfaces.cli.app import run

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Said:
    """What a command said: its result, its notes, its exit code."""

    out: str
    err: str
    code: int

    @property
    def json(self) -> Any:  # noqa: ANN401 - as JSON is
        """The result, read as JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[str]:
        """The result, line by line."""
        return self.out.splitlines()


def tenure(*words: str | Path) -> Said:
    """Run a command in this process."""
    with CliRunner().isolation() as (out, err, _):
        code = run([str(word) for word in words])
        return Said(out.getvalue().decode(), err.getvalue().decode(), code)


def refused(*words: str | Path) -> str:
    """The one sentence of a command that must be refused: on standard error alone, with exit code 2."""
    said = tenure(*words)
    assert (said.code, said.out) == (2, ""), said
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    return said.err.strip()


def started(*words: str | Path, **how: Any) -> subprocess.Popen[str]:  # noqa: ANN401 - the words of Popen
    """Start a command as a process of its own; its standard streams are pipes."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("TENURE_")}
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.Popen([sys.executable, "-m", "tenure", *map(str, words)], text=True, env=env, **streams)


def ended(process: subprocess.Popen[str], timeout: float = 60) -> Said:
    """What a process said until its end."""
    out, err = process.communicate(timeout=timeout)
    return Said(out or "", err or "", process.returncode)
