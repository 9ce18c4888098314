"""The page on reconciling tells the story of the demo company, and shows what the commands print of it."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from tenure.surfaces.cli.app import run

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "reconcile.md"
BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n.*?```", re.DOTALL)


def filled(page: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The page with what its commands print now; what is said of the demo's making is left out."""

    def block(found: re.Match[str]) -> str:
        words = shlex.split(found["command"])[1:]
        assert run(words) == 0, capsys.readouterr().err
        said = capsys.readouterr().out
        lines = "".join(f"{line.rstrip()}\n" for line in said.splitlines() if words[0] != "demo")
        return f"```console\n$ {found['command']}\n{lines}```"

    return BLOCK.sub(block, page)


def test_the_page_shows_what_the_commands_print(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TENURE_STORE", "demo-store")
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page, capsys) == page
    capsys.readouterr()

    def told(words: str) -> dict[str, object]:
        assert run(["reconcile", *words.split(), "--now", "2026-07-02", "--format", "json"]) == 0
        shown: dict[str, object] = json.loads(capsys.readouterr().out)
        return shown

    bridge = told("--policy tenure --policy stripe --at 2025-12-31")
    assert (bridge["difference"], bridge["unmoved"]) == (744, [])
    moved = told("churned_mrr --policy tenure --policy recurly --from 2025-06-01 --to 2026-07-01")
    assert [step["switch"] for step in moved["steps"]] == ["movement_level"]  # type: ignore[attr-defined]
