"""The calendar reaches as far as what is loaded tells; what is dated beyond its quarters is counted once there are more."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

import tenure
from laws.stores import load
from tenure.config import Settings
from tenure.store import days
from tenure.store.facts import rows_differing

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class InFiveYears(datetime):
    """A clock that has gone on."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return datetime.now(tz).replace(year=datetime.now(UTC).year + 5, day=1)


def test_what_is_dated_far_ahead_counts_once_its_time_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    year = datetime.now(UTC).year + 4
    events = [
        {"event_id": "e1", "account_id": "a", "person_id": "p", "happened_at": "2024-03-01T10:00:00Z", "name": "login"},
        {
            "event_id": "e2",
            "account_id": "a",
            "person_id": "p",
            "happened_at": f"{year}-03-01T10:00:00Z",
            "name": "login",
        },
    ]
    asked = {"since": f"{year}-03-01", "until": f"{year}-04-01", "grain": "total", "now": f"{year + 1}-01-01"}
    with tenure.open(tmp_path, create=True, settings=Settings()) as store:
        load(store, {"events": events})
        assert store.ask("events", **asked).rows[0].value == 0
    monkeypatch.setattr(days, "datetime", InFiveYears)
    with tenure.open(tmp_path, settings=Settings()) as store:
        assert store.ask("events", **asked).rows[0].value == 1
        assert store.ask("daily_active_users", **asked | {"until": f"{year}-03-02"}).rows[0].value == 1
        assert not any(rows_differing(store._con, Settings()).values())


def test_use_that_ends_with_a_year_is_missed_in_the_next_one(tmp_path: Path) -> None:
    paid = {"subscription_id": "s", "account_id": "a", "starts_at": "2024-01-01", "unit_amount": "10"}
    used = [f"2024-11-{day:02}" for day in range(1, 31, 2)] + [f"2024-12-{day:02}" for day in range(1, 11, 2)]
    events = [{"event_id": day, "account_id": "a", "happened_at": f"{day}T10:00:00Z", "name": "login"} for day in used]
    asked = {"since": "2024-12-01", "until": "2025-04-01", "grain": "month", "now": "2025-06-01"}
    with tenure.open(tmp_path, create=True, settings=Settings()) as store:
        load(store, {"subscription_periods": [paid], "events": events})
        assert [row.value for row in store.ask("health_score", **asked).rows] == [
            28,
            0,
            0,
            0,
        ]  # 4 days of 14, in whole per cent
