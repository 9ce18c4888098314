"""What a setting can be beside a text or a number: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True)
class Sql:
    """An expression in SQL where a plain name would not do."""

    sql: str


@dataclass(frozen=True)
class FileMapping:
    """How one foreign file is read as a canonical table; several may name the same file.

    `file` is a pattern as of a shell, matched against the file's name; `columns` says for a canonical column which
    header it is under, or how it is computed from the file's text columns; `ignore` are patterns of headers that do not
    belong to the row: a file that repeats an account on each line has one row of it only where the line's own are left out.
    """

    file: str
    table: str
    columns: Mapping[str, str | Sql]
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True)
class BusinessHours:
    """When the company works: for Monday to Sunday the stretches `(from, to)` in minutes since local midnight.

    `timezone` is where they are local; None is the company's.
    """

    week: tuple[tuple[tuple[int, int], ...], ...] = (((9 * 60, 17 * 60),),) * 5 + ((),) * 2
    holidays: frozenset[date] = frozenset()
    timezone: str | None = None


@dataclass(frozen=True)
class OwnTarget:
    """The company's own target of a metric, in the metric's unit; `per` is the grain that it is meant for."""

    value: float
    per: str | None = None


@dataclass(frozen=True)
class Overview:
    """What the first page shows; no metrics: those that come with Tenure."""

    metrics: tuple[str, ...] = ()


@dataclass(frozen=True)
class Warehouse:
    """Where the raw rows live that `tenure sync` makes ledgers from; no url: in this store alone.

    `tables` says for a canonical table which table of the warehouse it is, or the SELECT that gives it; `mappings` are
    ready ones, over which `tables` wins. `watermarks` are the columns that say when a row was last written, by table.
    `dimensions` are the attributes by which a ledger that is too large to be brought home, one of more rows than
    `whole_rows`, can still be broken down.
    """

    url: str = ""
    schema: str = "tenure"
    tables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    mappings: tuple[str, ...] = ()
    watermarks: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dimensions: tuple[str, ...] = ()
    whole_rows: int = 1_000_000
