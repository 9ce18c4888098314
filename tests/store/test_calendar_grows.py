"""Quarters of an hour end with next year; what is dated beyond them is counted once there are more."""

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
