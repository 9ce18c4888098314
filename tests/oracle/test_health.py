"""The score of every customer, and what is at risk, week by week, against what the raw rows say at each week's end."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

import tenure
from facts.beginners import written
from oracle.health import DAY, Ward, ward
from oracle.spans import spans
from tenure.config import Settings
from tenure.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

WEEKS = {"since": "2024-02-12", "until": "2024-09-16", "grain": "week", "now": "2025-01-01"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tenure.Store]:
    with tenure.open(settings=Settings(timezone="Europe/Berlin")) as made:
        done = made.load(written(ward(3, 60), tmp_path_factory.mktemp("ward")))
        assert done.rows_in == done.accepted, list(made.quarantined())[:3]
        made.ask("stuck_accounts", **WEEKS)
        yield made


@pytest.fixture(scope="module")
def sick(store: tenure.Store) -> Ward:
    left = store._con.execute("SELECT account_id, left_at FROM facts.launches").fetchall()
    return Ward(ward(3, 60), dict(left))


def ends(store: tenure.Store) -> list[datetime]:
    return [row.end for row in store.ask("customers", **WEEKS).rows]


def test_score_and_coverage(store: tenure.Store, sick: Ward) -> None:
    """Points, customers and those of whom nothing is known; and who is below the band."""
    paying = [span for span in spans(sick.company, Policy()) if span.kind == "paying"]
    answer, below = store.ask("health_score", **WEEKS), store.ask("accounts_at_risk", **WEEKS)
    seen = set()
    for row, low in zip(answer.rows, below.rows, strict=True):
        here = {span.account for span in paying if span.covers_before(row.end)}
        scores = [sick.score(account, row.end) for account in here]
        known = [score for score in scores if score is not None]
        parts = {"points": sum(known), "customers": len(here), "unscored": len(scores) - len(known)}
        assert dict(row.parts) == parts, row.end
        assert row.value == pytest.approx(sum(known) / len(known))
        assert low.value == sum(score < 50 for score in known)
        seen |= set(known)
    assert len(seen) > 40


def test_money_at_risk_by_plan(store: tenure.Store, sick: Ward) -> None:
    """All of an account below the band; of the others what has been cancelled and still runs."""
    requested = {row["account_id"]: row["cancel_requested_at"] for row in sick.company.tables["subscriptions"]}
    paying = [span for span in spans(sick.company, Policy()) if span.kind == "paying"]
    rows = store.ask("mrr_at_risk", by="plan", **WEEKS).rows
    some: set[str] = set()
    for row in rows:
        money: dict[str, Fraction] = defaultdict(Fraction)
        for span in paying:
            if span.covers_before(row.end) and span.plan == row.segment:
                score, asked = sick.score(span.account, row.end), requested[span.account]
                if score is not None and score < 50:
                    money["below_the_band"] += span.price
                elif asked is not None and asked < row.end:
                    money["cancelled"] += span.price
        assert {name: part for name, part in row.parts.items() if part} == pytest.approx(
            {n: float(m) for n, m in money.items()}
        )
        assert row.value == pytest.approx(float(sum(money.values())))
        some |= money.keys()
    assert some == {"below_the_band", "cancelled"}


def test_each_signal(store: tenure.Store, sick: Ward) -> None:
    """Account by account at some instants: the running sums of the ledger are what the rows say."""
    accounts = sorted(row["account_id"] for row in sick.company.rows("accounts"))
    for instant in ends(store)[::7]:
        sums = store._con.execute(
            "SELECT account_id, signal, sum(known), sum(points) FROM facts.signals WHERE happened_at < $1 GROUP BY ALL",
            [instant],
        ).fetchall()
        assert {(known, 0 <= points <= 100) for *_, known, points in sums} <= {(0, True), (1, True)}
        found = {(account, signal): points for account, signal, known, points in sums if known}
        expected = {
            (name, signal): points for name in accounts for signal, points in sick.signals(name, instant).items()
        }
        assert found == expected


def test_by_tenure(store: tenure.Store, sick: Ward) -> None:
    """A standing passes on as the customer grows older, though nothing else changes."""
    paying = [span for span in spans(sick.company, Policy()) if span.kind == "paying"]
    joined: dict[str, datetime] = {}
    for span in paying:
        joined[span.account] = min(span.starts, joined.get(span.account, span.starts))
    names = [(365, "over 1 y"), (90, "90-365 d"), (30, "30-90 d"), (0, "under 30 d")]
    found = {(row.end, row.segment): dict(row.parts) for row in store.ask("health_score", by="tenure", **WEEKS).rows}
    money = {(row.end, row.segment): row.value for row in store.ask("mrr_at_risk", by="tenure", **WEEKS).rows}
    expected: dict[tuple[datetime, str], dict[str, int]] = defaultdict(
        lambda: {"points": 0, "customers": 0, "unscored": 0}
    )
    low: dict[tuple[datetime, str], Fraction] = defaultdict(Fraction)
    requested = {row["account_id"]: row["cancel_requested_at"] for row in sick.company.tables["subscriptions"]}
    for end in {end for end, _ in found}:
        for span in paying:
            if not span.covers_before(end):
                continue
            age = next(name for days, name in names if joined[span.account] + days * DAY < end)
            score, asked = sick.score(span.account, end), requested[span.account]
            expected[end, age]["customers"] += 1
            expected[end, age]["points"] += score or 0
            expected[end, age]["unscored"] += score is None
            low[end, age] += span.price if (score is not None and score < 50) or (asked and asked < end) else 0
    assert {key: parts for key, parts in found.items() if any(parts.values())} == dict(expected)
    assert {key: value for key, value in money.items() if value} == pytest.approx(
        {k: float(v) for k, v in low.items() if v}
    )


def test_what_lapses_was_known_before(store: tenure.Store, sick: Ward) -> None:
    """The answers cover what has happened, not the half year after it in which it loses its meaning."""
    last = max(
        at
        for table, rows in sick.company.tables.items()
        for row in rows
        for name, at in row.items()
        if at is not None and (name.endswith("ed_at") or table == "subscription_periods") and name.endswith("_at")
    )
    for metric in ("health_score", "accounts_at_risk", "mrr_at_risk"):
        first, reach = store.ask(metric, **WEEKS).coverage
        assert first is not None
        assert reach is not None
        assert first < reach <= last


def test_the_plans_add_up(store: tenure.Store) -> None:
    """Customers stand in one plan each, and their points with them."""
    whole = [dict(row.parts) for row in store.ask("health_score", **WEEKS).rows]
    parts: dict[object, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in store.ask("health_score", by="plan", **WEEKS).rows:
        for name, part in row.parts.items():
            parts[row.start][name] += part or 0
    assert [dict(each) for each in parts.values()] == whole


def test_part_by_part(store: tenure.Store, tmp_path: Path) -> None:
    """What is loaded bit by bit, and asked about in between, makes the rows that are made at once."""
    company = ward(3, 60)
    with tenure.open(settings=Settings(timezone="Europe/Berlin")) as other:
        for n, names in enumerate(
            (("accounts", "events"), ("subscription_periods", "responses"), ("subscriptions", "tickets"))
        ):
            for half in (0, 1):
                part = {name: [row for i, row in enumerate(company.tables[name]) if i % 2 == half] for name in names}
                folder = tmp_path / f"{n}{half}"
                folder.mkdir()
                other.load(written(type(company)(part), folder))
                other.ask("mrr_at_risk", **WEEKS)
        store.ask("mrr_at_risk", **WEEKS)
        for name in ("launches", "signals", "health", "risks"):
            here, there = (sorted(map(repr, s._con.execute(f"FROM facts.{name}").fetchall())) for s in (store, other))
            assert here == there, name
        assert other.doctor().ok
