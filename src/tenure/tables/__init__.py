"""The canonical tables: one file each, found by walking this package. There is no list to keep."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenure.tables.schema import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def _declared() -> Iterator[Table]:
    for module in sorted(iter_modules(__path__), key=lambda m: m.name):
        table = getattr(import_module(f"{__name__}.{module.name}"), "TABLE", None)
        if isinstance(table, Table):
            yield table


TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _declared()})
"""Every canonical table by name, in alphabetical order."""
