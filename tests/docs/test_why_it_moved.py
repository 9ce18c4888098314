"""The page on why a number moved prints what the commands print, with the files that it names."""

from __future__ import annotations

import json
import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from tenure.surfaces.cli.app import run

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "why-it-moved.md"
FILES = ("subscription_periods", "subscriptions", "tickets", "responses")
BLOCK = re.compile(r"```(?P<kind>csv|console)\n(?P<text>.*?)```", re.DOTALL)


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
            out = said if command.startswith("tenure why") else ""
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
    words = ("--from", "2024-03-01", "--to", "2024-04-01", "--format", "json")
    assert run(["why", "mrr", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["previous"], told["value"], told["difference"]) == (830, 530, -300)
    assert [(one["kind"], one["reason"], one["effect"]) for one in told["movements"]] == [
        ("new", None, 60),
        ("expansion", None, 40),
        ("churn", "too expensive", -400),
    ]
    acme, *_ = told["customers"]["rows"]
    assert (acme["account_id"], acme["effect"]) == ("acme", -400)
    assert (acme["meanwhile"]["tickets"], acme["meanwhile"]["tickets_before"], acme["meanwhile"]["detractors"]) == (
        2,
        1,
        1,
    )
    assert run(["why", "arpa", "--by", "plan", *words]) == 0
    told = json.loads(capsys.readouterr().out)
    # (w1 - w0) * ((r0 + r1) / 2 - M) and (r1 - r0) * (w0 + w1) / 2, with M = (207.5 + 132.5) / 2 = 170
    basic = {"mix": (3 / 4 - 1 / 2) * ((65 + 230 / 3) / 2 - 170), "rate": (230 / 3 - 65) * (3 / 4 + 1 / 2) / 2}
    pro = {"mix": (1 / 4 - 1 / 2) * ((350 + 300) / 2 - 170), "rate": (300 - 350) * (1 / 4 + 1 / 2) / 2}
    rows = {row["segment"]: row for row in told["breakdowns"][0]["rows"]}
    for segment, parts in (("basic", basic), ("pro", pro)):
        for name, wanted in parts.items():
            assert abs(rows[segment][name] - wanted) < 0.011, (segment, name)
    assert sum(Decimal(row["exact"]) for row in rows.values()) == Decimal(told["exact"]) == Decimal(-75)
