"""Words of a question that leave nothing: values of a filter that no row has, an instant before anything was loaded."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tenure import catalog
from tenure.algebra import Leaf
from tenure.dimensions import NONE, VALUED, Dimension
from tenure.query import given, now_of, policy_of, question
from tenure.selection import Question, selected
from tenure.store.layout import literal
from tenure.words import unloaded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.query import Asked

_SHOWN = 10


def unmatched(
    con: DuckDBPyConnection, settings: Settings, metrics: Mapping[str, Metric], name: str, asked: Asked
) -> list[str]:
    """A sentence for each value of a filter that no row of the metric's ledgers has, whenever, with the near miss.

    Where nothing was loaded yet as of when is asked, that is all there is to say.

    Args:
        con: The store.
        settings: The company's.
        metrics: The catalogue.
        name: A metric, an alias, or `metric:variant`.
        asked: The question, which was answered: its words are good.
    """
    if early := unloaded(con, settings, asked):
        return [early]
    if not asked.where:
        return []
    metric, variant = catalog.find(name, metrics)
    policy, now = policy_of(settings, asked), now_of(settings, asked)
    asks = question(
        con, settings, metric.reading(variant, given(settings, policy, asked.hours, now)), policy, asked, now
    )
    return [
        _sentence(con, asks, dimension, value)
        for dimension, values in asks.filters
        for value in values
        if dimension.name != "segment" and not any(_holds(con, rows, value) for rows in _rows(asks, dimension))
    ]


def _rows(asks: Question, dimension: Dimension) -> Iterator[tuple[str, str]]:
    """The value at each row of each ledger that the dimension stands at, and where the rows come from: SQL."""
    alone = replace(asks, by=dimension, filters=())
    leaves = {leaf.ledger: leaf for leaf in asks.measure.walk() if isinstance(leaf, Leaf)}
    for ledger, leaf in leaves.items():
        # Rows of these as of a level are placed by what they say themselves; as of a flow, by where their account is at home.
        when = "level" if ledger in VALUED and dimension.kind != "event" else "flow"
        if alone.segments(ledger, when, leaf.clock):
            chosen = selected(alone, ledger, when, clock=leaf.clock)
            yield chosen.segment, chosen.source


def _holds(con: DuckDBPyConnection, rows: tuple[str, str], value: str) -> bool:
    segment, source = rows
    return bool(con.execute(f"SELECT 1 FROM {source} WHERE {segment} = {literal(value)} LIMIT 1").fetchall())


def _sentence(con: DuckDBPyConnection, asks: Question, dimension: Dimension, value: str) -> str:
    sides = " UNION ".join(f"SELECT {segment} AS segment FROM {source}" for segment, source in _rows(asks, dimension))
    known = [row[0] for row in con.execute(f"SELECT DISTINCT segment FROM ({sides}) ORDER BY segment").fetchall()]
    lower = {one.lower(): one for one in known}
    near = get_close_matches(value.lower(), lower.keys() - {NONE}, n=1, cutoff=0.5)
    meant = f" Did you mean '{lower[near[0]]}'?" if near else ""
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    there = f" There are {', '.join(known[:_SHOWN])}{more}." if known else ""
    return f"No row has the {dimension.name} '{value}'.{meant}{there}"
