"""The page on restated months: every command is run, in its order, and prints what the page says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from tenure.restate import CAUSES
from tenure.surfaces.cli.app import run

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "restated-months.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"```console\n(?P<text>.*?)```", re.DOTALL)
STEP = re.compile(r"^\$ (?P<command>[^\n]+)\n(?P<output>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
CUT = "..."


def printed(page: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The page with what its commands print now; what the page cuts with `...` is cut there."""

    def step(found: re.Match[str]) -> str:
        words = shlex.split(found["command"])[1:]
        code = run(words)
        assert code in ((0, 1) if words[0] == "restate" else (0,)), capsys.readouterr().err
        lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
        shown = found["output"].splitlines()
        if shown and shown[-1] == CUT:
            lines = [*lines[: len(shown) - 1], CUT]
        return "\n".join([f"$ {found['command']}", *lines, ""])

    return BLOCK.sub(lambda block: f"```console\n{STEP.sub(step, block['text'])}```", page)


def test_the_page_prints_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert printed(PAGE, capsys) == PAGE


def test_every_cause_is_explained() -> None:
    told = re.findall(r"^\| ([a-z ]+) \|", PAGE, re.MULTILINE)
    assert {cause.partition(":")[0] for cause in CAUSES.values()} <= set(told)
