"""From files to rows: import, quarantine, and what stops either."""

from __future__ import annotations

import csv
import io
import signal
import time
from shlex import quote
from typing import TYPE_CHECKING

import pytest

from surfaces.shell import ended, refused, started, tenure

if TYPE_CHECKING:
    from pathlib import Path

PERIODS = """subscription_id,account_id,plan,starts_at,ends_at,unit_amount
s1,a1,pro,2024-01-01,,100
s2,a2,basic,2024-01-01,2024-03-10,40
s3,a3,basic,2024-02-01,2024-01-01,40
s4,a4,basic,2024-02-01,,-5
"""
COUNTS = {"table": "subscription_periods", "rows_in": 4, "accepted": 2, "duplicate": 0, "replaced": 0, "quarantined": 2}
RETIRED = {"retired": 0}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Four rows, two of which break a rule."""
    path = tmp_path / "subscription_periods.csv"
    path.write_text(PERIODS)
    return path


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of a store that is not there yet."""
    return tmp_path / "acme"


def test_init_makes_a_store_with_commented_settings(tmp_path: Path) -> None:
    store = tmp_path / "Müller's store"
    assert "' init` makes one." in refused("--store", store, "doctor")
    said = tenure("--store", store, "init")
    assert (said.code, said.out) == (0, f"{store}\n")
    assert f"`tenure import PATH --store {quote(str(store))}`" in said.err
    settings = (store / "tenure.toml").read_text().splitlines()
    assert settings
    assert all(line.startswith(("#", "[")) or not line for line in settings)


def test_the_first_import_makes_the_store_and_counts_every_row(store: Path, file: Path) -> None:
    said = tenure("--store", store, "import", file, "--format", "json")
    assert said.code == 0
    assert said.json == {"load_id": 1, "tables": [COUNTS | RETIRED]}
    assert f"Made the store '{store}'." in said.err
    assert f"2 rows were set aside: `tenure quarantine --store {store}`" in said.err


def test_the_counts_as_a_table_and_as_csv(store: Path, file: Path) -> None:
    assert [line.split() for line in tenure("--store", store, "import", file).lines] == [
        list(COUNTS), [str(value) for value in COUNTS.values()],
    ]  # fmt: skip
    again = tenure("--store", store, "import", file, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(again.out))
    assert (row["accepted"], row["duplicate"]) == ("0", "2")


def test_strict_is_1_where_a_row_was_set_aside(store: Path, file: Path) -> None:
    assert tenure("--store", store, "import", file, "--strict").code == 1
    file.write_text("\n".join(PERIODS.splitlines()[:3]))
    assert tenure("--store", store, "import", file, "--strict").code == 0


def test_a_row_set_aside_says_where_it_stood_and_how_to_mend_it(store: Path, file: Path) -> None:
    tenure("--store", store, "import", file)
    rows = tenure("--store", store, "quarantine", "--format", "json").json["rows"]
    assert [(row["table"], row["line"], row["column"]) for row in rows] == [
        ("subscription_periods", 4, "ends_at"),
        ("subscription_periods", 5, "unit_amount"),
    ]
    assert "ends_at must not be before starts_at." in tenure("--store", store, "quarantine").out
    assert tenure("--store", store, "quarantine", "accounts").out == ""
    assert "'acounts' is not a table" in refused("--store", store, "quarantine", "acounts")


def test_dropped_rows_are_gone(store: Path, file: Path) -> None:
    tenure("--store", store, "import", file)
    assert tenure("--store", store, "quarantine", "--drop").out == "2 rows dropped.\n"
    said = tenure("--store", store, "quarantine")
    assert (said.out, said.err) == ("", "No row is set aside.\n")


def test_a_retry_that_helps_nothing_says_so(store: Path, file: Path) -> None:
    tenure("--store", store, "import", file)
    (counts,) = tenure("--store", store, "quarantine", "--retry", "--format", "json").json["tables"]
    assert (counts["rows_in"], counts["accepted"], counts["quarantined"]) == (2, 0, 2)


def test_a_dry_run_shows_the_mapping_and_changes_nothing(store: Path, file: Path) -> None:
    said = tenure("--store", store, "import", file, "--dry-run")
    assert said.code == 0
    assert "unit_amount" in said.out
    assert not store.exists()


def test_a_folder_is_all_its_files(store: Path, file: Path) -> None:
    (file.parent / "accounts.csv").write_text("account_id,name,country\na1,Alpha,DE\na2,Beta,FR\n")
    loaded = tenure("--store", store, "import", file.parent, "--format", "json").json["tables"]
    assert {table["table"]: table["accepted"] for table in loaded} == {"accounts": 2, "subscription_periods": 2}


def test_a_file_of_no_known_table_is_one_sentence(store: Path, tmp_path: Path) -> None:
    (tmp_path / "subscriptoin_periods.csv").write_text(PERIODS)
    assert "subscription_periods" in refused("--store", store, "import", tmp_path / "subscriptoin_periods.csv")


@pytest.mark.parametrize(
    "words", ["ask mrr", "explain mrr", "cohorts retention", "doctor", "quarantine", "serve --port 0"]
)
def test_without_a_store_the_sentence_says_how_to_make_one(store: Path, words: str) -> None:
    said = refused("--store", store, *words.split())
    assert f"There is no store in '{store}'." in said
    assert "init" in said


def test_the_environment_names_the_store(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENURE_STORE", str(store))
    assert str(store) in refused("doctor")


def test_ctrl_c_in_an_import_changes_nothing(store: Path, tmp_path: Path) -> None:
    large = tmp_path / "events.csv"
    with large.open("w") as out:
        out.write("event_id,account_id,happened_at,name\n")
        for start in range(0, 1_500_000, 10_000):
            out.write("".join(f"e{n},a{n % 1000},2024-03-01T10:00:00Z,open\n" for n in range(start, start + 10_000)))
    tenure("--store", store, "init")
    process = started("--store", store, "import", large)
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    said = ended(process)
    assert (said.out, said.err, said.code) == ("", "Interrupted: nothing was changed.\n", 130)
    large.write_text("event_id,account_id,happened_at,name\ne1,a1,2024-03-01T10:00:00Z,open\n")
    (counts,) = tenure("--store", store, "import", large, "--format", "json").json["tables"]
    assert (counts["rows_in"], counts["accepted"]) == (1, 1)
