"""Where things are, for the tests that look at the house itself."""

from __future__ import annotations

import ast
import shutil
import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tenure"
MADE = {"__pycache__", "build", "dist", "demo-store", "tenure-store"}
METRICS = PACKAGE / "metrics"
SURFACES = PACKAGE / "surfaces"


def modules(folder: Path) -> list[Path]:
    """Every Python file below a folder."""
    return sorted(p for p in folder.rglob("*.py") if "__pycache__" not in p.parts)


def metric_files() -> list[Path]:
    """One file is one metric: `metrics/<family>/<name>.py`."""
    return [p for p in sorted(METRICS.glob("*/*.py")) if p.name != "__init__.py"]


def names_of(paths: list[Path]) -> list[str]:
    """Paths as a reader would write them."""
    return [str(p.relative_to(ROOT)) for p in paths]


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that a clone would bring, new ones included."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return tuple(path for path in _walked(ROOT) if str(path.relative_to(ROOT)) not in MADE)
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return tuple(ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file())


def _walked(folder: Path) -> Iterator[Path]:
    """The same where there is no git: an archive that was unpacked."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix != ".pyc":
            yield path
        elif path.is_dir() and path.name not in MADE and (path.name[0] != "." or path.name == ".ci"):
            yield from _walked(path)


@cache
def settings() -> dict[str, object]:
    """The file `pyproject.toml`."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
