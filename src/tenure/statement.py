"""One question, one SQL statement: periods as values, leaves over ledgers, the formula over its parts.

The statement always runs in DuckDB, over the facts. How leaves are reduced stands in `tenure.reductions`.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from tenure.algebra import Before, Fixed, Leaf, MonthlyMean, Span, Trailing
from tenure.calendar import local, period_start
from tenure.groups import CERTAINTY, groups
from tenure.reductions import reduction
from tenure.store.layout import literal
from tenure.transfers import ALL
from tenure.unowned import LOST, leaves, unowned
from tenure.window import local_days, rate_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tenure.algebra import Measure
    from tenure.groups import Ctes, Group
    from tenure.selection import Question
    from tenure.window import Slot

M = TypeVar("M", bound="Measure")

_INSTANT = timedelta(microseconds=1)
_MONTHS_OF_A_DAY = 12 / 365
_MANY = 100
_QUOTED = ("TIMESTAMP", "DATE")
_COLUMNS = {
    "n": "INTEGER", "opens": "TIMESTAMP", "closes": "TIMESTAMP", "opens_day": "DATE", "closes_day": "DATE", "shown": "BOOLEAN",
    "first_day": "DATE", "last_day": "DATE", "days": "INTEGER", "months": "DOUBLE", "since_week": "DATE", "since_month": "DATE",
}  # fmt: skip
_ENDS, _LEVEL = ("opens", "closes"), ("opens", "closes", "opens_day", "closes_day")
_READ = {
    "flow": _ENDS, "survival": _ENDS, "standing": _ENDS, "each": _LEVEL, "opening": _LEVEL, "closing": _LEVEL,
    "active": ("last_day",), "recent": ("last_day",), "daily": ("first_day", "last_day"), "whole": (),
}  # fmt: skip


def statement(question: Question) -> str:
    """The SQL text. Columns: n, segment, value, and each part by name; rows: periods that are shown or compared x segments.

    Beside a median as the whole measure stands how sure it is (`tenure.groups.CERTAINTY`).
    """
    every = _each_once(question.measure, Leaf)
    grouped = groups(every)
    ctes = frame(question, every)
    for group in grouped:
        ctes += reduction(question, group)
        ctes += unowned(question, group)
    ctes += _parts(question, grouped)
    names = [node.name for kind in (Leaf, Fixed, Span, *_EARLIER) for node in _each_once(question.measure, kind)]
    shown = ", ".join([*names, *(CERTAINTY if question.is_certain else ())])
    compared = _compared(question)
    needed = [str(slot.n) for slot in question.slots.slots if slot.shown or slot.n in compared]
    where = f"WHERE n IN ({', '.join(needed)}) " if len(needed) < len(question.slots.slots) else ""
    return (
        "WITH "
        + ",\n".join(f"{name} AS (\n  {body}\n)" for name, body in ctes)
        + f"\nSELECT n, segment, value, {shown}\nFROM answer\n{where}ORDER BY n, segment"
    )


def moment(value: datetime) -> str:
    """A naive UTC instant as SQL writes it."""
    return f"TIMESTAMP '{value.isoformat(sep=' ')}'"


def _compared(question: Question) -> set[int]:
    return {slot.compared for slot in question.slots.slots if slot.compared}


def frame(question: Question, leaves: Iterable[Leaf]) -> Ctes:
    """The periods as values, the days by which rows meet them, and the cuts at which levels are read."""
    leaves = list(leaves)
    ctes: Ctes = [_periods(question, leaves)]
    whens = {leaf.when for leaf in leaves}
    if whens & {"flow", "each", "survival"}:
        days = "CAST(unnest(range(date_trunc('day', opens), closes, INTERVAL 1 DAY)) AS DATE) AS day"
        rated = "opens_day, " if "each" in whens else ""
        ctes.append(("period_days", f"SELECT n, opens, closes, {rated}{days}\n  FROM periods"))
    if whens & {"opening", "closing"}:
        levels = [leaf for leaf in leaves if leaf.when in ("opening", "closing")]
        known = question.coverage[0] if all(leaf.clock == "happened_at" for leaf in levels) else None
        earliest = moment(known) if known else "TIMESTAMP '1970-01-01 00:00:00'"
        ctes += [
            (
                "cuts",
                f"SELECT cut, rate_day, lag(cut, 1, {earliest}) OVER (ORDER BY cut) AS after\n"
                "  FROM (SELECT opens AS cut, opens_day AS rate_day FROM periods UNION SELECT closes, closes_day FROM periods)",
            ),
            (
                "cut_days",
                "SELECT cut, after, CAST(unnest(range(date_trunc('day', after), cut, INTERVAL 1 DAY)) AS DATE) AS day FROM cuts",
            ),
        ]
    return ctes


def _periods(question: Question, leaves: Iterable[Leaf]) -> tuple[str, str]:
    """The periods, with those columns that the leaves read."""
    needed = {"n", "shown"} if question.by else {"n"}
    for leaf in leaves:
        needed |= {*_READ[leaf.when], *([f"since_{leaf.since}"] if leaf.since else [])}
    needed |= {span.unit for span in _each_once(question.measure, Span)}
    columns = {name: kind for name, kind in _COLUMNS.items() if name in needed}
    rows = [_slot(question, slot, columns) for slot in question.slots.slots]
    if len(rows) < _MANY:
        written = ",\n    ".join(
            f"({', '.join(f'{kind} {row[name]!r}' if kind in _QUOTED else row[name] for name, kind in columns.items())})"
            for row in rows
        )
        return f"periods({', '.join(columns)})", f"VALUES\n    {written}"
    # So many rows of literals take longer to read than all the rest.
    lists = (f"{_listed([row[name] for row in rows], kind)} AS {name}" for name, kind in columns.items())
    return "periods", "SELECT " + ",\n    ".join(lists)


def _listed(values: list[str], kind: str) -> str:
    """A column's values as rows: a range where they follow one another, else one literal for the whole list."""
    first, last = values[0], values[-1]
    if kind == "INTEGER" and values == [str(n) for n in range(int(first), int(last) + 1)]:
        return f"unnest(range({first}, {int(last) + 1}))"
    if kind == "DATE" and values == [str(date.fromisoformat(first) + timedelta(days=n)) for n in range(len(values))]:
        return f"CAST(unnest(range(DATE '{first}', DATE '{last}' + 1, INTERVAL 1 DAY)) AS DATE)"
    return f"unnest(CAST('[{', '.join(values)}]' AS {kind}[]))"


def _slot(question: Question, slot: Slot, columns: Mapping[str, str]) -> dict[str, str]:
    """The columns of one period, as text: those that are wanted."""
    opens, closes = slot.period.opens, slot.period.closes
    row = {"n": str(slot.n), "opens": str(opens), "closes": str(closes), "shown": str(slot.shown).lower()}
    if "opens_day" in columns:
        row |= {
            name: str(rate_day(cut, *question.rate_days))
            for name, cut in (("opens_day", opens), ("closes_day", closes))
        }
    if columns.keys() & {"first_day", "last_day", "days", "months", "since_week", "since_month"}:
        zone = ZoneInfo(question.zone)
        first, last = local_days(slot.period, zone)
        row |= {"first_day": str(first), "last_day": str(last)}
        if "days" in columns:
            row["days"] = str((last - first).days + 1)
        if "months" in columns:
            row["months"] = str(_months(opens, closes, (last - first).days + 1, zone))
        for grain in ("week", "month"):
            if f"since_{grain}" in columns:
                begun = period_start(max(closes - _INSTANT, opens), grain, zone, question.week_start)
                row[f"since_{grain}"] = str(local(begun, zone).date())
    return row


def _months(opens: datetime, closes: datetime, days: int, zone: ZoneInfo) -> float:
    """The months of a period: a whole number between two firsts, or two equal days, of a month; else by its days."""
    first, last = local(opens, zone), local(closes, zone)
    if (first.day, first.time()) == (last.day, last.time()):
        return float((last.year - first.year) * 12 + last.month - first.month)
    return days * _MONTHS_OF_A_DAY


def _parts(question: Question, grouped: Iterable[Group]) -> Ctes:
    """Every part of every period and segment in one row, those of earlier periods beside it, and the formula over them."""
    columns: list[str] = []
    joins: list[str] = []
    seen: list[str] = []
    for group in grouped:
        one, beside = _joined(question, group)
        columns += one
        joins += beside
        if (
            question.by is not None
            and question.segments(group.ledger, group.when, group.clock)
            and group.when != "whole"
        ):
            seen.append(_seen(group))
    columns += [f"{node.number!r} AS {node.name}" for node in _each_once(question.measure, Fixed)]
    columns += [f"f.{node.unit} AS {node.name}" for node in _each_once(question.measure, Span)]
    segments = f"SELECT {literal(ALL)} AS segment" if question.by is None else " UNION ".join(seen)
    ctes: Ctes = [
        ("frame", f"SELECT * FROM periods CROSS JOIN ({segments})"),
        ("parts", "SELECT f.*, " + ",\n    ".join(columns) + "\n  FROM frame AS f\n  " + "\n  ".join(joins)),
    ]
    nodes: list[Before | Trailing | MonthlyMean] = [
        *_each_once(question.measure, Before), *_each_once(question.measure, Trailing), *_each_once(question.measure, MonthlyMean)
    ]  # fmt: skip
    if not nodes:
        return [*ctes, ("answer", f"SELECT *, {question.measure.sql()} AS value FROM parts")]
    for name, pairs in (("ancestors", question.slots.ancestors), ("months_before", question.slots.months)):
        if pairs:
            ctes.append((f"{name}(n, k, earlier)", "VALUES " + ", ".join(f"({n}, {k}, {m})" for n, k, m in pairs)))
    for node in nodes:
        ctes.append((f"{node.name}_earlier", _earlier(question, node)))
    beside = [f"LEFT JOIN {node.name}_earlier USING (n, segment)" for node in nodes]
    return [*ctes, ("answer", f"SELECT *, {question.measure.sql()} AS value\n  FROM parts {' '.join(beside)}")]


def _joined(question: Question, group: Group) -> tuple[list[str], list[str]]:
    """The columns of a group's leaves beside each period and segment, and the joins by which they come there."""
    columns, joins, unknown = [], [], leaves(question)
    sides: Mapping[str, str] = {"opening": "opens", "closing": "closes"} if group.when == "level" else {group.when: "n"}
    # What does not stand in the segments of the question stands whole beside each of them.
    same = question.by is not None and question.segments(group.ledger, group.when, group.clock)
    for side, key in sides.items():
        some = [leaf for leaf in group.leaves if leaf.when == side]
        if not some:
            continue
        alias = f"{group.name}_{side}" if group.when == "level" else f"{group.name}_part"
        match = f"{alias}.{'cut' if group.when == 'level' else 'n'} = f.{key}"
        joined = f"LEFT JOIN {group.name} AS {alias} ON {match}" + (f" AND {alias}.segment = f.segment" if same else "")
        joins.append(f"CROSS JOIN {group.name} AS {alias}" if group.when == "whole" else joined)
        lost = [leaf for leaf in some if leaf in unknown]
        joins += [f"LEFT JOIN {group.name}{LOST} ON {group.name}{LOST}.n = f.n"] if lost else []
        for leaf in some:
            value = _or_empty(question, alias, group.column(leaf), leaf)
            if leaf in lost:
                value = f"CASE WHEN {group.name}{LOST}.{leaf.name}{LOST} AND {value} = 0 THEN NULL ELSE {value} END"
            columns.append(f"{value} AS {leaf.name}")
        if question.is_certain and any(leaf is question.measure for leaf in some):
            columns += [f"{alias}.{name}" for name in CERTAINTY]
    return columns, joins


def _earlier(question: Question, node: Before | Trailing | MonthlyMean) -> str:
    """The value of a measure some periods before, or its mean over some."""
    pairs = "months_before" if isinstance(node, MonthlyMean) else "ancestors"
    reach = {
        Before: f"a.k = {getattr(node, 'periods', 0)}",
        Trailing: f"a.k < {question.trailing}",
        MonthlyMean: f"a.k <= {getattr(node, 'months', 0)}",
    }[type(node)]
    value = node.inner.sql()
    # a mean of fractions depends on the order in which they are added: it is that of the periods, whatever lies where
    reduced = f"any_value({value})" if isinstance(node, Before) else f"avg({value} ORDER BY a.k)"
    return (
        f"SELECT a.n, p.segment, {reduced} AS {node.name}\n"
        f"  FROM {pairs} AS a JOIN parts AS p ON p.n = a.earlier\n  WHERE {reach}\n  GROUP BY a.n, p.segment"
    )


def _or_empty(question: Question, alias: str, column: str, leaf: Leaf) -> str:
    if leaf.empty == "NULL":
        return f"{alias}.{column}"
    if question.unrated and leaf.is_money:
        return f"CASE WHEN {alias}.segment IS NULL THEN 0 ELSE {alias}.{column} END"
    return f"coalesce({alias}.{column}, 0)"


def _seen(group: Group) -> str:
    """The segments that have something to show: rows in a shown period, or a level that is not zero."""
    if group.when != "level":
        return f"SELECT DISTINCT segment FROM {group.name} JOIN periods USING (n) WHERE shown"
    some = " OR ".join(f"{name} IS DISTINCT FROM 0" for name, _ in group.columns())
    return f"SELECT DISTINCT segment FROM {group.name} JOIN periods ON cut IN (opens, closes) WHERE shown AND ({some})"


_EARLIER = (Before, Trailing, MonthlyMean)


def _each_once(measure: Measure, kind: type[M]) -> list[M]:
    """The nodes of a kind that have a name, by name."""
    return list({getattr(node, "name", ""): node for node in measure.walk() if isinstance(node, kind)}.values())
