"""Foreign files: which table, which column, and what is said when it cannot be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tenure.config import FileMapping, Settings, Sql
from tenure.errors import InputError, SettingsError, UnknownNameError
from tenure.store.load import load
from tenure.store.names import snake, table_of

if TYPE_CHECKING:
    from shop import Company


def test_one_export_feeds_two_tables(company: Company) -> None:
    path = company.write(
        "billing_2024.csv", "Sub No,Client,Begin,End,Monthly,Yearly?\nx1,c1,2024-01-01,2024-06-01,10,no\n"
    )
    period: dict[str, str | Sql] = {
        "subscription_id": "Sub No",
        "account_id": "Client",
        "starts_at": "Begin",
        "ends_at": "End",
        "mrr": Sql(
            "CASE WHEN \"Yearly?\" = 'yes' THEN CAST(round(CAST(Monthly AS DOUBLE) / 12, 4) AS VARCHAR) ELSE Monthly END"
        ),
    }
    life = {"subscription_id": "Sub No", "account_id": "Client", "created_at": "begin", "ends_at": "End"}
    both = (
        FileMapping("billing_*.csv", "subscription_periods", period),
        FileMapping("billing_*", "subscriptions", life),
    )
    done = load(company.con, Settings(mapping=both), path)
    assert [(t.table, t.accepted) for t in done.tables] == [("subscription_periods", 1), ("subscriptions", 1)]
    assert company.ask("SELECT CAST(mrr AS VARCHAR), CAST(ends_at AS VARCHAR) FROM subscription_periods") == [
        ("10.0000", "2024-06-01 00:00:00")
    ]


def test_what_belongs_to_another_row_is_ignored(company: Company) -> None:
    """Two clicks of one user: two events, one account. Without `ignore` they would be two states of the account."""
    path = company.write("clicks.csv", "user,page,seen\nu1,home,2024-01-01\nu1,cart,2024-01-02\nu2,home,2024-01-02\n")
    who: dict[str, str | Sql] = {"account_id": "user"}
    done = load(company.con, Settings(mapping=(FileMapping("clicks.csv", "accounts", who, ("Page", "s*")),)), path)
    assert [(t.accepted, t.duplicate, t.quarantined) for t in done.tables] == [(2, 1, 0)]
    done = load(
        company.con, Settings(mapping=(FileMapping("clicks.csv", "people", {"person_id": "user"}, ("*",)),)), path
    )
    assert [(t.accepted, t.duplicate, t.quarantined) for t in done.tables] == [(2, 1, 0)]


def test_an_ignored_header_is_not_guessed_to_be_a_column(company: Company) -> None:
    kept = FileMapping("crm.csv", "accounts", {"account_id": "no"}, ("name",))
    load(company.con, Settings(mapping=(kept,)), company.write("crm.csv", "no,name\n1,Acme\n"))
    assert company.ask("SELECT account_id, name FROM accounts") == [("1", None)]


def test_an_ignored_header_that_the_file_lacks_is_a_slip(company: Company) -> None:
    company.settings = Settings(mapping=(FileMapping("*.csv", "accounts", {"account_id": "no"}, ("Pages",)),))
    with pytest.raises(SettingsError, match=r"'Pages', which the file lacks. Did you mean 'Page'"):
        company.load("x.csv", "no,Page\n1,home\n")


def test_a_mapping_that_names_a_header_the_file_lacks(company: Company) -> None:
    company.settings = Settings(mapping=(FileMapping("*.csv", "accounts", {"account_id": "Custmer"}),))
    with pytest.raises(SettingsError, match=r"'Custmer', which the file lacks. Did you mean 'Customer'"):
        company.load("x.csv", "Customer\nc1\n")


@pytest.mark.parametrize("sql", ["(SELECT 1)", "read_text('/etc/passwd') FROM x", "1; DROP TABLE x", "a +"])
def test_a_mapping_is_an_expression_and_nothing_more(company: Company, sql: str) -> None:
    company.settings = Settings(mapping=(FileMapping("*.csv", "accounts", {"account_id": "a", "name": Sql(sql)}),))
    with pytest.raises(SettingsError, match="name"):
        company.load("x.csv", "a\nc1\n")


def test_a_file_of_no_known_table(company: Company) -> None:
    with pytest.raises(InputError, match=r"which table 'subscripions.csv' is. Did you mean 'subscriptions'.*--table"):
        company.load("subscripions.csv", "a\n1\n")
    with pytest.raises(UnknownNameError, match=r"'acounts' is not a table that is known here. Did you mean 'accounts'"):
        company.load("x.csv", "a\n1\n", table="acounts")


def test_required_columns_that_are_missing_are_named_with_the_headers_seen(company: Company) -> None:
    with pytest.raises(InputError, match=r"requires: account_id. Its headers are colour, size"):
        company.load("accounts.csv", "colour,size\nred,1\n")


def test_unknown_columns_are_attributes_of_accounts_and_props_elsewhere(company: Company) -> None:
    company.load("accounts.csv", "account_id,Team Size,Plan Tier\na1,12,\n")
    company.load("events.csv", 'event_id,at,name,colour,props\ne1,2024-01-01,x,red,"{""a"": 1}"\n')
    assert company.ask("SELECT CAST(attributes AS VARCHAR) FROM accounts") == [('{"team_size":"12"}',)]
    assert company.ask("FROM meta.labels ORDER BY ALL") == [("plan_tier", "Plan Tier"), ("team_size", "Team Size")]
    assert company.ask("SELECT props ->> 'colour', props ->> 'a' FROM events") == [("red", "1")]


@pytest.mark.parametrize(
    ("written", "name"),
    [("Customer No.", "customer_no"), ("customerNo", "customer_no"), ("HTTPCode", "http_code"), ("Größe", "größe")],
)
def test_names_are_told_apart_by_their_words(written: str, name: str) -> None:
    assert snake(written) == name


@pytest.mark.parametrize("file", ["Accounts.csv", "account.csv.gz", "accounts-2024-05-01.parquet", "accounts_7.jsonl"])
def test_a_table_is_told_by_the_name_of_its_file(file: str) -> None:
    table = table_of(file)
    assert table
    assert table.name == "accounts"
