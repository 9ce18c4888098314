"""The ledgers of how customers begin say what a naive telling of the same rows says, for a crowd of accounts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

import tenure
from facts.beginners import crowd, written
from oracle.beginnings import Onboarding, Trial, first, onboardings, steps, trials
from oracle.spans import END_OF_TIME, spans
from tenure.policy import Policy
from tenure.store.facts import ensure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from oracle.company import Company

HOUR = timedelta(hours=1)
POLICIES = {
    "own": Policy(),
    "nothing settles": Policy("tenure", {"settle_minutes": "0"}),
    "lost when asked": Policy("tenure", {"churn_at": "request", "paused": "counted"}),
}


@pytest.fixture(scope="module")
def company() -> Company:
    return crowd(seed=7, accounts=400)


@pytest.fixture(scope="module")
def store(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tenure.Store]:
    with tenure.open() as made:
        done = made.load(written(company, tmp_path_factory.mktemp("crowd")))
        assert done.rows_in == done.accepted, list(made.quarantined())[:3]
        yield made


def ledger(store: tenure.Store, name: str, columns: str, policy: Policy | None = None) -> list[tuple[Any, ...]]:
    places = ensure(store._con, store.settings, policy, [name])
    return store._con.execute(f"SELECT {columns} FROM {places[name]}").fetchall()


def test_launches(store: tenure.Store, company: Company) -> None:
    """One row per account that was sold, whatever names it has."""
    home, out = company.roots(), company.left_out()
    told: dict[str, list[dict[str, Any]]] = {}
    for row in company.rows("accounts"):
        root = home.get(row["account_id"], row["account_id"])
        if not {row["account_id"], root} & out:
            told.setdefault(root, []).append(dict(row))
    columns = ("sale_closed_at", "first_value_at", "launched_at")
    expected = {(name, *(first(row[c] for row in rows) for c in columns)) for name, rows in told.items()}
    found = ledger(store, "launches", "account_id, happened_at, first_value_at, launched_at")
    assert set(found) == {row for row in expected if row[1] is not None}
    assert len(found) == len(set(found)) > 200


def test_who_was_sold_and_left(store: tenure.Store, company: Company) -> None:
    """Closed; or no longer a customer, since after the sale."""
    every = spans(company, Policy())
    shut = {row["account_id"]: row["closed_at"] for row in company.rows("accounts")}
    gone = 0
    for account, sold, left in ledger(store, "launches", "account_id, happened_at, left_at"):
        mine = [span for span in every if span.account == account]
        paid = any(span.kind == "paying" for span in mine)
        if shut[account]:
            assert left == shut[account]
            continue
        # Who is paused stays a customer only if it paid just before.
        over = max((span.ends for span in mine if span.kind != "paused"), default=sold)
        still = any(span.ends == END_OF_TIME for span in mine)
        if left is None:
            assert not paid or over <= sold + HOUR or still
        else:
            assert left > sold
            assert paid
            assert over <= left
            gone += 1
    assert gone > 10


def test_steps(store: tenure.Store, company: Company) -> None:
    found = ledger(
        store, "steps", "account_id, person_id, step, is_required, happened_at, started_at, completed_at, skipped_at"
    )
    expected = [
        (s.account, s.person, s.step, s.required, s.shown or s.begun or s.passed, s.begun, s.done, s.passed)
        for s in steps(company)
        if s.shown or s.begun or s.passed
    ]
    assert sorted(map(repr, found)) == sorted(map(repr, expected))
    assert len(found) > 400


def test_onboardings(store: tenure.Store, company: Company) -> None:
    columns = "account_id, happened_at, required_steps, finished_at, everyone_finished_at"
    found = {row[0]: Onboarding(*row[1:]) for row in ledger(store, "onboardings", columns)}
    assert found == onboardings(company)
    assert any(one.finished and one.everyone and one.finished < one.everyone for one in found.values())
    assert any(one.finished and not one.everyone for one in found.values())


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
def test_trials(store: tenure.Store, company: Company, policy: Policy) -> None:
    columns = "account_id, subscription_id, started_at, happened_at, converted_at, is_converted"
    rows = ledger(store, "trials", columns, policy)
    found = {(row[0], row[1]): Trial(*row[2:5]) for row in rows}
    assert len(found) == len(rows)
    assert found == trials(company, policy)
    assert all((row[4] is not None) == row[5] for row in rows)
    assert {row[5] for row in rows} == {True, False}


def test_signups(store: tenure.Store, company: Company) -> None:
    """Known since the first thing known; converted at the first payment; free where that came later than it settles."""
    home, out = company.roots(), company.left_out()
    known: dict[str, list[Any]] = {}
    for row in company.rows("accounts"):
        root = home.get(row["account_id"], row["account_id"])
        if not {row["account_id"], root} & out:
            known.setdefault(root, []).append(row["created_at"])
    paid: dict[str, Any] = {}
    for span in spans(company, Policy()):
        known.setdefault(span.account, []).append(span.starts)
        if span.kind == "paying":
            paid[span.account] = min(span.starts, paid.get(span.account, span.starts))
    found = ledger(store, "signups", "account_id, happened_at, converted_at, is_free")
    assert {row[0] for row in found} == {name for name, instants in known.items() if first(instants)}
    for account, happened, converted, is_free in found:
        began = first(known[account])
        # Changes that follow each other within the hour are one, at the last of them.
        assert (converted is None) == (account not in paid)
        assert timedelta(0) <= happened - began < 2 * HOUR
        if converted:
            assert timedelta(0) <= converted - paid[account] < 2 * HOUR
            assert is_free == (converted - happened > HOUR)
        else:
            assert is_free


def test_parts_of_the_crowd_are_made_alike(store: tenure.Store, company: Company, tmp_path: Path) -> None:
    """What is loaded bit by bit makes the rows that are made at once."""
    names = ("launches", "steps", "onboardings", "trials", "signups")
    with tenure.open() as other:
        for n in range(3):
            part = {
                table: [row for i, row in enumerate(rows) if i % 3 == n] or rows[:1]
                for table, rows in company.tables.items()
            }
            folder = tmp_path / str(n)
            folder.mkdir()
            other.load(written(type(company)(part), folder))
            for name in names:
                ledger(other, name, "account_id")
        for name in names:
            assert sorted(map(repr, ledger(other, name, "*"))) == sorted(map(repr, ledger(store, name, "*"))), name
