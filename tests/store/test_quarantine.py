"""Rows that are set aside: where they stood, what mends them, and how they come back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tenure.config import FileMapping, Settings, Sql
from tenure.store.load import retry
from tenure.store.quarantine import drop, quarantine

if TYPE_CHECKING:
    from shop import Company

HEAD = "subscription_id,account_id,starts_at,ends_at,unit_amount,currency,state"


@pytest.mark.parametrize(
    ("row", "rule", "column", "says"),
    [
        ("s1,a1,2024-01-01,,12345678901234567890123456789,USD,", "amount", "unit_amount", "more than 14 digits"),
        ("s1,a1,2024-01-01,,1e400,USD,", "amount", "unit_amount", "exponent"),
        ("s1,a1,2024-01-01,,1e3,USD,", "amount", "unit_amount", "exponent"),
        ("s1,a1,2024-01-01,,NaN,USD,", "amount", "unit_amount", "no number"),
        ('s1,a1,2024-01-01,,"1,50",USD,', "amount", "unit_amount", "comma"),
        ("s1,a1,2024-01-01,,1.00001,USD,", "amount", "unit_amount", "more than 4 decimals"),
        ("s1,a1,2024-01-01,,-5,USD,", "unit_amount_not_negative", "unit_amount", "must not be negative"),
        ("s1,a1,2024-01-01,,5,DOLLAR,", "currency", "currency", "'DOLLAR' is not a currency"),
        ("s1,a1,2024-01-01,,5,USD,activ", "choice", "state", "Did you mean 'active'?"),
        ("s1,a1,2024-02-30,,5,USD,", "instant", "starts_at", "'2024-02-30' is no instant"),
        ("s1,a1,03/04/2024,,5,USD,", "instant", "starts_at", "write it like"),
        ("s1,a1,2024-01-02,2024-01-01,5,USD,", "ends_at_not_before_starts_at", "ends_at", "must not be before"),
        ("s1,,2024-01-02,,5,USD,", "required", "account_id", "account_id is empty"),
        ("s1,a1,2024-01-02,,,USD,", "price_given", "unit_amount", "Either unit_amount or mrr"),
        ("s1,a1,2024-01-02,,5,USD,,more", "columns", None, "more or fewer cells"),
        ("s1,a1", "columns", None, "more or fewer cells"),
        ('"s1"x,a1,2024-01-02,,5,USD,', "quote", None, "quote of the row is not closed"),
        ("s\0,a1,2024-01-02,,5,USD,", "nul", "subscription_id", "NUL character"),
    ],
)
def test_each_bad_row_is_kept_with_its_place_and_its_remedy(
    company: Company, row: str, rule: str, column: str | None, says: str
) -> None:
    good = "s0,a1,2024-01-01,,5,USD,active"
    done = company.load("subscription_periods.csv", f"{HEAD}\n{good}\n\n{row}\n{good.replace('s0', 's9')}\n")
    assert (done.rows_in, done.accepted, done.quarantined) == (3, 2, 1)
    (found,) = quarantine(company.con, "subscription_periods")
    assert (found.rule, found.column, found.line, found.file) == (rule, column, 4, "subscription_periods.csv")
    assert says in found.mend


@pytest.mark.parametrize("amount", ["49.90", "49.9000000", "049.9", "+49.9", " 49.9 "])
def test_an_amount_may_be_written_in_several_ways(company: Company, amount: str) -> None:
    company.load("subscription_periods.csv", f"{HEAD}\ns1,a1,2024-01-01,,{amount},USD,\n")
    assert company.ask("SELECT CAST(unit_amount AS VARCHAR) FROM subscription_periods") == [("49.9000",)]


def test_lines_count_the_line_ends_inside_of_quotes(company: Company) -> None:
    company.load(
        "accounts.csv", 'account_id,name,currency\r\na1,"two\r\nlines ""x""",EUR\r\n\r\na2,B,??\r\na3\r\na4,C,??\r\n'
    )
    assert [(q.line, q.rule) for q in quarantine(company.con)] == [(5, "currency"), (6, "columns"), (7, "currency")]


def test_a_mended_row_is_tried_again_under_todays_mapping(company: Company) -> None:
    company.load("subscription_periods.csv", f'{HEAD}\ns1,a1,2024-01-01,,"49,90",USD,\ns2,a1,2024-01-01,,x,USD,\ns3\n')
    comma = FileMapping("*.csv", "subscription_periods", {"unit_amount": Sql("replace(unit_amount, ',', '.')")})
    done = retry(company.con, replace(company.settings, mapping=(comma,)))
    assert (done.rows_in, done.accepted, done.quarantined) == (2, 1, 1)
    assert [(q.line, q.value) for q in quarantine(company.con) if q.rule == "amount"] == [(3, "x")]
    assert company.ask("SELECT subscription_id FROM subscription_periods") == [("s1",)]
    assert len(quarantine(company.con)) == 2  # the row that could not be taken apart stays


def test_trying_again_with_nothing_set_aside_is_no_load(company: Company) -> None:
    assert retry(company.con, Settings()).to_dict() == {"load_id": 0, "tables": []}
    assert company.ask("FROM meta.loads") == []


def test_what_is_dropped_is_gone(company: Company) -> None:
    company.load("accounts.csv", "account_id,name\n,nobody\n")
    company.load("people.csv", "person_id,email\n,x@example.com\n")
    assert drop(company.con, "people") == 1
    assert {q.table for q in quarantine(company.con)} == {"accounts"}


def test_rows_tried_again_keep_the_source_that_they_came_from(company: Company) -> None:
    for source in ("crm", "shop"):
        company.load("accounts.csv", f"account_id,currency\n{source}1,x\n", source=source)
    comma = FileMapping("accounts.csv", "accounts", {"currency": Sql("upper(currency) || 'DR'")})
    done = retry(company.con, replace(company.settings, mapping=(comma,)))
    assert (done.rows_in, done.accepted) == (2, 2)
    assert company.ask("SELECT account_id, source, currency FROM accounts ORDER BY 1") == [
        ("crm1", "crm", "XDR"),
        ("shop1", "shop", "XDR"),
    ]
