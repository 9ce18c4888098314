"""Ready mappings: for the tables that a connector writes, the SELECTs that give the canonical ones.

One TOML file is one connector: the schema that it writes into unless it is told otherwise, and by canonical table a
SELECT in DuckDB's dialect, within the subset of the facts; sqlglot writes it for each engine. A column that says when the
connector last wrote the row goes along, so that a sync finds what is new.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenure.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Mapping


def mapping(name: str, dialect: str) -> dict[str, str]:
    """By canonical table the SELECT that gives it, for an engine.

    Args:
        name: `fivetran_stripe`, or `fivetran_stripe:billing` where the connector writes into the schema `billing`.
        dialect: The engine's name for sqlglot.

    Raises:
        UnknownNameError: there is no such mapping.
    """
    import sqlglot  # slow to import, and only needed when a warehouse is read
    from sqlglot import exp

    base, _, schema = name.partition(":")
    if base not in names():
        mend = f"These are ready: {', '.join(names())}. Any other table is mapped under [warehouse.tables]."
        raise UnknownNameError("mapping", base, names(), mend)
    told = _read(base)
    found = {}
    for table, select in told["tables"].items():
        root = sqlglot.parse_one(select, read="duckdb")
        own = {cte.alias for cte in root.find_all(exp.CTE)}
        for place in root.find_all(exp.Table):
            if place.name not in own:
                place.set("db", exp.to_identifier(schema or told["schema"]))
        for taken in root.find_all(exp.JSONExtractScalar):
            # Postgres has an operator for both of its JSON types, of its functions one for each.
            taken.set("only_json_types", value=True)
        found[table] = root.sql(dialect=dialect)
    return found


@cache
def names() -> tuple[str, ...]:
    """The mappings that there are, by name."""
    return tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.toml")))


@cache
def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads((Path(__file__).parent / f"{name}.toml").read_text(encoding="utf-8"))
