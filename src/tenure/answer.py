"""The answer to a question: its rows, and all that one must know to trust them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenure.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from tenure.metric import Metric, Target
    from tenure.policy import Policy

Number = int | float | None


@dataclass(frozen=True)
class Row:
    """One period and segment. `value` is None where it is unknown; `parts` are the leaves of the formula by name.

    `note` is a sentence on this row, where there is more to say than numbers do: why a prediction is refused.
    """

    start: datetime
    end: datetime
    partial: bool
    segment: str | None
    value: Number
    parts: Mapping[str, Number]
    n: Number = None
    low: float | None = None
    high: float | None = None
    previous: Number = None
    change: float | None = None
    change_kind: str | None = None
    beyond_noise: bool | None = None
    note: str | None = None

    def to_dict(self, *, compared: bool) -> dict[str, Any]:
        """The row as INTERFACES fixes it; `previous` and `change` only where a comparison was asked for."""
        shown: dict[str, Any] = {
            "start": instant(self.start),
            "end": instant(self.end),
            "partial": self.partial,
            "segment": self.segment,
            "value": self.value,
            "parts": dict(self.parts),
            "n": self.n,
            "low": self.low,
            "high": self.high,
        }
        if compared:
            shown |= {
                "previous": self.previous,
                "change": self.change,
                "change_kind": self.change_kind,
                "beyond_noise": self.beyond_noise,
            }
        return shown if self.note is None else shown | {"note": self.note}


@dataclass(frozen=True, repr=False)
class Answer:
    """One metric over one window. Iterating gives its rows."""

    definition: Metric
    variant: str | None
    grain: str
    compare: str | None
    timezone: str
    currency: str | None
    hours: str
    policy: Policy
    by: str | None
    where: Mapping[str, tuple[str, ...]]
    target: Target | None
    missing: tuple[str, ...]
    coverage: tuple[datetime | None, datetime | None]
    now: datetime
    rows: tuple[Row, ...]
    sql: str
    explainer: Callable[[Row], Any] | None = field(default=None, repr=False, compare=False)

    @property
    def metric(self) -> str:
        """The metric's id."""
        return self.definition.name

    @property
    def title(self) -> str:
        """The metric's title, with the variant's own where one was asked for."""
        return self.definition.variants[self.variant].title if self.variant else self.definition.title

    @property
    def unit(self) -> str:
        """What the values are counted in."""
        chosen = self.definition.variants[self.variant].unit if self.variant else None
        return (chosen or self.definition.unit).value

    def to_dict(self) -> dict[str, Any]:
        """The answer in the one shape that every surface gives."""
        target = self.target
        first, last = self.coverage
        return {
            "metric": self.metric,
            "title": self.title,
            "unit": self.unit,
            "better": self.definition.better.value,
            "currency": self.currency,
            "variant": self.variant,
            "grain": self.grain,
            "timezone": self.timezone,
            "hours": self.hours,
            "policy": self.policy.preset,
            "switches": dict(self.policy.overrides),
            "by": self.by,
            "where": {name: list(values) for name, values in self.where.items()},
            "missing": list(self.missing),
            "target": {"value": target.value, "per": target.per, "source": target.source} if target else None,
            "coverage": {"from": instant(first) if first else None, "to": instant(last) if last else None},
            "rows": [row.to_dict(compared=self.compare is not None) for row in self.rows],
        }

    def to_arrow(self) -> pa.Table:
        """The rows as an Arrow table: start, end, partial, segment, value, n, low, high, … and a column per part."""
        import pyarrow as pa  # an extra, and slow to import

        return pa.Table.from_pylist(self._flat())

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame, with the columns of `to_arrow`."""
        import pandas as pd  # an extra, and slow to import

        return pd.DataFrame(self._flat())

    def to_polars(self) -> pl.DataFrame:
        """The rows as a Polars frame, with the columns of `to_arrow`."""
        import polars as pl  # an extra, and slow to import

        return pl.DataFrame(self._flat(), infer_schema_length=None)

    def chart(self) -> dict[str, Any]:
        """A Vega-Lite specification of the rows."""
        from tenure.charts import chart  # only needed where something is drawn

        return chart(self.to_dict())

    def explain(self, row: int = -1) -> Any:  # noqa: ANN401 - an Explanation, of a room above this one
        """What stands behind one row: the ledger's rows, the policy, the formula with its values, the SQL."""
        if self.explainer is None:
            message = "This answer was not asked of a store, so nothing stands behind it."
            raise ValueError(message)
        if not -len(self.rows) <= row < len(self.rows):
            message = f"There is no row {row}: the answer has {len(self.rows)}."
            raise UsageError(message)
        return self.explainer(self.rows[row])

    def _flat(self) -> list[dict[str, Any]]:
        shown = []
        notes = {"note": None} if any(row.note for row in self.rows) else {}
        for row in self.rows:
            # A naive instant means the company's own time where one is read; these are UTC, and say so.
            instants = {"start": row.start.replace(tzinfo=UTC), "end": row.end.replace(tzinfo=UTC)}
            flat = notes | row.to_dict(compared=self.compare is not None) | instants
            parts = flat.pop("parts")
            shown.append(flat | {name: value for name, value in parts.items() if name not in flat})
        return shown

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        """How a notebook shows it: a table, and a chart where the notebook draws Vega-Lite."""
        from tenure.notebook import html  # only needed in a notebook

        drawn = self.chart() | {"$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
        return {"text/html": html(self.to_dict()), "application/vnd.vegalite.v5+json": drawn}

    def __repr__(self) -> str:
        """Its name and its rows, a line each."""
        name = f"{self.metric}:{self.variant}" if self.variant else self.metric
        lines = [f"  {instant(row.start)}  {row.segment or ''}  {row.value}".rstrip() for row in self.rows]
        return "\n".join([f"<{self.title} ({name}), {self.unit}, by {self.grain}>", *lines])


def instant(value: datetime) -> str:
    """A naive UTC instant in ISO 8601 with `Z`."""
    return value.isoformat() + "Z"


def plain(value: Any) -> Any:  # noqa: ANN401 - whatever the database gives
    """A stored value as JSON has it: a decimal as a number, an instant in ISO 8601 with `Z`, a day as a date."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value
