"""Each two-line example of docs/explanation/revenue-policy.md, asked for as it stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import tenure
from tenure.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.library import Store

PERIODS = (
    "subscription_id,account_id,starts_at,ends_at,unit_amount,billing_interval,state,discount_percent,"
    "discount_duration,currency"
)
WIDTH = PERIODS.count(",")
SUBSCRIPTIONS = "subscription_id,account_id,cancel_requested_at"
FX = ["day,currency,rate", "2024-01-01,USD,0.90", "2024-06-10,USD,0.95"]
YEAR = ("2024-01-01", "2025-01-01")
JUNE = ("2024-06-01", "2024-07-01")

PAST_DUE = "s,a,2024-01-01,2024-03-01,50\ns,a,2024-03-01,2024-04-09,50,,past_due\ns,a,2024-04-09,,50"
PAUSED = "s,a,2024-01-01,2024-05-01,50\ns,a,2024-05-01,2024-06-01,50,,paused\ns,a,2024-06-01,,50"
CANCELLED = "s,a,2024-01-01,2024-07-01,50"
SECOND = "s,a,2024-01-01,,50\nt,a,2024-03-01,2024-05-01,20"
RETURNED = "s,a,2023-01-01,2024-06-03,50\nt,a,2024-06-20,,50\nu,b,2023-01-01,,50"
GAP = "s,a,2024-01-01,2024-06-01,50\nt,a,2024-06-06,,50"
SECONDS = "s,a,2024-01-01,2024-06-05T10:00:00,50\nt,a,2024-06-05T10:00:02,,80"
NET = "s,a,2024-01-01,2024-06-05,100\nt,b,2024-01-01,,900\nu,c,2023-01-01,2023-06-01,30\nu,c,2024-06-10,,30"
REPEATING = "s,a,2024-01-01,2024-04-01,100,month,,20,repeating\ns,a,2024-04-01,,100"
FOREVER = "s,a,2024-01-01,,100,month,,10,forever"
DOLLARS = "s,a,2024-01-02,,100,month,,,,USD"

Case = tuple[str, dict[str, str], str, tuple[str, str], float]
CASES: tuple[Case, ...] = (
    ("s,a,2024-01-01,,30,week", {}, "mrr", JUNE, 130),
    ("s,a,2024-01-01,,30,week", {"week_factor": "4"}, "mrr", JUNE, 120),
    ("s,a,2024-01-01,,30,week", {"week_factor": "4.33"}, "mrr", JUNE, 129.9),
    ("s,a,2024-01-01,,10,day", {}, "mrr", JUNE, 304.1667),
    ("s,a,2024-01-01,,10,day", {"day_factor": "30"}, "mrr", JUNE, 300),
    (REPEATING, {}, "mrr", ("2024-01-01", "2024-02-01"), 80),
    (REPEATING, {}, "expansion_mrr", YEAR, 20),
    (REPEATING, {"discounts": "forever"}, "mrr", ("2024-01-01", "2024-02-01"), 100),
    (REPEATING, {"discounts": "none"}, "expansion_mrr", YEAR, 0),
    (FOREVER, {}, "mrr", JUNE, 90),
    (FOREVER, {"discounts": "forever"}, "mrr", JUNE, 90),
    (FOREVER, {"discounts": "none"}, "mrr", JUNE, 100),
    (PAST_DUE, {}, "churned_mrr", YEAR, 0),
    (PAST_DUE, {"past_due": "churn_after:30"}, "churned_mrr", ("2024-03-31", "2024-04-01"), 50),
    (PAST_DUE, {"past_due": "churn_after:30"}, "reactivation_mrr", ("2024-04-09", "2024-04-10"), 50),
    (PAUSED, {}, "contraction_mrr", YEAR, 50),
    (PAUSED, {}, "expansion_mrr", YEAR, 50),
    (PAUSED, {}, "churned_mrr", YEAR, 0),
    (PAUSED, {"paused": "churn"}, "churned_mrr", YEAR, 50),
    (PAUSED, {"paused": "churn"}, "reactivation_mrr", YEAR, 50),
    (PAUSED, {"paused": "counted"}, "contraction_mrr", YEAR, 0),
    (CANCELLED, {}, "churned_mrr", ("2024-07-01", "2024-07-02"), 50),
    (CANCELLED, {"churn_at": "request"}, "churned_mrr", ("2024-06-05", "2024-06-06"), 50),
    (SECOND, {}, "expansion_mrr", YEAR, 20),
    (SECOND, {}, "contraction_mrr", YEAR, 20),
    (SECOND, {"movement_level": "subscription"}, "new_mrr", YEAR, 70),
    (SECOND, {"movement_level": "subscription"}, "churned_mrr", YEAR, 20),
    (RETURNED, {}, "customer_churn_rate", JUNE, 0.5),
    (RETURNED, {"same_period": "net"}, "customer_churn_rate", JUNE, 0),
    (GAP, {}, "churned_mrr", YEAR, 50),
    (GAP, {}, "reactivation_mrr", YEAR, 50),
    (GAP, {"reactivation_gap_days": "7"}, "churned_mrr", YEAR, 0),
    (SECONDS, {}, "expansion_mrr", YEAR, 30),
    (SECONDS, {"settle_minutes": "0"}, "churned_mrr", YEAR, 50),
    (SECONDS, {"settle_minutes": "0"}, "reactivation_mrr", YEAR, 80),
    (NET, {}, "net_mrr_churn_rate", JUNE, 0.10),
    (NET, {"net_churn_reactivation": "yes"}, "net_mrr_churn_rate", JUNE, 0.07),
    (DOLLARS, {}, "mrr", ("2024-01-01", "2024-02-01"), 90),
    (DOLLARS, {}, "mrr", JUNE, 95),
    (DOLLARS, {}, "fx_mrr", JUNE, 5),
    (DOLLARS, {"fx": "latest"}, "mrr", ("2024-01-01", "2024-02-01"), 95),
    (DOLLARS, {"fx": "purchase"}, "mrr", JUNE, 90),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Every story in one store: its accounts have the attribute `story`, so that a question can be about one of them."""
    folder = tmp_path_factory.mktemp("stories")
    periods, accounts, subscriptions = [PERIODS], ["account_id,story"], [SUBSCRIPTIONS]
    for story in dict.fromkeys(case[0] for case in CASES):
        name, seen = story_name(story), set()
        for line in story.splitlines():
            subscription, account, rest = line.split(",", 2)
            periods.append(f"{name}-{subscription},{name}-{account},{rest}" + "," * (WIDTH - line.count(",")))
            seen.add(account)
        accounts += [f"{name}-{account},{name}" for account in sorted(seen)]
        subscriptions += [f"{name}-s,{name}-a,2024-06-05"] if story == CANCELLED else []
    files = {"subscription_periods": periods, "accounts": accounts, "subscriptions": subscriptions, "fx_rates": FX}
    for table, lines in files.items():
        (folder / f"{table}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    with tenure.open(":memory:", settings=Settings(currency="EUR")) as made:
        assert made.load(folder).quarantined == 0
        yield made


def story_name(story: str) -> str:
    return f"story{[case[0] for case in CASES].index(story)}"


@pytest.mark.parametrize(
    ("story", "switches", "metric", "window", "value"), CASES, ids=[f"{n}-{case[2]}" for n, case in enumerate(CASES)]
)
def test_an_example_of_the_page_says_what_is_so(
    store: Store, story: str, switches: dict[str, str], metric: str, window: tuple[str, str], value: float
) -> None:
    since, until = window
    answer = store.ask(
        metric, since=since, until=until, grain="total", switches=switches, where={"story": story_name(story)}
    )
    assert answer.rows[0].value == pytest.approx(value, abs=0.00005)
