"""Which rows of its ledgers a question is about, and the segment of each: SQL that every statement shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenure.dimensions import SUBSCRIPTION_JOIN, TENURES, Dimension

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from tenure.measure import Measure
    from tenure.window import Slots

ALL = "all"


@dataclass(frozen=True)
class Question:
    """All that the statement depends on. `tables` says where each ledger is; `unknown` that some currency has no rate."""

    measure: Measure
    slots: Slots
    tables: Mapping[str, str]
    currency: str
    zone: str
    earliest: datetime
    rate_days: tuple[date, date]
    by: Dimension | None = None
    filters: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    trailing: int = 6
    unknown: bool = False


def literal(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def selected(question: Question, ledger: str, when: str, extra_joins: str = "") -> tuple[str, str, str, list[str]]:
    """How a ledger's rows are read: what is selected of `r`, FROM, WHERE, and conditions on an account's home.

    A level has no event dimension; a flow or each of `customers` reads moving dimensions at the account's home.
    """
    homely = ledger == "customers" and when in ("flow", "each")
    joins = [extra_joins] if extra_joins else []
    conditions: list[str] = []
    at_home: list[str] = []
    segment = literal(ALL)
    for dimension, values in [*question.filters, *([(question.by, ())] if question.by else [])]:
        if dimension.kind == "event" and when == "level":
            continue
        home = homely and bool(dimension.home)
        join = dimension.home_join if home else dimension.join
        joins += [join.format(**question.tables, zone=question.zone)] if join else []
        expression = (dimension.home if home else dimension.expression).format(zone=question.zone)
        if values:
            test = f"{{}} IN ({', '.join(literal(v) for v in values)})"
            if home:
                expression = f"first_value({expression}) OVER (PARTITION BY d.n, r.account_id ORDER BY r.movement)"
                at_home.append(f"{expression} AS home_{len(at_home)}|{test.format(f'home_{len(at_home)}')}")
            else:
                conditions.append(test.format(expression))
        else:
            segment = expression
            if home:
                segment = f"first_value({expression}) OVER (PARTITION BY d.n, r.account_id ORDER BY r.movement)"
    source = f"{question.tables[ledger]} AS r" + "".join(f"\n  {join}" for join in dict.fromkeys(joins))
    return segment, source, " AND ".join(conditions), at_home


def rows_of(question: Question, ledger: str, when: str, extra: str = "") -> tuple[str, str]:
    """A FROM item with the ledger's rows as `r`, their `segment`, and the tenure's transfers where time moves them."""
    joins = SUBSCRIPTION_JOIN if extra else ""
    segment, source, conditions, _ = selected(question, ledger, when, joins)
    where = f" WHERE {conditions}" if conditions else ""
    if segment == literal(ALL) and not where and not extra:
        return f"{question.tables[ledger]} AS r", segment
    rows = f"SELECT r.*{extra}, {segment} AS segment FROM {source}{where}"
    if question.by and question.by.kind == "tenure" and not extra:
        rows += f"\n  UNION ALL BY NAME {_tenure_transfers(question, ledger, rows)}"
    return f"({rows}) AS r", "r.segment"


def _tenure_transfers(question: Question, ledger: str, rows: str) -> str:
    """Rows of kind transfer by which an account's level leaves one tenure for the next as time goes by."""
    turns = ", ".join(
        f"({days}, {literal(name)}, {sign})"
        for i, (days, after) in enumerate(TENURES)
        if i
        for name, sign in ((TENURES[i - 1][1], -1), (after, 1))
    )
    columns = ["accounts", "paying", "worth"] if ledger == "customers" else ["worth"]
    columns += ["list_worth", "amount"] if ledger == "revenue" else []
    first, last = question.rate_days
    sums = []
    for column in columns:
        change = f"t.sign * r.{'worth' if column == 'amount' else column}"
        if column == "amount":
            change += " * f.rate"
        sums.append(f"sum({change}) AS {column}")
    rates = (
        f" LEFT JOIN {question.tables['rates']} AS f ON f.currency = r.valued_in"
        f" AND f.day = least(greatest(CAST(j.joined_at + to_days(t.days) AS DATE), DATE '{first}'), DATE '{last}')"
    )
    kind = "" if ledger == "pending_revenue" else "'transfer' AS kind, "
    kind = "r.kind, " if ledger == "pending_revenue" else kind
    return (
        f"SELECT r.account_id, j.joined_at + to_days(t.days) AS happened_at, {kind}r.valued_in, t.segment, {', '.join(sums)}\n"
        f"  FROM ({rows}) AS r\n"
        f"  JOIN (SELECT account_id, min(happened_at) AS joined_at FROM {question.tables['customers']}"
        f" WHERE kind = 'new' GROUP BY account_id) AS j ON j.account_id = r.account_id\n"
        f"  CROSS JOIN (VALUES {turns}) AS t(days, segment, sign){rates}\n"
        "  WHERE r.happened_at < j.joined_at + to_days(t.days) GROUP BY ALL"
    )
