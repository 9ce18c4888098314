"""The page on active users prints what the commands print: its file, its settings and its questions, one after the other."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "active-users.md"
BLOCK = re.compile(r"```(?P<kind>csv|toml|console)\n(?P<text>.*?)```", re.DOTALL)
COMMAND = re.compile(r"^\$ (tenure .*)\n", re.MULTILINE)


def printed(command: str, folder: Path) -> str:
    """What a command prints, of the store that is beside the file."""
    ran = subprocess.run(
        [sys.executable, "-m", "tenure", *shlex.split(command)[1:]],
        cwd=folder, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return "".join(f"{line.rstrip()}\n" for line in ran.stdout.splitlines())


def filled(page: str, folder: Path) -> str:
    """The page with the outputs that its commands have now."""

    def block(found: re.Match[str]) -> str:
        text = found["text"]
        if found["kind"] == "csv":
            (folder / "events.csv").write_text(text, encoding="utf-8")
        elif found["kind"] == "toml":
            (folder / "tenure-store" / "tenure.toml").write_text(text, encoding="utf-8")
        else:
            text = "".join(f"$ {command}\n{printed(command, folder)}" for command in COMMAND.findall(text))
        return f"```{found['kind']}\n{text}```"

    return BLOCK.sub(block, page)


def test_the_page_says_what_is_so(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page, tmp_path) == page
