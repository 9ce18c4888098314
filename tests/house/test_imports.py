"""Heavy libraries are read when they are needed, and not before: starting must feel immediate."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

# Never loaded by starting up: what draws, serves, transpiles or holds dataframes, and the engine itself.
HEAVY = (
    "altair", "babel", "duckdb", "jinja2", "numpy", "pandas", "polars", "pyarrow", "rich", "sqlalchemy", "sqlglot",
    "starlette", "typst", "uvicorn", "vl_convert", "xlsxwriter",
)  # fmt: skip
REPORT = "import json, sys; print(json.dumps(sorted({m.partition('.')[0] for m in sys.modules})))"
HELP = """
import contextlib, io, sys
sys.argv = ["tenure", *WORDS]
from tenure.surfaces.cli import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main()
"""


def loaded(code: str) -> set[str]:
    """The top-level modules that are there after some code has run in a fresh Python."""
    done = subprocess.run([sys.executable, "-c", f"{code}\n{REPORT}"], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_importing_the_library_loads_nothing_heavy() -> None:
    assert sorted(loaded("import tenure") & set(HEAVY)) == []


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["ask", "--help"], ["aks"]], ids=" ".join)
def test_the_command_line_starts_light(words: list[str]) -> None:
    assert sorted(loaded(f"WORDS = {words}\n{HELP}") & set(HEAVY)) == []


def test_a_question_loads_no_server_and_no_dataframes(tmp_path: Path) -> None:
    """Asking a store needs the engine; it needs no web, chart or dataframe library, even where they are installed.

    A value bound to a statement makes the engine look for pandas, which takes most of a second: so none is bound.
    """
    import tenure

    rows = tmp_path / "subscription_periods.csv"
    rows.write_text("subscription_id,account_id,starts_at,unit_amount\ns,a,2024-01-01,100\n", encoding="utf-8")
    with tenure.open(tmp_path / "store") as store:
        store.load(rows)
        store.ask("mrr")
    code = f"import tenure\nstore = tenure.open({str(tmp_path / 'store')!r})\nprint(store.ask('mrr').rows)\n"
    unneeded = {"altair", "jinja2", "pandas", "polars", "pyarrow", "sqlalchemy", "sqlglot", "starlette", "uvicorn"}
    assert sorted(loaded(code) & unneeded) == []


def test_the_door_has_few_names() -> None:
    import tenure

    assert 0 < len(tenure.__all__) <= 10
    assert len(set(tenure.__all__)) == len(tenure.__all__)
    for name in tenure.__all__:
        assert getattr(tenure, name).__doc__, f"tenure.{name} says nothing about itself"
    assert set(tenure.__all__) <= set(dir(tenure))
