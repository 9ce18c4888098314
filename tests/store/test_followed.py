"""What somebody did is kept where they belong, also when the account that they did it in turns out to be another one."""

from __future__ import annotations

import pytest

import tenure
from laws.stores import load

JANUARY = {"since": "2024-01-01", "until": "2024-02-01", "now": "2024-06-01"}
TEST = {"accounts": [{"account_id": "a1", "is_test": "true"}]}
MERGED = {"account_links": [{"account_id": "a1", "same_as": "z1"}]}
EXCLUDED = {"exclusions": [{"table_name": "accounts", "id": "a1"}]}


def event(number: int, account: str) -> dict[str, str]:
    return {
        "event_id": str(number), "account_id": account, "person_id": "p", "happened_at": "2024-01-05", "name": "x",
    }  # fmt: skip


@pytest.mark.parametrize("later", [TEST, MERGED, EXCLUDED], ids=["test", "merged", "excluded"])
def test_one_of_whom_nothing_is_known_is_active_elsewhere(later: dict[str, list[dict[str, str]]]) -> None:
    with tenure.open() as store:
        load(store, {"events": [event(1, "a1"), event(2, "b1")]})
        assert store.ask("monthly_active_users", **JANUARY).rows[0].value == 1
        load(store, later)
        assert store.ask("monthly_active_users", **JANUARY).rows[0].value == 1
        assert store.doctor().ok


def test_what_was_done_in_a_test_account_is_not_kept_at_home() -> None:
    with tenure.open() as store:
        load(store, {"people": [{"person_id": "p", "account_id": "home"}], "events": [event(1, "a1")]})
        assert store.ask("monthly_active_users", **JANUARY).rows[0].value == 1
        load(store, TEST)
        assert store.ask("monthly_active_users", **JANUARY).rows[0].value == 0
        assert store.doctor().ok


def test_a_running_day_is_not_held_against_a_whole_one() -> None:
    """Who was active is known by the day: half of one says nothing beside all of another."""
    with tenure.open() as store:
        load(store, {"events": [{**event(1, "a"), "happened_at": "2024-01-09T20:00:00Z"}, event(2, "a")]})
        asked = {"since": "2024-01-10", "until": "2024-01-11", "grain": "day", "compare": "previous"}
        (running,) = store.ask("daily_active_users", now="2024-01-10T12:00:00Z", **asked).rows
        assert (running.partial, running.previous, running.change) == (True, None, None)
        (over,) = store.ask("daily_active_users", now="2024-01-12", **asked).rows
        assert (over.value, over.previous) == (0, 1)


@pytest.mark.parametrize(
    ("name", "asked"),
    [('Deal "size"', 'deal_"size"'), ("{clock}", "{clock}"), ("x@now", "x@now"), ("it's", "it's"), ("a/b~c", "a_b~c")],
)
def test_an_attribute_may_be_called_anything(name: str, asked: str) -> None:
    told = {"account_id": "a", "name": name, "value": "v", "valid_from": "2024-01-01"}
    pays = {"subscription_id": "s", "account_id": "a", "starts_at": "2024-01-02", "unit_amount": "10"}
    with tenure.open() as store:
        load(store, {"account_attributes": [told], "subscription_periods": [pays]})
        assert [(row.segment, row.value) for row in store.ask("mrr", by=asked, **JANUARY).rows] == [("v", 10)]


@pytest.mark.parametrize("name", ["Company Size", "company-size", "COMPANY_SIZE "])
def test_the_history_of_an_attribute_may_be_written_like_its_header(name: str) -> None:
    told = {"account_id": "a", "name": name, "value": "small", "valid_from": "2024-01-01", "valid_to": "2024-03-01"}
    pays = {"subscription_id": "s", "account_id": "a", "starts_at": "2024-01-02", "unit_amount": "10"}
    with tenure.open() as store:
        load(store, {"accounts": [{"account_id": "a", "Company Size": "large"}], "account_attributes": [told]})
        load(store, {"subscription_periods": [pays]})
        (row,) = store.ask("mrr", by="company_size", **JANUARY).rows
        assert (row.segment, row.value) == ("small", 10)


def test_what_no_value_can_be_matches_nothing() -> None:
    with tenure.open() as store:
        load(
            store,
            {
                "subscription_periods": [
                    {"subscription_id": "s", "account_id": "a", "starts_at": "2024-01-02", "unit_amount": "10"}
                ]
            },
        )
        assert store.ask("mrr", where={"account": ["a\0b"]}, **JANUARY).rows[0].value == 0
