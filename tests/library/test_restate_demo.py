"""Every metric of a whole company whose rows came in three loads: each frozen number is led to what it is now, without a gap."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

import tenure
from laws.test_restate import ROWS, chained
from sources.fjordmill import UNTIL
from tenure.config import Settings
from tenure.sources import demo
from tenure.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

NOW = "2026-07-02"
SOME = ("mrr", "revenue", "nps", "monthly_active_users", "first_response_time")
# What is said of an account or a row a second time, otherwise than the first: columns that numbers rest on.
OTHERWISE = {
    "accounts": "is_test",
    "people": "is_internal",
    "tickets": "first_solved_at",
    "responses": "score",
    "subscriptions": "cancel_requested_at",
    "onboarding_steps": "completed_at",
    "transactions": "amount",
    "subscription_periods": "unit_amount",
}


def shuffled(
    rng: Random, rows: list[dict[str, str]], column: str | None, key: tuple[str, ...]
) -> list[list[dict[str, str]]]:
    """The rows in three loads: most in the first; of some of these a column is another row's in a later one."""
    loads: list[list[dict[str, str]]] = [[], [], []]
    for row in rows:
        loads[rng.choices((0, 1, 2), (18, 1, 1))[0]].append(row)
    for later in (1, 2) if column else ():
        known = {tuple(row.get(k, "") for k in key) for row in loads[later]}
        for row in rng.sample(loads[0], len(loads[0]) // 15):
            if tuple(row.get(k, "") for k in key) not in known:
                loads[later].append({**row, str(column): rng.choice(rows)[str(column)]})
    return loads


def led(seed: int, folder: Path) -> None:
    """Loads the company in three parts, the first of which is printed, and follows every number to what it is now."""
    rng = Random(seed)  # noqa: S311 - a made-up company
    made = demo.company(seed=seed, accounts=40, months=6, until=UNTIL)
    parts = {name: shuffled(rng, rows, OTHERWISE.get(name), TABLES[name].key) for name, rows in made.items()}
    with tenure.open(settings=Settings(currency="EUR", timezone="Europe/Berlin")) as store:
        for n in range(3):
            demo.write(folder / str(n), {name: loads[n] for name, loads in parts.items()})
            store.load(folder / str(n))
            if n == 0:
                every = [name for name, metric in store.metrics.items() if metric.model is None and not metric.ahead]
                store.freeze("2026-05", *every, now=NOW)
        told = store.restate(now=NOW, limit=1)
        assert {n.metric for n in told.numbers if n.has_moved} >= set(SOME)
        for number in told.numbers:
            assert {share.cause for share in number.shares} <= ROWS, number
            chained(number)
            assert all(share.count for share in number.shares), number


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1, 2])
def test_every_metric_is_led_to_what_it_is_now(seed: int, tmp_path: Path) -> None:
    led(seed, tmp_path)
