"""From one number to its rows: the ledger's, the raw ones behind them, the policy, the formula with its values, the SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from sys import maxsize
from typing import TYPE_CHECKING, Any

from tenure.algebra import Leaf
from tenure.answer import Answer, Row, instant, plain
from tenure.errors import UsageError
from tenure.evidence import leaf_rows
from tenure.query import Asked, given, question
from tenure.statement import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from tenure.algebra import Measure
    from tenure.config import Settings
    from tenure.selection import Question

LIMIT = 20
MOST = 24
"""How many numbers are explained at once."""
_MEANING = {
    "flow": "rows inside the period",
    "opening": "what stands just before the period opens",
    "closing": "what stands just before the period closes",
    "each": "accounts that changed in the period",
    "active": "the last active day of each in the window that ends with the period",
    "recent": "those who did enough in the window that ends with the period",
    "daily": "rows of the days of the period",
    "survival": "rows inside the period, over or not",
    "standing": "all rows up to the period's end",
    "whole": "all rows of the ledger",
}
# The ledgers whose rows come from prices; the rows of the others say all that the raw ones do.
_PRICED = {"revenue", "customers", "pending_revenue", "states"}
_RAW = """
SELECT p.subscription_id, p.item_id, p.account_id, p.plan, p.starts_at, p.ends_at, p.state, p.quantity, p.unit_amount, p.mrr,
    p.billing_interval, p.interval_count, p.discount_percent, p.discount_amount, p.currency, p.source, p.load_id
FROM {subscription_periods} AS p LEFT JOIN {account_roots} AS r ON r.account_id = p.account_id
WHERE coalesce(r.root_id, p.account_id) IN (SELECT unnest($accounts)) AND {when}
ORDER BY p.account_id, p.subscription_id, p.item_id, p.starts_at
"""


@dataclass(frozen=True)
class Reason:
    """One leaf of the formula: its value, how many ledger rows make it, the largest of them, the raw rows behind those."""

    name: str
    value: float | None
    ledger: str
    meaning: str
    total: str
    count: int
    rows: tuple[Mapping[str, Any], ...]
    raw: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Explanation:
    """One number and all that stands behind it."""

    answer: Answer
    row: Row
    formula: str
    calculation: str
    reasons: tuple[Reason, ...]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON: the answer's own keys without its other rows, and what is behind the number."""
        shown = self.answer.to_dict()
        shown["rows"] = [self.row.to_dict(compared=self.answer.compare is not None)]
        return shown | {
            "definition": self.answer.definition.section("Definition"),
            "formula": self.formula,
            "calculation": self.calculation,
            "policy_in_force": self.answer.policy.switches,
            "parts": [
                {
                    "name": reason.name,
                    "value": reason.value,
                    "ledger": reason.ledger,
                    "meaning": reason.meaning,
                    "total": reason.total,
                    "count": reason.count,
                    "rows": [dict(row) for row in reason.rows],
                    "raw": [dict(row) for row in reason.raw],
                }
                for reason in self.reasons
            ],
            "sql": self.answer.sql,
        }


def one(found: list[Explanation]) -> Explanation:
    """The only one.

    Raises:
        UsageError: the question has no number as its answer, or several.
    """
    if len(found) != 1:
        raise _not_so_many(len(found), "one can be explained at a time")
    return found[0]


def explained(
    con: DuckDBPyConnection, settings: Settings, answer: Answer, asked: Asked, limit: int = LIMIT
) -> list[Explanation]:
    """What stands behind each number of the answer to `asked`.

    Args:
        con: The store.
        settings: The company's.
        answer: What was answered.
        asked: The question.
        limit: How many rows of each leaf are shown.

    Raises:
        UsageError: the question has more numbers as its answer than anybody reads.
    """
    if len(answer.rows) > MOST:
        raise _not_so_many(len(answer.rows), f"{MOST} at most can be explained at a time")
    return [explain_row(con, settings, answer, row, asked, limit) for row in answer.rows]


def _not_so_many(count: int, so_many: str) -> UsageError:
    return UsageError(
        f"That question has {count} numbers as its answer, and {so_many}: ask at --grain total, and with --where instead of --by."
    )


def explain_row(
    con: DuckDBPyConnection, settings: Settings, answer: Answer, row: Row, asked: Asked, limit: int = LIMIT
) -> Explanation:
    """What stands behind one row of an answer that was asked as `asked`."""
    where = {name: list(values) for name, values in asked.where.items()}
    if asked.by and row.segment is not None:
        where[asked.by] = [row.segment]
    one = replace(
        asked, since=instant(row.start), until=instant(row.end), grain="total", by=None, where=where, compare=None
    )
    reading = answer.definition.reading(answer.variant, given(settings, answer.policy, answer.hours, answer.now))
    measure = reading.measure
    planned = question(con, settings, reading, answer.policy, one, answer.now)
    leaves = {leaf.name: leaf for leaf in measure.walk() if isinstance(leaf, Leaf)}
    reasons = tuple(_reason(con, planned, leaf, row, limit) for leaf in leaves.values())
    return Explanation(answer, row, measure.text(), _calculation(measure, row), reasons)


def _calculation(measure: Measure, row: Row) -> str:
    """The formula with the values of its parts in the place of their names."""

    def value(found: re.Match[str]) -> str:
        part = row.parts.get(found[0])
        return found[0] if found[0] not in row.parts else written(part)

    return f"{re.sub(r'[a-z_]+', value, measure.text())} = {written(row.value)}"


def written(value: float | None) -> str:
    """A figure for a reader of any language: thousands after a space, and no zeros at the end."""
    return "unknown" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".").replace(",", " ")


def _reason(con: DuckDBPyConnection, planned: Question, leaf: Leaf, row: Row, limit: int) -> Reason:
    sql = leaf_rows(planned, leaf)
    counted = con.execute(f"SELECT count(*) FROM ({sql})").fetchone()  # our own statement
    found = con.execute(f"{sql}\nLIMIT {min(limit, maxsize)}")
    names = [column[0] for column in found.description]
    shown = tuple(
        {name: plain(value) for name, value in zip(names, values, strict=True)} for values in found.fetchall()
    )
    behind = _raw(con, planned, leaf, shown) if leaf.ledger in _PRICED else ()
    return Reason(
        leaf.name,
        row.parts.get(leaf.name),
        leaf.ledger,
        _MEANING[leaf.when],
        _total(leaf),
        int(counted[0]) if counted else 0,
        shown,
        behind,
    )


def _raw(
    con: DuckDBPyConnection, planned: Question, leaf: Leaf, shown: tuple[Mapping[str, Any], ...]
) -> tuple[Mapping[str, Any], ...]:
    """The prices behind the ledger rows that are shown, as they were known to who asks."""
    period = planned.slots.slots[0].period
    accounts = sorted({str(r["account_id"]) for r in shown})
    cut = period.opens if leaf.when == "opening" else period.closes
    if leaf.when in ("opening", "closing"):
        when = f"p.starts_at < {moment(cut)} AND (p.ends_at IS NULL OR p.ends_at >= {moment(cut)})"
    else:
        inside = f"p.{{0}} >= {moment(period.opens)} AND p.{{0}} < {moment(period.closes)}"
        when = f"({inside.format('starts_at')} OR {inside.format('ends_at')})"
    raw = con.execute(_RAW.format(when=when, **planned.tables), {"accounts": accounts})
    titles = [column[0] for column in raw.description]
    return tuple({t: plain(v) for t, v in zip(titles, values, strict=True)} for values in raw.fetchall())


def _total(leaf: Leaf) -> str:
    return f"{leaf.total} where {leaf.where}" if leaf.where else leaf.total
