"""Runs a fact where the raw rows live: transpiled by sqlglot, submitted there, its rows brought back as Arrow.

One file is one engine; `connect` finds it by the scheme of an address. See docs/decisions/0011-engines.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from tenure.engines.address import Address
from tenure.errors import ExtraMissingError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.engines.engine import Engine


@dataclass(frozen=True)
class Kind:
    """An engine that can be connected to: its name, the module that has a `connect(address)`, the extra that it needs."""

    name: str
    module: str
    extra: str


_POSTGRES = Kind("Postgres", "postgres", "postgres")
_CLICKHOUSE = Kind("ClickHouse", "clickhouse", "clickhouse")
_SPARK = Kind("Spark", "spark", "spark")
KINDS: Mapping[str, Kind] = {
    "postgres": _POSTGRES,
    "postgresql": _POSTGRES,
    "clickhouse": _CLICKHOUSE,
    "clickhouses": _CLICKHOUSE,
    "chdb": Kind("ClickHouse in this process", "clickhouse", "clickhouse"),
    "spark": _SPARK,
    "sc": _SPARK,
}
"""By the scheme of the address."""

COMPILED: Mapping[str, str] = {
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
    "trino": "Trino",
    "databricks": "Databricks",
}
"""Dialects that every fact is written in and read back from under test, but which no test has run: by sqlglot's name."""


def connect(url: str, environ: Mapping[str, str] | None = None) -> Engine:
    """The engine at an address such as `postgres://tenure@db.example.com/shop`.

    Args:
        url: The address. A password is better left out of it: see `tenure.engines.address.password`.
        environ: Where the password is looked for; None is the environment of this process.

    Raises:
        UnknownNameError: no engine has such a scheme.
        ExtraMissingError: the engine's library is not installed.
        WarehouseError: it cannot be reached, or does not let us in.
    """
    address = Address.read(url, environ)
    kind = KINDS.get(address.scheme)
    if kind is None:
        raise UnknownNameError("scheme of an engine", address.scheme, KINDS, _mend(address.scheme))
    try:
        module = import_module(f"tenure.engines.{kind.module}")
        engine: Engine = module.connect(address)
    except ImportError as fault:
        message = f"{kind.name} needs {fault.name}, which is not installed: pip install 'tenure[{kind.extra}]'."
        raise ExtraMissingError(message) from fault
    return engine


def _mend(scheme: str) -> str:
    known = ", ".join(f"{name}://" for name in KINDS)
    if scheme in COMPILED:
        return f"Facts are compiled for {COMPILED[scheme]} and not run there yet. These are run: {known}."
    return f"An address begins with one of {known}."
