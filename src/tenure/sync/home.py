"""The last step of a sync, in one transaction of the store: what has arrived takes the place of what stood here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.facts.fact import facts
from tenure.store import warehouse
from tenure.store.connection import importing, transaction
from tenure.store.layout import literal, quoted
from tenure.store.load import bring
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.store.record import Load
    from tenure.sync.stage import Stage


@dataclass(frozen=True)
class Brought:
    """A ledger that comes home: which, where it shall stand, what it is called there, its fingerprint, its columns; whether it
    is added up, and whether only what is other than here comes.
    """  # noqa: D205 - one sentence

    ledger: str
    place: str
    name: str
    mark: str
    is_coarse: bool
    is_difference: bool
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Small:
    """The small tables that come home: their rows, and of which of them these are all."""

    frames: Mapping[str, pa.Table]
    whole: frozenset[str]


def settle(
    con: DuckDBPyConnection, settings: Settings, stage: Stage, small: Small, brought: Iterable[Brought],
    held: warehouse.Held, kept: Mapping[str, Any],
) -> Load:  # fmt: skip
    """Writes everything, or nothing: the small tables through the front door, the ledgers, and what is known of them.

    `held` is what will stand here but for the load's number; `kept` what the next sync needs to know.
    """
    brought = list(brought)
    with importing(con), transaction(con):
        load = bring(con, settings, small.frames, small.whole)
        first = warehouse.held(con) is None
        if first:  # whatever was made here of raw rows that are in the warehouse now
            con.execute("DELETE FROM meta.ledgers")
        for one in brought:
            con.execute(f"CREATE SCHEMA IF NOT EXISTS {one.place.partition('.')[0]}")
            if one.is_difference:
                _change(con, stage, one, load.load_id)
            else:
                con.execute(f"CREATE OR REPLACE TABLE {one.place} AS FROM {stage.place(one.name)}")
                con.execute(f"DELETE FROM meta.ledgers WHERE place = {literal(one.place)}")
                _forget_above(con, one)
        _follow(con, load.load_id)
        warehouse.hold(con, warehouse.Held(**{**held.__dict__, "load_id": load.load_id}))
        warehouse.tell(con, "kept", kept)
        warehouse.tell(con, "run", None)
        stage.clear()
    return load


def _change(con: DuckDBPyConnection, stage: Stage, one: Brought, load_id: int) -> None:
    """Takes rows out and puts rows in, and notes whose they are, so that what is made of the ledger here follows."""
    come, gone = stage.place(f"come_{one.name}"), stage.place(f"gone_{one.name}")
    same = " AND ".join(f"k.{quoted(c)} IS NOT DISTINCT FROM g.{quoted(c)}" for c in one.columns)
    con.execute(f"DELETE FROM {one.place} AS k USING {gone} AS g WHERE {same}")
    con.execute(f"INSERT INTO {one.place} BY NAME FROM {come}")
    source = min(facts()[one.ledger].sources & set(TABLES))
    con.execute(
        f"INSERT INTO meta.touched SELECT {load_id}, {literal(source)}, account_id"
        f" FROM (SELECT account_id FROM {come} UNION SELECT account_id FROM {gone})"
    )


def _follow(con: DuckDBPyConnection, load_id: int) -> None:
    """Notes whose rows follow what the small tables say of subscriptions, plans and rates: `tenure.store.touched` would ask the
    periods, which are in the warehouse; what was made of them knows it too.
    """  # noqa: D205 - one sentence
    if con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'facts' AND table_name = 'item_changes'"
    ).fetchone():
        for table, source, column in (
            ("subscriptions", "subscriptions", "subscription_id"),
            ("plans", "plans", "plan"),
            ("fx_rates", "rates", "currency"),
        ):
            written = (
                f"load_id = {load_id} OR replaced_at = (SELECT loaded_at FROM meta.loads WHERE load_id = {load_id})"
            )
            con.execute(
                f"INSERT INTO meta.touched SELECT DISTINCT {load_id}, '{source}', account_id FROM facts.item_changes"
                f" WHERE {column} IN (SELECT {column} FROM rows.{table} WHERE {written})"
            )


def _forget_above(con: DuckDBPyConnection, one: Brought) -> None:
    """What was made here of a ledger that has come whole is made anew when it is asked for."""
    above = {one.ledger}
    for name, fact in facts().items():
        if above & set(fact.reads):
            above.add(name)
    for name in above:
        con.execute(f"DELETE FROM meta.ledgers WHERE place LIKE '%.{name}'")
