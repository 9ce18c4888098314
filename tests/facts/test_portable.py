"""Every ledger's statement stays within the subset that all engines read alike."""

import re

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel

from tenure.config import Settings
from tenure.engines import COMPILED, KINDS
from tenure.facts.fact import Fact, facts, fingerprints, parameters, statement, swayed, tree
from tenure.policy import PRESETS, SWITCHES, Policy

ENGINES = ("duckdb", *sorted({kind.module for kind in KINDS.values()}), *COMPILED)
VALUES = parameters(Policy(), Settings(currency="EUR")) | {"first_day": "2024-01-01", "last_day": "2024-12-31"}
FUNCTIONS = (
    exp.Sum, exp.Count, exp.Min, exp.Max, exp.Coalesce, exp.Cast, exp.Case, exp.If, exp.Round, exp.Nullif, exp.Least, exp.Greatest,
    exp.RowNumber, exp.Lag, exp.Lead, exp.And, exp.Or, exp.Lower, exp.TimestampTrunc, exp.Extract, exp.DateDiff,
)  # fmt: skip
FORBIDDEN = (
    exp.Qualify, exp.IntDiv, exp.Unnest, exp.GenerateSeries, exp.Lateral, exp.Pivot, exp.Filter, exp.PercentileCont, exp.Median, exp.Limit,
)  # fmt: skip

every = pytest.mark.parametrize("fact", facts().values(), ids=lambda fact: fact.name)


@every
def test_only_the_functions_of_the_subset(fact: Fact) -> None:
    """What engines compute differently, or do not have, is not used."""
    root = tree(fact, VALUES)
    used = {type(node) for node in root.find_all(exp.Func)}
    assert not {kind.__name__ for kind in used if not issubclass(kind, FUNCTIONS)}
    assert not [node.sql() for node in root.find_all(*FORBIDDEN)]


@every
def test_joins_are_equalities(fact: Fact) -> None:
    """A join compares columns for equality (a place or a literal beside it is a filter of the same kind)."""
    for join in tree(fact, VALUES).find_all(exp.Join):
        condition = join.args["on"]
        parts = condition.flatten() if isinstance(condition, exp.And) else [condition]
        assert all(isinstance(part.unnest(), exp.EQ) for part in parts), join.sql()


@every
def test_windows_say_their_frame(fact: Fact) -> None:
    """An ordered running sum has an explicit ROWS frame; LAG and LEAD have no default and stand behind a count of rows."""
    root = tree(fact, VALUES)
    for window in root.find_all(exp.Window):
        inner = window.this
        if isinstance(inner, exp.Lag | exp.Lead):
            assert inner.args.get("default") is None
        elif isinstance(inner, exp.Sum | exp.Min | exp.Max | exp.Count) and window.args.get("order"):
            spec = window.args.get("spec")
            assert spec is not None, window.sql()
            assert spec.args["kind"] == "ROWS", window.sql()


@every
def test_division_is_a_ratio_of_doubles(fact: Fact) -> None:
    """CAST(x AS DOUBLE) / NULLIF(y, 0) is the one division."""
    for division in tree(fact, VALUES).find_all(exp.Div):
        assert isinstance(division.left.unnest(), exp.Cast), division.sql()
        assert isinstance(division.right.unnest(), exp.Nullif), division.sql()


@every
def test_time_is_taken_apart_alike(fact: Fact) -> None:
    """Days between dates, and whole units of an instant: others round or count differently."""
    root = tree(fact, VALUES)
    assert {node.text("unit").upper() for node in root.find_all(exp.DateDiff)} <= {"DAY"}
    assert {node.text("this").upper() for node in root.find_all(exp.Extract)} <= {
        "YEAR",
        "MONTH",
        "HOUR",
        "MINUTE",
        "SECOND",
    }
    assert {node.text("unit").upper() for node in root.find_all(exp.TimestampTrunc)} <= {"HOUR", "SECOND", "DAY"}


@every
def test_an_alias_is_not_reduced_beside_itself(fact: Fact) -> None:
    """An engine that reads an alias where a column of the same name is meant would reduce twice, or reduce what was made."""
    for select in tree(fact, VALUES).find_all(exp.Select):
        made = {item.alias: item.this for item in select.expressions if isinstance(item, exp.Alias)}
        changed = {name for name, what in made.items() if not (isinstance(what, exp.Column) and what.name == name)}
        for name, what in made.items():
            read = {column.name for column in what.find_all(exp.Column) if not column.table}
            assert not (read & changed) - {name}, f"{fact.name}: {name} reads {sorted((read & changed) - {name})}"
        for clause in (select.args.get("where"), select.args.get("having")):
            if clause is not None:
                assert not {c.name for c in clause.find_all(exp.Column) if not c.table} & changed, clause.sql()


@every
@pytest.mark.parametrize("engine", ENGINES)
def test_it_is_written_for_every_engine(fact: Fact, engine: str, caplog: pytest.LogCaptureFixture) -> None:
    """The statement can be written in the engine's dialect, and read back; nothing of it is left out with a warning."""
    written = statement(fact, VALUES, dialect=engine)
    assert not caplog.records
    again = sqlglot.parse_one(written, read=engine)
    again.sql(dialect=engine, unsupported_level=ErrorLevel.RAISE)
    assert not list(again.find_all(exp.Placeholder, exp.Parameter))


@every
def test_no_column_is_a_reserved_word(fact: Fact) -> None:
    """The names that a ledger gives need no quotes anywhere."""
    root = tree(fact, VALUES)
    assert isinstance(root, exp.Query)
    names = {item.alias_or_name for item in root.selects}
    assert not names & {
        "at",
        "date",
        "table",
        "user",
        "order",
        "group",
        "end",
        "start",
        "value",
        "timestamp",
        "n",
    }


@every
def test_its_header_says_what_it_is(fact: Fact) -> None:
    """The header names key, columns and law, and reads exactly what the statement reads."""
    assert re.match(rf"-- {re.escape('movements' if fact.name == 'customer_movements' else fact.name)}: ", fact.text)
    for word in ("-- Key ", "-- Reads ", "-- Policy ", "-- Columns ", "-- Law "):
        assert word in fact.text, word
    root = tree(fact, VALUES)
    ctes = {cte.alias for cte in root.find_all(exp.CTE)}
    assert {table.name for table in root.find_all(exp.Table)} - ctes == set(fact.reads)


@every
def test_a_restriction_reaches_every_select(fact: Fact) -> None:
    """The rows of some accounts are made from the rows of these accounts alone."""
    some = sqlglot.parse_one(statement(fact, VALUES, touched="touched"), read="duckdb")
    ctes = {cte.alias for cte in some.find_all(exp.CTE)}
    for select in some.find_all(exp.Select):
        source = select.args["from_"].this if "from_" in select.args else select.args["from"].this
        if isinstance(source, exp.Table) and source.name not in ctes | {"touched"}:
            where = select.args.get("where")
            assert where is not None, select.sql()
            assert "touched" in where.sql(), select.sql()


def test_what_follows_the_policy_is_what_another_one_makes_anew() -> None:
    """Under a policy in which every switch is set otherwise."""
    other = {
        "week_factor": "4", "day_factor": "30", "discounts": "none", "past_due": "churn_after:30", "paused": "churn", "churn_at": "request",
        "movement_level": "subscription", "reactivation_gap_days": "9", "settle_minutes": "9", "fx": "latest",
    }  # fmt: skip
    assert other.keys() == {name for name, switch in SWITCHES.items() if not switch.at_query}
    own, others = (fingerprints(parameters(Policy("tenure", told), Settings(currency="EUR"))) for told in ({}, other))
    assert swayed() == {name for name, mark in own.items() if others[name] != mark}


def test_policies_share_what_they_agree_on() -> None:
    """A preset's ledgers are other ones only where its switches reach them."""
    own = fingerprints(parameters(Policy(), Settings(currency="EUR")))
    by_subscription = fingerprints(
        parameters(Policy("tenure", {"movement_level": "subscription"}), Settings(currency="EUR"))
    )
    assert by_subscription["item_changes"] == own["item_changes"]
    assert by_subscription["customers"] == own["customers"]
    assert by_subscription["revenue"] != own["revenue"]
    assert fingerprints(parameters(Policy("chartmogul"), Settings(currency="EUR"))) == own
    assert (
        len({fingerprints(parameters(Policy(preset), Settings(currency="EUR")))["revenue"] for preset in PRESETS}) > 1
    )
