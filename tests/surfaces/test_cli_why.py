"""Why a number moved, on the command line: what is refused, what is unknown, and the shapes."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from surfaces.shell import refused, tenure

if TYPE_CHECKING:
    from pathlib import Path

PERIODS = """subscription_id,account_id,plan,starts_at,ends_at,unit_amount,currency,state
s1,a1,pro,2024-01-01,2024-03-10,100,USD,active
s2,a2,basic,2024-01-01,2024-03-01,40,EUR,active
s2,a2,basic,2024-03-01,,40,EUR,past_due
s3,a3,basic,2024-03-05,,60,USD,active
s4,a4,pro,2024-01-01,,70,USD,active
"""
RATES = "day,currency,rate\n2024-01-01,EUR,1.1\n2024-03-20,EUR,1.2\n"
ACCOUNTS = """account_id,name,country,sale_closed_at,launched_at
a1,Alpha,DE,,
a2,Beta,FR,2024-01-01,2024-01-20
a3,Gamma,DE,2024-03-01,2024-03-25
a4,Delta,DE,2024-02-01,
"""
EVENTS = "event_id,account_id,happened_at,name\n" + "".join(
    f"e{n},{account},{day}T10:00:00,opened\n"
    for n, (account, day) in enumerate(
        [("a1", "2024-02-05"), ("a1", "2024-02-06"), ("a1", "2024-03-01"), ("a2", "2024-03-07"), ("a2", "2024-03-07")]
    )
)
MARCH = ("--from", "2024-03-01", "--to", "2024-04-01", "--now", "2024-05-01")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the four customers: read only, so one for all tests."""
    folder = tmp_path_factory.mktemp("company")
    tables = {"subscription_periods": PERIODS, "fx_rates": RATES, "accounts": ACCOUNTS, "events": EVENTS}
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    assert tenure("--store", folder / "acme", "import", folder).code == 0
    return folder / "acme"


def test_a_level_is_its_movements_and_the_exchange_rates(store: Path) -> None:
    told = tenure("why", "mrr", *MARCH, "--store", store, "--format", "json").json
    assert (told["previous"], told["value"], told["difference"], told["exact"]) == (214, 178, -36, "-36")
    assert (told["previous_start"], told["start"]) == ("2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")
    moved = {(one["kind"], one["reason"]): one["effect"] for one in told["movements"]}
    assert moved == {("new", None): 60, ("churn", "(none)"): -100, ("rest", None): 4}
    assert {one["by"] for one in told["tried"]} == {"plan", "country", "currency"}
    assert all(0 <= one["explains"] <= 1 for one in told["tried"])


def test_customers_are_told_with_what_they_did(store: Path) -> None:
    told = tenure("why", "mrr", *MARCH, "--store", store, "--format", "json").json["customers"]
    rows = {row["account_id"]: row for row in told["rows"]}
    assert {account: row["effect"] for account, row in rows.items()} == {"a1": -100, "a3": 60, "a2": 4}
    assert (rows["a1"]["name"], rows["a1"]["previous"], rows["a1"]["value"]) == ("Alpha", 100, 0)
    did = {account: row["meanwhile"] for account, row in rows.items()}
    assert [did["a1"][name] for name in ("active_days", "active_days_before", "onboarding", "past_due")] == [
        1,
        2,
        None,
        False,
    ]
    assert [did["a2"][name] for name in ("active_days", "active_days_before", "onboarding", "past_due")] == [
        1,
        0,
        "live",
        True,
    ]
    assert did["a3"]["onboarding"] == "launched"
    assert did["a1"]["tickets"] is None  # nothing was ever loaded of them
    said = tenure("why", "mrr", *MARCH, "--store", store).out
    assert "Beta (a2)" in said
    assert "active 1 day (0 before), past due" in said


def test_the_others_are_one_line(store: Path) -> None:
    told = tenure("why", "mrr", *MARCH, "--limit", "1", "--store", store, "--format", "json").json["customers"]
    assert told["count"] == 3
    assert [(row["account_id"], row["count"], row["effect"]) for row in told["rows"]] == [
        ("a1", 1, -100),
        (None, 2, 64),
    ]


def test_a_ratio_has_mix_and_rate(store: Path) -> None:
    words = ("customer_churn_rate", *MARCH, "--by", "plan", "--store", store, "--format", "json")
    (told,) = tenure("why", *words).json["breakdowns"]
    rows = {row["segment"]: row for row in told["rows"]}
    assert (rows["pro"]["previous"], rows["pro"]["value"]) == (0, 0.5)
    assert abs(rows["pro"]["rate"] - (0.5 - 0) * (2 / 3 + 2 / 3) / 2) < 1e-11
    assert rows["pro"]["mix"] == 0
    assert sum(Decimal(str(row["effect"])) for row in rows.values()) == Decimal("0.333333333333")


def test_a_filter_and_a_year(store: Path) -> None:
    told = tenure("why", "mrr", *MARCH, "--where", "country=DE", "--store", store, "--format", "json").json
    assert (told["difference"], told["where"]) == (-40, {"country": ["DE"]})
    assert "country" not in {one["by"] for one in told["tried"]}
    told = tenure("why", "mrr", *MARCH, "--compare", "year", "--store", store, "--format", "json").json
    assert (told["previous_start"], told["previous"], told["movements"]) == ("2023-03-01T00:00:00Z", 0, None)


def test_the_last_month_that_is_over_by_default(store: Path) -> None:
    told = tenure("why", "mrr", "--now", "2024-03-15", "--store", store, "--format", "json").json
    assert (told["start"], told["grain"]) == ("2024-02-01T00:00:00Z", "month")
    words = ("--from", "2024-01-01", "--to", "2024-04-01", "--grain", "month", "--now", "2024-05-01")
    told = tenure("why", "mrr", *words, "--store", store, "--format", "json").json
    assert told["start"] == "2024-03-01T00:00:00Z"


def test_csv_has_a_line_per_part(store: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(tenure("why", "mrr", *MARCH, "--store", store, "--format", "csv").out)))
    for kind in ("movements", "segments", "customers"):
        some = [row for row in rows if row["list"] == kind]
        by = {row["by"] for row in some}
        for name in by:
            assert sum(Decimal(row["exact"]) for row in some if row["by"] == name) == -36


def test_what_is_unknown_says_so(store: Path) -> None:
    words = ("--from", "2023-03-01", "--to", "2023-04-01", "--now", "2024-05-01", "--store", store)
    told = tenure("why", "arpa", *words, "--format", "json").json
    assert (told["value"], told["difference"], told["breakdowns"], told["customers"]) == (None, None, [], None)
    assert "nothing can be compared" in tenure("why", "arpa", *words).out


def test_what_has_no_parts_is_refused(store: Path) -> None:
    assert "is a median" in refused("why", "days_to_launch", "--store", store)
    assert "predicted" in refused("why", "clv_predicted", "--store", store)
    assert "Did you mean 'plan'?" in refused("why", "mrr", "--by", "plam", "--store", store)
    assert "Did you mean 'mrr'?" in refused("why", "mrrr", "--store", store)


def test_a_segment_with_a_history(tmp_path: Path) -> None:
    """Ada comes into high care with her 100, bob and cyd leave it with their 50 and 10; nothing else that moves is tried beside."""
    tables = {
        "subscription_periods": "subscription_id,account_id,starts_at,unit_amount\n"
        "s1,ada,2024-01-01,100\ns2,bob,2024-01-01,50\ns3,cyd,2024-01-01,10\n",
        "account_attributes": "account_id,name,value,valid_from\nada,care,low,2024-01-01\nada,care,high,2024-03-15\n"
        "bob,care,high,2024-01-01\nbob,care,low,2024-03-20\ncyd,care,high,2024-01-01\ncyd,care,low,2024-03-20\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text)
    assert tenure("--store", tmp_path / "acme", "import", *tmp_path.glob("*.csv")).code == 0
    high = ("--where", "care=high", *MARCH, "--store", tmp_path / "acme")
    told = tenure("why", "mrr", *high, "--format", "json").json
    assert (told["previous"], told["value"]) == (60, 100)
    assert [(one["kind"], one["effect"]) for one in told["movements"]] == [("rest", 40)]
    assert {row["account_id"]: row["effect"] for row in told["customers"]["rows"]} == {
        "ada": 100,
        "bob": -50,
        "cyd": -10,
    }
    assert told["breakdowns"] == []
    assert "exchange rates, and what came and went over the filter's edge  +$40.00" in tenure("why", "mrr", *high).out
    assert "\nwhat came and went over the filter's edge      −1" in tenure("why", "customers", *high).out
