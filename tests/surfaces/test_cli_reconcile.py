"""`tenure reconcile` on the command line: three questions, their JSON, and what is refused."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from surfaces.shell import refused, tenure

if TYPE_CHECKING:
    from pathlib import Path

# ada's coupon of 20 runs out, bob is paused since 10 March: 80 + 0 + 50 at the end of March.
PERIODS = """subscription_id,account_id,starts_at,ends_at,state,unit_amount,discount_amount,discount_duration
s1,ada,2024-01-01,,active,100,20,repeating
s2,bob,2024-01-01,2024-03-10,active,60,,
s2,bob,2024-03-10,,paused,60,,
s3,cyd,2024-01-01,,active,50,,
"""
MARCH = ("--at", "2024-03-31", "--now", "2024-06-01")
HEAD = {
    "kind",
    "metric",
    "title",
    "unit",
    "currency",
    "variant",
    "start",
    "end",
    "is_level",
    "timezone",
    "where",
    "missing",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    (folder / "subscription_periods.csv").write_text(PERIODS)
    (folder / "accounts.csv").write_text("account_id,name\nada,Ada Ltd\n")
    assert tenure("--store", folder / "acme", "import", folder).code == 0
    return folder / "acme"


def test_a_bridge_as_json(store: Path) -> None:
    said = tenure("reconcile", "--policy", "stripe", "--policy", "polar", *MARCH, "--store", store, "--format", "json")
    assert said.code == 0
    shown = said.json
    assert shown.keys() == HEAD | {"a", "b", "difference", "exact", "steps", "unmoved", "same"}
    assert (shown["kind"], shown["metric"], shown["currency"], shown["end"]) == (
        "bridge",
        "mrr",
        "USD",
        "2024-04-01T00:00:00Z",
    )
    assert shown["a"] == {"policy": "stripe", "switches": {}, "value": 150, "exact": "150"}
    assert (shown["b"]["value"], shown["difference"]) == (190, 40)
    discounts, paused = shown["steps"]
    assert discounts == {
        "switch": "discounts", "meaning": "which discounts are subtracted", "was": "forever", "becomes": "all",
        "effect": -20, "exact": "-20", "after": 130, "count": 1,
        "customers": [{"account_id": "ada", "name": "Ada Ltd", "count": 1, "effect": -20, "exact": "-20", "share": 1}],
    }  # fmt: skip
    assert (paused["switch"], paused["effect"], paused["after"]) == ("paused", 60, 190)
    assert shown["unmoved"] == ["week_factor", "day_factor"]
    assert len(shown["same"]) == 8


def test_a_bridge_for_a_person(store: Path) -> None:
    """What differs, who makes it differ, and in one line that nothing else does."""
    words = ("--policy", "tenure", "--policy", "stripe", *MARCH, "--store", store)
    lines = tenure("reconcile", *words).lines
    assert lines[0] == "MRR (mrr), at the end of 31 March 2024"
    assert [line.split() for line in lines[2:]] == [
        ["tenure", "$130.00"],
        ["discounts:", "all", "→", "forever", "+$20.00"],
        ["·", "Ada", "Ltd", "(ada)", "+$20.00", "100.0%"],
        ["stripe", "$150.00"],
        ["difference", "+$20.00"],
        ["The", "other", "11", "switches", "are", "the", "same", "in", "both."],
    ]


def test_switches_that_change_nothing_are_named_and_shown_if_asked(store: Path) -> None:
    words = ("--policy", "recurly", *MARCH, "--store", store)
    brief, full = tenure("reconcile", *words), tenure("reconcile", *words, "--all")
    said = "They differ in day_factor, paused, movement_level, which changes nothing here. The other 9 switches are the same in both."
    assert said in brief.out
    assert "day_factor: 365/12 → 30" not in brief.out
    assert "day_factor: 365/12 → 30" in full.out
    assert "The other 9 switches are the same in both." in full.out


def test_one_policy_begins_at_the_stores_own_and_set_belongs_to_the_last(store: Path) -> None:
    said = tenure("reconcile", "--set", "paused=counted", *MARCH, "--store", store, "--format", "json").json
    assert (said["a"]["switches"], said["b"]["switches"]) == ({}, {"paused": "counted"})
    assert [step["switch"] for step in said["steps"]] == ["paused"]
    both = tenure(
        "reconcile", "--policy", "stripe", "--set", "paused=counted", *MARCH, "--store", store, "--format", "json"
    ).json
    assert [(step["switch"], step["effect"]) for step in both["steps"]] == [("discounts", 20), ("paused", 60)]


def test_presets_side_by_side(store: Path) -> None:
    shown = tenure("reconcile", *MARCH, "--store", store, "--format", "json").json
    assert shown.keys() == HEAD | {"own", "rows"}
    assert shown["kind"] == "presets"
    assert {row["preset"]: row["value"] for row in shown["rows"]} == {
        "tenure": 130, "chartmogul": 130, "stripe": 150, "profitwell": 130, "baremetrics": 130, "recurly": 130, "chargebee": 150,
        "polar": 190, "paddle_classic": 150,
    }  # fmt: skip
    assert shown["rows"][0].keys() == {"preset", "value", "exact", "difference", "switches", "note"}
    assert tenure("reconcile", *MARCH, "--store", store).lines[2].split() == ["yours:", "tenure", "$130.00"]


def test_a_figure_from_outside(store: Path) -> None:
    words = ("--against", "210", *MARCH, "--store", store)
    shown = tenure("reconcile", *words, "--format", "json").json
    assert shown.keys() == HEAD | {"figure", "own", "rest", "rates", "count", "rows"}
    assert (shown["kind"], shown["figure"], shown["rest"]) == ("against", 210, 80)
    first = shown["rows"][0]
    assert first.keys() == {"presets", "switches", "reason", "clause", "value", "exact", "rest", "rest_of"}
    assert (first["switches"], first["rest"]) == ({"discounts": "forever", "paused": "counted"}, 0)
    lines = tenure("reconcile", *words).lines
    assert lines[1] == "The figure from outside is $210.00."
    assert lines[3].split() == ["discounts=forever,", "paused=counted", "$210.00", "nothing"]


def test_a_share_from_outside_is_a_percentage(store: Path) -> None:
    asked = (
        "customer_churn_rate",
        "--against",
        "33.3%",
        "--from",
        "2024-03-01",
        "--to",
        "2024-04-01",
        "--now",
        "2024-06-01",
    )
    shown = tenure("reconcile", *asked, "--store", store, "--format", "json").json
    assert shown["figure"] == pytest.approx(0.333)
    assert shown["rows"][0]["switches"] == {"paused": "churn"}
    first = tenure(*("reconcile", *asked), "--store", store).lines[3]
    assert first.startswith("paused=churn  ")
    assert first.endswith("33.3%  under 0.1 pt")


def test_a_filter_that_leaves_nothing_says_so(store: Path) -> None:
    said = tenure("reconcile", "--where", "account=adda", *MARCH, "--store", store)
    assert "Did you mean 'ada'?" in said.err


def test_csv_has_a_line_per_customer(store: Path) -> None:
    said = tenure("reconcile", "--policy", "paddle_classic", *MARCH, "--store", store, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(said.out))
    assert (row["switch"], row["customer.account_id"], float(row["customer.effect"])) == ("discounts", "ada", 20)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--policy", "strip"), "Did you mean 'stripe'?"),
        (("--set", "discount=none"), "Did you mean 'discounts'?"),
        (("mmr", "--policy", "stripe"), "Did you mean 'mrr'?"),
        (("--against", "12k"), "'12k' is not a figure"),
        (("--against", "1e999999999"), "'1e999999999' is not a figure"),
        (("--against", "5%", *MARCH), "'5%' is a share, and 'mrr' is none"),
        (("--as-of", "2024-03-31", *MARCH), "As of 2024-03-31 nothing was known: the first load was done on 20"),
        (("--policy", "stripe", "--policy", "polar", "--policy", "recurly"), "two ends"),
        (("--against", "1", "--policy", "stripe", "--policy", "polar"), "One reading stands beside all others"),
        (("new_mrr", "--at", "2024-03-31"), "--from and --to instead of --at"),
        (("nps", "--policy", "stripe"), "needs responses"),
    ],
)
def test_what_is_off_is_said_in_one_sentence(store: Path, words: tuple[str, ...], said: str) -> None:
    assert said in refused("reconcile", *words, "--store", store)
