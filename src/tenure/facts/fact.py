"""A fact: one statement that reduces canonical rows to a ledger, written once and run wherever the rows live.

The files are SQL in DuckDB's dialect with `$name` parameters. A parameter becomes a literal in the syntax tree before
the tree is written for an engine, so that no engine's own placeholders are needed. What a statement reads stands in
its header (`-- Reads`), so that the order of building is known without parsing: parsing is slow to import and only
needed when a ledger is built.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot import exp

    from tenure.policy import Policy

Value = str | int

BOUNDS = ("first_day", "last_day")
"""Parameters that follow from the rates and say nothing of the policy."""


@dataclass(frozen=True)
class Fact:
    """One ledger: its name, its statement, what the statement reads, and parameters that it does not leave open."""

    name: str
    text: str
    reads: tuple[str, ...]
    fixed: Mapping[str, Value] = field(default_factory=dict)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its `$name` parameters, sorted."""
        return tuple(sorted(set(re.findall(r"\$(\w+)", re.sub(r"--.*", "", self.text)))))


def _read(path: Path) -> Fact:
    text = path.read_text(encoding="utf-8")
    found = re.search(r"^-- Reads +(.+)$", text, re.MULTILINE)
    if found is None:
        message = f"{path.name} does not say what it reads."
        raise ValueError(message)
    return Fact(path.stem, text, tuple(found[1].split(", ")))


@cache
def facts() -> Mapping[str, Fact]:
    """Every ledger by name, each after those that it reads."""
    found = {path.stem: _read(path) for path in sorted(Path(__file__).parent.glob("*.sql"))}
    # Movements of a customer are always needed, whatever unit the policy counts movements of money by.
    found["customer_movements"] = Fact(
        "customer_movements", found["movements"].text, found["movements"].reads, {"movement_level": "customer"}
    )
    ordered: dict[str, Fact] = {}

    def place(name: str) -> None:
        for read in found[name].reads:
            if read in found and read not in ordered:
                place(read)
        ordered.setdefault(name, found[name])

    for name in found:
        place(name)
    return ordered


def parameters(policy: Policy, currency: str) -> dict[str, Value]:
    """What the policy's switches are to the statements; `currency` is the company's."""
    week, day = policy.factor("week"), policy.factor("day")
    past_due = policy["past_due"]
    return {
        "discounts": policy["discounts"],
        "paused": policy["paused"],
        "past_due_days": int(past_due.removeprefix("churn_after:")) if past_due != "counted" else -1,
        "churn_at": policy["churn_at"],
        "week_num": week.numerator,
        "week_den": week.denominator,
        "day_num": day.numerator,
        "day_den": day.denominator,
        "movement_level": policy["movement_level"],
        "settle_minutes": int(policy["settle_minutes"]),
        "gap_days": int(policy["reactivation_gap_days"]),
        "fx": policy["fx"],
        "currency": currency,
    }


def fingerprints(values: Mapping[str, Value]) -> Mapping[str, str]:
    """One per ledger: equal where two policies make the same rows, through everything that the ledger reads."""
    return _fingerprints(tuple(sorted(values.items())))


@cache
def _fingerprints(values: tuple[tuple[str, Value], ...]) -> Mapping[str, str]:
    made: dict[str, str] = {}
    for ledger, fact in facts().items():
        given = {**dict(values), **fact.fixed}
        own = {name: given[name] for name in fact.parameters if name not in BOUNDS}
        below = [made[read] for read in fact.reads if read in made]
        made[ledger] = f"{crc32(repr((fact.text, sorted(own.items()), below)).encode()):08x}"
    return made


def tree(fact: Fact, values: Mapping[str, Value]) -> exp.Expr:
    """The statement as a syntax tree, its parameters made literals."""
    import sqlglot  # slow to import, and only needed when a ledger is built
    from sqlglot import exp

    given = {**values, **fact.fixed}
    root = sqlglot.parse_one(fact.text, read="duckdb")
    for place in list(root.find_all(exp.Placeholder, exp.Parameter)):
        value = given[place.name]
        interval = place.find_ancestor(exp.Interval)
        if interval is None:
            place.replace(exp.convert(value))
        else:
            interval.set("this", exp.Literal.string(str(value)))
    return root


def statement(
    fact: Fact,
    values: Mapping[str, Value],
    *,
    tables: Mapping[str, str] | None = None,
    touched: str | None = None,
    dialect: str = "duckdb",
) -> str:
    """The statement for an engine.

    Args:
        fact: The ledger.
        values: The parameters by name.
        tables: Where each table that it reads is found, `schema.table`; a name that is not given stays as it is.
        touched: A table of account ids: only their rows are made. Every SELECT is restricted in its FROM; what it
            joins is looked up by equality, so that the restriction reaches it.
        dialect: The engine's name for sqlglot.
    """
    given = {**values, **fact.fixed}
    used = tuple((name, given[name]) for name in fact.parameters)
    places = tuple((read, (tables or {}).get(read, read)) for read in fact.reads)
    return _written(fact.name, fact.text, used, places, touched, dialect)


# Parsing and writing take ten times as long as a small ledger's rows: a load of a few accounts would wait for nothing else.
@lru_cache(maxsize=256)
def _written(
    name: str,
    text: str,
    values: tuple[tuple[str, Value], ...],
    places: tuple[tuple[str, str], ...],
    touched: str | None,
    dialect: str,
) -> str:
    from sqlglot import exp  # see `tree`

    root, tables = tree(Fact(name, text, ()), dict(values)), dict(places)
    names = {cte.alias for cte in root.find_all(exp.CTE)}
    some = exp.select("account_id").from_(touched) if touched else None
    for table in list(root.find_all(exp.Table)):
        if table.name in names:
            continue
        schema, _, name = tables.get(table.name, table.name).rpartition(".")
        place = exp.table_(name, db=schema or None)
        alias = table.alias_or_name
        if some is not None and isinstance(table.parent, exp.From):
            rows = exp.select(exp.Star()).from_(place).where(exp.column("account_id").isin(query=some), copy=False)
            table.replace(rows.subquery(alias))
        else:
            table.replace(exp.alias_(place, alias, table=True))
    if dialect != "duckdb":
        _keep_orders_plain(root, dialect)
    return root.sql(dialect=dialect)


def _keep_orders_plain(root: exp.Expr, dialect: str) -> None:
    """No ORDER BY of a fact meets a null, so each engine may place nulls as it does; not every one can be told where."""
    from sqlglot import exp  # see `tree`
    from sqlglot.dialects.dialect import Dialect  # see `tree`

    placing = Dialect.get_or_raise(dialect).NULL_ORDERING
    for ordered in root.find_all(exp.Ordered):
        falling = bool(ordered.args.get("desc"))
        ordered.set("nulls_first", {"nulls_are_small": not falling, "nulls_are_large": falling}.get(placing, False))
