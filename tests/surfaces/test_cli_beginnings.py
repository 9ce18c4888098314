"""Cohorts of what was done first and of who is still there, and a prediction, on the command line."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from library.beginners import CUT, beginners, tables
from library.company import write
from surfaces.shell import refused, tenure

if TYPE_CHECKING:
    from pathlib import Path

NOW = ("--now", f"{CUT}T00:00:00Z")
WINDOW = ("--from", "2024-01-01", "--to", str(CUT), *NOW)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a made-up company: read only, so one for all tests."""
    folder = write(tmp_path_factory.mktemp("beginners"), **tables(beginners(4, 400)))
    assert tenure("--store", folder / "store", "import", folder).code == 0
    return folder / "store"


def test_activation_says_what_was_done_first(store: Path) -> None:
    asked = ("cohorts", "activation", "--store", store, *NOW)
    made = tenure(*asked, "--format", "json").json
    assert (made["kind"], made["milestone"], made["grain"]) == ("activation", "active", "month")
    assert all(a <= b for row in made["rows"] for a, b in zip(row["values"], row["values"][1:], strict=False))
    value = tenure(*asked, "--milestone", "value", "--format", "json").json
    event = tenure(*asked, "--event", "report_made", "--format", "json").json
    assert (value["milestone"], event["event"]) == ("value", "report_made")
    assert made["rows"][0]["values"] != event["rows"][0]["values"]
    assert tenure(*asked).lines[0].split()[:4] == ["cohort", "size", "0", "1"]


def test_a_running_month_stays_empty(store: Path) -> None:
    said = tenure("cohorts", "activation", "--store", store, "--now", "2024-04-20")
    assert all(line.endswith("—") for line in said.lines[1:])
    rows = list(csv.DictReader(io.StringIO(tenure("cohorts", "activation", "--store", store, "--now", "2024-04-20",
                                                  "--format", "csv").out)))  # fmt: skip
    assert [row["value"] for row in rows if row["cohort"].startswith("2024-04")] == [""]


def test_survival_has_an_interval_and_a_curve_of_all(store: Path) -> None:
    asked = ("cohorts", "survival", "--grain", "quarter", "--store", store, *NOW)
    made = tenure(*asked, "--format", "json").json
    (everyone,) = made["all"]
    assert everyone["size"] == sum(row["size"] for row in made["rows"])
    assert everyone["low"][1] < everyone["values"][1] < everyone["high"][1]
    assert tenure(*asked).lines[-1].split()[:3] == ["all", str(everyone["size"]), "100.0%"]
    rows = list(csv.DictReader(io.StringIO(tenure(*asked, "--format", "csv").out)))
    last = rows[-len(everyone["values"])]
    assert (last["cohort"], last["period"], float(last["low"])) == ("", "0", 1)


def test_segments_have_curves_of_their_own(store: Path) -> None:
    made = tenure("cohorts", "survival", "--by", "channel", "--store", store, *NOW, "--format", "json").json
    assert [one["segment"] for one in made["all"]] == ["ads", "word"]
    assert {row["segment"] for row in made["rows"]} == {"ads", "word"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("activation --event report_mad", "Did you mean 'report_made'?"),
        ("activation --milestone vallue", "Did you mean 'value'?"),
        ("retention --event report_made", "what 'activation' is about, and 'retention' is not"),
        ("survivl", "Did you mean 'survival'?"),
    ],
)
def test_words_that_do_not_fit(store: Path, words: str, sentence: str) -> None:
    assert sentence in refused("cohorts", *words.split(), "--store", store)


def test_a_prediction_has_an_interval(store: Path) -> None:
    answer = tenure("ask", "clv_predicted", *WINDOW, "--compare", "previous", "--store", store, "--format", "json").json
    assert (answer["unit"], answer["variant"], answer["missing"]) == ("money", None, [])
    for row in answer["rows"]:
        assert row["low"] < row["value"] < row["high"]
        assert {"alpha", "beta", "discounted_months", "discount_rate"} <= row["parts"].keys()
        assert row["previous"] > 0


def test_a_refusal_stands_below_the_table(store: Path) -> None:
    asked = ("ask", "clv_predicted", "--from", "2023-01-01", "--to", "2023-04-01", *NOW, "--store", store)
    said = tenure(*asked)
    assert said.code == 0
    assert "came up for renewal, and 50 are the least to tell how long customers stay." in said.err
    rows = list(csv.DictReader(io.StringIO(tenure(*asked, "--format", "csv").out)))
    assert [bool(row["note"]) for row in rows] == [True] * 3
    assert [row["value"] for row in rows] == [""] * 3
