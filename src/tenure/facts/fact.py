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

from tenure.config import Sql
from tenure.errors import SettingsError
from tenure.policy import Policy
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlglot import exp

    from tenure.config import Settings

Value = str | int | Sql

_SETTINGS = {"is_active": "active_events", "is_key": "key_events", "is_core": "core_features"}

BOUNDS = ("first_day", "last_day")
"""Parameters that follow from the rates and say nothing of the policy."""
INPUTS = ("account_roots", "person_roots", "rates", "calendar", "calendar_days")
"""What ledgers read beside the canonical tables and each other; no statement makes it."""


@dataclass(frozen=True)
class Fact:
    """One ledger: its name, its statement, what the statement reads, and parameters that it does not leave open."""

    name: str
    text: str
    reads: tuple[str, ...]
    fixed: Mapping[str, Value] = field(default_factory=dict)

    @property
    def sources(self) -> frozenset[str]:
        """The canonical tables and the inputs that its rows come from, through every ledger that it reads."""
        below = (facts()[read].sources if read in facts() else {read} for read in self.reads)
        return frozenset().union(*below)

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


def parameters(policy: Policy, settings: Settings) -> dict[str, Value]:
    """What the policy's switches and the company's settings are to the statements."""
    return {
        **_switched(policy),
        "currency": settings.currency,
        "is_active": _among("name", settings.active_events),
        "is_key": _among("name", settings.key_events or settings.active_events),
        "is_core": _among("feature", settings.core_features),
        "active_count": settings.active_count,
    }


@cache
def swayed() -> frozenset[str]:
    """The ledgers whose rows follow a switch of the policy, by themselves or through what they read."""
    found: set[str] = set()
    for name, fact in facts().items():
        if found.intersection(fact.reads) or _switched(Policy()).keys() & (set(fact.parameters) - set(fact.fixed)):
            found.add(name)
    return frozenset(found)


def _switched(policy: Policy) -> dict[str, Value]:
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
    }


def _among(column: str, chosen: tuple[str, ...] | Sql) -> Sql:
    """Whether a column has one of the names, or what a filter says; all of it where nothing is said."""
    if isinstance(chosen, Sql):
        return chosen
    names = ", ".join("'" + name.replace("'", "''") + "'" for name in chosen)
    return Sql(f"COALESCE({column} IN ({names}), FALSE)" if chosen else "TRUE")


def fingerprints(values: Mapping[str, Value], clock: str = "") -> Mapping[str, str]:
    """One per ledger: equal where two readings make the same rows, through everything that the ledger reads.

    `clock` is what the calendar depends on: the company's zone and its business hours.
    """
    return _fingerprints(tuple(sorted(values.items())), clock)


@cache
def _fingerprints(values: tuple[tuple[str, Value], ...], clock: str) -> Mapping[str, str]:
    made: dict[str, str] = {"calendar": clock, "calendar_days": clock}
    for ledger, fact in facts().items():
        given = {**dict(values), **fact.fixed}
        own = {name: given[name] for name in fact.parameters if name not in BOUNDS}
        below = [made[read] for read in fact.reads if read in made]
        made[ledger] = f"{crc32(repr((fact.text, sorted(own.items()), below)).encode()):08x}"
    return {ledger: made[ledger] for ledger in facts()}


def tree(fact: Fact, values: Mapping[str, Value]) -> exp.Expr:
    """The statement as a syntax tree, its parameters made literals."""
    import sqlglot  # slow to import, and only needed when a ledger is built
    from sqlglot import exp

    given = {**values, **fact.fixed}
    root = sqlglot.parse_one(fact.text, read="duckdb")
    for place in list(root.find_all(exp.Placeholder, exp.Parameter)):
        value = given[place.name]
        interval = place.find_ancestor(exp.Interval)
        if interval is not None:
            interval.set("this", exp.Literal.string(str(value)))
        elif isinstance(value, Sql):
            place.replace(exp.paren(_condition(value.sql, _SETTINGS[place.name])))
        else:
            place.replace(exp.convert(value))
    return root


def _condition(text: str, setting: str) -> exp.Expr:
    """A company's own filter as a syntax tree.

    Raises:
        SettingsError: it is no expression, or reads more than the row that it is about.
    """
    import sqlglot  # see `tree`
    from sqlglot import exp

    try:
        found = sqlglot.parse_one(text, read="duckdb")
    except (sqlglot.errors.SqlglotError, RecursionError) as fault:
        message = f"{setting}: '{text}' is no condition in SQL. Write one like \"name <> 'ping'\"."
        raise SettingsError(message) from fault
    if found.find(exp.Query) or not isinstance(found, exp.Condition):
        message = f"{setting}: '{text}' is more than a condition on one event: it cannot read other rows."
        raise SettingsError(message)
    _on_one_event(found, text, setting)
    return found


def _on_one_event(condition: exp.Expr, text: str, setting: str) -> None:
    """Refuses what one event does not answer by itself, the same every time.

    Raises:
        SettingsError: the filter counts over rows, draws lots, has a place left open, or reads an unknown column.
    """
    from sqlglot import exp  # see `tree`

    refused = (exp.Placeholder, exp.Parameter, exp.Window, exp.AggFunc, exp.Unnest, exp.Explode, exp.Rand)
    odd = condition.find(*refused)
    if odd is not None:
        message = f"{setting}: '{text}' is no condition on one event alone: take out '{odd.sql('duckdb')}'."
        raise SettingsError(message)
    known = [column.name for column in TABLES["events"].columns]
    for column in condition.find_all(exp.Column):
        parts = [part.name.lower() for part in column.parts]
        name = parts[1] if parts[0] == "events" and len(parts) > 1 else parts[0]
        if name not in known:
            message = (
                f"{setting}: events have no column '{name}'. They have {', '.join(known)};"
                " a text stands in single quotes."
            )
            raise SettingsError(message)


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
        touched: A table of account ids: only their rows are made. Every SELECT is restricted in its FROM, by the owner of
            a raw row where that may be known by the person alone; what it joins is looked up by equality, so that the
            restriction reaches it.
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
    people = tables.get("person_roots", "person_roots")
    for table in list(root.find_all(exp.Table)):
        if table.name in names:
            continue
        place = exp.to_table(tables.get(table.name, table.name))
        alias = table.alias_or_name
        if touched and isinstance(table.parent, exp.From):
            table.replace(_restricted(table.name, place, touched, people).subquery(alias))
        else:
            table.replace(exp.alias_(place, alias, table=True))
    if dialect != "duckdb":
        _keep_orders_plain(root, dialect)
    return root.sql(dialect=dialect)


def _restricted(name: str, place: exp.Table, touched: str, people: str) -> exp.Select:
    """The rows of a table whose owner is touched; most say whose they are, of some only the person is known."""
    from sqlglot import exp  # see `tree`

    columns = {column.name: column for column in TABLES[name].columns} if name in TABLES else {}
    own, rows = (
        exp.column("account_id", "e"),
        exp.select(exp.column(exp.Star(), "e")).from_(exp.alias_(place, "e", table=True)),
    )
    owner: exp.Expr = own
    if "account_id" in columns and not columns["account_id"].required:
        owner = exp.func("COALESCE", own, exp.Literal.string(""))
        if "person_id" in columns:
            owner = exp.func("COALESCE", own, exp.column("account_id", "u"), exp.Literal.string(""))
            same = exp.column("person_id", "u").eq(exp.column("person_id", "e"))
            known = exp.alias_(exp.to_table(people), "u", table=True)
            rows = rows.join(known, on=same, join_type="left")
    return rows.where(owner.isin(query=exp.select("account_id").from_(touched)), copy=False)


def _keep_orders_plain(root: exp.Expr, dialect: str) -> None:
    """No ORDER BY of a fact meets a null, so each engine may place nulls as it does; not every one can be told where."""
    from sqlglot import exp  # see `tree`
    from sqlglot.dialects.dialect import Dialect  # see `tree`

    placing = Dialect.get_or_raise(dialect).NULL_ORDERING
    for ordered in root.find_all(exp.Ordered):
        falling = bool(ordered.args.get("desc"))
        ordered.set("nulls_first", {"nulls_are_small": not falling, "nulls_are_large": falling}.get(placing, False))
