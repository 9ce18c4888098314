"""The canonical types in Arrow, in which rows go to an engine and come back from it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    """Canonical types by name, as Arrow has them; every column may hold nulls."""
    import pyarrow as pa  # an extra, and slow to import

    return pa.schema([pa.field(name, arrow_type(canonical)) for name, canonical in columns.items()])


def arrow_type(canonical: str) -> pa.DataType:
    """One canonical type as Arrow has it; a ValueError for one that ledgers and tables do not have."""
    import pyarrow as pa  # see `arrow_schema`

    if decimal := decimal_of(canonical):
        return pa.decimal128(*decimal)
    plain = {
        "VARCHAR": pa.string(),
        "JSON": pa.string(),
        "BOOLEAN": pa.bool_(),
        "INTEGER": pa.int32(),
        "BIGINT": pa.int64(),
        "DOUBLE": pa.float64(),
        "DATE": pa.date32(),
        "TIMESTAMP": pa.timestamp("us"),
    }
    if canonical not in plain:
        message = f"{canonical} is no type of a ledger or a canonical table."
        raise ValueError(message)
    return plain[canonical]


def decimal_of(canonical: str) -> tuple[int, int] | None:
    """Digits in all and after the point of a decimal type; None for another type."""
    found = re.fullmatch(r"DECIMAL\((\d+), ?(\d+)\)", canonical)
    return (int(found[1]), int(found[2])) if found else None
