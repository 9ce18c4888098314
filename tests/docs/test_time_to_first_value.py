"""The page on the time to first value: its file, its commands, its numbers."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenure.surfaces.cli.app import run

if TYPE_CHECKING:
    import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "time-to-first-value.md").read_text(encoding="utf-8")
DAY = 86_400


def test_the_page_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    (csv,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    Path("accounts.csv").write_text(csv, encoding="utf-8")
    answers: list[Any] = []
    for command in re.findall(r"^\$ tenure (.*)$", PAGE, re.MULTILINE):
        assert run([*shlex.split(command), "--format", "json"]) == 0, capsys.readouterr().err
        out = capsys.readouterr().out
        answers += [json.loads(out)] if command.startswith(("ask ", "explain ")) else []
    both, early, by_channel, stuck, explained = answers
    assert [answer["rows"][0]["value"] for answer in both] == [15 * DAY, 10 * DAY]
    assert both[0]["rows"][0]["high"] is None
    assert early["rows"][0]["value"] is None
    assert {row["segment"]: row["value"] for row in by_channel["rows"]} == {"partner": 3 * DAY, "ads": 40 * DAY}
    assert [row["value"] for row in stuck["rows"]] == [3, 3, 3]
    assert all(name in json.dumps(explained) for name in ("dune", "elm", "fjord"))
    assert "acme" not in json.dumps(explained)
