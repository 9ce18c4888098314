"""A tutorial shows what the commands print: each one is run, in its order, on the files that the page names."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGES = sorted(DOCS.glob("tutorials/*.md"))
BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
CUT = "..."


def printed(command: str, folder: Path) -> str:
    """What a command of the page prints on both streams."""
    words = shlex.split(command)
    assert words[0] == "tenure"
    ran = subprocess.run(
        [sys.executable, "-m", "tenure", *words[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    both = f"{ran.stdout}{ran.stderr}"
    return "".join(f"{line.rstrip()}\n" for line in both.splitlines())


def filled(page: str, folder: Path) -> str:
    """The page with the outputs that its commands have now; one that the page ends with `...` is cut there."""
    shutil.copytree(DOCS / "examples" / "orchard", folder / "orchard")

    def block(found: re.Match[str]) -> str:
        output, shown = printed(found["command"], folder), found["output"].splitlines()
        if shown and shown[-1] == CUT:
            output = "\n".join([*output.splitlines()[: len(shown) - 1], CUT, ""])
        return f"```console\n$ {found['command']}\n{output}```"

    return BLOCK.sub(block, page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_tutorial_prints_what_it_says(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert filled(text, tmp_path) == text
