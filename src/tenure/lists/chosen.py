"""Which rows of a ledger a list is about: filtered and named by dimensions in the way in which numbers are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tenure.measure import flow
from tenure.metric import Better, Metric, Unit
from tenure.query import fitting, now_of, policy_of, question
from tenure.selection import selected
from tenure.store import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.query import Asked
    from tenure.selection import Selection

NAMES = """
    SELECT coalesce(r.root_id, a.account_id) AS account_id, arg_min(a.name, a.account_id <> coalesce(r.root_id, a.account_id)) AS name
    FROM accounts AS a LEFT JOIN {account_roots} AS r ON r.account_id = a.account_id WHERE a.name IS NOT NULL GROUP BY 1
"""
"""SQL, to be formatted: what each account that counts is called."""


@dataclass(frozen=True)
class Chosen:
    """How the rows `r` of a ledger are read, where ledgers stand, and what counts as now (naive UTC)."""

    selection: Selection
    tables: Mapping[str, str]
    now: datetime

    @property
    def conditions(self) -> str:
        """The filters as further conditions behind others."""
        return "".join(f" AND {condition}" for condition in self.selection.conditions)


def counted(ledger: str) -> Metric:
    """The rows of a ledger as a number that looks ahead: what a list of them can be filtered and broken down by."""
    return Metric("Rows", flow(ledger, "count(*)", name="rows"), Unit.COUNT, Better.NEITHER, ahead=True)


def dimensions(con: DuckDBPyConnection, settings: Settings, ledger: str) -> list[str]:
    """The names of the dimensions that a list of a ledger's rows knows."""
    return fitting(con, settings, counted(ledger))


def chosen(
    con: DuckDBPyConnection,
    settings: Settings,
    ledger: str,
    asked: Asked,
    beside: Iterable[str] = (),
    when: str = "flow",
) -> Chosen:
    """The rows of `ledger` that the filters of a question leave; the ledgers `beside` are made as well.

    `when` is how dimensions stand at the rows: as of a `flow`, or of a `level`.

    Raises:
        UnknownNameError: a dimension or a policy that there is not.
        UsageError: a dimension that says nothing of the ledger.
    """
    policy, now = policy_of(settings, asked), now_of(settings, asked)
    words = replace(asked, grain="total", since=None, until=None, compare=None)
    asks = question(con, settings, counted(ledger), policy, words, now)
    places = facts.ensure(con, settings, policy, {ledger, *beside})
    return Chosen(selected(asks, ledger, when), {**places, **asks.tables}, now)
