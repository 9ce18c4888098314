"""Words that are off: one sentence on standard error, exit code 2, the near miss named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from surfaces.shell import refused, tenure

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("aks mrr", "'aks' is not a command that is known here. Did you mean 'ask'?"),
        ("ask mrr --form 2024-01-01", "'--form' is not an option of `tenure ask` that is known here. Did you mean"),
        ("--stroe x ask mrr", "'--stroe' is not an option of `tenure` that is known here. Did you mean '--store'?"),
        ("ask", "Missing argument 'METRIC...'. `tenure ask --help` says what it takes."),
        ("ask mrr --from", "Option '--from' requires an argument. `tenure ask --help` says what it takes."),
        ("ask mrr --grain mont", "'mont' is not a grain that is known here. Did you mean 'month'?"),
        ("ask mrr --compare yaer", "'yaer' is not a comparison that is known here. Did you mean 'year'?"),
        ("ask mrr --where plan", "'plan' is not what --where takes: write a name, '=' and a value."),
        ("ask mrr --set =all", "'=all' is not what --set takes: write a name, '=' and a value."),
        ("--format jsno tables", "'jsno' is not a format that is known here. Did you mean 'json'?"),
        ("cohorts retentoin", "'retentoin' is not a kind of cohorts that is known here. Did you mean 'retention'?"),
        ("tables acounts", "'acounts' is not a table that is known here. Did you mean 'accounts'?"),
        ("template acounts", "'acounts' is not a table that is known here. Did you mean 'accounts'?"),
        ("tables accounts plans", "Got unexpected extra argument (plans)."),
        ("demo --seed some", "'some' is not a valid integer."),
        ("demo --until soon", "'soon'"),
        ("serve --port 99999", "99999"),
        ("quarantine --retry --drop", "--retry and --drop do not go together"),
    ],
)
def test_one_sentence_with_the_near_miss(words: str, sentence: str) -> None:
    assert sentence in refused(*words.split())


def test_a_file_that_is_not_there_names_its_neighbour_and_leaves_no_store(tmp_path: Path) -> None:
    (tmp_path / "subscriptions.csv").write_text("")
    said = refused("--store", tmp_path / "acme", "import", tmp_path / "subscriptoins.csv")
    assert f"There is no file or folder '{tmp_path / 'subscriptoins.csv'}'." in said
    assert f"Did you mean '{tmp_path / 'subscriptions.csv'}'?" in said
    assert not (tmp_path / "acme").exists()


def test_folders_beside_one_that_is_not_there_are_other_peoples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But those below the folder that one works in are one's own."""
    (tmp_path / "exports").mkdir()
    (tmp_path / "work" / "march").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work")
    assert "Did you mean" not in refused("--store", "acme", "import", tmp_path / "export")
    assert "Did you mean 'march'?" in refused("--store", "acme", "import", "mrach")


def test_without_words_it_helps() -> None:
    said = tenure()
    assert said.code == 0
    assert said.out == tenure("--help").out
    assert "Begin with `tenure demo`." in said.out


@pytest.mark.parametrize("words", ["--format json tables plans", "tables --format json plans",
                                   "tables plans --format json", "tables plans --format=json",
                                   "--format csv tables plans --format json"])  # fmt: skip
def test_options_stand_anywhere_and_the_last_one_wins(words: str) -> None:
    assert tenure(*words.split()).json["table"] == "plans"


def test_options_of_a_command_may_stand_before_it(tmp_path: Path) -> None:
    said = refused("--from", "2024-01-01", "--store", tmp_path / "none", "--sql", "ask", "mrr", "--grain", "day")
    assert str(tmp_path / "none") in said


def test_a_template_is_the_header_of_its_table() -> None:
    columns = [column["column"] for column in tenure("tables", "plans", "--format", "json").json["columns"]]
    assert tenure("template", "plans").out == ",".join(columns) + "\n"


def test_every_table_is_listed_once() -> None:
    listed = [line.split(",")[0] for line in tenure("tables", "--format", "csv").lines]
    assert listed[0] == "table"
    assert {"accounts", "subscription_periods", "fx_rates"} <= set(listed)
    assert len(set(listed)) == len(listed)
    assert [line.split()[0] for line in tenure("tables").lines] == listed
