"""The demo company hangs together: what happened in one of its tables is felt in the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

import pytest

from sources.fjordmill import UNTIL, by, instant
from tenure.sources import demo
from tenure.sources.demo.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sources.fjordmill import Rows, Tables

WORLD = World.ending(UNTIL, demo.MONTHS)


class Left(NamedTuple):
    """A customer who asked to cancel a main subscription."""

    account_id: str
    began_at: datetime
    asked_at: datetime
    reason: str


@pytest.fixture(scope="module")
def root(good: Tables) -> Callable[[str], str]:
    """The one id of an account, before and after the migration of its billing."""
    links = {row["account_id"]: row["same_as"] for row in good["account_links"]}
    return lambda account_id: links.get(account_id, account_id)


@pytest.fixture(scope="module")
def left(good: Tables, root: Callable[[str], str]) -> list[Left]:
    """Who decided to go, of their own will."""
    return [
        Left(
            root(row["account_id"]), instant(row["created_at"]), instant(row["cancel_requested_at"]), row["end_reason"]
        )
        for row in good["subscriptions"]
        if row["cancel_requested_at"]
        and row["end_kind"] == "voluntary"
        and not row["subscription_id"].endswith("-insights")
    ]


def leaves_within(left: Iterable[Left], days: int) -> Callable[[str, datetime], bool]:
    """Whether an account asks to cancel within so many days of an instant."""
    asked = defaultdict(list)
    for one in left:
        asked[one.account_id].append(one.asked_at)
    return lambda account_id, when: any(
        timedelta(0) <= at - when < timedelta(days=days) for at in asked.get(account_id, ())
    )


def test_it_is_as_large_as_a_company_of_its_customers(good: Tables) -> None:
    assert 250_000 <= len(good["events"]) <= 400_000
    assert 6_000 <= len(good["tickets"]) <= 9_000


def test_use_falls_in_the_weeks_before_a_customer_leaves(
    good: Tables, root: Callable[[str], str], left: list[Left]
) -> None:
    """Person-days of the last month before the request against those of the month that ended 60 days before it."""
    active = defaultdict(set)
    for row in good["events"]:
        active[root(row["account_id"])].add((row["person_id"], row["happened_at"][:10]))

    def days(account_id: str, first: datetime) -> int:
        begins, ends = first.date().isoformat(), (first + timedelta(days=30)).date().isoformat()
        return sum(begins <= day < ends for _, day in active[account_id])

    told = [one for one in left if one.asked_at - one.began_at > timedelta(days=100)]
    before = mean(days(one.account_id, one.asked_at - timedelta(days=90)) for one in told)
    last = mean(days(one.account_id, one.asked_at - timedelta(days=30)) for one in told)
    assert len(told) > 50
    assert last < 0.7 * before


def test_detractors_leave_more_often_than_promoters(good: Tables, root: Callable[[str], str], left: list[Left]) -> None:
    soon = leaves_within(left, 120)
    answers = [row for row in good["responses"] if row["survey"] == "nps" and row["answered_at"]]

    def lost(low: int, high: int) -> float:
        return mean(
            soon(root(row["account_id"]), instant(row["answered_at"]))
            for row in answers
            if low <= int(row["score"]) <= high
        )

    assert lost(0, 6) > 2 * lost(9, 10)


def test_the_incident_brings_errors_a_wave_of_tickets_and_a_reason_to_go(good: Tables, left: list[Left]) -> None:
    (incident,) = (row for row in good["releases"] if row["kind"] == "incident")
    day = instant(incident["happened_at"]).date()
    days = [(day + timedelta(days=n)).isoformat() for n in range(2)]
    month = [(day - timedelta(days=n)).isoformat() for n in range(1, 29)]
    asked = Counter(row["created_at"][:10] for row in good["tickets"])
    assert min(asked[one] for one in days) > 4 * mean(asked[one] for one in month)

    done, failed = Counter[str](), Counter[str]()
    for row in good["events"]:
        if row["feature"] == incident["feature"]:
            done[row["happened_at"][:10]] += 1
            failed[row["happened_at"][:10]] += row["is_error"] == "true"
    assert sum(failed[one] for one in days) / sum(done[one] for one in days) > 0.15
    assert sum(failed[one] for one in month) / sum(done[one] for one in month) < 0.02

    assert min(one.asked_at for one in left if one.reason == "unreliable").date() >= day
    assert any(row["kind"] == "credit" and row["happened_at"][:10] > days[1] for row in good["transactions"])


def test_who_stalls_in_the_onboarding_leaves_more_often(
    good: Tables, root: Callable[[str], str], left: list[Left]
) -> None:
    soon, moved = leaves_within(left, 180), {row["same_as"] for row in good["account_links"]}
    share = defaultdict(list)
    for row in good["accounts"]:
        if row["sale_closed_at"] and row["account_id"] not in moved:
            sold = instant(row["sale_closed_at"])
            if sold < WORLD.closes - timedelta(days=180):
                share[bool(row["launched_at"])].append(soon(root(row["account_id"]), sold))
    assert len(share[False]) > 30
    assert mean(share[False]) > 1.5 * mean(share[True])


def test_the_steps_of_the_onboarding_agree_with_the_account(good: Tables) -> None:
    """The required steps are all taken exactly where the account was launched, the last of them at that instant."""
    steps = by("account_id", [row for row in good["onboarding_steps"] if not row["person_id"]])
    launched = {row["account_id"]: row["launched_at"] for row in good["accounts"] if row["account_id"] in steps}
    for account_id, rows in steps.items():
        required = [row["completed_at"] for row in rows if row["is_required"] == "true"]
        finished = max(required) if len(required) == 5 and all(required) else ""
        assert finished == launched[account_id]


@pytest.mark.parametrize("held", ["training", "sponsor"])
def test_who_is_trained_or_has_a_sponsor_renews_more_often(good: Tables, root: Callable[[str], str], held: str) -> None:
    if held == "training":
        having = {root(row["account_id"]) for row in good["touches"] if row["kind"] == "training"}
    else:
        said = [row for row in good["account_attributes"] if row["name"] == "sponsor" and row["value"] == "yes"]
        having = {root(row["account_id"]) for row in said}
    renewed = defaultdict(list)
    for row in good["contracts"]:
        if row["outcome"] != "open":
            renewed[root(row["account_id"]) in having].append(row["outcome"] == "renewed")
    assert min(map(len, renewed.values())) > 30
    assert mean(renewed[True]) > mean(renewed[False])


def test_who_came_by_referral_was_sent_by_a_customer(good: Tables) -> None:
    """The very first ones had nobody to send them."""
    accounts = {row["account_id"]: row for row in good["accounts"]}
    sent = [row for row in good["referrals"] if row["referred_account_id"]]
    came = {row["account_id"] for row in accounts.values() if row["channel"] == "referral"}
    assert 0.9 * len([a for a in came if a.startswith("acc-")]) < len(sent)
    assert len({row["referred_account_id"] for row in sent}) == len(sent)
    for row in sent:
        new, sender = accounts[row["referred_account_id"]], accounts[row["account_id"]]
        assert new["channel"] == "referral"
        assert sender["created_at"] < row["happened_at"] < new["created_at"]
        assert row["converted_at"] == new["sale_closed_at"]


def test_charges_are_what_the_subscriptions_cost(good: Tables) -> None:
    """Each is booked on the subscription that was in force, while it was not in dunning, and asks no more than its price."""
    periods = by("subscription_id", good["subscription_periods"])
    charged = [row for row in good["transactions"] if row["is_recurring"] == "true" and row["kind"] == "charge"]
    for row in charged:
        when = row["happened_at"]
        (line,) = (
            line
            for line in periods[row["subscription_id"]]
            if line["starts_at"] <= when and (not line["ends_at"] or when < line["ends_at"])
        )
        assert line["state"] == "active"
        assert line["account_id"] == row["account_id"]
        assert float(row["amount"]) <= int(line["quantity"]) * float(line["unit_amount"])


def test_what_the_help_desk_reports_is_what_happened_to_the_ticket(good: Tables) -> None:
    events = by("ticket_id", good["ticket_events"])
    for row in good["tickets"]:
        turns = events[row["ticket_id"]]
        assert [turn["happened_at"] for turn in turns] == sorted(turn["happened_at"] for turn in turns)
        assert (turns[0]["actor"], turns[0]["happened_at"]) == ("customer", row["created_at"])
        replies = _when(turns, kind="reply", actor="agent", is_public="true")
        solved = _when(turns, kind="status", to_status="solved")
        assert row["first_reply_at"] == min(replies, default="")
        assert (row["first_solved_at"], row["solved_at"]) == (min(solved, default=""), max(solved, default=""))
        assert row["closed_at"] == max(_when(turns, to_status="closed"), default="")
        assert int(row["agent_replies"]) == len(replies)
        assert int(row["customer_replies"]) == len(_when(turns, kind="reply", actor="customer")) - 1
        assert int(row["reopens"]) == len(_when(turns, from_status="solved", to_status="open"))


def _when(turns: Rows, **wanted: str) -> list[str]:
    return [turn["happened_at"] for turn in turns if all(turn[column] == value for column, value in wanted.items())]


def test_answers_meet_what_they_are_about(good: Tables) -> None:
    """Surveys about a ticket are sent after it was solved; some stay without an answer, some answers without a word."""
    tickets = {row["ticket_id"]: row for row in good["tickets"]}
    for row in good["responses"]:
        if row["ticket_id"]:
            assert row["sent_at"] > tickets[row["ticket_id"]]["solved_at"] > ""
        assert bool(row["answered_at"]) == bool(row["score"])
        assert row["answered_at"] or not row["comment"]
    for survey, rows in by("survey", good["responses"]).items():
        assert 0.25 < mean(bool(row["answered_at"]) for row in rows) < 0.5, survey
    assert {row["touchpoint"] for row in good["responses"]} == {"relationship", "onboarding", "support"}
    assert {row["higher_is_better"] for row in good["responses"]} == {"true", "false"}


def test_the_rarer_things_are_there_too(good: Tables) -> None:
    """What a table can say, it says at least once."""
    everything = {
        "contracts": ("outcome", {"open", "renewed", "lost"}),
        "transactions": ("kind", {"charge", "refund", "credit"}),
        "costs": ("bucket", {"acquisition", "support", "success", "email", "self_service", "tickets", "goods"}),
        "tickets": ("status", {"new", "open", "pending", "solved", "closed"}),
        "ticket_events": ("actor", {"agent", "customer", "bot", "system"}),
        "help_sessions": ("channel", {"articles", "webinar", "bot", "community"}),
        "feedback": ("origin", {"email", "call", "review", "interview", "churn"}),
        "referrals": ("kind", {"referral", "review", "testimonial", "case_study", "reference"}),
        "touches": ("affinity", {"happy", "sad", ""}),
        "releases": ("kind", {"product", "price", "campaign", "incident"}),
    }
    for name, (column, values) in everything.items():
        assert {row[column] for row in good[name]} == values, name
    assert any(row["ends_on"] > f"{UNTIL}" for row in good["contracts"]), "renewals to come"
    assert any(row["ends_on"] < f"{UNTIL}" and row["outcome"] == "open" for row in good["contracts"]), "unsigned"
    assert any(not row["person_id"] for row in good["events"]), "machines"
    assert any(not row["account_id"] and row["person_id"] for row in good["tickets"]), "known by the person alone"
    assert any(not row["account_id"] and not row["person_id"] for row in good["tickets"]), "unknown"
    order = by("order_id", good["transactions"])
    assert any(len(rows) > 1 for name, rows in order.items() if name), "an order of two rows"
    moved = {row["same_as"] for row in good["account_links"]}
    for name in ("events", "tickets", "transactions", "responses"):
        assert moved & set(by("account_id", good[name])), name


def test_people_with_two_ids_did_things_under_both(good: Tables) -> None:
    people = by("person_id", good["events"])
    for link in good["person_links"]:
        assert link["same_as"] in people
    assert any(link["person_id"] in people for link in good["person_links"])
