"""A company's own words for what is active: a filter that is none is told as such, with what would mend it."""

from __future__ import annotations

import pytest

import tenure
from laws.stores import load
from tenure.config import Settings
from tenure.config.values import Sql
from tenure.errors import SettingsError

EVENTS = [
    {
        "event_id": "e1",
        "account_id": "a",
        "person_id": "p",
        "happened_at": "2024-03-01",
        "name": "it's on",
        "feature": "x",
    },
    {
        "event_id": "e2",
        "account_id": "a",
        "person_id": "q",
        "happened_at": "2024-03-01",
        "name": "ping",
        "duration_s": "9",
    },
    {
        "event_id": "e3",
        "account_id": "b",
        "person_id": "r",
        "happened_at": "2024-03-01",
        "name": "ping",
        "props": '{"k": 3}',
    },
]


def actives(active_events: tuple[str, ...] | Sql) -> float | None:
    with tenure.open(":memory:", settings=Settings(active_events=active_events)) as store:
        load(store, {"events": EVENTS})
        (row,) = store.ask("daily_active_users", since="2024-03-01", until="2024-03-02", now="2024-04-01").rows
        return row.value


@pytest.mark.parametrize(
    ("active_events", "count"),
    [
        ((), 3),
        (("it's on",), 1),
        (("nothing like it",), 0),
        (Sql("name <> 'ping' OR duration_s > 5"), 2),
        (Sql("feature = 'x'"), 1),
        (Sql("account_id = 'a' AND person_id <> 'p'"), 1),
        (Sql("json_extract_string(props, '$.k') = '3'"), 1),
        (Sql("duration_s"), 1),
        (Sql("events.NAME = 'ping'"), 2),
    ],
)
def test_what_is_active(active_events: tuple[str, ...] | Sql, count: int) -> None:
    assert actives(active_events) == count


@pytest.mark.parametrize(
    ("filter_", "words"),
    [
        ("name <> ", "'name <> ' is no condition in SQL"),
        ("name = 'x'); DROP TABLE accounts; --", "is no condition in SQL"),
        ("nme = 'x'", "events have no column 'nme'"),
        ("load_id > 0", "events have no column 'load_id'"),
        ("events.source = 'x'", "events have no column 'source'"),
        ("name = 'x", "is no condition in SQL"),
        ("NOT " * 5000 + "is_error", "is no condition in SQL"),
        ("name = $1", "no condition on one event alone"),
        ("name = ?", "no condition on one event alone"),
        ("row_number() OVER () = 1", "no condition on one event alone"),
        ("unnest([true, false])", "no condition on one event alone"),
        ("random() > 0.5", "no condition on one event alone"),
        ("CAST(name AS INTEGER) > 1", "cannot be used on the columns of events (Could not convert"),
        ("nosuch(name)", "cannot be used on the columns of events"),
        ("name IN (SELECT plan FROM plans)", "cannot read other rows"),
        ("SELECT 1", "cannot read other rows"),
        ("count(*) > 1", "no condition on one event alone"),
    ],
)
def test_a_filter_that_is_none(filter_: str, words: str) -> None:
    with pytest.raises(SettingsError, match=r"^active_events: ") as fault:
        actives(Sql(filter_))
    assert words in str(fault.value)


@pytest.mark.parametrize(
    ("filter_", "words"),
    [
        ("nme = 'x'", "events have no column 'nme'"),
        ("name <> ", "is no condition in SQL"),
        ("nosuch(name)", "cannot be used on the columns of events"),
        ("SELECT 1", "cannot read other rows"),
    ],
)
def test_a_filter_of_key_events_is_told_by_its_name(filter_: str, words: str) -> None:
    with tenure.open(":memory:", settings=Settings(key_events=Sql(filter_))) as store:
        load(store, {"events": EVENTS})
        with pytest.raises(SettingsError, match=r"^key_events: ") as fault:
            store.ask("engaged_users", since="2024-03-01", until="2024-03-02", now="2024-04-01")
    assert words in str(fault.value)
