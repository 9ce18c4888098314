"""Tables and ledgers as files: exact, to be imported again, never over what is there."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from surfaces.shell import refused, tenure

FILES = {
    "subscription_periods": """subscription_id,account_id,plan,starts_at,ends_at,unit_amount,currency,note
s1,a1,pro,2024-01-01T00:30:00,2024-03-10T08:00:00.123456,100.0001,USD,=1+1
s2,a2,basic,2024-01-01,,40,EUR,
s3,a3,basic,2024-02-05,,60,USD,"two
lines"
s9,a9,basic,2024-02-05,,60,USD,
""",
    "accounts": """account_id,name,channel,is_test,Country Code,Größe
a1,"=HYPERLINK(""http://example.com"")",ads,,DE,7
a2,"Müller, Söhne ""&"" Co",,false,FR,
a3,'quoted',ads,,,x=1
a9,Test,,true,DE,
""",
    "fx_rates": "day,currency,rate\n2024-01-01,EUR,1.1\n2024-03-20,EUR,1.2345678901\n",
    "account_links": "account_id,same_as,kind\na3,a2,merge\n",
    "exclusions": "table_name,id,reason\nsubscriptions,s1,a mistake\n",
    "events": 'event_id,account_id,happened_at,name,props\ne1,a1,2024-02-03T10:00:00,opened,"{""n"": 1}"\n',
}
ASKED = ("mrr", "customers", "net_revenue_retention", "arpa")
WINDOW = ("--from", "2024-01-01", "--to", "2024-04-01", "--now", "2024-05-01", "--format", "csv")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in a time zone of its own, with a correction: a row that was replaced."""
    folder = tmp_path_factory.mktemp("company")
    assert tenure("--store", folder / "acme", "init").code == 0
    (folder / "acme" / "tenure.toml").write_text('timezone = "Europe/Berlin"\ncurrency = "USD"\n')
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        assert tenure("--store", folder / "acme", "import", folder / f"{name}.csv").code == 0
    (folder / "accounts.csv").write_text(FILES["accounts"].replace(",FR,", ",AT,"), encoding="utf-8")
    assert tenure("--store", folder / "acme", "import", folder / "accounts.csv").code == 0
    return folder / "acme"


def numbers(store: Path) -> list[str]:
    """Everything that is asked, by everything that it can be asked by."""
    return [
        tenure("ask", *ASKED, "--by", by, *WINDOW, "--store", store).out for by in ("plan", "country_code", "größe")
    ]


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_an_export_that_is_imported_gives_the_same_numbers(store: Path, tmp_path: Path, kind: str) -> None:
    said = tenure("export", "--out", tmp_path / "copy", "--as", kind, "--store", store, "--format", "json").json
    assert {one["name"]: one["rows"] for one in said["files"] if one["kind"] == "table"} == {
        "subscription_periods": 4, "accounts": 4, "fx_rates": 2, "account_links": 1, "exclusions": 1, "events": 1,
    }  # fmt: skip
    assert all(Path(one["file"]).exists() for one in said["files"])
    other = tmp_path / "other"
    assert tenure("--store", other, "init").code == 0
    (other / "tenure.toml").write_text((store / "tenure.toml").read_text())
    load = tenure("--store", other, "import", tmp_path / "copy" / "tables", "--format", "json").json
    assert all(one["accepted"] == one["rows_in"] for one in load["tables"])
    assert numbers(other) == numbers(store)
    assert any(",AT," in one for one in numbers(store))
    again = tenure("--store", store, "import", tmp_path / "copy" / "tables", "--format", "json").json
    assert {one["table"]: one["duplicate"] for one in again["tables"]} == {
        one["table"]: one["rows_in"] for one in load["tables"]
    }


def test_values_are_exact(store: Path, tmp_path: Path) -> None:
    assert (
        tenure("export", "--table", "subscription_periods", "--out", tmp_path, "--as", "csv", "--store", store).code
        == 0
    )
    assert tenure("export", "--table", "subscription_periods", "--out", tmp_path, "--store", store).code == 0
    with (tmp_path / "tables" / "subscription_periods.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["subscription_id"]: row for row in csv.DictReader(file)}
    assert rows["s1"]["starts_at"] == "2023-12-31T23:30:00.000000Z"
    assert rows["s1"]["ends_at"] == "2024-03-10T07:00:00.123456Z"
    assert (rows["s1"]["unit_amount"], rows["s1"]["note"], rows["s3"]["note"]) == ("100.0001", "=1+1", "two\nlines")
    path = str(tmp_path / "tables" / "subscription_periods.parquet")
    kinds = {name: kind for name, kind, *_ in duckdb.sql(f"DESCRIBE FROM '{path}'").fetchall()}
    assert (kinds["unit_amount"], kinds["starts_at"]) == ("DECIMAL(18,4)", "TIMESTAMP WITH TIME ZONE")


def test_a_ledger_adds_up_to_the_number(store: Path, tmp_path: Path) -> None:
    assert tenure("export", "--table", "customers", "--out", tmp_path, "--store", store).code == 0
    total = duckdb.sql(f"SELECT sum(accounts) FROM '{tmp_path / 'ledgers' / 'customers.parquet'}'").fetchone()
    asked = tenure("ask", "customers", *WINDOW[:-2], "--grain", "total", "--store", store, "--format", "json").json
    assert total == (asked["rows"][0]["value"],)


def test_a_spreadsheet_gets_no_formulas(store: Path, tmp_path: Path) -> None:
    words = ("export", "--table", "accounts", "--out", tmp_path, "--as", "csv", "--spreadsheet", "--store", store)
    assert tenure(*words).code == 0
    with (tmp_path / "tables" / "accounts.csv").open(newline="", encoding="utf-8") as file:
        rows = {row["account_id"]: row for row in csv.DictReader(file)}
    assert rows["a1"]["name"] == '\'=HYPERLINK("http://example.com")'
    assert (rows["a2"]["name"], rows["a3"]["Größe"]) == ('Müller, Söhne "&" Co', "x=1")


def test_nothing_is_overwritten_unasked(store: Path, tmp_path: Path) -> None:
    words = ("export", "--table", "fx_rates", "--table", "accounts", "--out", tmp_path, "--store", store)
    assert tenure(*words).code == 0
    mine = tmp_path / "tables" / "fx_rates.parquet"
    mine.write_text("mine")
    assert "--force" in refused(*words)
    assert mine.read_text() == "mine"
    assert json.loads(tenure(*words, "--force", "--format", "json").out)["files"][0]["rows"] == 2
    assert mine.read_bytes().startswith(b"PAR1")
    assert [path.name for path in (tmp_path / "tables").iterdir() if path.name.startswith(".")] == []


def test_what_cannot_be_exported_is_said(store: Path, tmp_path: Path) -> None:
    assert "Did you mean 'accounts'?" in refused("export", "--table", "acounts", "--out", tmp_path, "--store", store)
    assert "--as csv" in refused("export", "--spreadsheet", "--out", tmp_path, "--store", store)
    assert "Did you mean 'parquet'?" in refused("export", "--as", "parket", "--out", tmp_path, "--store", store)
    (tmp_path / "file").write_text("")
    assert "could not be written" in refused("export", "--out", tmp_path / "file" / "below", "--store", store)


def test_a_column_may_be_called_anything(tmp_path: Path) -> None:
    """Quotes, slashes, dots, brackets and stars are signs like others in the name of a column of a file."""
    names = ['a"b', "c/d~e", "$.f[0]", "g.*", "h'i"]
    with (tmp_path / "plans.csv").open("w", newline="") as written:
        csv.writer(written).writerows([["plan", *names], ["pro", *"12345"]])
    assert tenure("--store", tmp_path / "acme", "import", tmp_path / "plans.csv").code == 0
    assert (
        tenure(
            "export", "--table", "plans", "--as", "csv", "--out", tmp_path / "out", "--store", tmp_path / "acme"
        ).code
        == 0
    )
    (file,) = (tmp_path / "out").rglob("plans.csv")
    (row,) = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    assert {name: row[name] for name in names} == dict(zip(names, "12345", strict=True))
