"""The metrics there are: found by walking `tenure.metrics`, entry points and a store's own `metrics/` folder.

There is no list to keep: a metric is a file with a docstring and a `METRIC`; its name is the file's, its family the
folder's.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from inspect import cleandoc
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenure import metrics
from tenure.errors import SettingsError, UnknownNameError
from tenure.metric import Metric

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from tenure.config import Settings

_GROUP = "tenure.metrics"


@dataclass(frozen=True)
class Broken:
    """A metric file of the company's own that cannot be used, and why."""

    path: Path
    line: int
    reason: str


@cache
def shipped() -> Mapping[str, Metric]:
    """The metrics that come with Tenure and with installed packages, by name, family by family."""
    found: dict[str, Metric] = {}
    for path in sorted(Path(next(iter(metrics.__path__))).glob("*/*.py")):
        if path.stem != "__init__":
            metric = _of(import_module(f"tenure.metrics.{path.parent.name}.{path.stem}"), path.parent.name, path.stem)
            found[metric.name] = metric
    from importlib.metadata import entry_points  # slow to import: only where the catalogue is read

    for entry in entry_points(group=_GROUP):
        found[entry.name] = _of(entry.load(), entry.dist.name if entry.dist else "other", entry.name)
    return MappingProxyType(found)


@cache
def shipped_one(name: str) -> Metric | None:
    """The shipped metric of exactly that name, without reading the others: they take longer than a question."""
    if not name.isidentifier() or name == "__init__":
        return None
    for path in Path(next(iter(metrics.__path__))).glob(f"*/{name}.py"):
        return _of(import_module(f"tenure.metrics.{path.parent.name}.{name}"), path.parent.name, name)
    return None


def own(folder: Path) -> tuple[dict[str, Metric], list[Broken]]:
    """A company's own metrics, one per file of `folder`; a broken one is named and hurts nothing else."""
    found: dict[str, Metric] = {}
    broken: list[Broken] = []
    for path in sorted(folder.glob("*.py")):
        if shipped_one(path.stem):
            broken.append(Broken(path, 1, f"a shipped metric is named '{path.stem}' already: rename the file"))
            continue
        tree: ast.AST | None = None
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
            spec = spec_from_file_location(f"tenure_own_{path.stem}", path)
            assert spec is not None  # noqa: S101 - a path that ends in .py has a loader
            assert spec.loader is not None  # noqa: S101
            module = module_from_spec(spec)
            spec.loader.exec_module(module)
            found[path.stem] = _of(module, "own", path.stem)
        except BaseException as error:  # it is the company's code: whatever it raises is reported, an exit too
            if isinstance(error, KeyboardInterrupt) and not _raises(tree, _line(error, path)):
                raise  # somebody pressed Ctrl-C
            broken.append(Broken(path, _line(error, path), f"{type(error).__name__}: {error}"))
    return found, broken


def aimed(settings: Settings, folder: Path | None) -> Settings:
    """The settings of the store in `folder`, each of whose targets is one of a metric that there is.

    Raises:
        SettingsError: a target is of no metric, neither a shipped one nor one of the company's own.
    """
    for name in settings.targets:
        if shipped_one(name) or (folder and (folder / "metrics" / f"{name}.py").exists()) or name in shipped():
            continue
        known = [*shipped(), *(own(folder / "metrics")[0] if folder else ())]
        fault = UnknownNameError("metric", name, known, "`tenure metrics` lists them all.")
        raise SettingsError(f"{folder / 'tenure.toml' if folder else 'tenure.toml'}: targets: {fault}")
    return settings


def find(name: str, known: Mapping[str, Metric]) -> tuple[Metric, str | None]:
    """The metric, and the variant, that `name` or `name:variant` means.

    Raises:
        UnknownNameError: there is none of that name or alias, or it has no such variant.
    """
    base, _, variant = name.partition(":")
    aliases = {alias: metric.name for metric in known.values() for alias in metric.aliases}
    metric = known.get(aliases.get(base, base))
    if metric is None:
        raise UnknownNameError("metric", base, [*known, *aliases], "`tenure metrics` lists them all.")
    if variant and variant not in metric.variants:
        has = f"It has {', '.join(metric.variants)}." if metric.variants else "It has none."
        raise UnknownNameError(f"variant of '{metric.name}'", variant, metric.variants, has)
    return metric, variant or None


def _of(module: ModuleType, family: str, name: str) -> Metric:
    metric = getattr(module, "METRIC", None)
    if not isinstance(metric, Metric):
        message = "the file has no METRIC of the type Metric"
        raise TypeError(message)
    return replace(metric, name=name, family=family, doc=cleandoc(module.__doc__ or ""))


def _raises(tree: ast.AST | None, line: int) -> bool:
    """Whether a `raise` of the file stands on that line."""
    return tree is not None and any(isinstance(node, ast.Raise) and node.lineno == line for node in ast.walk(tree))


def _line(error: BaseException, path: Path) -> int:
    if isinstance(error, SyntaxError):
        return error.lineno or 1
    trace, line = error.__traceback__, 1
    while trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
