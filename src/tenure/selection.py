"""Which rows of its ledgers a question is about, and the segment of each: SQL that every statement shares."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tenure.dimensions import SUBSCRIPTION_JOIN, VALUED, Dimension, placed
from tenure.store.layout import literal
from tenure.transfers import ALL, following, transfers

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from tenure.algebra import Measure
    from tenure.window import Slots


@dataclass(frozen=True)
class Question:
    """All that the statement depends on.

    `tables` says where each ledger is, `coverage` when the first and the last change of those asked about happened, and
    `unrated` names the currencies that are paid in and have no rate, `columns` those of each ledger; `is_certain` asks for what
    the interval of a median is made of. `missing` says of which tables that it needs nothing was loaded: then no statement is run.
    `is_split` asks for parts that add up over the segments, whether or not a segment's own number is known by them.
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
    missing: tuple[str, ...] = ()
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    week_start: str = "monday"
    is_certain: bool = False
    is_split: bool = False

    @property
    def moving(self) -> Dimension | None:
        """The dimension between whose segments accounts move: how long they have paid, or an attribute with a history."""
        chosen = [*([self.by] if self.by else []), *(dimension for dimension, _ in self.filters)]
        return next((dimension for dimension in chosen if dimension.kind in ("tenure", "history")), None)

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
    place: str
    joins: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    homes: tuple[tuple[str, str], ...] = ()

    @property
    def source(self) -> str:
        """The ledger as `r`, and what is joined to it."""
        return "\n  ".join((f"{self.place} AS r", *self.joins))

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
        found = placed(dimension, ledger, when, columns, clock)
        if found is None:
            continue
        expression, join = found
        home = bool(dimension.home) and ledger == "customers" and when in ("flow", "each")
        if home:
            expression, join = dimension.home, dimension.home_join
        joins += join.format(**question.tables, zone=question.zone).split("\n") if join else []
        expression = expression.format(**question.tables, zone=question.zone)
        if home:
            expression = f"first_value({expression}) OVER (PARTITION BY d.n, r.account_id ORDER BY r.movement)"
        test = f"IN ({', '.join(literal(value) for value in values)})"
        if not values:
            segment = expression
        elif home:
            homes.append((expression, test))
        else:
            conditions.append(f"{expression} {test}")
    place = _place(question, ledger) if when == "level" else question.tables[ledger]
    return Selection(segment, place, tuple(dict.fromkeys(joins)), tuple(conditions), tuple(homes))


def _place(question: Question, ledger: str) -> str:
    """Where the rows of a level are read: the ledger, and beside it what moves with the accounts, where that is asked for."""
    columns = question.columns.get(ledger, frozenset())
    chosen = [*([question.by] if question.by else []), *(dimension for dimension, _ in question.filters)]
    moving = [d for d in chosen if d.kind in ("tenure", "history") or (d.kind == "row" and d.name not in columns)]
    if not moving or "placed_at" not in columns:
        return question.tables[ledger]
    return following(question.tables, ledger, columns, moving)


def rows_of(
    question: Question, ledger: str, when: str, extra: str = "", clock: str = "happened_at", *, moves: bool = True
) -> tuple[str, str]:
    """A FROM item with the ledger's rows as `r`, their `segment`, and the transfers by which a level follows what moves.

    A flow that counts none of them need not have them: `moves` is false. No transfer is of a kind of movement, or for a reason.
    """
    chosen = selected(question, ledger, when, beside=SUBSCRIPTION_JOIN if extra else "", clock=clock)
    if chosen.segment == literal(ALL) and not chosen.conditions and not extra:
        return f"{question.tables[ledger]} AS r", chosen.segment
    moving = question.moving
    asked = [*([question.by] if question.by else []), *(dimension for dimension, _ in question.filters)]
    moves = moves and not extra and not any(dimension.kind == "event" for dimension in asked)
    if moving is None or ledger not in VALUED or not (when == "level" or (when == "flow" and moves)):
        return f"(SELECT r.*{extra}, {chosen.segment} AS segment FROM {chosen.source}{chosen.where}) AS r", "r.segment"
    return f"({_followed(question, ledger, moving, when, clock)}) AS r", "r.segment"


def _followed(question: Question, ledger: str, moving: Dimension, when: str, clock: str) -> str:
    """The rows of a level or a flow, and what moves with them as time or an attribute's history moves accounts between segments."""
    others = tuple(pair for pair in question.filters if pair[0] is not moving)
    still = replace(question, by=None if question.by is moving else question.by, filters=others)
    chosen = selected(still, ledger, when, clock=clock)
    place = selected(replace(question, by=moving, filters=()), ledger, when, clock=clock)
    read = replace(chosen, joins=tuple(dict.fromkeys((*chosen.joins, *place.joins))))
    rows = f"SELECT r.*, {place.segment} AS moved, {read.segment} AS segment FROM {read.source}{read.where}"
    asked = dict(question.filters).get(moving)
    within = f" WHERE moved IN ({', '.join(literal(value) for value in asked)})" if asked else ""
    whole = not others and still.by is None
    moves = transfers(question.tables, question.rate_days, ledger, rows, moving, beside=", r.segment", whole=whole)
    rows = f"{rows}\n  UNION ALL BY NAME {moves}"
    segment = "moved" if question.by is moving else "segment"
    return f"SELECT * EXCLUDE (moved, segment), {segment} AS segment FROM ({rows}){within}"
