"""What people do in the product is what raw rows say that are counted one by one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import tenure
from laws.stores import load, same
from oracle.product import product
from oracle.reading import windows
from oracle.usage import Reading, Usage, pieces
from tenure.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
READINGS = {
    "all": Reading(),
    "own": Reading(("login", "report_run"), 2, ("report_run",), ("boards", "exports"), 1, 14),
}
WINDOWS = {
    "day": ("2024-03-05", "2024-03-20"),
    "week": ("2024-02-19", "2024-05-06"),
    "month": ("2024-02-01", "2024-06-01"),
    "total": ("2024-03-09", "2024-04-02"),
}
NOW = "2024-09-01T00:00:00Z"


def settings(zone: str, reading: Reading) -> Settings:
    """The company's own, as it would say them."""
    return Settings(
        timezone=zone,
        active_events=reading.active_events,
        active_count=reading.active_count,
        key_events=reading.key_events,
        core_features=reading.core_features,
        engaged_count=reading.engaged_count,
        engaged_days=reading.engaged_days,
    )


# In the everyday run each zone is read in one way, and each way in some zone; in the soak run every one in all.
CASES = [
    (zone, name) if n % len(READINGS) == m % len(READINGS) else pytest.param((zone, name), marks=pytest.mark.soak)
    for n, zone in enumerate(ZONES)
    for m, name in enumerate(READINGS)
]


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def both(request: pytest.FixtureRequest) -> Iterator[tuple[tenure.Store, Usage]]:
    """A store, and the same rows to be counted by hand."""
    zone, name = request.param
    company = product(seed=len(zone))
    with tenure.open(":memory:", settings=settings(zone, READINGS[name])) as store:
        load(store, company.tables)
        yield store, Usage(company, ZoneInfo(zone), READINGS[name])


@pytest.mark.parametrize("grain", WINDOWS)
def test_every_number(both: tuple[tenure.Store, Usage], grain: str) -> None:
    """Trailing and calendar windows through the change of clocks; whoever does not count is left out."""
    store, usage = both
    since, until = WINDOWS[grain]
    cuts = windows(date.fromisoformat(since), date.fromisoformat(until), grain, usage.zone)
    wanted = [usage.numbers(opens, closes) for _, opens, closes in cuts]
    assert any(numbers["monthly_active_users"] for numbers in wanted)
    for metric in wanted[0]:
        rows = store.ask(metric, since=since, until=until, grain=grain, now=NOW).rows
        assert len(rows) == len(wanted)
        for row, numbers in zip(rows, wanted, strict=True):
            assert same(row.value, numbers[metric]), f"{metric} of {row.start}: {row.value}, not {numbers[metric]}"


@pytest.mark.parametrize("by", ["feature", "account", "role"])
def test_events_and_sessions_by_segment(both: tuple[tenure.Store, Usage], by: str) -> None:
    """Each event and each session stands in one segment."""
    store, usage = both
    roles = {row["person_id"]: row["role"] for row in usage.company.tables["people"]}
    _, opens, closes = windows(date(2024, 3, 9), date(2024, 4, 2), "total", usage.zone)[0]
    wanted = usage.segments(
        opens,
        closes,
        lambda act: {"feature": act.feature, "account": act.account, "role": roles.get(act.person, "(none)")}[by],
    )
    for place, metric in enumerate(("events", "sessions")):
        rows = store.ask(metric, since="2024-03-09", until="2024-04-02", grain="total", by=by, now=NOW).rows
        found = {row.segment: row.value for row in rows if row.value}
        assert found == {name or "(none)": both[place] for name, both in wanted.items() if both[place]}


def test_actives_by_account_add_up(both: tuple[tenure.Store, Usage]) -> None:
    """Everybody is at home in one account."""
    store, _ = both
    words = {"since": "2024-03-01", "until": "2024-04-01", "now": NOW}
    (whole,) = store.ask("monthly_active_users", **words).rows
    assert sum(row.value or 0 for row in store.ask("monthly_active_users", by="account", **words).rows) == whole.value


def test_load_by_load_is_as_all_at_once() -> None:
    """Rows that come later, people and links too, leave the ledgers as if they had been there from the beginning."""
    company = product(seed=7)
    tables = dict(company.tables)
    with tenure.open(":memory:", settings=settings("Asia/Kolkata", READINGS["own"])) as store:
        first, *later = pieces(tables["events"], 12)
        load(store, {"accounts": tables["accounts"], "events": first, "people": tables["people"][:8]})
        store.ask("monthly_active_users", now=NOW)  # the ledgers are made
        for name in ("people", "account_links", "person_links"):
            load(store, {"events": later.pop(), name: tables[name]})
            assert differing(store) == {}
        for rows in later:
            load(store, {"events": rows})
            assert differing(store) == {}
        usage = Usage(company, ZoneInfo("Asia/Kolkata"), READINGS["own"])
        (row,) = store.ask("monthly_active_users", since="2024-03-01", until="2024-04-01", now=NOW).rows
        cuts = windows(date(2024, 3, 1), date(2024, 4, 1), "total", usage.zone)[0]
        assert row.value == usage.numbers(*cuts[1:])["monthly_active_users"]


def differing(store: tenure.Store) -> dict[str, int]:
    """The ledgers that are not as they would be made anew."""
    from tenure.store.facts import rows_differing

    return {name: count for name, count in rows_differing(store._con, store.settings).items() if count}


@pytest.mark.parametrize(
    ("metric", "leaves"),
    [
        ("daily_active_users", {"active_people"}),
        ("weekly_active_users:calendar", {"active_people"}),
        ("active_accounts", {"active_accounts"}),
        ("engaged_users", {"engaged_people"}),
        ("stickiness", {"active_days", "active_people"}),
        ("adoption_rate", {"features_used", "active_accounts"}),
        ("feature_adoption_rate", {"adopters", "active_accounts"}),
    ],
)
def test_as_many_rows_stand_behind_a_count_as_it_says(
    both: tuple[tenure.Store, Usage], metric: str, leaves: set[str]
) -> None:
    store, _ = both
    told = store.explain(metric, since="2024-03-01", until="2024-03-19", now=NOW, limit=5)
    counts = {reason.name: (reason.count, reason.value) for reason in told.reasons if reason.name in leaves}
    assert counts.keys() == leaves
    assert all(count == value for count, value in counts.values()), counts
    assert all(len(reason.rows) == min(5, reason.count) for reason in told.reasons)


def test_an_hour_is_as_its_day(both: tuple[tenure.Store, Usage]) -> None:
    """Who is active is told by the day: each hour says so of the day that it is in."""
    store, usage = both
    words = {"since": "2024-03-10", "until": "2024-03-11", "now": NOW}
    _, opens, closes = windows(date(2024, 3, 10), date(2024, 3, 11), "day", usage.zone)[0]
    wanted = usage.numbers(opens, closes)
    for metric in ("daily_active_users", "stickiness"):
        rows = store.ask(metric, grain="hour", **words).rows
        assert len(rows) == (closes - opens).total_seconds() // 3600 + ((closes - opens).total_seconds() % 3600 > 0)
        assert all(same(row.value, wanted[metric]) for row in rows), metric
