"""What was known at an instant: rows that a later load replaced, withdrew or brought are as they were, whatever is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

import tenure
from library.company import write
from tenure.config import Settings
from tenure.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = "subscription_id,account_id,plan,starts_at,ends_at,unit_amount\n"
MARCH: dict[str, Any] = {"since": "2024-03-01", "until": "2024-04-01", "now": "2024-05-01"}
NOW: dict[str, Any] = {"now": "2024-04-01"}
Books = tuple[tenure.Store, list[str]]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Books]:
    """Three loads, and the instants after each: ada's price is corrected and cyd comes late; then cyd is withdrawn."""
    loads = (
        HEAD + "s1,ada,pro,2024-01-01,,100\ns2,bob,pro,2024-01-01,2024-03-10,50\n",
        HEAD + "s1,ada,pro,2024-01-01,,90\ns3,cyd,basic,2024-02-01,,20\n",
        HEAD + "s1,ada,pro,2024-01-01,,90\ns2,bob,pro,2024-01-01,2024-03-10,50\n",
    )
    folder: Path = tmp_path_factory.mktemp("books")
    with tenure.open(settings=Settings()) as store:
        known = []
        for number, periods in enumerate(loads):
            accounts = "account_id,created_at,launched_at\nada,2024-01-01," + ("" if number else "2024-02-05") + "\n"
            files = write(folder / str(number), subscription_periods=periods, accounts=accounts)
            store.load(files, replace=number == len(loads) - 1)
            known.append(datetime.now(UTC).isoformat())
        yield store, known


def test_the_rows_behind_a_number_are_those_of_then(books: Books) -> None:
    """Ada's price was 100, then 90; cyd was there only after the second load."""
    store, known = books
    found = []
    for instant in known:
        shown = store.explain("mrr", as_of=instant, **MARCH).to_dict()
        (part,) = shown["parts"]
        raw = {row["subscription_id"]: row["unit_amount"] for row in part["raw"]}
        assert {row["subscription_id"]: row["standing"] for row in part["rows"]} == raw
        assert sum(raw.values()) == shown["rows"][0]["value"]
        found.append(raw)
    assert found == [{"s1": 100}, {"s1": 90, "s3": 20}, {"s1": 90}]


def test_cohorts_of_then(books: Books) -> None:
    """Two came in January and one of them stayed; cyd's cohort of February was there for one load."""
    store, known = books
    words = {"now": "2024-04-01", "grain": "month"}
    made = [store.cohorts("retention", as_of=instant, **words) for instant in known]
    told = [[(row.start and row.start.month, row.size, row.values) for row in one.rows] for one in made]
    january = (1, 2, (1.0, 1.0, 0.5))
    assert told == [[january], [january, (2, 1, (1.0, 1.0))], [january]]


def test_what_was_done_by_then_is_known_by_then(books: Books) -> None:
    """Of ada and bob ada was launched; the first load said so, the second took it back."""
    store, known = books
    words = {"milestone": "launch", "now": "2024-04-01"}
    first, second, _ = (store.cohorts("activation", as_of=instant, **words).rows[0].values for instant in known)
    assert (first[:2], set(second)) == ((0.0, 0.5), {0.0})


def test_before_the_first_load_nothing_was_known(books: Books) -> None:
    """It is unknown, and said to be so: what had happened by a day is another question."""
    store, known = books
    words = {**MARCH, "as_of": "2024-04-15"}
    assert [row.value for row in store.ask("mrr", **words).rows] == [None]
    (said,) = store.unmatched("mrr", **words)
    assert said.startswith(f"As of 2024-04-15 nothing was known: the first load was done on {known[0][:10]}")
    assert said.endswith("What had happened by a day is asked with --to.")
    assert store.unmatched("mrr", **MARCH, as_of=known[0]) == []


def test_a_customer_s_page_of_then(tmp_path: Path) -> None:
    """Ada's other id was not known to be hers, her name was spelt otherwise, and a ticket was not there yet."""
    first = {
        "accounts": "account_id,name\nada,Ada Ltd\n",
        "subscription_periods": HEAD + "s1,ada,pro,2024-01-01,,100\ns2,ada-2,pro,2024-02-01,,50\n",
        "account_attributes": "account_id,name,value,valid_from\nada,care,low,2024-01-01\n",
    }
    second = {
        "accounts": "account_id,name\nada,Ada Limited\n",
        "subscription_periods": HEAD + "s1,ada,pro,2024-01-01,,90\n",
        "account_attributes": "account_id,name,value,valid_from\nada,care,high,2024-01-01\n",
        "account_links": "account_id,same_as\nada-2,ada\n",
        "tickets": "ticket_id,account_id,created_at\nt1,ada,2024-03-01\n",
    }
    with tenure.open() as store:
        store.load(write(tmp_path / "1", **first))
        then: dict[str, Any] = {"as_of": datetime.now(UTC).isoformat(), "now": "2024-04-01"}
        store.load(write(tmp_path / "2", **second))
        pages = [store.account("ada", **words).to_dict() for words in (then, NOW)]
        assert [(one["who"]["name"], one["who"]["also_known_as"], one["who"]["attributes"]) for one in pages] == [
            ("Ada Ltd", [], {"care": "low"}),
            ("Ada Limited", ["ada-2"], {"care": "high"}),
        ]
        assert [one["money"]["monthly"] for one in pages] == [100, 140]
        assert [one["tickets"] and one["tickets"]["count"] for one in pages] == [None, 1]
        assert pages[0]["missing"]["tickets"] == ["tickets"]
        assert store.account("ada-2", **then).to_dict()["money"]["monthly"] == 50
        assert store.account("Ada Ltd", **then).who["account_id"] == "ada"
        with pytest.raises(UnknownNameError, match="Did you mean 'ada'"):
            store.account("Ada Ltd")
