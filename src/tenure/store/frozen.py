"""Frozen numbers: what was printed of a month once, kept beside the loads that it was printed from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenure.policy import Policy
from tenure.store.connection import transaction
from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from duckdb import DuckDBPyConnection

_COLUMNS = (
    "frozen_at, period, grain, starts_at, ends_at, metric, variant, dimension, segment, value, preset, switches, fingerprint,"
    " load_id, note, currency"
)
_CALLED = {"starts_at": "start", "ends_at": "end", "dimension": "by"}
_FIELDS = [_CALLED.get(name, name) for name in _COLUMNS.split(", ")]


@dataclass(frozen=True)
class Frozen:
    """One number as it was printed: of a period `[start, end)` (naive UTC), of the whole or of a segment.

    `value` is exact, None where it was unknown, and of money in `currency`. `fingerprint` stands for the definition by which
    it was made, `load_id` is the last load of which it knew.
    """

    frozen_at: datetime
    period: str
    grain: str
    start: datetime
    end: datetime
    metric: str
    variant: str | None
    by: str | None
    segment: str | None
    value: Decimal | None
    policy: Policy
    fingerprint: str
    load_id: int
    note: str | None = None
    currency: str | None = None

    @property
    def name(self) -> str:
        """The metric as it is asked for."""
        return f"{self.metric}:{self.variant}" if self.variant else self.metric


def keep(con: DuckDBPyConnection, numbers: Iterable[Frozen]) -> None:
    """Adds frozen numbers; none is ever changed or taken away."""
    rows = [
        (
            _instant(n.frozen_at), literal(n.period), literal(n.grain), _instant(n.start), _instant(n.end), literal(n.metric),
            _text(n.variant), _text(n.by), _text(n.segment), _text(None if n.value is None else str(n.value)),
            literal(n.policy.preset), literal(json.dumps(dict(n.policy.overrides))), literal(n.fingerprint), str(n.load_id),
            _text(n.note), _text(n.currency),
        )
        for n in numbers
    ]  # fmt: skip
    if rows:
        written = ", ".join(f"({', '.join(row)})" for row in rows)
        with transaction(con):
            con.execute(f"INSERT INTO meta.frozen ({_COLUMNS}) VALUES {written}")


def kept(con: DuckDBPyConnection) -> list[Frozen]:
    """What is frozen, of each metric of a period what was frozen last, whatever counted as now then."""
    last = "OVER (PARTITION BY starts_at, ends_at, metric, variant ORDER BY rowid DESC)"
    found = con.execute(
        f"SELECT {_COLUMNS} FROM meta.frozen"
        f" QUALIFY frozen_at = first_value(frozen_at) {last} AND load_id = first_value(load_id) {last} AND row_number()"
        " OVER (PARTITION BY starts_at, ends_at, metric, variant, dimension, segment ORDER BY rowid DESC) = 1"
        " ORDER BY starts_at, ends_at, rowid"
    ).fetchall()
    return [_number(*row) for row in found]


def _number(*row: Any) -> Frozen:  # noqa: ANN401 - whatever the database gives
    said = dict(zip(_FIELDS, row, strict=True))
    policy = Policy(said.pop("preset"), json.loads(said.pop("switches")))
    return Frozen(**said | {"value": None if said["value"] is None else Decimal(said["value"]), "policy": policy})


def _instant(value: datetime) -> str:
    return f"TIMESTAMP '{value}'"


def _text(value: str | None) -> str:
    return "NULL" if value is None else literal(value)
