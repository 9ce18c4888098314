"""Names say what a thing is."""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from house.project import METRICS, PACKAGE, ROOT, SURFACES, metric_files, modules, names_of, tracked, tree

if TYPE_CHECKING:
    from pathlib import Path

NOTHING_SAYING = re.compile(r"(^|_)(utils?|helpers?|common|managers?|misc|stuff)(_|$)", re.IGNORECASE)
CLASS_ENDING = re.compile(r"(Utils?|Helpers?|Managers?|Common)$")
# Ids that are also words of every day: the name of a table, a kind of cohort, a heading.
EVERYDAY = {"customers", "revenue", "events", "sessions", "tickets", "referrals", "advocates"}


def test_no_name_that_says_nothing() -> None:
    """`utils` is where code goes that belongs elsewhere."""
    parts = {
        p: (*p.relative_to(ROOT).parts[:-1], p.stem) for p in tracked() if p.suffix in {".py", ".sql", ".js", ".html"}
    }
    assert not names_of([p for p, names in parts.items() if any(NOTHING_SAYING.search(name) for name in names)])


def test_no_class_that_says_nothing() -> None:
    found = [
        f"{path.name}: {node.name}"
        for path in modules(PACKAGE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and CLASS_ENDING.search(node.name)
    ]
    assert not found


@pytest.mark.parametrize("path", metric_files(), ids=lambda p: p.stem)
def test_a_metric_file_is_a_docstring_and_a_METRIC(path: Path) -> None:  # noqa: N802
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", path.stem)
    story = ast.get_docstring(tree(path)) or ""
    for heading in ("Definition", "Formula"):
        assert re.search(rf"^{heading}$", story, re.MULTILINE), f"{path.stem}: the docstring has no '{heading}'"
    assigned = {ast.unparse(t) for node in tree(path).body if isinstance(node, ast.Assign) for t in node.targets}
    assert "METRIC" in assigned
    assert not [n for n in tree(path).body if isinstance(n, ast.FunctionDef | ast.ClassDef)], (
        "a metric is a formula, not code"
    )


def test_a_metric_has_one_name_in_all_families() -> None:
    twice = [name for name, times in Counter(p.stem for p in metric_files()).items() if times > 1]
    assert not twice


def test_the_catalog_is_the_folder() -> None:
    from tenure.catalog import shipped

    assert set(shipped()) == {p.stem for p in metric_files()}
    assert METRICS.is_dir()


def test_units_follow_names() -> None:
    """`_rate` and `_share` are shares, `_time` is a duration, `_mrr` is money."""
    from tenure.catalog import shipped

    units = {"_rate": "share", "_share": "share", "_time": "duration", "_mrr": "money"}
    wrong = [
        f"{name} is a {metric.unit.value}"
        for name, metric in shipped().items()
        for ending, unit in units.items()
        if name.endswith(ending) and metric.unit.value != unit
    ]
    assert not wrong


def test_no_surface_names_a_metric() -> None:
    """A surface that knows a metric would have to change when one is added. What the page shows is a data file, and the
    examples in the help of a command are examples.
    """  # noqa: D205 - one sentence
    ids = {p.stem for p in metric_files()} - EVERYDAY
    telling = re.compile("|".join(rf"\b{re.escape(i)}\b" for i in sorted(ids) if "_" in i) or r"(?!)")
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value[:60]}"
        for path in modules(SURFACES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "Examples:" not in node.value
        if node.value in ids or telling.search(node.value)
    ]
    pages = [p for ending in ("html", "js", "jinja") for p in SURFACES.rglob(f"*.{ending}")]
    found += [str(p.relative_to(ROOT)) for p in pages if telling.search(p.read_text(encoding="utf-8"))]
    assert not found
