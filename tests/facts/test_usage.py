"""The ledgers of usage, row by row, beside the same made from the raw events one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

import tenure
from laws.stores import load
from oracle.product import product
from oracle.usage import Usage
from tenure.calendar import day_start
from tenure.config import Settings
from tenure.store import facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
Ledger = list[tuple[object, ...]]


@pytest.fixture(scope="module", params=ZONES)
def both(request: pytest.FixtureRequest) -> Iterator[tuple[tenure.Store, Usage]]:
    """A store whose ledgers are made, and the same rows to be counted by hand."""
    company = product(seed=3)
    with tenure.open(":memory:", settings=Settings(timezone=request.param)) as store:
        load(store, company.tables)
        facts.ensure(store._con, store.settings)
        yield store, Usage(company, ZoneInfo(request.param))


def rows(store: tenure.Store, columns: str, ledger: str) -> Ledger:
    """A ledger, sorted."""
    found: Ledger = store._con.execute(f"SELECT {columns} FROM facts.{ledger}").fetchall()
    return sorted(found, key=repr)


def followed(days: set[tuple[str, ...]]) -> dict[tuple[object, ...], date | None]:
    """Every active day (owner and day) with the owner's next one."""
    found: dict[tuple[object, ...], date | None] = dict.fromkeys(sorted(days))
    for one, other in pairwise(sorted(days)):
        if one[:-1] == other[:-1]:
            found[one] = other[-1]  # type: ignore[assignment]
    return found


def test_usage_is_every_event_once(both: tuple[tenure.Store, Usage]) -> None:
    store, usage = both

    def quarter(instant: datetime) -> datetime:
        return instant.replace(minute=instant.minute // 15 * 15, second=0, microsecond=0)

    keys = [(a.account, a.person, a.feature, quarter(a.happened_at), a.day) for a in usage.acts]
    events, errors = Counter(keys), Counter[tuple[object, ...]]()
    begun = Counter((a.account, a.person, a.feature, quarter(a.happened_at), a.day) for a in usage.sessions.values())
    for key, act in zip(keys, usage.acts, strict=True):
        errors[key] += act.is_error
    wanted: Ledger = [(*key, count, errors[key], begun[key]) for key, count in events.items()]
    found = rows(store, "account_id, person_id, feature, happened_at, day, events, errors, sessions", "usage")
    assert found == sorted(wanted, key=repr)


def test_activity_is_every_active_day_with_the_next(both: tuple[tenure.Store, Usage]) -> None:
    store, usage = both
    homes = {(person, day): home for home, person, day in usage.person_days}
    wanted: Ledger = [
        (homes[person, day], person, day, after, day_start(day, usage.zone))  # type: ignore[index, arg-type]
        for (person, day), after in followed(set(homes)).items()  # type: ignore[arg-type]
    ]
    found = rows(store, "account_id, person_id, day, next_day, happened_at", "activity")
    assert found == sorted(wanted, key=repr)
    assert {person for _, person, *_ in found} >= {"x1", "p1", "p13"}
    assert not {person for _, person, *_ in found} & {"", "p14", "p15", "p16", "p17"}


def test_accounts_are_active_without_people_too(both: tuple[tenure.Store, Usage]) -> None:
    store, usage = both
    wanted: Ledger = [(*key, after) for key, after in followed(usage.account_days).items()]  # type: ignore[arg-type]
    assert rows(store, "account_id, day, next_day", "account_activity") == sorted(wanted, key=repr)
    assert {account for account, *_ in wanted} == {"a1", "a2", "a3", "a4", "a5", "a6"}


def test_the_law_of_trailing_windows(both: tuple[tenure.Store, Usage]) -> None:
    """Rows up to a day, less those whose owner is counted again or gone by then, are the different owners."""
    store, usage = both
    for days in (1, 7, 30):
        for back in range(0, 60, 7):
            last = date(2024, 4, 20) - timedelta(days=back)
            (found,) = store._con.execute(f"""
                SELECT count(*) FILTER (day <= DATE '{last}') - count(*) FILTER (least(day + {days}, next_day) <= DATE '{last}')
                FROM facts.activity
            """).fetchone() or (None,)
            assert found == len({key[1] for key in usage.person_days if last - timedelta(days=days) < key[2] <= last})


def test_key_days_and_adoption(both: tuple[tenure.Store, Usage]) -> None:
    """Without settings every event of a person is a key event, and every feature is core."""
    store, usage = both
    keys = Counter((a.home, a.person, a.day) for a in usage.acts if a.person)
    assert rows(store, "account_id, person_id, day, key_events", "key_days") == sorted(
        ((*key, count) for key, count in keys.items()), key=repr
    )
    used = Counter((a.account, a.feature, a.day) for a in usage.acts if a.account and a.feature != "(none)")
    assert rows(store, "account_id, feature, day, events, is_core", "adoption") == sorted(
        ((*key, count, 1) for key, count in used.items()), key=repr
    )


def test_the_last_hours_of_a_year() -> None:
    """What happens on New Year's Eve in UTC is of the new year in the east, and the other way round in the west."""
    events = [
        {
            "event_id": "e1",
            "account_id": "a1",
            "person_id": "p1",
            "happened_at": "2023-12-31T23:00:00Z",
            "name": "view",
        },
        {
            "event_id": "e2",
            "account_id": "a1",
            "person_id": "p2",
            "happened_at": "2023-01-01T01:00:00Z",
            "name": "view",
        },
    ]
    days = {
        "Asia/Tokyo": {date(2023, 1, 1), date(2024, 1, 1)},
        "America/New_York": {date(2022, 12, 31), date(2023, 12, 31)},
    }
    for zone, wanted in days.items():
        with tenure.open(":memory:", settings=Settings(timezone=zone)) as store:
            load(store, {"events": events})
            facts.ensure(store._con, store.settings)
            assert {day for (day,) in rows(store, "day", "activity")} == wanted


def test_who_somebody_is_may_be_known_later() -> None:
    """Events come first, then whose they are, then that they were somebody else's, then that they are one of us."""
    events = [
        {"event_id": "e1", "person_id": "p1", "happened_at": "2024-01-01", "name": "view"},
        {"event_id": "e2", "person_id": "p2", "account_id": "a2", "happened_at": "2024-01-01", "name": "view"},
    ]
    later = [
        ({"people": [{"person_id": "p1", "account_id": "a1"}]}, {("a1", "p1"), ("a2", "p2")}),
        (
            {"people": [{"person_id": "p1", "account_id": "a3", "updated_at": "2025-01-01"}]},
            {("a3", "p1"), ("a2", "p2")},
        ),
        ({"people": [{"person_id": "p2", "account_id": "a4"}]}, {("a3", "p1"), ("a4", "p2")}),
        ({"person_links": [{"person_id": "p1", "same_as": "p9"}]}, {("a3", "p9"), ("a4", "p2")}),
        ({"account_links": [{"account_id": "a4", "same_as": "a3"}]}, {("a3", "p9"), ("a3", "p2")}),
        ({"people": [{"person_id": "p9", "is_internal": "true"}]}, {("a3", "p2")}),
    ]
    with tenure.open(":memory:", settings=Settings()) as store:
        load(store, {"events": events})
        facts.ensure(store._con, store.settings)
        for tables, wanted in later:
            load(store, tables)
            differing = facts.rows_differing(store._con, store.settings)
            assert {name: count for name, count in differing.items() if count} == {}
            assert set(rows(store, "account_id, person_id", "activity")) == wanted


def test_of_whom_nothing_is_known_is_one_person_in_every_account() -> None:
    """The same id in two accounts is one active person, counted where the day was begun by name; whichever comes first."""
    view = {"name": "view", "person_id": "x"}
    loads = [
        [{"event_id": "e1", "account_id": "b", "happened_at": "2024-01-01", **view}],
        [{"event_id": "e2", "account_id": "a", "happened_at": "2024-01-03", **view}],
        [{"event_id": "e3", "account_id": "a", "happened_at": "2024-01-01", **view}],
        [{"event_id": "e4", "account_id": "c", "happened_at": "2024-01-02", **view}],
    ]
    wanted = [
        [("b", 1, None)],
        [("b", 1, 3), ("a", 3, None)],
        [("a", 1, 3), ("a", 3, None)],
        [("a", 1, 2), ("c", 2, 3), ("a", 3, None)],
    ]
    with tenure.open(":memory:", settings=Settings()) as store:
        for events, days in zip(loads, wanted, strict=True):
            load(store, {"events": events})
            facts.ensure(store._con, store.settings)
            sql = "SELECT account_id, day(day), day(next_day) FROM facts.activity ORDER BY day"
            assert store._con.execute(sql).fetchall() == days
            (row,) = store.ask("monthly_active_users", since="2024-01-01", until="2024-01-30", now="2024-02-02").rows
            assert row.value == 1
