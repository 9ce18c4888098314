"""The order in which rows lie moves no digit: neither two machines nor two threads have the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import tenure
from tenure.config import Settings
from tenure.store.facts import ensure

if TYPE_CHECKING:
    from pathlib import Path

WINDOW = {"since": "2024-03-01", "until": "2024-04-01"}


def test_fractions_of_a_voice_add_up_alike(tmp_path: Path) -> None:
    rows = (
        f"r{account}-{n},nps,a{account},p{account}-{n},2024-03-05T08:00:00Z,2024-03-06T08:00:00Z,{10 if n % 2 else 3}"
        for account in range(3000)
        for n in range(account % 9 + 1)
    )
    head = "response_id,survey,account_id,person_id,sent_at,answered_at,score"
    (tmp_path / "responses.csv").write_text("\n".join((head, *rows)), encoding="utf-8")
    with tenure.open(":memory:", settings=Settings()) as store:
        store.load([tmp_path / "responses.csv"])
        place = ensure(store._con, store.settings, None, ["answers"])["answers"]
        store._con.execute("SET threads = 4")
        told = set()
        for turn in range(6):
            store._con.execute(
                f"CREATE OR REPLACE TABLE {place} AS FROM {place} AS r ORDER BY hash(response_id, {turn})"
            )
            (row,) = store.ask("nps:by_account", **WINDOW).rows
            told.add((row.value, *row.parts.values()))
    assert len(told) == 1


def test_a_mean_of_periods_is_added_in_their_order() -> None:
    """On several threads the periods of a mean arrive in any order."""
    with tenure.open(":memory:", settings=Settings()) as store:
        sql = store.ask("trailing_retention_rate", **WINDOW).sql
    assert "ORDER BY a.k) AS mean_retention" in sql
