"""The canonical tables are a contract: their names, columns and required columns are written out here."""

from __future__ import annotations

import duckdb
import pytest
import sqlglot
from sqlglot import exp
from sqlglot.dialects.dialect import Dialect

from tenure.tables import TABLES
from tenure.tables.schema import Table, Type

# a * stands before what is required; every table takes `updated_at` as well
CONTRACT = {
    "accounts": "*account_id name parent_account_id created_at sale_closed_at launched_at first_value_at channel"
    " currency is_test closed_at",
    "account_attributes": "*account_id *name value *valid_from valid_to",
    "people": "*person_id account_id email name role created_at is_internal locale",
    "plans": "*plan product rank is_free is_addon is_metered",
    "subscriptions": "*subscription_id *account_id created_at trial_started_at trial_ends_at cancel_requested_at"
    " ends_at end_kind end_reason end_comment",
    "subscription_periods": "*subscription_id item_id *account_id plan *starts_at ends_at state quantity unit_amount"
    " mrr billing_interval interval_count discount_percent discount_amount discount_duration currency change_reason",
    "contracts": "*contract_id *account_id subscription_id *starts_on *ends_on *value currency outcome decided_at"
    " renewed_value expansion_value",
    "transactions": "*transaction_id *account_id person_id *happened_at kind *amount currency is_recurring"
    " subscription_id order_id",
    "events": "*event_id account_id person_id *happened_at received_at *name feature session_id quantity duration_s"
    " is_error props",
    "tickets": "*ticket_id account_id person_id *created_at channel topic feature priority status first_reply_at"
    " first_solved_at solved_at closed_at reopens agent_replies customer_replies assignees sla_due_at is_avoidable"
    " first_contact_resolved subject body",
    "ticket_events": "*ticket_id *seq *happened_at *kind actor is_public from_status to_status",
    "help_sessions": "*session_id account_id person_id *happened_at channel resolved ticket_id",
    "responses": "*response_id *survey survey_id account_id person_id sent_at answered_at score scale_min scale_max"
    " higher_is_better touchpoint ticket_id comment",
    "feedback": "*feedback_id account_id person_id *happened_at origin text lang",
    "referrals": "*referral_id *account_id person_id *happened_at kind referred_account_id converted_at reward"
    " currency",
    "onboarding_steps": "*account_id person_id *step position is_required shown_at started_at completed_at skipped_at",
    "costs": "*cost_id *from_date *to_date *bucket *amount currency account_id channel",
    "touches": "*touch_id *account_id person_id *happened_at kind direction affinity note",
    "goals": "*goal_id *account_id name target actual unit due_on achieved_at",
    "fx_rates": "*day *currency *rate",
    "releases": "*release_id *happened_at name kind feature",
    "account_links": "*account_id *same_as kind",
    "exclusions": "*table_name *id reason",
    "person_links": "*person_id *same_as",
}
KEYS = {
    "account_attributes": ("account_id", "name", "valid_from"),
    "subscription_periods": ("subscription_id", "item_id", "starts_at"),
    "ticket_events": ("ticket_id", "seq"),
    "onboarding_steps": ("account_id", "person_id", "step"),
    "fx_rates": ("day", "currency"),
    "account_links": ("account_id", "same_as"),
    "exclusions": ("table_name", "id"),
    "person_links": ("person_id", "same_as"),
}
ENGINES = ("duckdb", "postgres", "clickhouse", "spark", "snowflake", "bigquery", "trino")

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


def typed(table: Table) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(f"CREATE TABLE {table.name} ({', '.join(f'{c.name} {c.type.sql}' for c in table.stored)})")
    return con


def test_the_tables_are_those_of_the_contract() -> None:
    assert set(TABLES) == set(CONTRACT)


@every_table
def test_the_columns_are_those_of_the_contract(table: Table) -> None:
    columns = [("*" if c.required else "") + c.name for c in table.columns]
    assert columns == [*CONTRACT[table.name].split(), "updated_at"]


@every_table
def test_the_key_is_that_of_the_contract_and_never_empty(table: Table) -> None:
    own_id = CONTRACT[table.name].split()[0].strip("*")
    assert table.key == KEYS.get(table.name, (own_id,))
    assert all(table.column(name).required or table.column(name).default for name in table.key)


@every_table
def test_extras_go_into_one_json_column(table: Table) -> None:
    assert table.extras == ("attributes" if table.name == "accounts" else "props")
    assert [c.type for c in table.stored if c.name == table.extras] == [Type.JSON]


@every_table
def test_rules_and_defaults_run_over_typed_rows_and_forgive_empty_cells(table: Table) -> None:
    con = typed(table)
    con.execute(f"INSERT INTO {table.name} DEFAULT VALUES")
    needs_one_of_two = {"price_given", "instant_given"}
    for check in table.checks:
        assert check.column in {c.name for c in table.columns}
        holds = con.sql(f"SELECT CAST({check.holds} AS BOOLEAN) FROM {table.name}").fetchall()
        assert holds == [(False if check.rule in needs_one_of_two else None,)] or check.rule in {
            "renewed_value_decided", "score_answered",
        }  # fmt: skip
    for column in table.columns:
        if column.default:
            con.sql(f"SELECT CAST({column.default} AS {column.type.sql}) FROM {table.name}").fetchall()
    assert len({check.rule for check in table.checks}) == len(table.checks)


@every_table
def test_choices_belong_to_choice_columns_and_hold_the_default(table: Table) -> None:
    for column in table.columns:
        assert bool(column.choices) == (column.type is Type.CHOICE)
        if column.choices and column.default:
            assert column.default.strip("'") in column.choices


@every_table
@pytest.mark.parametrize("engine", ENGINES)
def test_no_name_is_a_reserved_word(table: Table, engine: str) -> None:
    reserved = Dialect.get_or_raise(engine).generator_class.RESERVED_KEYWORDS
    for name in (table.name, *(c.name for c in table.stored)):
        assert name.upper() not in reserved
        assert name not in reserved
        read = sqlglot.parse_one(
            f"SELECT {name}, t.{name} AS {name} FROM {table.name} AS t GROUP BY {name}", read=engine
        )
        assert isinstance(read, exp.Select)
        assert [type(one.unalias()) for one in read.selects] == [exp.Column, exp.Column]


@every_table
def test_an_alias_means_one_column(table: Table) -> None:
    headers = [name for c in table.columns for name in (c.name, *c.aliases)]
    assert len(set(headers)) == len(headers)


def test_the_aliases_of_the_contract() -> None:
    aliases = {(t.name, alias): c.name for t in TABLES.values() for c in t.columns for alias in c.aliases}
    assert aliases["subscription_periods", "interval"] == "billing_interval"
    assert aliases["fx_rates", "date"] == "day"
    assert aliases["exclusions", "table"] == "table_name"
    happened = {t.name for t in TABLES.values() if any(c.name == "happened_at" for c in t.columns)}
    assert {table for (table, alias), _ in aliases.items() if alias == "at"} == happened


def test_the_defaults_of_the_contract() -> None:
    periods = TABLES["subscription_periods"]
    told = ("item_id", "state", "quantity", "billing_interval", "interval_count")
    assert [periods.column(c).default for c in told] == ["subscription_id", "'active'", "1", "'month'", "1"]
    assert TABLES["transactions"].column("kind").default == "'charge'"
    assert TABLES["responses"].column("higher_is_better").default == "true"
