"""The metrics of how customers begin, told from a crowd's rows with fractions, a person and a month at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import TYPE_CHECKING, Any

import pytest

import tenure
from facts.beginners import crowd, written
from oracle.beginnings import first, onboardings, steps, trials
from oracle.known import known
from oracle.spans import spans
from tenure.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from oracle.company import Company

NOWS = ("2024-02-20T12:00:00", "2024-07-01T00:00:00")
MONTHS = [datetime(2024, month, 1) for month in (1, 2, 3, 4, 5)]  # noqa: DTZ001 - instants are naive UTC
Told = list[tuple[datetime, datetime | None]]


@pytest.fixture(scope="module")
def company() -> Company:
    return crowd(seed=5, accounts=300)


@pytest.fixture(scope="module")
def store(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tenure.Store]:
    with tenure.open() as made:
        made.load(written(company, tmp_path_factory.mktemp("crowd")))
        yield made


@pytest.fixture(params=NOWS)
def now(request: pytest.FixtureRequest) -> datetime:
    return datetime.fromisoformat(request.param)


def asked(store: tenure.Store, metric: str, now: datetime, **words: Any) -> Mapping[Any, float | None]:  # noqa: ANN401 - the words of ask
    answer = store.ask(metric, since="2024-01-01", until="2024-05-01", now=f"{now.isoformat()}Z", **words)
    return {(row.start, row.segment) if "by" in words else row.start: row.value for row in answer.rows}


def months(now: datetime) -> list[tuple[datetime, datetime]]:
    """The months that have begun, the last one up to now."""
    return [(opens, min(closes, now)) for opens, closes in pairwise(MONTHS) if opens < now]


def sold(company: Company, column: str) -> dict[str, tuple[datetime, datetime | None]]:
    """Sale and a later instant of every account that was sold."""
    home, out = company.roots(), company.left_out()
    told: dict[str, list[tuple[datetime | None, datetime | None]]] = {}
    for row in company.rows("accounts"):
        root = home.get(row["account_id"], row["account_id"])
        if not {row["account_id"], root} & out:
            told.setdefault(root, []).append((row["sale_closed_at"], row[column]))
    found = {}
    for root, rows in told.items():
        begins = first(sale for sale, _ in rows)
        if begins is not None:
            found[root] = (begins, first(later for _, later in rows))
    return found


def kaplan_meier(waits: Told, now: datetime) -> float | None:
    """The median, by hand: everybody's own product of shares that go on waiting."""
    lives = []
    for begun, ended in waits:
        over = ended is not None and ended <= now
        until = ended if over and ended is not None else now
        lives.append((max(until - begun, timedelta(0)), over))
    share = Fraction(1)
    for time in sorted({time for time, over in lives if over}):
        there = sum(t >= time for t, _ in lives)
        gone = sum(t == time and over for t, over in lives)
        share *= Fraction(there - gone, there)
        if share <= Fraction(1, 2):
            return time.total_seconds()
    return None


def median(values: list[timedelta]) -> float | None:
    ordered = sorted(value.total_seconds() for value in values)
    if not ordered:
        return None
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@pytest.mark.parametrize(
    ("metric", "column"), [("time_to_first_value", "first_value_at"), ("days_to_launch", "launched_at")]
)
def test_times_from_the_sale(store: tenure.Store, company: Company, now: datetime, metric: str, column: str) -> None:
    expected, naive = {}, {}
    for opens, closes in months(now):
        cohort = [one for one in sold(company, column).values() if opens <= one[0] < closes]
        expected[opens] = kaplan_meier(cohort, now)
        naive[opens] = median([max(end - begun, timedelta(0)) for begun, end in cohort if end and end <= now])
    assert asked(store, metric, now) == pytest.approx(expected)
    assert asked(store, f"{metric}:naive", now) == pytest.approx(naive)
    assert any(expected[month] != naive[month] for month in expected)


def test_times_by_channel(store: tenure.Store, company: Company, now: datetime) -> None:
    """Each segment has a curve of its own."""
    channels = {row["account_id"]: row["channel"] for row in company.rows("accounts")}
    waits = sold(company, "first_value_at")
    expected = {}
    for opens, closes in months(now):
        for channel in set(channels.values()):
            some = [w for name, w in waits.items() if channels[name] == channel and opens <= w[0] < closes]
            expected[opens, channel] = kaplan_meier(some, now)
    assert asked(store, "time_to_first_value", now, by="channel") == pytest.approx(expected)


def test_stuck(store: tenure.Store, company: Company, now: datetime) -> None:
    waits = sold(company, "launched_at")
    left = {row[0]: row[1] for row in store._con.execute("SELECT account_id, left_at FROM facts.launches").fetchall()}
    expected = {}
    for opens, closes in months(now):
        took = sorted(
            max(end - begun, timedelta(0)) for begun, end in waits.values() if begun < closes and end and end < closes
        )
        place = Fraction(3, 4) * (len(took) - 1)
        slow = timedelta.max
        if took:
            lower = took[floor(place)]
            upper = took[min(floor(place) + 1, len(took) - 1)]
            slow = lower + (upper - lower) * float(place - floor(place))
        waiting = [
            name
            for name, (begun, end) in waits.items()
            if begun < closes and not (end and end < closes) and not (left[name] and left[name] < closes)
            if closes - begun > slow
        ]
        expected[opens] = len(waiting)
    assert asked(store, "stuck_accounts", now) == expected
    assert any(expected.values())


def test_onboarding(store: tenure.Store, company: Company, now: datetime) -> None:
    finished, everyone, in_time, engaged = {}, {}, {}, {}
    company = replace(company, tables=known(now, company.tables))
    every = [(s.shown or s.begun or s.passed, s.begun) for s in steps(company)]
    month = timedelta(days=30)
    for opens, closes in months(now):
        begun = [o for o in onboardings(company).values() if opens <= o.begun < closes and o.required]
        finished[opens] = share(sum(o.finished is not None and o.finished <= now for o in begun), len(begun))
        everyone[opens] = share(sum(o.everyone is not None and o.everyone <= now for o in begun), len(begun))
        old = [o for o in begun if o.begun + month <= now]
        in_time[opens] = share(sum(o.finished is not None and o.finished <= o.begun + month for o in old), len(old))
        shown = [start for seen, start in every if seen and opens <= seen < closes]
        engaged[opens] = share(sum(start is not None and start <= now for start in shown), len(shown))
    assert asked(store, "onboarding_completion_rate", now) == pytest.approx(finished)
    assert asked(store, "onboarding_completion_rate:everyone", now) == pytest.approx(everyone)
    assert asked(store, "onboarding_completion_rate:within_30_days", now) == pytest.approx(in_time)
    assert asked(store, "onboarding_engagement_rate", now) == pytest.approx(engaged)


def test_trial_conversion(store: tenure.Store, company: Company, now: datetime) -> None:
    expected = {}
    every = trials(company, Policy()).values()
    for opens, closes in months(now):
        ended = [t for t in every if opens <= t.ended < closes]
        expected[opens] = share(sum(t.converted is not None and t.converted <= now for t in ended), len(ended))
    assert asked(store, "trial_conversion_rate", now) == pytest.approx(expected)


def test_conversion(store: tenure.Store, company: Company, now: datetime) -> None:
    """Settling moves the instants of a payment, and of a first subscription, by minutes: the policy here lets nothing settle."""
    policy = Policy("tenure", {"settle_minutes": "0"})
    home, out = company.roots(), company.left_out()
    known: dict[str, list[datetime | None]] = {}
    shut = {}
    for row in company.rows("accounts"):
        root = home.get(row["account_id"], row["account_id"])
        if not {row["account_id"], root} & out:
            known.setdefault(root, []).append(row["created_at"])
            if root == row["account_id"]:
                shut[root] = row["closed_at"]
    paid: dict[str, datetime] = {}
    for span in spans(company, policy):
        known.setdefault(span.account, []).append(span.starts)
        if span.kind == "paying":
            paid[span.account] = min(span.starts, paid.get(span.account, span.starts))
    begun = {name: at for name, instants in known.items() if (at := first(instants))}
    free = {name for name, at in begun.items() if name not in paid or paid[name] > at}
    expected, fortnight = {}, {}
    two_weeks = timedelta(days=14)
    for opens, closes in months(now):
        there = {n for n, at in begun.items() if at < closes and not (shut.get(n) and shut[n] < closes)}
        expected[opens] = share(
            sum(n in free and n in there and opens <= at < closes for n, at in paid.items()), len(there)
        )
        old = [n for n in free if opens <= begun[n] < closes and begun[n] + two_weeks <= now]
        fortnight[opens] = share(sum(n in paid and paid[n] <= begun[n] + two_weeks for n in old), len(old))
    switches = {"settle_minutes": "0"}
    assert asked(store, "free_to_paid_conversion_rate", now, switches=switches) == pytest.approx(expected)
    assert asked(store, "free_to_paid_conversion_rate:within_14_days", now, switches=switches) == pytest.approx(
        fortnight
    )
