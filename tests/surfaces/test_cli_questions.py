"""Numbers on the command line: a company of three customers, asked in every way."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from surfaces.shell import refused, tenure

if TYPE_CHECKING:
    from pathlib import Path

PERIODS = """subscription_id,account_id,plan,starts_at,ends_at,unit_amount
s1,a1,pro,2024-01-01,,100
s2,a2,basic,2024-01-01,2024-02-10,40
s3,a3,basic,2024-02-05,,60
"""
ACCOUNTS = "account_id,name,country\na1,Alpha,DE\na2,Beta,FR\na3,Gamma,DE\n"
WINDOW = ("--from", "2024-01-01", "--to", "2024-04-01")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the three customers: read only, so one for all tests."""
    folder = tmp_path_factory.mktemp("company")
    (folder / "subscription_periods.csv").write_text(PERIODS)
    (folder / "accounts.csv").write_text(ACCOUNTS)
    assert tenure("--store", folder / "acme", "import", folder).code == 0
    return folder / "acme"


def test_one_metric_is_one_object(store: Path) -> None:
    answer = tenure("ask", "mrr", *WINDOW, "--store", store, "--format", "json").json
    assert (answer["metric"], answer["unit"], answer["currency"], answer["grain"]) == ("mrr", "money", "USD", "month")
    assert [row["value"] for row in answer["rows"]] == [140, 160, 160]
    assert answer["rows"][0]["start"] == "2024-01-01T00:00:00Z"
    assert {"start", "end", "partial", "segment", "value", "parts", "n", "low", "high"} <= answer["rows"][0].keys()


def test_several_metrics_are_an_array(store: Path) -> None:
    answers = tenure("ask", "mrr", "customers", *WINDOW, "--store", store, "--format", "json").json
    assert [answer["metric"] for answer in answers] == ["mrr", "customers"]


def test_the_table_is_for_a_person(store: Path) -> None:
    said = tenure("ask", "mrr", *WINDOW, "--store", store)
    assert said.lines[0] == "MRR (mrr)"
    assert [line.split() for line in said.lines[1:]] == [
        ["period", "value"],
        ["January", "2024", "$140.00"],
        ["February", "2024", "$160.00"],
        ["March", "2024", "$160.00"],
    ]
    assert said.err == ""


def test_csv_is_for_a_program(store: Path) -> None:
    said = tenure("ask", "mrr", "customers", *WINDOW, "--store", store, "--format", "csv", "--by", "plan")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    january = {(r["metric"], r["segment"]): r["value"] for r in rows if r["start"] == "2024-01-01T00:00:00Z"}
    assert {key: float(value) for key, value in january.items()} == {
        ("mrr", "pro"): 100, ("mrr", "basic"): 40, ("customers", "pro"): 1, ("customers", "basic"): 1,
    }  # fmt: skip
    assert {r["partial"] for r in rows} == {"false"}


def test_where_is_or_within_a_dimension_and_and_between_them(store: Path) -> None:
    asked = ("ask", "mrr", "--from", "2024-01-01", "--to", "2024-02-01", "--store", store, "--format", "json")

    def value(*where: str) -> float:
        words = [word for one in where for word in ("--where", one)]
        number: float = tenure(*asked, *words).json["rows"][0]["value"]
        return number

    assert value("plan=pro") == 100
    assert value("plan=pro", "plan=basic") == 140
    assert value("plan=pro", "country=FR") == 0


def test_a_comparison_stands_beside_the_value(store: Path) -> None:
    said = tenure("ask", "mrr", "--from", "2024-02-01", "--to", "2024-03-01", "--compare", "previous", "--store", store)
    assert said.lines[1].split() == ["period", "value", "before", "change"]
    assert said.lines[2].split() == ["February", "2024", "$160.00", "$140.00", "↑", "14.3%"]


def test_the_policy_in_force_is_noted_where_it_is_not_the_house_s(store: Path) -> None:
    said = tenure("ask", "mrr", *WINDOW, "--store", store, "--policy", "polar", "--set", "discounts=none")
    assert said.err == "Read under policy polar, discounts = none.\n"


def test_the_statement_can_be_read(store: Path) -> None:
    said = tenure("ask", "mrr", *WINDOW, "--store", store, "--sql")
    assert said.lines[0] == "-- mrr"
    assert "SELECT" in said.out.upper()
    assert tenure("ask", "mrr", *WINDOW, "--store", store, "--sql", "--format", "json").json["metric"] == "mrr"


def test_unknown_is_a_dash_for_a_person_and_null_for_a_program(store: Path) -> None:
    asked = ("ask", "customer_churn_rate", "--from", "2023-01-01", "--to", "2023-02-01", "--store", store)
    assert tenure(*asked).lines[2].split()[2] == "—"
    assert tenure(*asked, "--format", "json").json["rows"][0]["value"] is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ask mmr", "'mmr' is not a metric that is known here. Did you mean 'mrr'? `tenure metrics` lists them all."),
        ("ask customers mmr", "'mmr' is not a metric"),
        ("ask mrr:fast", "'fast'"),
        ("ask mrr --by contry", "Did you mean 'country'?"),
        ("ask mrr --where contry=DE", "Did you mean 'country'?"),
        ("ask mrr --from 2024-13-01", "'2024-13-01'"),
        ("ask mrr --from soon", "'soon'"),
        ("ask mrr --from 2024-04-01 --to 2024-01-01", "2024-01-01"),
        ("ask mrr --now later", "'later'"),
        ("ask mrr --policy chartmogle", "Did you mean 'chartmogul'?"),
        ("ask mrr --set discount=all", "Did you mean 'discounts'?"),
        ("ask mrr --set discounts=some", "does not take 'some'"),
        ("ask mrr --hours busines", "Did you mean 'business'?"),
        ("ask mrr --as-of yesterday", "'yesterday'"),
        ("explain mmr", "'mmr' is not a metric"),
        ("explain mrr --limit 0", "--limit"),
        ("cohorts retention --by contry", "Did you mean 'country'?"),
        ("metrics mmr", "'mmr' is not a metric"),
        ("metrics --family revenu", "'revenu' is not a family that is known here. Did you mean 'revenue'?"),
    ],
)
def test_a_question_that_cannot_be_asked_is_one_sentence(store: Path, words: str, sentence: str) -> None:
    assert sentence in refused("--store", store, *words.split())


@pytest.mark.parametrize("hours", ["calendar", "business"])
def test_either_hours_may_be_asked_for(store: Path, hours: str) -> None:
    assert tenure("ask", "mrr", *WINDOW, "--hours", hours, "--store", store).code == 0


def test_a_number_is_explained_by_its_rows(store: Path) -> None:
    asked = ("explain", "mrr", "--from", "2024-02-01", "--to", "2024-03-01", "--limit", "9" * 20, "--store", store)
    told = tenure(*asked)
    assert told.code == 0
    assert "closing_mrr" in told.out
    assert "SELECT" in told.out.upper()
    made = tenure(*asked, "--format", "json").json
    assert made["metric"] == "mrr"
    assert tenure(*asked, "--format", "csv").lines


def test_each_segment_is_explained_by_its_rows(store: Path) -> None:
    words = ("explain", "mrr", "--by", "plan", *WINDOW, "--store", store)
    basic, pro = tenure(*words, "--format", "json").json
    assert [one["rows"][0]["segment"] for one in (basic, pro)] == ["basic", "pro"]
    assert [[row["account_id"] for row in one["parts"][0]["rows"]] for one in (basic, pro)] == [["a3"], ["a1"]]
    assert [one["rows"][0]["value"] for one in (basic, pro)] == [60, 100]
    assert "plan = basic" in tenure(*words).out
    assert tenure(*words, "--format", "csv").lines[0].startswith("segment,part,ledger")


def test_a_value_that_no_row_has_is_noted_with_its_near_miss(store: Path) -> None:
    """It may be meant: the answer is given all the same, and what is left of it is nothing."""
    for words in (("ask", "mrr"), ("ask", "mrr", "--format", "json"), ("explain", "mrr")):
        said = tenure(*words, *WINDOW, "--where", "plan=bsaic", "--where", "plan=pro", "--store", store)
        assert (said.code, said.err) == (
            0,
            "No row has the plan 'bsaic'. Did you mean 'basic'? There are basic, pro.\n",
        )
    said = tenure("ask", "customers", *WINDOW, "--where", "country=Germany", "--store", store)
    assert said.err == "No row has the country 'Germany'. There are DE, FR.\n"
    # a2 has left: its plan is one all the same, and so is what only a movement has.
    assert not tenure(
        "ask", "mrr", "--from", "2024-03-01", "--to", "2024-04-01", "--where", "account=a2", "--store", store
    ).err
    assert not tenure("ask", "churned_mrr", *WINDOW, "--where", "kind=churn", "--store", store).err


def test_segments_and_their_names_of_today_are_listed_too(tmp_path: Path) -> None:
    (tmp_path / "subscription_periods.csv").write_text(PERIODS)
    (tmp_path / "account_attributes.csv").write_text("account_id,name,value,valid_from\na1,size,large,2024-01-01\n")
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "tenure.toml").write_text("[segments]\nlarge_ones = \"size = 'large'\"\n")
    assert tenure("--store", tmp_path / "acme", "import", tmp_path).code == 0
    said = refused("ask", "mrr", "--by", "large_one", "--store", tmp_path / "acme")
    assert "Did you mean 'large_ones'?" in said
    assert "size, size@now," in said


def test_nothing_to_break_down_is_said(store: Path) -> None:
    said = tenure(
        "ask", "churned_customers", "--by", "reason", "--from", "2024-03-01", "--to", "2024-04-01", "--store", store
    )
    assert (said.code, said.err) == (
        0,
        "churned_customers: nothing in this window has a reason, so there is no row to show.\n",
    )


def test_cohorts_are_a_triangle(store: Path) -> None:
    asked = ("cohorts", "retention", "--store", store)
    made = tenure(*asked, "--format", "json").json
    assert (made["kind"], made["grain"]) == ("retention", "month")
    assert [(row["cohort"], row["size"]) for row in made["rows"]] == [
        ("2024-01-01T00:00:00Z", 2), ("2024-02-01T00:00:00Z", 1),
    ]  # fmt: skip
    assert made["rows"][0]["values"] == [1, 0.5]
    assert tenure(*asked).lines[1].split() == ["January", "2024", "2", "100.0%", "50.0%"]
    (first, *_) = csv.DictReader(io.StringIO(tenure(*asked, "--format", "csv").out))
    assert (first["size"], first["period"], float(first["value"])) == ("2", "0", 1)


def test_the_doctor_finds_nothing_in_a_whole_store(store: Path) -> None:
    said = tenure("doctor", "--store", store)
    assert (said.code, bool(said.out)) == (0, True)
    assert tenure("doctor", "--store", store, "--format", "json").json["ok"] is True


def test_the_catalogue_says_all_of_a_metric(store: Path) -> None:
    listed = json.loads(tenure("metrics", "--store", store, "--format", "json").out)
    assert {"mrr", "customer_churn_rate"} <= {metric["metric"] for metric in listed}
    page = tenure("metrics", "customer_churn_rate").out
    for heading in ("Definition", "Formula", "Sources", "Parts", "Target", "Needs"):
        assert heading in page
    assert tenure("metrics", "logo_churn_rate").out == page
    families = {line.split(",")[1] for line in tenure("metrics", "--family", "revenue", "--format", "csv").lines[1:]}
    assert families == {"revenue"}
