"""The transfers by which the level of an account leaves one segment for another, as time goes by or an attribute changes.

A level stands where its account is when it is read, not where the account was when the level came about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.dimensions import BUILT_IN, TENURES
from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tenure.dimensions import Dimension

ALL = "all"
"""The segment of a question that has none."""

_LEVELS = {
    "customers": ("accounts", "paying", "worth"),
    "revenue": ("worth", "list_worth", "amount"),
    "pending_revenue": ("worth",),
    "backlog": ("open",),
    "advocates": ("accounts",),
    "affinities": ("accounts", "happy"),
    "health": ("accounts", "scored", "points", "at_risk"),
    "risks": ("worth",),
}


MOVED = {"customers": "customer_moves", "revenue": "revenue_moves"}
"""The ledgers whose transfers between the values of an attribute are ledgers too."""


def transfers(
    tables: Mapping[str, str],
    rate_days: tuple[date, date],
    ledger: str,
    rows: str,
    moving: Dimension,
    *,
    beside: str = "",
    whole: bool = False,
) -> str:
    """SQL: a row of kind transfer for each segment that an account's level leaves or joins.

    Args:
        tables: Where the ledgers are.
        rate_days: The first and the last day that have a rate.
        ledger: The ledger whose levels move.
        rows: The ledger's rows as they are selected.
        moving: The dimension between whose segments they move.
        beside: A further column of `rows` by which the level is kept apart, with a comma before it; its segment stands
            then in `moved`.
        whole: Whether `rows` are all rows of the ledger: what moves is then a ledger itself.
    """
    if whole and moving.kind == "history" and ledger in MOVED:
        place = f"segment AS moved, {literal(ALL)} AS segment" if beside else "segment"
        columns = ", ".join(("account_id", "happened_at", "'transfer' AS kind", "valued_in", place, *_LEVELS[ledger]))
        return f"SELECT {columns} FROM {tables[MOVED[ledger]]} WHERE attribute = {literal(moving.name)}"
    first, last = rate_days
    sums = []
    for column in _LEVELS[ledger]:
        change = f"t.sign * r.{'worth' if column == 'amount' else column}"
        sums.append(f"sum({change}{' * f.rate' if column == 'amount' else ''}) AS {column}")
    rates = (
        f" LEFT JOIN {tables['rates']} AS f ON f.currency = r.valued_in"
        f" AND f.day = least(greatest(CAST(t.turned_at AS DATE), DATE '{first}'), DATE '{last}')"
    )
    # The kind of what is pending is what it is a level of; elsewhere a kind is a movement's.
    kind = "r.kind, " if ledger == "pending_revenue" else "'transfer' AS kind, "
    name = "moved" if beside else "segment"
    return (
        f"SELECT r.account_id, t.turned_at AS happened_at, {kind}r.valued_in, t.segment AS {name}{beside}, {', '.join(sums)}\n"
        f"  FROM ({rows}) AS r\n"
        f"  JOIN ({_turns(tables, moving)}) AS t ON t.account_id = r.account_id AND r.happened_at < t.turned_at{rates}\n"
        "  GROUP BY ALL"
    )


def following(tables: Mapping[str, str], ledger: str, columns: frozenset[str], moving: Iterable[Dimension]) -> str:
    """SQL: the rows of a ledger with `placed_at`, and what its levels move by wherever their account turns.

    A row is placed when it happened. At a turn what stands of the account leaves, placed just before it, and joins, placed at
    it: so all that a question asks of the place may change at once.

    Args:
        tables: Where the ledgers are.
        ledger: The ledger's name.
        columns: Its columns.
        moving: The dimensions between whose segments accounts move.
    """
    levels = _LEVELS[ledger]
    kept = ", ".join(f"r.{name}" for name in sorted(columns - {*levels, "happened_at", "placed_at", "known_at"}))
    sums = ", ".join(f"sum(t.sign * r.{name}) AS {name}" for name in levels)
    some = " OR ".join(f"sum(r.{name}) <> 0" for name in levels)
    turns = " UNION ALL ".join(
        f"SELECT account_id, happened_at AS turned_at FROM {tables['customers']} WHERE kind IN ('new', 'reactivation', 'transfer')"
        if dimension.kind == "row"
        else f"SELECT account_id, turned_at FROM ({_turns(tables, dimension)})"
        for dimension in moving
    )
    return (
        f"(SELECT * REPLACE (happened_at AS placed_at) FROM {tables[ledger]}\n  UNION ALL BY NAME\n"
        f"  SELECT {kept}, r.turned_at AS happened_at, r.turned_at - t.before AS placed_at, {sums}\n"
        f"  FROM (SELECT r.*, t.turned_at FROM {tables[ledger]} AS r\n    JOIN (SELECT DISTINCT * FROM ({turns})) AS t"
        " ON t.account_id = r.account_id AND r.happened_at < t.turned_at) AS r\n"
        "  CROSS JOIN (VALUES (-1, INTERVAL 1 MICROSECOND), (1, INTERVAL 0 MICROSECOND)) AS t(sign, before)\n"
        f"  GROUP BY {kept}, r.turned_at, t.before HAVING {some})"
    )


def _turns(tables: Mapping[str, str], moving: Dimension) -> str:
    """SQL: when an account leaves a segment (sign -1) or joins one (+1)."""
    if moving.kind == "history":
        moves = f"SELECT account_id, happened_at AS turned_at, segment, sign FROM {tables['segment_moves']}"
        return f"{moves} WHERE attribute = {literal(moving.name)}"
    turns = ", ".join(
        f"({days}, {literal(name)}, {sign})"
        for i, (days, after) in enumerate(TENURES)
        if i
        for name, sign in ((TENURES[i - 1][1], -1), (after, 1))
    )
    joined = BUILT_IN["tenure"].join.format(**tables)
    return (
        "SELECT r.account_id, j.joined_at + to_days(v.days) AS turned_at, v.segment, v.sign\n"
        f"    FROM (SELECT DISTINCT account_id FROM {tables['customers']}) AS r {joined}\n"
        f"    CROSS JOIN (VALUES {turns}) AS v(days, segment, sign)\n"
        "    WHERE j.joined_at IS NOT NULL"
    )
