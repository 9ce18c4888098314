"""The page on business hours shows what the commands print, with the files and the settings that it names."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "business-hours.md"
BLOCK = re.compile(r"```(?P<language>csv|toml|console)\n(?P<text>.*?)```", re.DOTALL)
WINDOW = ("--from", "2024-03-01", "--to", "2024-04-01", "--now", "2024-05-01")


def printed(words: list[str], folder: Path) -> str:
    """What a command prints on both streams."""
    command = [sys.executable, "-m", "tenure", *words]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return "".join(f"{line.rstrip()}\n" for line in f"{ran.stdout}{ran.stderr}".splitlines())


def filled(page: str, folder: Path) -> str:
    """The page with what its commands print now."""
    (folder / "tickets.csv").write_text(next(b["text"] for b in BLOCK.finditer(page) if b["language"] == "csv"))
    settings = [block["text"] for block in BLOCK.finditer(page) if block["language"] == "toml"]

    def shown(block: re.Match[str]) -> str:
        if block["language"] != "console":
            return block[0]
        text = ""
        for command in re.findall(r"^\$ (.+)$", block["text"], re.MULTILINE):
            text += f"$ {command}\n{printed(shlex.split(command)[1:], folder)}"
            if command == "tenure init":  # a table ends the settings that stand above it
                (folder / "tenure-store" / "tenure.toml").write_text("\n".join(reversed(settings)), encoding="utf-8")
        return f"```console\n{text}```"

    return BLOCK.sub(shown, page)


def test_the_page_shows_what_the_commands_print(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert filled(text, tmp_path) == text
    said: dict[str, dict[str, float]] = {
        "first_response_time": {"calendar": 11 * 3600 + 10 * 60, "business": 20 * 60},
        "first_response_time:mean": {
            "calendar": (40200 + 1200 + (4 * 24 + 16) * 3600) / 3,
            "business": (10 + 20 + 60) * 60 / 3,
        },
        "first_response_on_time_share": {"calendar": 0.25, "business": 0.75},
    }
    for metric, by_hours in said.items():
        for hours, value in by_hours.items():
            answer = json.loads(printed(["ask", metric, *WINDOW, "--hours", hours, "--format", "json"], tmp_path))
            assert answer["rows"][0]["value"] == value
    answer = json.loads(printed(["ask", "first_response_time", *WINDOW, "--format", "json"], tmp_path))
    assert answer["rows"][0]["parts"]["unanswered"] == 1
