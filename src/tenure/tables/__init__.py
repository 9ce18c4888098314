"""The canonical tables: one file each, found by walking this package. There is no list to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenure.tables.schema import Table

_MADE_OF = frozenset({"reference", "rules", "schema"})
"""The files here that are no table."""


class _Shelf(Mapping[str, "Table"]):
    """The tables by name, as their files are named; a file is read when its table is asked for.

    A question needs no table, and reading them all takes longer than answering it.
    """

    def __init__(self) -> None:
        self._names = sorted({module.name for module in iter_modules(__path__)} - _MADE_OF)

    def __getitem__(self, name: str) -> Table:
        if name not in self._names:
            raise KeyError(name)
        table: Table = import_module(f"{__name__}.{name}").TABLE
        return table

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


TABLES: Mapping[str, Table] = _Shelf()
"""Every canonical table by name, in alphabetical order."""
