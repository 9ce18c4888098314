"""Parts of a ratio of which it is not known how much belongs to a segment: their rows name no account.

A cost for everybody, a ticket of somebody unknown: with all of it aside, a plan's share would be 0, which is not known to be
true. A sum stays what it is, since such rows stand in a segment of their own; a ratio of the segment is unknown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tenure.algebra import Leaf, Operation
from tenure.dimensions import NONE, VALUED
from tenure.groups import in_period
from tenure.selection import selected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.algebra import Measure
    from tenure.dimensions import Dimension
    from tenure.groups import Ctes, Group
    from tenure.selection import Question

LOST = "_lost"
"""What the columns and the SELECTs of this room end with."""


def leaves(question: Question) -> tuple[Leaf, ...]:
    """The leaves that are divided by another ledger's, where the question asks for segments of accounts.

    What is divided by its own is unknown without rows anyway, and known with them.
    """
    if not _of_accounts(question):
        return ()
    found = {leaf.name: leaf for leaf in _divided(question.measure)}
    return tuple(leaf for leaf in found.values() if "account_id" in question.columns.get(leaf.ledger, ()))


def unowned(question: Question, group: Group) -> Ctes:
    """The SELECT that says, of each period, of which leaves of a group all that could be meant names no account.

    An amount may be everybody's as soon as some of it is nobody's; of what is counted something must be known.
    """
    some = [leaf for leaf in group.leaves if leaf in leaves(question)]
    if not some:
        return []
    elsewhere = _of_accounts(question)
    filters = tuple(pair for pair in question.filters if pair[0] not in elsewhere)
    chosen = selected(replace(question, by=None, filters=filters), group.ledger, "flow", clock=group.clock)
    columns = question.columns[group.ledger]
    nobodys = " AND ".join(
        ["coalesce(r.account_id, '') = ''", *(f"r.{d.name} = '{NONE}'" for d in elsewhere if d.name in columns)]
    )
    tests = []
    for leaf in some:
        where = f" AND ({leaf.where})" if leaf.where else ""
        known = "" if leaf.is_money else f" AND count(*) FILTER (WHERE NOT ({nobodys}){where}) = 0"
        tests.append(f"count(*) FILTER (WHERE {nobodys}{where}) > 0{known} AS {leaf.name}{LOST}")
    body = (
        f"SELECT d.n, {', '.join(tests)}\n  FROM {chosen.source}\n  JOIN period_days AS d ON {in_period(group.clock)}"
        f"{chosen.where}\n  GROUP BY d.n"
    )
    return [(f"{group.name}{LOST}", body)]


def note(question: Question, parts: Mapping[str, float | None]) -> str | None:
    """The sentence on a row of which a part is not known for want of an account; None where there is no such part."""
    lost = [leaf.name for leaf in leaves(question) if leaf.empty == "0" and parts.get(leaf.name) is None]
    if not lost or question.unrated:
        return None
    return f"What stands behind {' and '.join(lost)} names no account: how much of it is this segment's is not known."


def _divided(measure: Measure, by: frozenset[str] | None = None) -> list[Leaf]:
    """The flows that are divided; `by` are the ledgers of what the nearest quotient divides by."""
    match measure:
        case Leaf(when="flow", beside=()) if by is not None and measure.ledger not in by | VALUED:
            return [measure]
        case Operation(sign="/", left=left, right=right):
            ledgers = frozenset(leaf.ledger for leaf in right.walk() if isinstance(leaf, Leaf))
            return _divided(left, ledgers) + _divided(right)
    return [leaf for child in measure.children() for leaf in _divided(child, by)]


def _of_accounts(question: Question) -> list[Dimension]:
    """The dimensions of the question in which a row stands where its account does; not those where nobody is asked for."""
    chosen = [(question.by, ())] if question.by and not question.is_split else []
    return [d for d, values in (*chosen, *question.filters) if d.kind not in ("own", "event") and NONE not in values]
