"""What becomes of the rows of a file: stored, said already, newer, in conflict, gone."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tenure.errors import InputError
from tenure.store.load import load
from tenure.store.quarantine import quarantine

if TYPE_CHECKING:
    from shop import Company

HEAD = "subscription_id,account_id,starts_at,unit_amount,currency"


def test_defaults_fill_what_a_row_leaves_empty(company: Company) -> None:
    done = company.load("subscription_periods.csv", f"{HEAD}\ns1,a1,2024-01-01,49.90,usd\n")
    assert done.to_dict() == {
        "load_id": 1,
        "tables": [
            {
                "table": "subscription_periods",
                "rows_in": 1,
                "accepted": 1,
                "duplicate": 0,
                "replaced": 0,
                "quarantined": 0,
                "retired": 0,
            }
        ],
    }
    found = company.ask(
        "SELECT item_id, state, quantity, billing_interval, currency, unit_amount FROM subscription_periods"
    )
    assert found == [("s1", "active", Decimal(1), "month", "USD", Decimal("49.90"))]


def test_the_same_file_twice_changes_nothing(company: Company) -> None:
    text = f"{HEAD}\ns1,a1,2024-01-01,49.90,USD\ns2,a1,2024-02-01,oops,USD\ns3,a1\n"
    company.load("subscription_periods.csv", text)
    before = company.ask("FROM rows.subscription_periods"), company.ask("FROM meta.quarantine")
    again = company.load("subscription_periods.csv", text)
    assert (again.accepted, again.duplicate, again.quarantined) == (0, 1, 2)
    assert (company.ask("FROM rows.subscription_periods"), company.ask("FROM meta.quarantine")) == before


def test_tomorrows_export_replaces_todays_row(company: Company) -> None:
    company.load("subscriptions.csv", "subscription_id,account_id,ends_at\ns1,a1,\n")
    done = company.load("subscriptions.csv", "subscription_id,account_id,ends_at\ns1,a1,2024-03-01\n")
    assert (done.accepted, done.replaced) == (1, 1)
    assert company.ask("SELECT CAST(ends_at AS VARCHAR) FROM subscriptions") == [("2024-03-01 00:00:00",)]
    past, now = company.ask("SELECT loaded_at, replaced_at FROM rows.subscriptions ORDER BY load_id")
    assert past[1] == now[0]
    assert now[1] is None


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_newer_state_wins_in_whatever_order_they_arrive(company: Company, order: tuple[int, int]) -> None:
    states = ["a1,Old,2024-01-01", "a1,New,2024-01-02"]
    for n in order:
        company.load("accounts.csv", f"account_id,name,updated_at\n{states[n]}\n")
    assert company.ask("SELECT name FROM accounts") == [("New",)]


def test_within_one_load_the_newer_state_wins(company: Company) -> None:
    rows = "a1,Old,2024-01-01\na1,New,2024-01-02\na1,New,2024-01-02"
    done = company.load("accounts.csv", f"account_id,name,updated_at\n{rows}\n")
    assert (done.accepted, done.duplicate, done.quarantined) == (1, 2, 0)
    assert company.ask("SELECT name FROM accounts") == [("New",)]


def test_two_states_without_an_order_are_both_set_aside(company: Company) -> None:
    done = company.load("accounts.csv", "account_id,name\na1,One\na2,Fine\na1,Two\n")
    assert (done.accepted, done.quarantined) == (1, 2)
    assert [(q.line, q.rule, q.value) for q in quarantine(company.con)] == [(2, "order", "a1"), (4, "order", "a1")]


def test_files_of_one_load_are_one_load(company: Company) -> None:
    company.write("accounts-2024-01.csv", "account_id,name\na1,One\na2,Two\n")
    company.write("accounts-2024-02.csv.gz", "account_id,name\na2,Two\na3,Three\n")
    company.write("people.csv", "person_id,account_id\np1,a1\n")
    company.write("notes.md", "not data")
    done = load(company.con, company.settings, company.folder)
    assert [(t.table, t.rows_in, t.accepted, t.duplicate) for t in done.tables] == [
        ("accounts", 4, 3, 1),
        ("people", 1, 1, 0),
    ]
    assert done.notes == ("'notes.md' was left aside: it is no data file.",)


def test_a_full_export_says_what_is_gone(company: Company) -> None:
    company.load("accounts.csv", "account_id,currency\na1,EUR\na2,EUR\na3,EUR\n", source="crm")
    company.load("accounts.csv", "account_id\nb1\n", source="shop")
    done = company.load("accounts.csv", "account_id,currency\na1,EUR\na2,nonsense\n", source="crm", replace=True)
    assert [(t.duplicate, t.quarantined, t.retired) for t in done.tables] == [(1, 1, 1)]
    assert company.ask("SELECT account_id FROM accounts ORDER BY 1") == [("a1",), ("a2",), ("b1",)]


def test_nothing_is_retired_while_a_key_cannot_be_read(company: Company) -> None:
    company.load("accounts.csv", "account_id,name\na1,A\na2,B\n")
    done = company.load("accounts.csv", "account_id,name\na1,A\n,C\n", replace=True)
    assert done.tables[0].retired == 0
    assert "No row of accounts was retired" in done.notes[0]


def test_an_exclusion_leaves_a_row_out_of_the_view(company: Company) -> None:
    company.load("subscription_periods.csv", f"{HEAD}\ns1,a1,2024-01-01,49.90,USD\ns2,a1,2024-01-01,5,USD\n")
    company.load("exclusions.csv", "table_name,id\nsubscription_periods,s2/s2/2024-01-01 00:00:00\n")
    assert company.ask("SELECT subscription_id FROM subscription_periods") == [("s1",)]
    assert company.ask("SELECT count(*) FROM rows.subscription_periods") == [(2,)]


def test_a_dry_run_tells_all_and_keeps_nothing(company: Company) -> None:
    done = company.load(
        "accounts.csv", "Customer ID,Company,Team Size\nc1,Acme,12\n,Nobody,3\n", dry_run=True
    ).to_dict()
    assert done["tables"][0] | {"table": ""} == {
        "table": "", "rows_in": 2, "accepted": 1, "duplicate": 0, "replaced": 0, "quarantined": 1, "retired": 0,
    }  # fmt: skip
    assert done["files"][0]["columns"] == [
        {"column": "account_id", "header": "Customer ID", "how": "guessed"},
        {"column": "name", "header": "Company", "how": "guessed"},
        {"column": "team_size", "header": "Team Size", "how": "extra"},
    ]
    assert done["quarantine"][0]["line"] == 3
    for table in ("rows.accounts", "meta.loads", "meta.quarantine", "meta.labels"):
        assert company.ask(f"FROM {table}") == []


def test_loads_have_instants_that_rise(company: Company) -> None:
    for n in range(3):
        company.load("accounts.csv", f"account_id\na{n}\n")
    instants = [at for (at,) in company.ask("SELECT loaded_at FROM meta.loads ORDER BY load_id")]
    assert instants == sorted(set(instants))


def test_progress_is_told_and_only_rises(company: Company) -> None:
    company.write("accounts.csv", "account_id\n" + "".join(f"a{n}\n" for n in range(200_000)))
    company.write("people.csv", "person_id\np1\n")
    heard: list[tuple[str, float, float]] = []
    load(company.con, company.settings, company.folder, progress=lambda *said: heard.append(said))
    assert list(dict.fromkeys(label for label, *_ in heard)) == ["accounts", "people", "facts", "done"]
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)
    assert heard[-1][1] == heard[-1][2] > 0


def test_one_bad_file_keeps_all_of_them_out(company: Company) -> None:
    company.write("accounts.csv", "account_id\na1\n")
    company.write("people.csv", "")
    with pytest.raises(InputError, match=r"'people\.csv' is empty"):
        load(company.con, company.settings, company.folder)
    assert company.ask("FROM rows.accounts") == []
