"""How the rows of a ledger are reduced to the leaves of a formula: one chain of named SELECTs per group of leaves.

Rows meet their period by UTC day, with the exact range beside it; a level is the sum of what happened between two cuts,
summed up over the cuts, foreign money revalued at each; who was active in a trailing window is a running sum of those who
come into it and those who fall out of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tenure.dimensions import SUBSCRIPTION_JOIN
from tenure.finer import WEIGHT
from tenure.groups import CERTAINTY, beside_periods, extra_columns, in_period, total
from tenure.intervals import Z
from tenure.selection import rows_of, selected
from tenure.store.layout import literal
from tenure.transfers import ALL
from tenure.window import local_days

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenure.algebra import Leaf
    from tenure.groups import Ctes, Group
    from tenure.selection import Question

_WINDOWS = 6


def reduction(question: Question, group: Group) -> Ctes:
    """The SELECTs of a group; the last one has its name, and by period or cut and segment a column for each leaf."""
    return {
        "flow": _flow,
        "each": _each,
        "level": _level,
        "active": _active,
        "recent": _recent,
        "daily": _daily,
        "survival": _survival,
        "standing": _standing,
        "whole": _whole,
    }[group.when](question, group)


def _flow(question: Question, group: Group) -> Ctes:
    leaves, clock = group.leaves, group.clock
    beside = _sorted(question, leaves)
    totals = ", ".join([*(total(question, leaf) for leaf in leaves), *beside])
    name, certainty = (f"{group.name}_values", _certainty(group.name)) if beside else (group.name, [])
    extra = extra_columns(leaves)
    chosen = selected(question, group.ledger, "flow", beside=SUBSCRIPTION_JOIN if extra else "", clock=clock)
    if chosen.is_at_home or leaves[0].beside:
        rows = beside_periods(chosen, clock, extra)
        made = ", ".join(f"{sql} AS {name}" for name, sql in leaves[0].beside)
        if made:
            rows = f"SELECT *, {made}\n    FROM ({rows})"
        tests = f" WHERE {' AND '.join(chosen.home_tests)}" if chosen.homes else ""
        body = f"SELECT n, segment, {totals}\n  FROM (\n    {rows}\n  ){tests}\n  GROUP BY n, segment"
        return [(name, body), *certainty]
    # A leaf that names the kind of its rows counts no transfers.
    moves = any("kind" not in leaf.where for leaf in leaves)
    rows, segment = rows_of(question, group.ledger, "flow", extra, clock, moves=moves)
    grouped = "d.n" if segment == literal(ALL) else f"d.n, {segment}"
    # Rows that no leaf counts still say which segments there are; without segments they need not meet the periods.
    counted = [leaf.where for leaf in leaves]
    where = f"\n  WHERE {' OR '.join(counted)}" if all(counted) and not question.by else ""
    joined = f"{rows}\n  JOIN period_days AS d ON {in_period(clock)}{where}"
    return [(name, f"SELECT d.n, {segment} AS segment, {totals}\n  FROM {joined}\n  GROUP BY {grouped}"), *certainty]


def _sorted(question: Question, leaves: Iterable[Leaf]) -> list[str]:
    """Beside a median that is the whole answer: the number of values, and all of them in order."""
    leaf = next((leaf for leaf in leaves if leaf is question.measure and leaf.total.startswith("median(")), None)
    if leaf is None or not question.is_certain:
        return []
    value = leaf.total.removeprefix("median(").removesuffix(")")
    where = f"{value} IS NOT NULL" + (f" AND ({leaf.where})" if leaf.where else "")
    values = f"list_sort(list({value}) FILTER (WHERE {where}))"
    return [f"count(*) FILTER (WHERE {where}) AS {CERTAINTY[0]}", f"{values} AS sorted"]


def _certainty(name: str) -> Ctes:
    """The values around the ranks at which a median's interval ends, by the normal approximation of the ranks; the exact one
    is at most one place away.
    """  # noqa: D205 - one sentence
    n, below, above = CERTAINTY
    rank = f"CAST(floor(({n} - {Z} * sqrt({n})) / 2 + 0.5) AS BIGINT)"
    low = ", ".join(f"sorted[{rank} + {step}]" for step in (-1, 0, 1))
    high = ", ".join(f"sorted[{n} + 1 - {rank} - {step}]" for step in (-1, 0, 1))
    return [(name, f"SELECT *, [{low}] AS {below}, [{high}] AS {above} FROM {name}_values")]


def _each(question: Question, group: Group) -> Ctes:
    """One row per account and period first: what it changed by, at the opening's rates, and how it stood before and after."""
    ledger = group.ledger
    chosen = selected(question, ledger, "each")
    rates = f"\n    LEFT JOIN {question.tables['rates']} AS f ON f.currency = r.valued_in AND f.day = d.opens_day"
    # `worth` is exact at four digits, a rate at ten: cutting the product down first would be all that takes time here.
    tests = f" WHERE {' AND '.join(chosen.home_tests)}" if chosen.homes else ""
    unknown = "count(*) FILTER (WHERE rate IS NULL) > 0"
    gaps = f"CASE WHEN {unknown} THEN NULL ELSE sum(change) END" if question.unrated else "sum(change)"
    rows = beside_periods(chosen, group.clock, ", f.rate", rates)
    accounts = (
        f"SELECT n, account_id, any_value(segment) AS segment, {gaps} AS change_at_opening_rate,\n"
        "    arg_min(paid_before, movement) AS paid_before, arg_max(paid_after, movement) AS paid_after,\n"
        "    arg_min(kept_before, movement) AS kept_before, arg_max(kept_after, movement) AS kept_after\n"
        f"  FROM (\n    SELECT *, worth * rate AS change FROM (\n    {rows}\n    ){tests}\n  )\n"
        "  GROUP BY n, account_id"
    )
    totals = ", ".join(total(question, leaf) for leaf in group.leaves)
    return [
        (f"{ledger}_accounts", accounts),
        (group.name, f"SELECT n, segment, {totals}\n  FROM {ledger}_accounts\n  GROUP BY n, segment"),
    ]


def _level(question: Question, group: Group) -> Ctes:
    ledger, clock = group.name.removesuffix("_level"), group.clock
    rows, segment = rows_of(question, group.ledger, "level", clock=clock)
    valued = "valued_in" in question.columns[group.ledger]
    columns = group.columns()
    if question.unrated:  # what a policy values at once is null where there is no rate: the level of it is unknown
        columns += [(f"{name}_gaps", _gaps(leaf)) for name, leaf in columns if leaf.is_money]
    sums = ", ".join(
        f"{leaf.total}{f' FILTER (WHERE {leaf.where})' if leaf.where else ''} AS {name}" for name, leaf in columns
    )
    money = "valued_in, " if valued else ""
    same = "m.valued_in = s.valued_in AND " if valued else ""
    by = "s.valued_in, s.segment" if valued else "s.segment"
    runs = ", ".join(
        f"sum(coalesce(m.{name}, 0)) OVER (PARTITION BY {by} ORDER BY c.cut) AS {name}" for name, _ in columns
    )
    values = ", ".join(f"{_revalued(question, name, leaf)} AS {name}" for name, leaf in columns)
    rates = f"\n  LEFT JOIN {question.tables['rates']} AS f ON f.currency = l.valued_in AND f.day = l.rate_day"
    return [
        (
            f"{ledger}_sums",
            f"SELECT d.cut, {'r.' + money if valued else ''}{segment} AS segment, {sums}\n  FROM {rows}\n"
            f"  JOIN cut_days AS d ON d.day = CAST(r.{clock} AS DATE) AND r.{clock} >= d.after AND r.{clock} < d.cut\n"
            "  GROUP BY ALL",
        ),
        (
            f"{ledger}_levels",
            f"SELECT c.cut, c.rate_day, {by}, {runs}\n"
            f"  FROM cuts AS c CROSS JOIN (SELECT DISTINCT {money}segment FROM {ledger}_sums) AS s\n"
            f"  LEFT JOIN {ledger}_sums AS m ON m.cut = c.cut AND {same}m.segment = s.segment",
        ),
        (
            group.name,
            f"SELECT l.cut, l.segment, {values}\n  FROM {ledger}_levels AS l{rates if valued else ''}\n  GROUP BY l.cut, l.segment",
        ),
    ]


def _gaps(leaf: Leaf) -> Leaf:
    """How many rows of a level have no value."""
    held = leaf.monies or (("worth", "list_worth") if "list_worth" in leaf.total else ("worth",))
    test = " OR ".join(f"{column} IS NULL" for column in held)
    return replace(leaf, total="count(*)", where=f"({test})" + (f" AND ({leaf.where})" if leaf.where else ""))


def _revalued(question: Question, name: str, leaf: Leaf) -> str:
    if "worth" not in leaf.total:
        total = f"sum(l.{name})"
        return (
            f"CASE WHEN sum(l.{name}_gaps) > 0 THEN NULL ELSE {total} END"
            if question.unrated and leaf.is_money
            else total
        )
    own = f"CASE WHEN l.valued_in = {literal(question.currency)} THEN l.{name} ELSE CAST(l.{name} AS DECIMAL(22, 4)) * f.rate END"
    if question.unrated:
        unknown = f"bool_or((f.rate IS NULL AND l.{name} <> 0) OR l.{name}_gaps > 0)"
        return f"CASE WHEN {unknown} THEN NULL ELSE sum(CASE WHEN l.{name} = 0 THEN 0 ELSE {own} END) END"
    return f"sum({own})"


def window_days(leaf: Leaf) -> str:
    """SQL over `periods`: the first local day of the window of an `active` or `recent` leaf."""
    if leaf.since:
        return f"since_{leaf.since}"
    return f"last_day - {int(leaf.days) - 1}"


def _active(question: Question, group: Group) -> Ctes:
    leaf = group.leaves[0]
    if leaf.per and not _overlap(question, int(leaf.days)):
        return _recent(question, group)
    width, some = int(leaf.days), _count(question, group.ledger)
    rows, segment = rows_of(question, group.ledger, "active")
    lasts = [local_days(slot.period, ZoneInfo(question.zone))[1] for slot in question.slots.slots]
    inside = f"r.day > DATE '{min(lasts) - timedelta(days=width)}' AND r.day <= DATE '{max(lasts)}'"
    if leaf.per:
        where = f"{inside} AND {leaf.where}" if leaf.where else inside
        days = f"SELECT DISTINCT {segment} AS segment, {leaf.owners}, r.day AS day FROM {rows}\n    WHERE {where}"
        following = f"lead(day) OVER (PARTITION BY segment, {leaf.owners} ORDER BY day) AS next_day"
        rows, segment = f"(SELECT segment, day, {following} FROM (\n    {days}) AS r) AS r", "r.segment"
    if leaf.since:  # of each owner the last active day in the window stands for it
        days = f"SELECT n, last_day, CAST(unnest(range({window_days(leaf)}, last_day + 1, INTERVAL 1 DAY)) AS DATE) AS day FROM periods"
        body = (
            f"SELECT d.n, {segment} AS segment, {some} AS {leaf.name}\n  FROM {rows}\n  JOIN {leaf.name}_days AS d ON d.day = r.day\n"
            "  WHERE r.next_day IS NULL OR r.next_day > d.last_day\n  GROUP BY ALL"
        )
        return [(f"{leaf.name}_days", days), (group.name, body)]
    come = f"SELECT {segment} AS segment, r.day AS turn, {some} AS step FROM {rows}\n    WHERE {inside} GROUP BY ALL"
    if width == 1:  # all of a day are gone the next
        found = f"SELECT p.n, t.segment, t.step AS {leaf.name} FROM {leaf.name}_turns AS t JOIN periods AS p ON p.last_day = t.turn"
        return [(f"{leaf.name}_turns", come), (group.name, found)]
    turns = (
        f"{come}\n    UNION ALL SELECT {segment}, least(r.day + {width}, r.next_day), -{some} FROM {rows}\n"
        f"    WHERE {inside} GROUP BY ALL"
    )
    return [
        (f"{leaf.name}_turns", f"SELECT segment, turn, sum(step) AS step FROM (\n    {turns}\n  ) GROUP BY ALL"),
        (
            f"{leaf.name}_runs",
            f"SELECT segment, turn, sum(step) OVER (PARTITION BY segment ORDER BY turn) AS actives FROM {leaf.name}_turns",
        ),
        (
            group.name,
            f"SELECT p.n, p.segment, CAST(t.actives AS BIGINT) AS {leaf.name}\n"
            f"  FROM (SELECT n, last_day, segment FROM periods CROSS JOIN (SELECT DISTINCT segment FROM {leaf.name}_turns)) AS p\n"
            f"  ASOF JOIN {leaf.name}_runs AS t ON t.segment = p.segment AND t.turn <= p.last_day\n  WHERE t.actives <> 0",
        ),
    ]


def _count(question: Question, ledger: str) -> str:
    """SQL: how many rows there are; each row of a ledger that came home added up is many."""
    return f"CAST(sum(r.{WEIGHT}) AS BIGINT)" if WEIGHT in question.columns.get(ledger, frozenset()) else "count(*)"


def _overlap(question: Question, width: int) -> bool:
    """Whether a row is in so many windows that following each owner from day to day is quicker than meeting them all."""
    periods = [slot.period for slot in question.slots.slots]
    days = (max(p.closes for p in periods) - min(p.opens for p in periods)).days + width
    return len(periods) * width > _WINDOWS * days


def _recent(question: Question, group: Group) -> Ctes:
    leaf = group.leaves[0]
    rows, segment = rows_of(question, group.ledger, "recent")
    days = (
        f"SELECT n, CAST(unnest(range({window_days(leaf)}, last_day + 1, INTERVAL 1 DAY)) AS DATE) AS day FROM periods"
    )
    where = f"WHERE {leaf.where} " if leaf.where else ""
    # Who does not do enough still says which segments there are.
    enough = (f", {leaf.having} AS is_enough", " FILTER (WHERE is_enough)") if leaf.having else ("", "")
    body = (
        f"SELECT n, segment, count(*){enough[1]} AS {leaf.name} FROM (\n"
        f"    SELECT d.n, {segment} AS segment, {leaf.owners}{enough[0]} FROM {rows} JOIN {leaf.name}_days AS d ON d.day = r.day\n"
        f"    {where}GROUP BY ALL\n  ) GROUP BY n, segment"
    )
    return [(f"{leaf.name}_days", days), (group.name, body)]


def _daily(question: Question, group: Group) -> Ctes:
    leaf = group.leaves[0]
    rows, segment = rows_of(question, group.ledger, "daily")
    counts = (
        f"SELECT {segment} AS segment, r.day AS day, {_count(question, group.ledger)} AS some FROM {rows} GROUP BY ALL"
    )
    body = (
        f"SELECT p.n, c.segment, CAST(sum(c.some) AS BIGINT) AS {leaf.name}\n"
        f"  FROM {leaf.name}_counts AS c JOIN periods AS p ON c.day BETWEEN p.first_day AND p.last_day\n  GROUP BY ALL"
    )
    return [(f"{leaf.name}_counts", counts), (group.name, body)]


def _survival(question: Question, group: Group) -> Ctes:
    """The product over the durations seen of the share that goes on; Brookmeyer and Crowley's interval on the log-log scale."""
    leaf = group.leaves[0]
    rows, segment = rows_of(question, group.ledger, "flow", clock=leaf.clock)
    where = f"\n  WHERE {leaf.where}" if leaf.where else ""
    n, below, above = CERTAINTY
    half = "0.5 + 1e-12"
    band = "exp(-exp(ln(-ln(share)) {sign} " + f"{Z} * sqrt(spread) / abs(ln(share))))"
    return [
        (
            f"{leaf.name}_lives",
            f"SELECT d.n, {segment} AS segment, CAST({leaf.total} AS DOUBLE) AS lasted, CAST({leaf.having} AS INTEGER) AS ended\n"
            f"  FROM {rows} JOIN period_days AS d ON {in_period(leaf.clock)}{where}",
        ),
        (
            f"{leaf.name}_risks",
            "SELECT n, segment, lasted, sum(ended) AS ends,\n"
            "    sum(count(*)) OVER (PARTITION BY n, segment ORDER BY lasted DESC) AS at_risk\n"
            f"  FROM {leaf.name}_lives GROUP BY n, segment, lasted",
        ),
        (
            f"{leaf.name}_curve",
            "SELECT *, product(1 - ends / at_risk) OVER w AS share,\n"
            "    sum(ends / NULLIF(CAST(at_risk AS DOUBLE) * (at_risk - ends), 0)) OVER w AS spread\n"
            f"  FROM {leaf.name}_risks WINDOW w AS (PARTITION BY n, segment ORDER BY lasted)",
        ),
        (
            f"{leaf.name}_bands",
            f"SELECT *, CASE WHEN share <= 0 THEN 0 WHEN share < 1 THEN {band.format(sign='+')} ELSE 1 END AS share_low,\n"
            f"    CASE WHEN share <= 0 THEN NULL WHEN share < 1 THEN {band.format(sign='-')} ELSE 1 END AS share_high\n"
            f"  FROM {leaf.name}_curve",
        ),
        (
            group.name,
            f"SELECT n, segment, min(lasted) FILTER (WHERE ends > 0 AND share <= {half}) AS {leaf.name}, max(at_risk) AS {n},\n"
            f"    min(lasted) FILTER (WHERE ends > 0 AND share_low <= {half}) AS {below},\n"
            f"    min(lasted) FILTER (WHERE ends > 0 AND share_high <= {half}) AS {above}\n"
            f"  FROM {leaf.name}_bands GROUP BY n, segment",
        ),
    ]


def _standing(question: Question, group: Group) -> Ctes:
    leaf = group.leaves[0]
    rows, segment = rows_of(question, group.ledger, "standing", clock=leaf.clock)
    beside = f"r.* REPLACE ({segment} AS segment)" if segment != literal(ALL) else f"r.*, {segment} AS segment"
    met = f"SELECT d.n, d.opens, d.closes, {beside}\n  FROM {rows} JOIN periods AS d ON r.{leaf.clock} < d.closes"
    reduced = f"SELECT n, segment, {total(question, leaf)}\n  FROM {group.name}_rows"
    if leaf.beside:
        made = ", ".join(f"{sql} AS {name}" for name, sql in leaf.beside)
        reduced += f" JOIN (SELECT n, {made} FROM {group.name}_rows GROUP BY n) USING (n)"
    return [(f"{group.name}_rows", met), (group.name, f"{reduced}\n  GROUP BY n, segment")]


def _whole(question: Question, group: Group) -> Ctes:
    leaf = group.leaves[0]
    return [(group.name, f"SELECT {total(question, leaf)} FROM {question.tables[group.ledger]} AS r")]
