"""A file is one idea, a function one step."""

from __future__ import annotations

import ast

from house.project import PACKAGE, ROOT, modules, tracked, tree

FILE_LINES, FUNCTION_LINES = 400, 50

# What must be longer, and why. A line that is no longer needed fails too.
LONGER_FILES: dict[str, str] = {}
LONGER_FUNCTIONS: dict[str, str] = {}


def test_files_are_short() -> None:
    long = {
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in {".py", ".sql", ".js", ".css", ".html"}
        if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES
    }
    assert long == set(LONGER_FILES), f"more than {FILE_LINES} lines, or no longer so"


def test_functions_are_short() -> None:
    """Counted without its docstring: words are no reason to cut a function."""
    long = {
        f"{path.relative_to(PACKAGE)}:{node.name}"
        for path in modules(PACKAGE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if _lines(node) >= FUNCTION_LINES
    }
    assert long == set(LONGER_FUNCTIONS), f"{FUNCTION_LINES} lines or more, or no longer so"


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is None or first.end_lineno is None:
        return whole
    return whole - (first.end_lineno - first.lineno + 1)
