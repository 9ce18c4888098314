"""The rooms know only what is below them; the contracts stand in `pyproject.toml`."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from house.project import PACKAGE, ROOT, SURFACES, metric_files, modules, names_of, tree

METRIC_MAY_IMPORT = {"__future__", "tenure.measure", "tenure.metric"}


def test_layers_hold() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at whatever depth; `from tenure import x` counts as `tenure.x`."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            module = node.module or ""
            found |= {f"tenure.{name.name}" for name in node.names} if module == "tenure" else {module}
    return found


@pytest.mark.parametrize("path", metric_files(), ids=lambda p: p.stem)
def test_a_metric_is_written_in_the_algebra_alone(path: Path) -> None:
    assert imported(path) <= METRIC_MAY_IMPORT


def test_nobody_imports_the_package_itself_from_within() -> None:
    """`tenure/__init__` is the door for users: an import through it would load what the layer above needs."""
    doors = {"tenure"} | {f"tenure.{name}" for name in ("open", "ask", "Window", "Answer", "Store", "TenureError")}
    guilty = [p for p in modules(PACKAGE) if p != PACKAGE / "__init__.py" and imported(p) & doors]
    assert not names_of(guilty)


def test_surfaces_reach_the_store_through_the_library_only() -> None:
    closed = ("tenure.store", "tenure.facts", "tenure.measure", "tenure.metrics")
    guilty = {
        str(p.relative_to(ROOT)): sorted(reached)
        for p in modules(SURFACES)
        if (reached := {m for m in imported(p) if m.startswith(closed)})
    }
    assert not guilty


def test_only_the_store_opens_a_database() -> None:
    """Elsewhere a connection is an argument; its type may be named."""
    guilty = [
        path
        for path in modules(PACKAGE)
        if "store" not in path.relative_to(PACKAGE).parts[:1]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"duckdb.connect", "sqlite3.connect"}
    ]
    assert not names_of(guilty)
