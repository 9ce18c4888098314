"""The page on edits prints what the commands print, with the files that it names."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from tenure.surfaces.cli.app import run

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "edits.md"
FILES = ("accounts", "subscription_periods", "people", "edits")
BLOCK = re.compile(r"```(?P<kind>csv|console)\n(?P<text>.*?)```", re.DOTALL)
QUIET = ("tenure init", "tenure import")


def filled(page: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The page with what its commands print now; what they say of a load is left out."""
    names = iter(FILES)

    def block(found: re.Match[str]) -> str:
        text = found["text"]
        if found["kind"] == "csv":
            Path(f"{next(names)}.csv").write_text(text, encoding="utf-8")
            return found[0]
        shown = ""
        for command in re.findall(r"^\$ (tenure .*)$", text, re.MULTILINE):
            assert run(shlex.split(command)[1:]) == 0, capsys.readouterr().err
            said = capsys.readouterr().out
            out = "" if command.startswith(QUIET) else said
            shown += f"$ {command}\n" + "".join(f"{line.rstrip()}\n" for line in out.splitlines())
        return f"```console\n{shown}```"

    return BLOCK.sub(block, page)


def test_the_page_says_what_is_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    assert filled(page, capsys) == page
    capsys.readouterr()
    words = ("--from", "2024-04-01", "--to", "2024-05-01", "--now", "2024-05-10", "--format", "json")
    assert run(["ask", "churned_customers", "new_customers", "mrr", "expansion_mrr", *words]) == 0
    values = [answer["rows"][0]["value"] for answer in json.loads(capsys.readouterr().out)]
    assert values == [1, 0, 830, 0]
