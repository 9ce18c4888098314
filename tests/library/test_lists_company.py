"""Renewals and what customers said, row by row: each list adds up to the numbers that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import company
from tenure.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.library import Store

FILES = {
    "contracts": (
        "contract_id,account_id,starts_on,ends_on,value,currency,outcome,decided_at,renewed_value,expansion_value\n"
        "c1,a1,2024-01-01,2024-07-13,1200,EUR,open,,,\n"
        "c2,a3,2023-06-01,2024-06-01,300,EUR,open,,,\n"
        "c3,a3,2023-01-01,2024-01-01,90,EUR,lost,2023-12-20T10:00:00Z,,\n"
        "c4,a4,2023-05-01,2024-05-01,500,EUR,renewed,2024-04-20T10:00:00Z,400,50\n"
        "c5,a1,2023-08-01,2024-08-01,70,EUR,renewed,2024-06-20T10:00:00Z,70,0\n"
    ),
    "responses": (
        "response_id,survey,account_id,sent_at,answered_at,score,touchpoint,comment\n"
        "r1,nps,a1,2024-05-01T10:00:00Z,2024-05-02T10:00:00Z,9,relationship,Good\n"
        "r2,csat,a1,2024-05-10T10:00:00Z,2024-05-11T10:00:00Z,2,support,\n"
        "r3,nps,a3,2024-05-12T10:00:00Z,,,relationship,\n"
        "r4,nps,a4,2024-04-30T10:00:00Z,2024-05-03T10:00:00Z,3,relationship,=Bad\n"
        "r5,ces,a4,2024-05-29T10:00:00Z,2024-06-20T10:00:00Z,7,support,Late\n"
    ),
    "feedback": "feedback_id,account_id,happened_at,origin,text\nf1,a3,2024-05-20T10:00:00Z,review,Stars\n",
    "subscriptions": "subscription_id,account_id,ends_at,end_reason,end_comment\ns2,a2,2024-04-20T10:00:00Z,price,Too dear\n",
}
NOW, MAY = "2024-06-13", ("2024-05-01", "2024-06-01")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder) as store:
        for name, text in FILES.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
            store.load(folder / f"{name}.csv")
        yield store


def test_a_contract_stands_with_its_days_and_what_became_of_it(store: Store) -> None:
    found = {row["contract_id"]: row for row in store.renewals(now=NOW)}
    assert list(found) == ["c3", "c4", "c2", "c1", "c5"]  # by the day that they are due
    assert {name: (row["standing"], row["days_left"]) for name, row in found.items()} == {
        "c3": ("lost", -164),
        "c4": ("renewed", -43),
        "c2": ("overdue", -12),
        "c1": ("ahead", 30),
        "c5": ("ahead", 49),  # it is decided a week later than now
    }
    assert (found["c4"]["renewed_amount"], found["c4"]["expansion_amount"], found["c4"]["name"]) == (400, 50, "Di")
    assert found["c5"]["renewed_amount"] is None
    assert found["c5"]["decided_at"] is None


@pytest.mark.parametrize("where", [{}, {"region": "North"}, {"plan": ["basic"]}])
def test_open_contracts_add_up_to_their_metric(store: Store, where: dict[str, str]) -> None:
    asks = {"since": "2024-01-01", "until": "2025-01-01", "grain": "total", "now": NOW, "where": where}
    [asked] = store.ask("renewals_due_value:open", **asks).rows
    rows = store.renewals(now=NOW, where=where)
    assert sum(row["amount"] for row in rows if row["standing"] in ("ahead", "overdue")) == asked.value


def test_a_contract_says_its_segment(store: Store) -> None:
    assert {row["account_id"]: row["segment"] for row in store.renewals(now=NOW, by="region")} == {
        "a1": "North",
        "a3": "North",
        "a4": "<b>East</b>",
    }


def test_what_was_said_in_a_month_and_what_was_not_answered(store: Store) -> None:
    found = {row["id"]: row for row in store.voices(*MAY, now=NOW)}
    assert list(found) == ["r5", "f1", "r3", "r2", "r4", "r1"]
    assert {name: row["kind"] for name, row in found.items()} == {
        "r5": "unanswered",  # it is answered a week later than now
        "f1": "comment",
        "r3": "unanswered",
        "r2": "answer",
        "r4": "answer",
        "r1": "answer",
    }
    assert (found["r5"]["score"], found["r5"]["words"], found["r5"]["stance"]) == (None, None, None)
    assert {name: row["stance"] for name, row in found.items() if row["stance"]} == {
        "r1": "promoter",
        "r2": "not satisfied",
        "r4": "detractor",
    }
    assert (found["f1"]["origin"], found["f1"]["words"], found["f1"]["name"]) == ("review", "Stars", "Cy")


@pytest.mark.parametrize("where", [{}, {"region": "North"}, {"touchpoint": "relationship"}])
def test_promoters_and_detractors_are_those_of_the_metric(store: Store, where: dict[str, str]) -> None:
    [asked] = store.ask("nps", since=MAY[0], until=MAY[1], grain="total", where=where, now=NOW).rows
    rows = store.voices(*MAY, now=NOW, where=where)
    counted = {kind: sum(row["stance"] == kind for row in rows) for kind in ("promoter", "detractor")}
    assert (counted["promoter"], counted["detractor"]) == (asked.parts["promoters"], asked.parts["detractors"])


def test_words_on_leaving_are_told_with_their_reason(store: Store) -> None:
    [left] = store.voices("2024-04-01", "2024-05-01", now=NOW, where={"plan": "basic"})
    assert (left["account_id"], left["words"], left["reason"], left["happened_at"]) == (
        "a2",
        "Too dear",
        "price",
        "2024-04-20T10:00:00Z",
    )


def test_a_filter_leaves_out_what_it_says_nothing_of(store: Store) -> None:
    kinds = {row["kind"] for row in store.voices(*MAY, now=NOW, where={"touchpoint": ["support"]})}
    assert kinds == {"answer", "unanswered"}
    with pytest.raises(UsageError, match="says nothing"):
        store.voices(*MAY, now=NOW, where={"priority": "high"})
    with pytest.raises(UnknownNameError, match="Did you mean 'region'"):
        store.renewals(now=NOW, by="regoin")


def test_lists_say_what_they_can_be_broken_down_by(store: Store) -> None:
    assert {"plan", "region"} <= set(store.list_dimensions("renewals"))
    assert "touchpoint" in store.list_dimensions("voices")
    assert "touchpoint" not in store.list_dimensions("renewals")
    assert "region" in store.list_dimensions("activation")
    with pytest.raises(UnknownNameError):
        store.list_dimensions("cohort")


def test_customers_are_filtered_and_named_by_what_they_are_now(store: Store) -> None:
    rows = store.customers(now=NOW, where={"region": ["North", "South"]}, by="plan")
    assert {row["account_id"]: row["segment"] for row in rows} == {
        "a1": "pro",
        "a2": "basic",
        "a3": "basic",
        "a5": "basic",
    }
    assert {row["account_id"] for row in store.customers(now=NOW, where={"plan": "pro"})} == {"a1"}
    assert {row["account_id"] for row in store.customers(now="2024-05-01", where={"plan": "pro"})} == {"a1", "a3"}
    with pytest.raises(UsageError, match="sorted by that"):
        store.customers(now=NOW, where={"tenure": "over 1 y"})
