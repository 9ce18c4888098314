"""Which rows of its ledgers a question is about, and the segment of each: SQL that every statement shares."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tenure.dimensions import BUILT_IN, SUBSCRIPTION_JOIN, TENURES, VALUED, Dimension, placed
from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from tenure.algebra import Measure
    from tenure.window import Slots

ALL = "all"


@dataclass(frozen=True)
class Question:
    """All that the statement depends on.

    `tables` says where each ledger is, `coverage` when the first and the last change of those asked about happened, and
    `unrated` names the currencies that are paid in and have no rate, `columns` those of each ledger; `is_certain` asks for what
    the interval of a median is made of.
    """

    measure: Measure
    slots: Slots
    tables: Mapping[str, str]
    currency: str
    zone: str
    coverage: tuple[datetime | None, datetime | None]
    rate_days: tuple[date, date]
    by: Dimension | None = None
    filters: tuple[tuple[Dimension, tuple[str, ...]], ...] = ()
    trailing: int = 6
    unrated: tuple[str, ...] = ()
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    week_start: str = "monday"
    is_certain: bool = False

    def segments(self, ledger: str, when: str, clock: str = "happened_at") -> bool:
        """Whether the rows of a ledger stand in the segments of the question, or whole beside them."""
        columns = self.columns.get(ledger, frozenset())
        return self.by is None or placed(self.by, ledger, when, columns, clock) is not None


@dataclass(frozen=True)
class Selection:
    """How the rows `r` of a ledger are read: their segment, where they come from, and what they must satisfy.

    What is asked of an account's home is known only beside the periods `d`: it stands in a column of its own, `home_0`
    and on, and is tested one SELECT further out.
    """

    segment: str
    source: str
    conditions: tuple[str, ...] = ()
    homes: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> str:
        """The conditions on `r` as a WHERE, or nothing."""
        return f" WHERE {' AND '.join(self.conditions)}" if self.conditions else ""

    @property
    def home_columns(self) -> str:
        """The columns to test further out, each behind a comma."""
        return "".join(f", {expression} AS home_{i}" for i, (expression, _) in enumerate(self.homes))

    @property
    def home_tests(self) -> list[str]:
        """The tests of these columns."""
        return [f"home_{i} {test}" for i, (_, test) in enumerate(self.homes)]

    @property
    def is_at_home(self) -> bool:
        """Whether it can only be read beside the periods."""
        return bool(self.homes) or " OVER " in self.segment


def selected(question: Question, ledger: str, when: str, *, beside: str = "", clock: str = "happened_at") -> Selection:
    """How a question reads a ledger for a flow, a level or an `each`; `beside` is a join that it needs anyway.

    A dimension that the ledger does not have is left aside; a flow or each of `customers` reads moving dimensions at the
    account's home.
    """
    joins = [beside.format(**question.tables)] if beside else []
    conditions: list[str] = []
    homes: list[tuple[str, str]] = []
    segment = literal(ALL)
    columns = question.columns.get(ledger, frozenset())
    for dimension, values in [*question.filters, *([(question.by, ())] if question.by else [])]:
        place = placed(dimension, ledger, when, columns, clock)
        if place is None:
            continue
        expression, join = place
        home = bool(dimension.home) and ledger == "customers" and when in ("flow", "each")
        if home:
            expression, join = dimension.home, dimension.home_join
        joins += [join.format(**question.tables, zone=question.zone)] if join else []
        expression = expression.format(zone=question.zone)
        if home:
            expression = f"first_value({expression}) OVER (PARTITION BY d.n, r.account_id ORDER BY r.movement)"
        test = f"IN ({', '.join(literal(value) for value in values)})"
        if not values:
            segment = expression
        elif home:
            homes.append((expression, test))
        else:
            conditions.append(f"{expression} {test}")
    source = f"{question.tables[ledger]} AS r" + "".join(f"\n  {join}" for join in dict.fromkeys(joins))
    return Selection(segment, source, tuple(conditions), tuple(homes))


def rows_of(question: Question, ledger: str, when: str, extra: str = "", clock: str = "happened_at") -> tuple[str, str]:
    """A FROM item with the ledger's rows as `r`, their `segment`, and the tenure's transfers where time moves them."""
    chosen = selected(question, ledger, when, beside=SUBSCRIPTION_JOIN if extra else "", clock=clock)
    if chosen.segment == literal(ALL) and not chosen.conditions and not extra:
        return f"{question.tables[ledger]} AS r", chosen.segment
    rows = f"SELECT r.*{extra}, {chosen.segment} AS segment FROM {chosen.source}{chosen.where}"
    if question.by and question.by.kind == "tenure" and not extra and ledger in VALUED:
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
    # The kind of what is pending is what it is a level of; elsewhere a kind is a movement's.
    kind = "r.kind, " if ledger == "pending_revenue" else "'transfer' AS kind, "
    return (
        f"SELECT r.account_id, j.joined_at + to_days(t.days) AS happened_at, {kind}r.valued_in, t.segment, {', '.join(sums)}\n"
        f"  FROM ({rows}) AS r\n"
        f"  {BUILT_IN['tenure'].join.format(**question.tables)}\n"
        f"  CROSS JOIN (VALUES {turns}) AS t(days, segment, sign){rates}\n"
        "  WHERE r.happened_at < j.joined_at + to_days(t.days) GROUP BY ALL"
    )
