"""One question, one SQL statement: leaves over ledgers, periods as values, the formula over its parts.

The statement always runs in DuckDB, over the facts. Rows meet their period by UTC day, with the exact range beside it;
a level is the sum of what happened between two cuts, summed up over the cuts; foreign money is revalued at each cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.dimensions import SUBSCRIPTION_COLUMNS, SUBSCRIPTION_JOIN
from tenure.algebra import Before, Leaf, Trailing
from tenure.selection import ALL, Selection, rows_of, selected
from tenure.store.layout import literal
from tenure.window import rate_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from tenure.algebra import Measure
    from tenure.selection import Question

_IN_PERIOD = "d.day = CAST(r.happened_at AS DATE) AND r.happened_at >= d.opens AND r.happened_at < d.closes"


Ctes = list[tuple[str, str]]


def statement(question: Question) -> str:
    """The SQL text. Columns: n, segment, value, previous, and each part by name; rows: shown periods x segments."""
    leaves = list({leaf.name: leaf for leaf in question.measure.walk() if isinstance(leaf, Leaf)}.values())
    ctes = _frame(question, leaves)
    groups: dict[tuple[str, str], list[Leaf]] = {}
    for leaf in leaves:
        groups.setdefault((leaf.ledger, "level" if leaf.when in ("opening", "closing") else leaf.when), []).append(leaf)
    for (ledger, when), some in groups.items():
        ctes += {"flow": _flow, "each": _each, "level": _level}[when](question, ledger, some)
    ctes += _parts(question, groups)
    names = [leaf.name for leaf in leaves] + [node.name for node in _earlier_nodes(question.measure)]
    shown = ", ".join(f"a.{name}" for name in names)
    compared = any(slot.compared for slot in question.slots.slots)
    previous = "b.value" if compared else "NULL"
    beside = " LEFT JOIN answer AS b ON b.n = a.compared AND b.segment = a.segment" if compared else ""
    return (
        "WITH "
        + ",\n".join(f"{name} AS (\n  {body}\n)" for name, body in ctes)
        + f"\nSELECT a.n, a.segment, a.value, {previous} AS previous, {shown}\n"
        + f"FROM answer AS a{beside}\nWHERE a.shown ORDER BY a.opens, a.segment"
    )


def moment(value: datetime) -> str:
    """A naive UTC instant as SQL writes it."""
    return f"TIMESTAMP '{value.isoformat(sep=' ')}'"


def _frame(question: Question, leaves: Iterable[Leaf]) -> Ctes:
    """The periods as values, the days by which rows meet them, and the cuts at which levels are read."""
    first, last = question.rate_days
    rows = ",\n    ".join(
        f"({s.n}, {moment(s.period.opens)}, {moment(s.period.closes)}, DATE '{rate_day(s.period.opens, first, last)}', "
        f"DATE '{rate_day(s.period.closes, first, last)}', {str(s.shown).lower()}, {s.compared or 'NULL'})"
        for s in question.slots.slots
    )
    ctes: Ctes = [
        ("periods(n, opens, closes, opens_day, closes_day, shown, compared)", f"VALUES\n    {rows}"),
    ]
    whens = {leaf.when for leaf in leaves}
    earliest = moment(question.coverage[0]) if question.coverage[0] else "cut"
    if whens & {"flow", "each"}:
        ctes.append(
            (
                "period_days",
                "SELECT n, opens, closes, opens_day, CAST(unnest(range(date_trunc('day', opens), closes, INTERVAL 1 DAY)) AS DATE) AS day\n"
                "  FROM periods",
            )
        )
    if whens & {"opening", "closing"}:
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


def _total(question: Question, leaf: Leaf) -> str:
    """The reduction with its filter; money of which some has no rate is unknown, not left out."""
    where = f" FILTER (WHERE {leaf.where})" if leaf.where else ""
    total = f"{leaf.total}{where}"
    if question.unrated and leaf.is_money and leaf.when in ("flow", "each"):
        column = "amount" if "amount" in leaf.total else "change_at_opening_rate"
        gaps = f"count(*) FILTER (WHERE {column} IS NULL{f' AND ({leaf.where})' if leaf.where else ''})"
        total = f"CASE WHEN {gaps} = 0 THEN coalesce({total}, 0) END"
    return f"{total} AS {leaf.name}"


def _extra_columns(leaves: Iterable[Leaf]) -> str:
    """Columns of the subscription that a leaf's own filter speaks of."""
    wanted = [
        f", {place} AS {name}"
        for name, place in SUBSCRIPTION_COLUMNS.items()
        if any(name in leaf.where for leaf in leaves)
    ]
    return "".join(wanted)


def _flow(question: Question, ledger: str, leaves: list[Leaf]) -> Ctes:
    totals = ", ".join(_total(question, leaf) for leaf in leaves)
    extra = _extra_columns(leaves)
    chosen = selected(question, ledger, "flow", beside=SUBSCRIPTION_JOIN if extra else "")
    if chosen.is_at_home:
        rows = _beside_periods(chosen, extra)
        tests = f" WHERE {' AND '.join(chosen.home_tests)}" if chosen.homes else ""
        return [
            (f"{ledger}_flow", f"SELECT n, segment, {totals}\n  FROM (\n    {rows}\n  ){tests}\n  GROUP BY n, segment")
        ]
    rows, segment = rows_of(question, ledger, "flow", extra)
    grouped = "d.n" if segment == literal(ALL) else f"d.n, {segment}"
    # Rows that no leaf counts still say which segments there are; without segments they need not meet the periods.
    counted = [leaf.where for leaf in leaves]
    where = f"\n  WHERE {' OR '.join(counted)}" if all(counted) and not question.by else ""
    joined = f"{rows}\n  JOIN period_days AS d ON {_IN_PERIOD}{where}"
    body = f"SELECT d.n, {segment} AS segment, {totals}\n  FROM {joined}\n  GROUP BY {grouped}"
    return [(f"{ledger}_flow", body)]


def _beside_periods(chosen: Selection, extra: str = "", joins: str = "") -> str:
    """The selected rows, each beside the periods that it falls into."""
    return (
        f"SELECT d.n, r.*{extra}, {chosen.segment} AS segment{chosen.home_columns}\n    FROM {chosen.source}\n"
        f"    JOIN period_days AS d ON {_IN_PERIOD}{joins}{chosen.where}"
    )


def _each(question: Question, ledger: str, leaves: list[Leaf]) -> Ctes:
    """One row per account and period first: what it changed by, at the opening's rates, and how it stood before and after."""
    chosen = selected(question, ledger, "each")
    rates = f"\n    LEFT JOIN {question.tables['rates']} AS f ON f.currency = r.valued_in AND f.day = d.opens_day"
    tests = f" WHERE {' AND '.join(chosen.home_tests)}" if chosen.homes else ""
    worth = (
        f"CASE WHEN valued_in = {literal(question.currency)} THEN worth ELSE CAST(worth AS DECIMAL(22, 4)) * rate END"
    )
    gaps = (
        "CASE WHEN count(*) FILTER (WHERE rate IS NULL) > 0 THEN NULL ELSE sum(change) END"
        if question.unrated
        else "sum(change)"
    )
    accounts = (
        f"SELECT n, account_id, any_value(segment) AS segment, {gaps} AS change_at_opening_rate,\n"
        "    arg_min(paid_before, movement) AS paid_before, arg_max(paid_after, movement) AS paid_after,\n"
        "    arg_min(kept_before, movement) AS kept_before, arg_max(kept_after, movement) AS kept_after\n"
        f"  FROM (\n    SELECT *, {worth} AS change FROM (\n    {_beside_periods(chosen, ', f.rate', rates)}\n    ){tests}\n  )\n"
        "  GROUP BY n, account_id"
    )
    totals = ", ".join(_total(question, leaf) for leaf in leaves)
    return [
        (f"{ledger}_accounts", accounts),
        (f"{ledger}_each", f"SELECT n, segment, {totals}\n  FROM {ledger}_accounts\n  GROUP BY n, segment"),
    ]


def _level(question: Question, ledger: str, leaves: list[Leaf]) -> Ctes:
    rows, segment = rows_of(question, ledger, "level")
    kinds: dict[tuple[str, str], Leaf] = {}
    for leaf in leaves:
        kinds.setdefault((leaf.total, leaf.where), leaf)
    columns = [(f"level_{i}", leaf) for i, leaf in enumerate(kinds.values(), 1)]
    if question.unrated:  # what a policy values at once is null where there is no rate: the level of it is unknown
        columns += [(f"{name}_gaps", _gaps(leaf)) for name, leaf in columns if leaf.is_money]
    sums = ", ".join(
        f"{leaf.total}{f' FILTER (WHERE {leaf.where})' if leaf.where else ''} AS {name}" for name, leaf in columns
    )
    runs = ", ".join(
        f"sum(coalesce(m.{name}, 0)) OVER (PARTITION BY s.valued_in, s.segment ORDER BY c.cut) AS {name}"
        for name, _ in columns
    )
    values = ", ".join(f"{_revalued(question, name, leaf)} AS {name}" for name, leaf in columns)
    return [
        (
            f"{ledger}_sums",
            f"SELECT d.cut, r.valued_in, {segment} AS segment, {sums}\n  FROM {rows}\n"
            "  JOIN cut_days AS d ON d.day = CAST(r.happened_at AS DATE) AND r.happened_at >= d.after AND r.happened_at < d.cut\n"
            "  GROUP BY ALL",
        ),
        (
            f"{ledger}_levels",
            f"SELECT c.cut, c.rate_day, s.valued_in, s.segment, {runs}\n"
            f"  FROM cuts AS c CROSS JOIN (SELECT DISTINCT valued_in, segment FROM {ledger}_sums) AS s\n"
            f"  LEFT JOIN {ledger}_sums AS m ON m.cut = c.cut AND m.valued_in = s.valued_in AND m.segment = s.segment",
        ),
        (
            f"{ledger}_level",
            f"SELECT l.cut, l.segment, {values}\n  FROM {ledger}_levels AS l\n"
            f"  LEFT JOIN {question.tables['rates']} AS f ON f.currency = l.valued_in AND f.day = l.rate_day\n  GROUP BY l.cut, l.segment",
        ),
    ]


def _gaps(leaf: Leaf) -> Leaf:
    """How many rows of a level have no value."""
    test = "worth IS NULL OR list_worth IS NULL" if "list_worth" in leaf.total else "worth IS NULL"
    return Leaf(
        leaf.name, leaf.when, leaf.ledger, "count(*)", f"({test})" + (f" AND ({leaf.where})" if leaf.where else "")
    )


def _revalued(question: Question, name: str, leaf: Leaf) -> str:
    if not leaf.is_money:
        return f"sum(l.{name})"
    own = f"CASE WHEN l.valued_in = {literal(question.currency)} THEN l.{name} ELSE CAST(l.{name} AS DECIMAL(22, 4)) * f.rate END"
    if question.unrated:
        unknown = f"bool_or((f.rate IS NULL AND l.{name} <> 0) OR l.{name}_gaps > 0)"
        return f"CASE WHEN {unknown} THEN NULL ELSE sum(CASE WHEN l.{name} = 0 THEN 0 ELSE {own} END) END"
    return f"sum({own})"


def _parts(question: Question, groups: Mapping[tuple[str, str], list[Leaf]]) -> Ctes:
    """Every part of every period and segment in one row, those of earlier periods beside it, and the formula over them."""
    columns, joins, seen = [], [], []
    for (ledger, when), leaves in groups.items():
        name = f"{ledger}_{when}"
        # A level has no event dimension: it stands whole beside each segment.
        whole = when == "level" and question.by is not None and question.by.kind == "event"
        seen += [] if whole else [_seen(name, when, leaves)]
        sides = {"opening": "opens", "closing": "closes"} if when == "level" else {when: "n"}
        totals = list(dict.fromkeys((leaf.total, leaf.where) for leaf in leaves))
        for side, key in sides.items():
            some = [leaf for leaf in leaves if leaf.when == side]
            if not some:
                continue
            alias = f"{ledger}_{side}"
            match = f"{alias}.{'cut' if when == 'level' else 'n'} = f.{key}"
            joins.append(
                f"LEFT JOIN {name} AS {alias} ON {match}" + ("" if whole else f" AND {alias}.segment = f.segment")
            )
            for leaf in some:
                column = f"level_{totals.index((leaf.total, leaf.where)) + 1}" if when == "level" else leaf.name
                columns.append(_or_empty(question, f"{alias}.{column}", leaf, alias) + f" AS {leaf.name}")
    segments = f"SELECT {literal(ALL)} AS segment" if question.by is None else " UNION ".join(seen)
    ctes: Ctes = [
        ("frame", f"SELECT * FROM periods CROSS JOIN ({segments})"),
        ("parts", "SELECT f.*, " + ",\n    ".join(columns) + "\n  FROM frame AS f\n  " + "\n  ".join(joins)),
    ]
    nodes = _earlier_nodes(question.measure)
    if not nodes:
        return [*ctes, ("answer", f"SELECT *, {question.measure.sql()} AS value FROM parts")]
    pairs = ", ".join(f"({n}, {k}, {m})" for n, k, m in question.slots.ancestors)
    ctes.append(("ancestors(n, k, earlier)", f"VALUES {pairs}"))
    beside = []
    for node in nodes:
        reach = f"a.k < {question.trailing}" if isinstance(node, Trailing) else f"a.k = {node.periods}"
        ctes.append(
            (
                f"{node.name}_earlier",
                f"SELECT a.n, p.segment, {'avg' if isinstance(node, Trailing) else 'any_value'}({node.inner.sql()}) AS {node.name}\n"
                f"  FROM ancestors AS a JOIN parts AS p ON p.n = a.earlier\n  WHERE {reach}\n  GROUP BY a.n, p.segment",
            )
        )
        beside.append(f"LEFT JOIN {node.name}_earlier USING (n, segment)")
    return [*ctes, ("answer", f"SELECT *, {question.measure.sql()} AS value\n  FROM parts {' '.join(beside)}")]


def _or_empty(question: Question, column: str, leaf: Leaf, alias: str) -> str:
    if leaf.empty == "NULL":
        return column
    if question.unrated and leaf.is_money:
        return f"CASE WHEN {alias}.segment IS NULL THEN 0 ELSE {column} END"
    return f"coalesce({column}, 0)"


def _seen(name: str, when: str, leaves: list[Leaf]) -> str:
    """The segments that have something to show: rows in a shown period, or a level that is not zero."""
    if when != "level":
        return f"SELECT DISTINCT segment FROM {name} JOIN periods USING (n) WHERE shown"
    count = len(dict.fromkeys((leaf.total, leaf.where) for leaf in leaves))
    some = " OR ".join(f"level_{i} IS DISTINCT FROM 0" for i in range(1, count + 1))
    return f"SELECT DISTINCT segment FROM {name} JOIN periods ON cut IN (opens, closes) WHERE shown AND ({some})"


def _earlier_nodes(measure: Measure) -> list[Before | Trailing]:
    return list({node.name: node for node in measure.walk() if isinstance(node, Before | Trailing)}.values())


def leaf_rows(question: Question, leaf: Leaf) -> str:
    """The SQL of the rows that a leaf reduces, for a question of one period and without `by`; largest first.

    A flow gives the ledger's rows inside the period, a level what stands at its cut by account and item, an `each` the
    accounts that changed.
    """
    ctes = _frame(question, [leaf])
    if leaf.when == "each":
        ctes += _each(question, leaf.ledger, [leaf])[:1]
        body = (
            f"SELECT * EXCLUDE (n, segment) FROM {leaf.ledger}_accounts WHERE {leaf.where or 'true'}"
            " ORDER BY abs(change_at_opening_rate) DESC, account_id"
        )
    elif leaf.when == "flow":
        extra = _extra_columns([leaf])
        chosen = selected(question, leaf.ledger, "flow", beside=SUBSCRIPTION_JOIN if extra else "")
        tests = [*chosen.home_tests, *([leaf.where] if leaf.where else [])]
        hidden = f" EXCLUDE ({', '.join(['n', 'segment', *(f'home_{i}' for i in range(len(chosen.homes)))])})"
        inner = _beside_periods(chosen, extra)
        order = "abs(amount) DESC" if leaf.ledger == "revenue" else "happened_at"
        body = f"SELECT *{hidden} FROM ({inner}) WHERE {' AND '.join(tests) or 'true'} ORDER BY {order}, account_id, happened_at"
    else:
        rows, _ = rows_of(question, leaf.ledger, "level")
        side = "opens" if leaf.when == "opening" else "closes"
        keys = (
            "account_id, plan, valued_in"
            if leaf.ledger == "customers"
            else "account_id, subscription_id, item_id, plan, valued_in"
        )
        body = (
            f"SELECT r.{keys.replace(', ', ', r.')}, {leaf.total} AS standing, any_value(f.rate) AS rate\n"
            f"FROM {rows} JOIN periods AS d ON r.happened_at < d.{side}\n"
            f"LEFT JOIN {question.tables['rates']} AS f ON f.currency = r.valued_in AND f.day = d.{side}_day\n"
            f"WHERE {leaf.where or 'true'} GROUP BY ALL HAVING {leaf.total} <> 0 ORDER BY abs({leaf.total}) DESC, r.account_id"
        )
    return "WITH " + ",\n".join(f"{name} AS (\n  {text}\n)" for name, text in ctes) + f"\n{body}"
