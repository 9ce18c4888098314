"""One customer on one page: each section by hand."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import tenure as library
from library.alpha import NOW, alpha, section
from library.company import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenure.account import Account
    from tenure.library import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Read only, so one for all tests."""
    with alpha(tmp_path_factory.mktemp("alpha")) as made:
        yield made


@pytest.fixture(scope="module")
def page(store: Store) -> Account:
    return store.account("a1", now=NOW, limit=100)


def test_who_it_is(page: Account) -> None:
    """The earliest sign-up of its ids, attributes as they were by then, and what it is since when."""
    who = page.who
    assert (who["account_id"], who["name"], who["channel"], who["also_known_as"]) == ("a1", "Alpha", "paid", ["old1"])
    assert who["attributes"] == {"care": "named", "company_size": "small"}
    assert (who["created_at"], who["customer_since"]) == (datetime(2024, 1, 2), datetime(2024, 1, 10))  # noqa: DTZ001
    assert (who["state"], who["state_since"]) == ("paying", datetime(2024, 1, 10))  # noqa: DTZ001
    assert (who["left_out"], who["children"]) == (None, ["b2"])


def test_what_it_pays_is_exact(page: Account) -> None:
    """Two seats of 80 less a tenth, and 40 dollars at 0.75; the months end at the rates of their last day."""
    money = section(page, "money")
    assert money["monthly"] == 2 * 80 * Decimal("0.9") + 40 * Decimal("0.75") == Decimal(174)
    assert [month["monthly"] for month in money["months"]][-4:] == [0, 100, 100 + 40 * Decimal("0.5"), 174]
    assert len(money["months"]) == 12
    pro, addon = money["items"]
    assert (pro["plan"], pro["product"], pro["state"], pro["monthly"], pro["list_monthly"], pro["discount"], pro["currency"]) == (
        "pro", "desk", "active", 144, 160, 16, "EUR",
    )  # fmt: skip
    assert (pro["quantity"], pro["unit_amount"], pro["is_cancelled"]) == (2, 80, True)
    assert pro["ends_at"] == datetime(2024, 6, 10)  # noqa: DTZ001
    assert (addon["plan"], addon["product"], addon["monthly"], addon["currency"], addon["is_cancelled"]) == (
        "addon", None, 40, "USD", False,
    )  # fmt: skip


def test_how_that_moved_and_why(page: Account) -> None:
    moved = section(page, "money")["movements"]
    told = [(m["kind"], m["amount"], m["plans_before"], m["plans_after"], m["reason"]) for m in moved]
    assert told == [
        ("expansion", 44, ["basic"], ["pro"], "upgrade"),
        ("expansion", 20, [], ["addon"], "addon"),
        ("new", 100, [], ["basic"], None),
    ]


def test_a_loss_has_the_reason_that_was_given_for_the_end(store: Store) -> None:
    page = store.account("b2", now=NOW)
    assert page.who["state"] == "churned"
    money = section(page, "money")
    assert (money["monthly"], money["items"]) == (0, [])
    left = money["movements"][0]
    assert (left["kind"], left["amount"], left["reason"], left["end_kind"]) == ("churn", -50, "price", "voluntary")
    assert section(page, "referrals")["referred_by"] == {"account_id": "a1", "name": "Alpha"}


def test_what_it_paid_and_signed(page: Account) -> None:
    """A charge of 40 dollars is worth 30; the one at the very instant of now has not happened yet."""
    payments = section(page, "payments")
    assert (payments["count"], payments["charged"], payments["paid_back"], payments["net"]) == (4, 140, 20, 120)
    assert payments["net_12_months"] == 110
    assert [(p["kind"], p["amount"], p["currency"]) for p in payments["last"]][:2] == [
        ("charge", 40, "USD"),
        ("refund", -20, "EUR"),
    ]
    contracts = section(page, "contracts")
    renewal = contracts["renewal"]
    assert (renewal["contract_id"], renewal["value"], renewal["outcome"], renewal["is_overdue"]) == (
        "c1",
        1200,
        "open",
        False,
    )
    assert renewal["renewed_value"] is None
    assert [c["contract_id"] for c in contracts["all"]] == ["c1", "c0"]


def test_how_it_uses_the_product(page: Account) -> None:
    """Ada on 30 March and 20 February, Ben on 20 March; who belongs to the house does not count."""
    usage = section(page, "usage")
    assert (usage["people_7"], usage["people_30"], usage["people_30_before"]) == (1, 2, 1)
    assert (usage["days_30"], usage["days_30_before"]) == (2, 1)
    assert (usage["first_seen_on"], usage["last_seen_on"]) == (date(2024, 2, 20), date(2024, 3, 30))
    assert (usage["events_30"], usage["errors_30"], usage["sessions_30"]) == (2, 1, 2)
    assert [(f["feature"], f["events"]) for f in usage["features"]] == [("boards", 1), ("reports", 1)]
    assert (usage["core_used"], usage["core_features"], usage["core_unused"]) == (2, 3, ["exports"])
    people = section(page, "people")
    assert [(p["person_id"], p["name"], p["role"], str(p["last_seen_on"]), p["days_30"]) for p in people["all"]] == [
        ("p1", "Ada", "owner", "2024-03-30", 1),
        ("p2", "ben@alpha.example", "member", "2024-03-20", 1),
    ]


def test_the_core_features_are_those_of_the_settings(tmp_path: Path) -> None:
    with alpha(tmp_path, core_features=("boards", "imports")) as store:
        usage = section(store.account("a1", now=NOW), "usage")
    assert (usage["core_used"], usage["core_features"], usage["core_unused"]) == (1, 2, ["imports"])


def test_what_it_asks(page: Account) -> None:
    """A reply that comes after now is not known yet."""
    tickets = section(page, "tickets")
    assert (tickets["count"], tickets["open"]) == (2, 1)
    waiting, solved = tickets["last"]
    assert (waiting["ticket_id"], waiting["is_open"], waiting["first_response_s"], waiting["resolution_s"]) == (
        "k2",
        True,
        None,
        None,
    )
    assert (solved["ticket_id"], solved["is_open"], solved["first_response_s"], solved["resolution_s"]) == (
        "k1",
        False,
        3_600,
        86_400,
    )
    assert (solved["person"], waiting["person"]) == ("Ada", "ben@alpha.example")


def test_durations_in_business_hours(store: Store) -> None:
    """From Friday 9:00 to Saturday 9:00: the eight hours of Friday."""
    solved = section(store.account("a1", now=NOW, hours="business"), "tickets")["last"][1]
    assert (solved["first_response_s"], solved["resolution_s"]) == (3_600, 8 * 3_600)


def test_what_it_says(page: Account) -> None:
    surveys = section(page, "surveys")
    assert (surveys["sent"], surveys["answered"]) == (3, 1)
    (answer,) = surveys["last"]
    assert (answer["survey"], answer["score"], answer["stance"], answer["comment"], answer["person"]) == (
        "nps",
        9,
        "promoter",
        "Great",
        "Ada",
    )
    assert surveys["latest"] == {"nps": answer}
    (said,) = section(page, "feedback")["last"]
    assert (said["origin"], said["text"]) == ("call", "More exports")
    touches = section(page, "touches")
    assert (touches["count"], touches["count_90_days"]) == (3, 2)
    assert (touches["affinity"]["touch_id"], touches["affinity"]["affinity"]) == ("h2", "happy")


def test_how_far_it_has_come(page: Account) -> None:
    onboarding = section(page, "onboarding")
    assert onboarding["sold_at"] == datetime(2024, 1, 10)  # noqa: DTZ001
    assert onboarding["launched_at"] is None
    steps = onboarding["steps"]
    assert (steps["shown"], steps["completed"], steps["open"]) == (3, 1, ["import"])
    assert [step["step"] for step in steps["all"]] == ["invite", "import", "tour"]
    goals = section(page, "goals")
    assert {goal["goal_id"]: goal["standing"] for goal in goals["all"]} == {
        "g1": "met",
        "g2": "missed",
        "g3": "open",
        "g4": "late",
    }
    assert (goals["count"], goals["met"]) == (4, 1)
    referrals = section(page, "referrals")
    assert (referrals["count"], referrals["converted"], referrals["referred_by"]) == (2, 1, None)
    assert (referrals["all"][1]["referred_name"], referrals["all"][1]["reward"]) == ("Beta", 25)


def test_how_it_fares_and_why(page: Account) -> None:
    """Usage as much as before: 100; nine of ten: 90; one ticket open: 75; not launched after thirty days: 50."""
    health = section(page, "health")
    weighed = {"usage": (40, 100), "answer": (25, 90), "tickets": (10, 75), "launch": (10, 50)}
    assert {s["signal"]: (s["weight"], s["points"]) for s in health["signals"]} == weighed
    assert health["score"] == round((40 * 100 + 25 * 90 + 10 * 75 + 10 * 50) / 85) == 88
    assert health["score_30_days_before"] == round((25 * 90 + 10 * 75 + 10 * 50) / 45) == 78
    assert health["signals"][0]["signal"] == "launch"
    assert sum(s["lost"] for s in health["signals"]) == pytest.approx(100 - 7500 / 85)
    reasons = {s["signal"]: s["reason"] for s in health["signals"]}
    assert reasons == {
        "usage": "1 active day in the last four full weeks, 1 in the four before",
        "answer": "the last answer: NPS 9 of 10",
        "tickets": "1 ticket is open",
        "launch": "sold more than 30 days ago, not launched",
    }
    assert (health["is_at_risk"], health["why"]) == (False, None)


def test_who_owes_and_grumbles_is_at_risk(tmp_path: Path) -> None:
    """Two of ten for 180 days, and a payment past due: (25 x 20 + 15 x 0) / 40 = 12.5, half up."""
    periods = """
        subscription_id,account_id,starts_at,ends_at,unit_amount,state
        s1,a1,2024-01-01,2024-03-20,50,active
        s1,a1,2024-03-20,,50,past_due
    """
    answers = """
        response_id,survey,account_id,answered_at,score
        r1,nps,a1,2024-02-01,7
        r2,nps,a1,2024-03-01,2
    """
    with library.open(":memory:") as store:
        store.load(write(tmp_path, subscription_periods=periods, responses=answers))
        page, later = (store.account("a1", now=now) for now in (NOW, "2024-12-01"))
    health = section(page, "health")
    assert (health["score"], health["score_30_days_before"], health["is_at_risk"]) == (13, 20, True)
    assert {s["signal"]: s["lost"] for s in health["signals"]} == {"answer": 25 * 80 / 40, "payment": 15 * 100 / 40}
    assert health["signals"][1]["reason"] == "a payment is past due since 2024-03-20"
    assert section(page, "money")["items"][0]["state"] == "past_due"
    told = [(one.kind, one.what) for one in page.timeline]
    assert told[:2] == [("past_due", "a payment is past due"), ("health", "health fell below 50")]
    assert section(later, "health")["why"] == "neither usage nor an answer says anything of it"
    assert later.timeline[0].what == "nothing says any more how it fares"


def test_all_that_happened_newest_first(page: Account) -> None:
    told = [(one.kind, one.what) for one in page.timeline]
    assert [one.happened_at for one in page.timeline] == sorted(
        (one.happened_at for one in page.timeline), reverse=True
    )
    assert len(told) == page.happenings
    assert told[:4] == [
        ("cancellation", "asked to cancel (budget)"),
        ("ticket", "opened a ticket: how-to"),
        ("touch", "email"),
        ("touch", "meeting, happy: Renewal"),
    ]
    assert {
        ("account", "signed up"), ("sale", "the sale closed"), ("value", "saw the first value"),
        ("new", "became a customer on basic"), ("expansion", "pays more: basic to pro (upgrade)"), ("refund", "was paid back"),
        ("contract", "contract renewed"), ("usage", "used the product for the first time"), ("solution", "ticket solved: It is slow"),
        ("answer", "answered NPS 9 of 10: Great"), ("feedback", "said (call): More exports"), ("step", "completed invite"),
        ("step", "skipped tour"), ("goal", "reached its goal: leads"), ("referral", "referred Beta"), ("referral", "Beta bought"),
        ("referral", "gave a review"),
    } <= set(told)  # fmt: skip
    assert not [one for one in page.timeline if one.happened_at >= datetime(2024, 4, 1)]  # noqa: DTZ001


def test_the_timeline_is_as_long_as_asked(store: Store, page: Account) -> None:
    short = store.account("a1", now=NOW, limit=3)
    assert short.timeline == page.timeline[:3]
    assert short.happenings == page.happenings
