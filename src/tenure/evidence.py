"""The rows behind one leaf of a formula: what it reduces, largest or latest first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tenure.dimensions import SUBSCRIPTION_JOIN
from tenure.groups import Group, beside_periods, extra_columns, in_period
from tenure.reductions import reduction, window_days
from tenure.selection import rows_of, selected
from tenure.statement import frame
from tenure.window import Slots

if TYPE_CHECKING:
    from tenure.algebra import Leaf
    from tenure.groups import Ctes
    from tenure.selection import Question


def leaf_rows(question: Question, leaf: Leaf) -> str:
    """The SQL of the rows that a leaf reduces, for a question of one period and without `by`; largest first.

    A flow gives the ledger's rows inside the period, a level what stands at its cut by account and item, an `each` the
    accounts that changed, trailing actives the last active day of each.
    """
    # What a formula looks back at is evidence of other periods.
    question = replace(question, slots=Slots(tuple(slot for slot in question.slots.slots if slot.shown), ()))
    ctes = frame(question, [leaf])
    body = {
        "flow": _flow,
        "survival": _flow,
        "each": _each,
        "opening": _level,
        "closing": _level,
        "active": _days,
        "recent": _days,
        "daily": _days,
        "standing": _standing,
        "whole": _whole,
    }[leaf.when](question, leaf, ctes)
    return "WITH " + ",\n".join(f"{name} AS (\n  {text}\n)" for name, text in ctes) + f"\n{body}"


def _each(question: Question, leaf: Leaf, ctes: Ctes) -> str:
    ctes += reduction(question, Group("each", leaf.ledger, "each", (leaf,)))[:1]
    return (
        f"SELECT * EXCLUDE (n, segment) FROM {leaf.ledger}_accounts WHERE {leaf.where or 'true'}"
        " ORDER BY abs(change_at_opening_rate) DESC, account_id"
    )


def _flow(question: Question, leaf: Leaf, _: Ctes) -> str:
    extra = extra_columns([leaf])
    chosen = selected(question, leaf.ledger, "flow", beside=SUBSCRIPTION_JOIN if extra else "", clock=leaf.clock)
    tests = [*chosen.home_tests, *([leaf.where] if leaf.where else [])]
    hidden = ", ".join(["n", "opens", "closes", "segment", *(f"home_{i}" for i in range(len(chosen.homes)))])
    inner = beside_periods(chosen, leaf.clock, extra)
    if question.moving and "kind" not in leaf.where and not chosen.is_at_home:  # transfers count too
        rows, _segment = rows_of(question, leaf.ledger, "flow", extra, leaf.clock)
        inner = f"SELECT d.n, d.opens, d.closes, r.* FROM {rows} JOIN period_days AS d ON {in_period(leaf.clock)}"
    made = "".join(f", {sql} AS {name}" for name, sql in leaf.beside)
    if made:
        inner = f"SELECT *{made} FROM ({inner})"
    order = "abs(amount) DESC" if "amount" in question.columns[leaf.ledger] else leaf.clock
    return f"SELECT * EXCLUDE ({hidden}) FROM ({inner}) WHERE {' AND '.join(tests) or 'true'} ORDER BY {order}, account_id, happened_at"


def _level(question: Question, leaf: Leaf, _: Ctes) -> str:
    rows, _segment = rows_of(question, leaf.ledger, "level", clock=leaf.clock)
    side = "opens" if leaf.when == "opening" else "closes"
    total = f"{leaf.total}{f' FILTER (WHERE {leaf.where})' if leaf.where else ''}"
    columns = question.columns[leaf.ledger]
    keys = [
        key for key in ("account_id", "subscription_id", "ticket_id", "item_id", "plan", "valued_in") if key in columns
    ]
    if leaf.ledger == "customers":
        keys.remove("subscription_id")
    rate, rated = "", ""
    if "valued_in" in columns:
        rate = ", any_value(f.rate) AS rate"
        rated = f"\nLEFT JOIN {question.tables['rates']} AS f ON f.currency = r.valued_in AND f.day = d.{side}_day"
    return (
        f"SELECT {', '.join('r.' + key for key in keys)}, {total} AS standing{rate}\n"
        f"FROM {rows} JOIN periods AS d ON r.{leaf.clock} < d.{side}{rated}\n"
        f"GROUP BY {', '.join('r.' + key for key in keys)} HAVING {total} <> 0 ORDER BY abs({total}) DESC, r.account_id"
    )


def _days(question: Question, leaf: Leaf, _: Ctes) -> str:
    rows, _segment = rows_of(question, leaf.ledger, leaf.when)
    first = "first_day" if leaf.when == "daily" else window_days(leaf)
    inside = f"r.day BETWEEN {first} AND d.last_day"
    if leaf.when != "recent" and not leaf.per:
        latest = "r.next_day IS NULL OR r.next_day > d.last_day" if leaf.when == "active" else "true"
        return (
            f"SELECT r.* EXCLUDE (next_day, happened_at) FROM {rows} JOIN periods AS d ON {inside}\n"
            f"WHERE {latest} ORDER BY r.day DESC, r.account_id"
        )
    return (
        f"SELECT {leaf.owners} FROM {rows} JOIN periods AS d ON {inside} WHERE {leaf.where or 'true'}\n"
        f"GROUP BY {leaf.owners} HAVING {leaf.having or 'true'} ORDER BY {leaf.owners}"
    )


def _standing(question: Question, leaf: Leaf, _: Ctes) -> str:
    rows, _segment = rows_of(question, leaf.ledger, "standing", clock=leaf.clock)
    made = "".join(f", {sql} OVER (PARTITION BY n) AS {name}" for name, sql in leaf.beside)
    inner = f"SELECT d.n, d.opens, d.closes, 'all' AS segment, r.* FROM {rows} JOIN periods AS d ON r.{leaf.clock} < d.closes"
    return (
        f"SELECT * EXCLUDE (n, opens, closes, segment) FROM (SELECT *{made} FROM ({inner})) WHERE {leaf.where or 'true'}"
        f" ORDER BY {leaf.clock}, account_id"
    )


def _whole(question: Question, leaf: Leaf, _: Ctes) -> str:
    return f"SELECT * FROM {question.tables[leaf.ledger]} WHERE {leaf.where or 'true'} ORDER BY happened_at, account_id"
