"""Every worked example, from its files to its numbers, through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tenure.surfaces.cli.app import run
from worked.cases import Case, cases, faults, words

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
CASES = [pytest.param(case, id=case.id) for path in FILES for case in cases(path)]


def write(folder: Path, tables: Mapping[str, str]) -> Path:
    folder.mkdir()
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", CASES)
def test_worked_example(case: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = tmp_path / "store"
    store.mkdir()
    (store / "tenure.toml").write_text(case.settings, encoding="utf-8")
    for n, tables in enumerate((case.tables, *case.loads)):
        files = write(tmp_path / f"load{n}", tables)
        assert run(["--store", str(store), "import", str(files), "--strict"]) == 0, capsys.readouterr().err
    capsys.readouterr()
    for ask in case.asks:
        code = run(["--store", str(store), "ask", *words(ask), "--format", "json"])
        out, err = capsys.readouterr()
        assert code == 0, f"{ask}: {err}"
        assert faults(json.loads(out), ask["expect"]) == [], f"{case.id}: {ask}"
