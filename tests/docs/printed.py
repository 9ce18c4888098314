"""A page as its commands print it now: its files are written, its commands are run in their order, its Python is run too."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from tenure.surfaces.cli.app import run

if TYPE_CHECKING:
    import pytest

DOCS = Path(__file__).parents[2] / "docs"
_BLOCK = re.compile(r"```(?P<kind>csv|toml|console|python)\n(?P<text>.*?)```", re.DOTALL)
_FILE = re.compile(r"`(?P<name>[\w./-]+\.(?:csv|toml))`")
_STEP = re.compile(r"^\$ (?P<command>[^\n]+)\n(?P<output>(?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
_CUT = "..."
_MAY_FIND = ("doctor", "restate")  # what ends with 1 where something needs a person


def printed(page: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The page with what its commands print now.

    A block of csv or toml is the file that was named last before it. A command of which the page shows nothing is run and
    its words are left out; what the page cuts with `...` is cut there. Of Python the page shows a session, which must hold.
    """

    def block(found: re.Match[str]) -> str:
        text = found["text"]
        if found["kind"] == "python":
            _hold(text)
            return found[0]
        if found["kind"] != "console":
            *_, name = _FILE.findall(page[: found.start()])
            Path(name).write_text(text, encoding="utf-8")
            return found[0]
        return f"```console\n{_STEP.sub(lambda step: _said(step, capsys), text)}```"

    return _BLOCK.sub(block, page)


def _said(step: re.Match[str], capsys: pytest.CaptureFixture[str]) -> str:
    words = shlex.split(step["command"])[1:]
    assert run(words) in ((0, 1) if words[0] in _MAY_FIND else (0,)), capsys.readouterr().err
    lines = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    shown = step["output"].splitlines()
    if shown and shown[-1] == _CUT:
        lines = [*lines[: len(shown) - 1], _CUT]
    return "\n".join([f"$ {step['command']}", *(lines if shown else []), ""])


def _hold(session: str) -> None:
    test = doctest.DocTestParser().get_doctest(session, {}, "the page", None, 0)
    assert doctest.DocTestRunner(verbose=False, optionflags=doctest.NORMALIZE_WHITESPACE).run(test).failed == 0
