"""Which customer a page is about, what it cannot know, and that on the demo company it says what the questions say."""

from __future__ import annotations

import math
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

import tenure as library
from library.alpha import NOW, TABLES, alpha, section
from tenure.errors import UnknownNameError, UsageError
from tenure.sources import demo

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


@pytest.mark.parametrize("asked", ["old1", "alpha", "Alpha", "ada@alpha.example", "BEN@alpha.example"])
def test_any_id_name_or_e_mail_will_do(store: Store, page: Account, asked: str) -> None:
    found = store.account(asked, now=NOW, limit=100)
    assert (found.who, found.sections, found.timeline) == (page.who, page.sections, page.timeline)


@pytest.mark.parametrize(("asked", "why"), [("t1", "test"), ("x1", "excluded")])
def test_who_is_left_out_says_so(store: Store, asked: str, why: str) -> None:
    page = store.account(asked, now=NOW)
    assert page.who["left_out"] == why
    assert page.who["name"] is not None
    assert not any(page.sections.values())
    assert page.missing == {}


def test_who_is_not_known_has_a_near_miss(store: Store) -> None:
    with pytest.raises(
        UnknownNameError, match=r"'Alfa' is not an account that is known here. Did you mean 'a1' \(Alpha\)\?"
    ):
        store.account("Alfa")
    with pytest.raises(
        UnknownNameError, match=r"'qqq' is not an account that is known here\. An account is asked for by"
    ):
        store.account("qqq")
    with pytest.raises(UsageError, match="'Beta' may be one of 2 accounts: ask for b2 or b3"):
        store.account("Beta")


def test_an_account_is_known_by_any_row(tmp_path: Path) -> None:
    """No row of accounts: the id is its name, and nothing is said of what was never loaded."""
    with alpha(tmp_path, "accounts", "account_links") as store:
        page = store.account("old1", now=NOW)
    assert (page.who["name"], page.who["state"]) == (None, "paying")
    assert section(page, "money")["monthly"] == 30


def test_what_was_never_loaded_is_not_zero(tmp_path: Path) -> None:
    """Payments alone: the other sections are None, and the tables that would fill them are named."""
    others = set(TABLES) - {"transactions"}
    with alpha(tmp_path, *others) as store:
        page = store.account("a1", now=NOW)
    assert [name for name, found in page.sections.items() if found is not None] == ["payments"]
    assert page.missing["usage"] == ("events",)
    assert page.missing["people"] == ("people", "events")
    assert set(page.missing) == set(page.sections) - {"payments"}
    # No rate of the dollar: what a total with dollars is worth is unknown, and a euro's is not.
    with alpha(tmp_path / "again", *others) as store:
        assert section(store.account("old1", now=NOW), "payments")["net"] is None


def test_money_without_a_rate_is_unknown(tmp_path: Path) -> None:
    with alpha(tmp_path, "fx_rates") as store:
        page = store.account("a1", now=NOW)
    money = section(page, "money")
    assert (money["monthly"], money["months"][-3]["monthly"]) == (None, 100)
    assert section(page, "payments")["charged"] is None


def test_a_page_is_read_under_the_policy_that_is_asked_for(store: Store) -> None:
    """Without discounts two seats are 160; at the request, the cancelled item is gone."""
    assert section(store.account("a1", now=NOW, switches={"discounts": "none"}), "money")["monthly"] == 190
    asked = store.account("a1", now=NOW, switches={"churn_at": "request"})
    assert section(asked, "money")["monthly"] == 30
    assert asked.to_dict()["switches"] == {"churn_at": "request"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"since": "2024-01-01"}, "has no 'since'"),
        ({"by": "plan"}, "has no 'by'"),
        ({"hours": "busines"}, "Did you mean 'business'"),
    ],
)
def test_words_that_a_page_does_not_have(store: Store, words: dict[str, Any], sentence: str) -> None:
    with pytest.raises((UsageError, UnknownNameError), match=sentence):
        store.account("a1", **words)


def test_before_it_was_there_nothing_is_known_of_it(store: Store) -> None:
    page = store.account("a1", now="2023-12-01")
    assert (page.who["state"], page.who["created_at"], page.who["customer_since"]) == (None, None, None)
    assert section(page, "money")["monthly"] == 0
    assert section(page, "health")["why"] == "only who is a customer has a score"
    assert {one.kind for one in page.timeline} == {"charge", "touch"}


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demo company, a small one."""
    folder = tmp_path_factory.mktemp("demo")
    demo.write(folder / "files", demo.company(accounts=70, months=12, until=date(2024, 7, 1)))
    (folder / "store").mkdir()
    (folder / "store" / "tenure.toml").write_text(demo.settings(), encoding="utf-8")
    with library.open(folder / "store") as store:
        store.load(folder / "files")
        yield store


@pytest.mark.soak
def test_the_accounts_of_the_demo_say_what_the_questions_say(demonstrated: Store) -> None:
    """Fifty of them: revenue, standing, score, tickets, payments and people, each beside the answer to a question."""
    now = "2024-06-20T15:00:00Z"
    metrics = [
        "mrr",
        "customers",
        "health_score",
        "tickets",
        "ticket_backlog",
        "revenue",
        "monthly_active_users",
        "weekly_active_users",
    ]
    answers = demonstrated.ask(metrics, since="2023-01-01", until=now, now=now, grain="total", by="account")
    asked = {answer.definition.name: {row.segment: row.value for row in answer.rows} for answer in answers}
    ids = demonstrated._con.execute("SELECT account_id FROM accounts ORDER BY hash(account_id) LIMIT 50").fetchall()
    pages = [page for (account_id,) in ids if not (page := demonstrated.account(account_id, now=now)).who["left_out"]]
    assert len(pages) > 40
    assert len({page.who["state"] for page in pages}) > 2
    for page in pages:
        shown, account_id = page.to_dict(), page.who["account_id"]
        said = {name: found.get(account_id) for name, found in asked.items()}
        assert shown["money"]["monthly"] == pytest.approx(said["mrr"] or 0, abs=1e-9)
        assert (shown["who"]["state"] in ("paying", "paused")) == (said["customers"] == 1)
        assert shown["health"]["score"] == said["health_score"]
        if (score := shown["health"]["score"]) is not None:
            assert math.floor(100.5 - sum(signal["lost"] for signal in shown["health"]["signals"]) + 1e-9) == score
        assert shown["tickets"]["count"] == (said["tickets"] or 0)
        assert shown["tickets"]["open"] == (said["ticket_backlog"] or 0)
        assert shown["payments"]["net"] == pytest.approx(said["revenue"] or 0)
        assert shown["usage"]["people_30"] == (said["monthly_active_users"] or 0)
        assert shown["usage"]["people_7"] == (said["weekly_active_users"] or 0)
