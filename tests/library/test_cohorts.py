"""Cohorts by the period of the first payment."""

from pathlib import Path

import pytest

import tenure
from library.company import small, write
from tenure.errors import UnknownNameError, UsageError


def test_retention_counts_who_pays_at_the_end_of_each_period(tmp_path: Path) -> None:
    """Ten begin in January; one leaves in February and returns in April, two leave in March."""
    periods = "subscription_id,account_id,starts_at,ends_at,unit_amount\n"
    periods += "".join(f"s{i},a{i},2024-01-05,,10\n" for i in range(7))
    periods += "s7,a7,2024-01-05,2024-02-10,10\nt7,a7,2024-04-02,,10\n"
    periods += "s8,a8,2024-01-05,2024-03-10,10\ns9,a9,2024-01-06,2024-03-10,10\nb,b,2024-02-01,,10\n"
    with tenure.open() as store:
        store.load(write(tmp_path, subscription_periods=periods))
        shown = store.cohorts("retention").to_dict()
    assert [(row["cohort"], row["size"]) for row in shown["rows"]] == [
        ("2024-01-01T00:00:00Z", 10),
        ("2024-02-01T00:00:00Z", 1),
    ]
    assert shown["rows"][0]["values"] == [1.0, 0.9, 0.7, 0.8]
    assert shown["rows"][1]["values"] == [1.0, 1.0, 1.0]
    assert shown["partial"] is False


def test_revenue_is_read_at_the_first_period_s_rates(tmp_path: Path) -> None:
    """Ada goes from 50 to 80, Bob leaves 100 USD behind: rates that move later move nothing."""
    shown = small(tmp_path).cohorts("revenue").to_dict()
    january, february = shown["rows"]
    assert january["values"] == [1.0, 1.0, pytest.approx(80 / (50 + 90))]
    assert february["values"] == [1.0, 1.0]


def test_segments_add_up(tmp_path: Path) -> None:
    """By channel, sizes add up to those of all, and who has none is (none)."""
    rows = small(tmp_path).cohorts("retention", by="channel").to_dict()["rows"]
    assert [(row["segment"], row["size"]) for row in rows] == [("organic", 1), ("paid", 1), ("(none)", 1)]


def test_words_that_do_not_fit(tmp_path: Path) -> None:
    """A kind that there is not, and a grain without periods."""
    store = small(tmp_path)
    with pytest.raises(UnknownNameError, match="retention"):
        store.cohorts("retentoin")
    with pytest.raises(UsageError, match="grain"):
        store.cohorts("retention", grain="total")


def test_what_was_never_loaded_is_unknown(tmp_path: Path) -> None:
    """Nobody was seen to be active where no event was loaded, which says nothing of whether anybody was."""
    accounts = "account_id,created_at,launched_at\na1,2024-01-05,2024-02-01\na2,2024-02-05,\n"
    with tenure.open() as store:
        store.load(write(tmp_path, accounts=accounts))
        words = {"now": "2024-04-01"}
        made = store.cohorts("activation", **words).to_dict()
        assert made["missing"] == ["events"]
        assert [(row["size"], set(row["values"])) for row in made["rows"]] == [(1, {None}), (1, {None})]
        made = store.cohorts("activation", milestone="launch", **words).to_dict()
        assert (made["missing"], [row["values"] for row in made["rows"]]) == ([], [[0, 1], [0]])
        assert store.cohorts("activation", milestone="paying", **words).to_dict()["missing"] == ["subscription_periods"]
        assert store.cohorts("retention", **words).to_dict()["missing"] == ["subscription_periods"]
