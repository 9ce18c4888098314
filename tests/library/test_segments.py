"""Segments that accounts move between, and segments that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import tenure
from laws.stores import load
from tenure.config import Settings
from tenure.errors import SettingsError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.answer import Answer

YEAR = {"since": "2024-01-01", "until": "2024-05-01"}
# a1 pays 100 and grows from small to large in February; a2 pays 50 and is small until 10 March, then nobody knows;
# a3 pays 30 until 20 March, its size was never told, its owner changed on 1 March; a4 pays 20 from February on.
COMPANY: dict[str, list[dict[str, Any]]] = {
    "accounts": [
        {"account_id": "a1", "region": "north", "seats": "12"},
        {"account_id": "a2", "region": "south", "seats": "9"},
        {"account_id": "a3", "region": "north", "seats": None},
        {"account_id": "a4", "region": None, "seats": "100"},
    ],
    "account_attributes": [
        {"account_id": "a1", "name": "size", "value": "small", "valid_from": "2024-01-12", "valid_to": None},
        {"account_id": "a1", "name": "size", "value": "large", "valid_from": "2024-02-15", "valid_to": None},
        {"account_id": "a2", "name": "size", "value": "small", "valid_from": "2024-01-01", "valid_to": "2024-03-10"},
        {"account_id": "a3", "name": "owner", "value": "x", "valid_from": "2024-01-01", "valid_to": "2024-03-01"},
        {"account_id": "a3", "name": "owner", "value": "y", "valid_from": "2024-03-01", "valid_to": None},
    ],
    "subscription_periods": [
        {"subscription_id": "s1", "account_id": "a1", "starts_at": "2024-01-10", "ends_at": None, "unit_amount": "100"},
        {"subscription_id": "s2", "account_id": "a2", "starts_at": "2024-01-10", "ends_at": None, "unit_amount": "50"},
        {
            "subscription_id": "s3",
            "account_id": "a3",
            "starts_at": "2024-01-15",
            "ends_at": "2024-03-20",
            "unit_amount": "30",
        },
        {"subscription_id": "s4", "account_id": "a4", "starts_at": "2024-02-02", "ends_at": None, "unit_amount": "20"},
    ],
    "tickets": [
        {"ticket_id": "t1", "account_id": "a1", "created_at": "2024-02-01", "status": "open"},
        {"ticket_id": "t2", "account_id": "a1", "created_at": "2024-02-20", "status": "open"},
    ],
}
SEGMENTS = {
    "big": "seats >= 10 AND NOT region IS NULL",
    "northern": "region IN ('north', 'arctic')",
    "odd": "region = 'north' OR seats = 100",
    "grown": "size = 'large'",
    "unknown": "size IS NULL",
}


@pytest.fixture(scope="module")
def store() -> Iterator[tenure.Store]:
    with tenure.open(":memory:", settings=Settings(segments=SEGMENTS)) as made:
        load(made, COMPANY)
        yield made


def by_month(answer: Answer) -> dict[str, list[float | None]]:
    """The values of each segment, month by month."""
    found: dict[str, list[float | None]] = {}
    for row in answer.rows:
        found.setdefault(str(row.segment), []).append(row.value)
    return found


def test_a_level_moves_with_the_attribute(store: tenure.Store) -> None:
    """The first value holds before it was told, and what ended without another is nobody's."""
    assert by_month(store.ask("mrr", by="size", **YEAR)) == {
        "small": [150, 50, 0, 0],
        "large": [0, 100, 100, 100],
        "(none)": [30, 50, 70, 70],
    }
    assert by_month(store.ask("customers", by="size", **YEAR)) == {
        "small": [2, 1, 0, 0],
        "large": [0, 1, 1, 1],
        "(none)": [1, 2, 2, 2],
    }


def test_its_movements_add_up_to_it(store: tenure.Store) -> None:
    assert by_month(store.ask("net_new_mrr", by="size", **YEAR)) == {
        "small": [150, -100, -50, 0],
        "large": [0, 100, 0, 0],
        "(none)": [30, 20, 20, 0],
    }


def test_a_rate_takes_the_segment_at_the_opening(store: tenure.Store) -> None:
    """a3 was nobody's, and of owner y when it left; it was x's until March began."""
    march = {"since": "2024-03-01", "until": "2024-04-01"}
    sizes = {row.segment: row.value for row in store.ask("customer_churn_rate", by="size", **march).rows}
    assert sizes == {"(none)": 0.5, "small": 0, "large": 0}
    owners = {row.segment: row.parts["churned"] for row in store.ask("customer_churn_rate", by="owner", **march).rows}
    assert owners["y"] == 1


def test_what_happens_takes_the_segment_of_its_instant(store: tenure.Store) -> None:
    february = {"since": "2024-02-01", "until": "2024-03-01"}
    assert by_month(store.ask("tickets", by="size", **february)) == {"small": [1], "large": [1]}
    # What is open stands where its account is when it is counted: both of them are a1's, which is large by then.
    assert by_month(store.ask("ticket_backlog", by="size", **YEAR)) == {"large": [0, 2, 2, 2]}


def test_now_is_as_it_is_now(store: tenure.Store) -> None:
    assert by_month(store.ask("mrr", by="size@now", **YEAR)) == {
        "large": [100, 100, 100, 100],
        "(none)": [80, 100, 70, 70],
    }


def test_a_filter_follows_too(store: tenure.Store) -> None:
    assert [row.value for row in store.ask("mrr", where={"size": ["small"]}, **YEAR).rows] == [150, 50, 0, 0]
    assert [row.value for row in store.ask("fx_mrr", where={"size": ["small"]}, **YEAR).rows] == [0, 0, 0, 0]
    both = store.ask("mrr", where={"size": ["small"]}, by="region", **YEAR)
    assert by_month(both) == {"north": [100, 0, 0, 0], "south": [50, 50, 0, 0]}
    assert [row.value for row in store.ask("mrr", where={"tenure": ["under 30 d"]}, **YEAR).rows] == [180, 20, 0, 0]


def test_two_that_move_are_asked_one_at_a_time(store: tenure.Store) -> None:
    with pytest.raises(UsageError, match="size and tenure change as time goes by"):
        store.ask("mrr", by="size", where={"tenure": ["over 1 y"]}, **YEAR)


def test_later_rows_of_a_history_move_what_stands() -> None:
    """A value that is told late is in the ledgers at the next question."""
    with tenure.open() as made:
        load(made, COMPANY)
        made.ask("mrr", by="size", **YEAR)
        late = {"account_id": "a4", "name": "size", "value": "large", "valid_from": "2024-01-01", "valid_to": None}
        load(made, {"account_attributes": [late]})
        assert by_month(made.ask("mrr", by="size", **YEAR))["large"] == [0, 120, 120, 120]
        assert made.doctor().ok


def test_a_named_segment_is_a_filter_and_a_dimension(store: tenure.Store) -> None:
    assert [row.value for row in store.ask("mrr", where={"segment": ["northern"]}, **YEAR).rows] == [130, 130, 100, 100]
    assert [row.value for row in store.ask("mrr", where={"segment": ["big"]}, **YEAR).rows] == [100, 100, 100, 100]
    either = store.ask("mrr", where={"segment": ["big", "odd"]}, **YEAR)
    assert [row.value for row in either.rows] == [130, 150, 120, 120]
    assert by_month(store.ask("mrr", by="big", **YEAR)) == {"big": [100] * 4, "(other)": [80, 100, 70, 70]}


def test_a_named_segment_knows_what_a_history_told_last(store: tenure.Store) -> None:
    """a1 is large now; a2's size ended without another, and nobody told that of a3 and a4."""
    assert by_month(store.ask("mrr", by="grown", **YEAR)) == {"grown": [100] * 4, "(other)": [80, 100, 70, 70]}
    assert [row.value for row in store.ask("mrr", where={"segment": ["unknown"]}, **YEAR).rows] == [80, 100, 70, 70]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("seats >", "is not a filter"),
        ("regoin = 'north'", "Did you mean 'region'?"),
        ("region = (SELECT 1)", "is not a value"),
        ("read_csv('x')", "is not understood"),
        ("1 = 1", "is not understood"),
        ("region LIKE 'n%'", "is not understood"),
    ],
)
def test_a_filter_is_checked_and_never_run_as_it_stands(text: str, sentence: str) -> None:
    with tenure.open(":memory:", settings=Settings(segments={"mine": text})) as made:
        load(made, COMPANY)
        with pytest.raises(SettingsError, match="mine") as refused:
            made.ask("mrr", where={"segment": ["mine"]}, **YEAR)
        assert sentence in str(refused.value)


def test_a_segment_that_is_not_named(store: tenure.Store) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'northern'"):
        store.ask("mrr", where={"segment": ["northen"]}, **YEAR)


def test_numbers_are_compared_as_numbers_and_names_may_have_braces() -> None:
    segments = {"a {b} 'c'": "seats IN (12.0, 9, 'x')", "deep": "(" * 5000 + "seats = 1" + ")" * 5000}
    with tenure.open(":memory:", settings=Settings(segments=segments)) as made:
        rows = [dict(row, seats="12.00" if row["account_id"] == "a1" else row["seats"]) for row in COMPANY["accounts"]]
        load(made, {**COMPANY, "accounts": rows})
        name = next(iter(segments))
        assert by_month(made.ask("mrr", by=name, **YEAR))[name] == [150, 150, 150, 150]
        assert [row.value for row in made.ask("mrr", where={"segment": [name]}, **YEAR).rows] == [150, 150, 150, 150]
        with pytest.raises(SettingsError, match=r"^\[segments\] deep: the filter is nested too deeply"):
            made.ask("mrr", where={"segment": ["deep"]}, **YEAR)
