"""What customers say and how they fare is what raw rows say that are counted one by one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import tenure
from laws.stores import load, same
from oracle.feedback import Feedback
from oracle.reading import windows
from oracle.voices import voices
from tenure.config import Settings
from tenure.store.facts import rows_differing

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONES = ("UTC", "America/New_York", "Asia/Kolkata")
WINDOWS = {
    "day": ("2024-03-28", "2024-04-04"),
    "week": ("2024-01-29", "2024-04-08"),
    "month": ("2023-12-01", "2024-08-01"),
    "total": ("2024-02-10", "2024-04-20"),
}
NOW = "2024-12-01T00:00:00Z"
LATER = ("people", "account_links", "responses", "touches", "person_links", "referrals", "subscription_periods")
SPRING = {"since": "2024-02-01", "until": "2024-05-15", "grain": "total", "now": NOW}
MARCH = {"since": "2024-03-01", "until": "2024-04-01", "now": NOW}


@pytest.fixture(scope="module", params=ZONES)
def both(request: pytest.FixtureRequest) -> Iterator[tuple[tenure.Store, Feedback]]:
    """A store, and the same rows to be counted by hand."""
    company = voices(seed=len(request.param))
    with tenure.open(":memory:", settings=Settings(timezone=request.param)) as store:
        load(store, company.tables)
        yield store, Feedback(company, ZoneInfo(request.param))


@pytest.mark.parametrize("grain", WINDOWS)
def test_every_number(both: tuple[tenure.Store, Feedback], grain: str) -> None:
    """On scales of every kind, at the cuts of months; whoever does not count is left out."""
    store, feedback = both
    since, until = WINDOWS[grain]
    cuts = windows(date.fromisoformat(since), date.fromisoformat(until), grain, feedback.zone)
    wanted = [feedback.numbers(opens, closes) for _, opens, closes in cuts]
    if grain == "month":
        assert all(any(numbers[metric] for numbers in wanted) for metric in wanted[0])
    for metric in wanted[0]:
        rows = store.ask(metric, since=since, until=until, grain=grain, now=NOW).rows
        assert len(rows) == len(wanted)
        for row, numbers in zip(rows, wanted, strict=True):
            assert same(row.value, numbers[metric]), f"{metric} of {row.start}: {row.value}, not {numbers[metric]}"


@pytest.mark.parametrize("by", ["touchpoint", "survey_id", "role", "account"])
def test_answers_by_segment(both: tuple[tenure.Store, Feedback], by: str) -> None:
    """A segment's number is the number of its answers alone, and a filter gives the same."""
    store, feedback = both
    roles = {row["person_id"]: row["role"] for row in feedback.company.tables["people"]}

    def segment(row: dict[str, object]) -> object:
        return (roles.get(str(row["person"])) if by == "role" else row[by]) or "(none)"

    _, opens, closes = windows(date(2024, 3, 1), date(2024, 4, 1), "total", feedback.zone)[0]
    for metric in feedback.surveys(opens, closes):
        for row in store.ask(metric, by=by, **MARCH).rows:
            wanted = feedback.surveys(opens, closes, lambda r, name=row.segment: segment(r) == name)[metric]  # type: ignore[misc]
            assert same(row.value, wanted), f"{metric} of {row.segment}: {row.value}, not {wanted}"
        (alone,) = store.ask(metric, where={by: row.segment}, **MARCH).rows
        assert alone.value == row.value


def test_a_score_lies_between_all_against_us_and_all_for_us(both: tuple[tenure.Store, Feedback]) -> None:
    """With its parts within the number of answers, and an interval where there are any."""
    store, _ = both
    for metric in ("nps", "nps:latest_per_person", "nps:by_account"):
        for row in store.ask(metric, since="2024-01-01", until="2024-06-01", by="touchpoint", now=NOW).rows:
            parts = row.parts
            assert (parts["promoters"] or 0) + (parts["detractors"] or 0) <= (parts["answered"] or 0) + 1e-9
            assert row.n == parts["answered"]
            if row.value is None:
                assert (row.n, row.low, row.high) == (0, None, None)
                continue
            assert row.low is not None
            assert row.high is not None
            assert -100 <= row.low < row.high <= 100
            assert -100 <= row.value <= 100


@pytest.mark.parametrize(
    ("metric", "part", "by"),
    [
        ("nps", "promoters", "touchpoint"),
        ("nps", "answered", "account"),
        ("nps", "detractors", "plan"),
        ("csat", "satisfied", "survey_id"),
        ("survey_response_rate", "sent", "role"),
        ("feedback_volume", "comments", "origin"),
        ("touches_per_customer", "touches", "kind"),
        ("happy_share", "happy_accounts", "account"),
        ("happy_share", "felt_accounts", "plan"),
        ("advocates", "closing_advocates", "tenure"),
        ("referrals", "referrals", "account"),
        ("goal_attainment_rate", "due", "account"),
    ],
)
def test_the_counts_of_segments_add_up(both: tuple[tenure.Store, Feedback], metric: str, part: str, by: str) -> None:
    store, _ = both
    (whole,) = store.ask(metric, **SPRING).rows
    rows = store.ask(metric, by=by, **SPRING).rows
    assert whole.parts[part]
    assert sum(row.parts[part] or 0 for row in rows) == whole.parts[part]


def test_what_lapses_does_not_lengthen_the_window(both: tuple[tenure.Store, Feedback]) -> None:
    """The default window ends with the last word, not ninety days after."""
    store, feedback = both
    last = max(row["happened_at"] for row in feedback.rows["touches"] if row["affinity"])
    assert store.ask("happy_share", now=NOW).rows[-1].end > last
    assert store.ask("happy_share", now=NOW).rows[-1].start <= last


def test_load_by_load_is_as_all_at_once() -> None:
    """Rows that come later, people and links too, leave the ledgers as if they had been there from the beginning."""
    tables = dict(voices(seed=8).tables)
    with tenure.open(":memory:") as store:
        load(store, {name: rows[: len(rows) // 2] for name, rows in tables.items() if not name.endswith("links")})
        store.ask("nps", now=NOW)  # the ledgers are made
        for name in LATER:
            load(store, {name: tables[name]})
            store.ask("nps", now=NOW)  # and brought up to the load
        assert differing(store) == {}
        load(store, tables)
        assert differing(store) == {}
        feedback = Feedback(voices(seed=8), ZoneInfo("UTC"))
        _, opens, closes = windows(date(2024, 3, 1), date(2024, 4, 1), "total", feedback.zone)[0]
        for metric, wanted in feedback.numbers(opens, closes).items():
            (row,) = store.ask(metric, **MARCH).rows
            assert same(row.value, wanted), metric


def differing(store: tenure.Store) -> dict[str, int]:
    """The ledgers that are not as they would be made anew."""
    return {name: count for name, count in rows_differing(store._con, store.settings).items() if count}
