"""What a store holds, row by row: lists add up to the numbers that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import SETTINGS, company, empty
from tenure.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenure.library import Store

FILES = {
    "subscriptions": "subscription_id,account_id,ends_at,end_kind,end_reason\ns2,a2,2024-04-20T10:00:00Z,voluntary,too dear\n",
    "tickets": (
        "ticket_id,account_id,created_at,solved_at,subject\n"
        "t1,a1,2024-05-02T10:00:00Z,2024-05-03T10:00:00Z,a\nt2,a1,2024-05-20T10:00:00Z,,b\nt3,a3,2024-06-01T10:00:00Z,,c\n"
    ),
    "responses": (
        "response_id,survey,account_id,sent_at,answered_at,score\n"
        "r1,nps,a1,2024-05-01T10:00:00Z,2024-05-02T10:00:00Z,9\nr2,csat,a1,2024-05-10T10:00:00Z,2024-05-11T10:00:00Z,4\n"
        "r3,nps,a1,2024-06-01T10:00:00Z,,\n"
    ),
    "contracts": (
        "contract_id,account_id,starts_on,ends_on,value,outcome\n"
        "c1,a1,2024-01-01,2025-01-01,1200,open\nc2,a1,2024-01-01,2024-09-01,300,open\nc3,a3,2023-01-01,2024-01-01,90,lost\n"
    ),
    "releases": "release_id,happened_at,name,kind\nv2,2024-05-01T08:00:00Z,Boards,product\nv1,2024-02-01T08:00:00Z,Prices,price\n",
}
NOW = "2024-06-13"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder) as store:
        for name, text in FILES.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
            store.load(folder / f"{name}.csv")
        yield store


def test_customers_add_up_to_what_is_asked(store: Store) -> None:
    found = {row["account_id"]: row for row in store.customers(now=NOW)}
    [asked] = store.ask("mrr", since="2024-01-01", until=NOW, grain="total", now=NOW).rows
    assert sum(row["monthly"] for row in found.values()) == asked.value == 300.5
    assert {name: row["state"] for name, row in found.items()} == dict.fromkeys(("a1", "a3", "a4", "a5"), "paying") | {
        "a2": "left"
    }
    assert found["a2"]["left_at"] == "2024-04-20T10:00:00Z"
    assert (found["a3"]["name"], found["a3"]["plan"], found["a3"]["since"]) == ("Cy", "basic", "2024-01-09T10:00:00Z")


def test_a_customer_stands_with_its_last_answer_its_open_tickets_and_its_next_renewal(store: Store) -> None:
    one = store.customers(now=NOW)[0]
    assert (one["account_id"], one["monthly"], one["open_tickets"], one["renews_on"]) == ("a1", 150, 1, "2024-09-01")
    assert (one["answer_survey"], one["answer_score"], one["answer_of"]) == ("csat", 4, 5)
    assert "active_days" not in one  # no event was ever loaded


def test_what_had_not_happened_is_not_in_the_list(store: Store) -> None:
    then = {row["account_id"]: row for row in store.customers(now="2024-05-21")}
    assert then.keys() == {"a1", "a2", "a3", "a4"}
    assert then["a3"]["open_tickets"] == 0


@pytest.mark.parametrize("kind", ["new", "expansion", "contraction", "churn", "reactivation"])
def test_movements_add_up_to_their_metrics(store: Store, kind: str) -> None:
    metric = {"churn": "churned"}.get(kind, kind) + "_mrr"
    [asked] = store.ask(metric, since="2024-02-01", until=NOW, grain="total", now=NOW).rows
    moved = [row["amount"] for row in store.movements("2024-02-01", NOW) if row["kind"] == kind]
    assert abs(sum(moved)) == asked.value


@pytest.mark.parametrize(
    "where",
    [{"region": "North"}, {"plan": "basic"}, {"plan": ["pro", "basic"], "region": ["South"]}, {"reason": "too dear"}],
)
@pytest.mark.parametrize("kind", ["new", "expansion", "contraction", "churn"])
def test_movements_of_whom_a_filter_leaves_add_up_to_the_metric_of_them(
    store: Store, kind: str, where: dict[str, str | list[str]]
) -> None:
    metric = {"churn": "churned"}.get(kind, kind) + "_mrr"
    [asked] = store.ask(metric, since="2024-01-01", until=NOW, grain="total", where=where, now=NOW).rows
    moved = [row["amount"] for row in store.movements("2024-01-01", NOW, where=where) if row["kind"] == kind]
    assert abs(sum(moved)) == asked.value


def test_movements_by_what_there_is_not_are_refused(store: Store) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'region'"):
        store.movements("2024-01-01", NOW, where={"regin": "North"})


def test_a_movement_says_why_and_from_what_to_what(store: Store) -> None:
    left, reduced = (
        next(r for r in store.movements("2024-04-01", NOW) if r["kind"] == k) for k in ("churn", "contraction")
    )
    assert (left["name"], left["amount"], left["reason"], left["end_kind"]) == ("Bo", -80, "too dear", "voluntary")
    assert (reduced["plans_before"], reduced["plans_after"], reduced["reason"]) == (["pro"], ["basic"], None)


def test_releases_are_those_of_the_window_in_order(store: Store) -> None:
    assert [row["name"] for row in store.releases("2024-01-01", "2024-06-01")] == ["Prices", "Boards"]
    assert store.releases("2024-02-02", "2024-05-01") == []


def test_holdings_count_every_row_and_say_how_far_it_reaches(store: Store) -> None:
    held = store.holdings()
    [tickets] = [row for row in held["tables"] if row["table"] == "tickets"]
    assert (tickets["rows"], tickets["clock"], tickets["last"]) == (3, "created_at", "2024-06-01T10:00:00Z")
    assert [load["load_id"] for load in held["loads"]] == [6, 5, 4, 3, 2, 1]
    for load in held["loads"]:
        assert load["rows_in"] == load["accepted"] + load["duplicate"] + load["quarantined"]


def test_an_empty_store_has_empty_lists(tmp_path: Path) -> None:
    with empty(tmp_path, SETTINGS) as store:
        assert store.customers() == []
        assert store.movements("2024-01-01", "2024-02-01") == []
        assert {row["rows"] for row in store.holdings()["tables"]} == {0}
