"""The scorecard of a small company, printed and as files: the numbers are those of `ask`, and what is not known is said."""

from __future__ import annotations

import csv
import io
import re
import sys
import zipfile
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from pypdf import PdfReader

import tenure as library
from surfaces.accessible import faults
from surfaces.serving import serving
from surfaces.shell import refused, tenure
from surfaces.test_web_controls import cells
from surfaces.web_company import company
from tenure.surfaces.report.content import content
from tenure.surfaces.report.files import made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tenure.library import Store

COMPANY = '=1+1 <script>"Bright" & Söhne #x $y$'
SETTINGS = f"""company = '{COMPANY}'
currency = "EUR"
timezone = "Europe/Berlin"
[targets]
customers = 3
"""
TICKETS = """ticket_id,account_id,created_at,first_reply_at,first_solved_at,topic
t1,a1,2024-05-02T10:00:00Z,2024-05-02T11:30:00Z,2024-05-03T10:00:00Z,billing
t2,a3,2024-05-06T10:00:00Z,2024-05-06T10:30:00Z,2024-05-06T12:00:00Z,login
"""
RATES = "day,currency,rate\n2024-01-01,USD,0.5\n"
NOW = ("--now", "2024-06-15")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    with company(folder, SETTINGS) as store:
        for name, rows in (("tickets", TICKETS), ("fx_rates", RATES)):
            (folder / "files" / f"{name}.csv").write_text(rows, encoding="utf-8")
            store.load(folder / "files" / f"{name}.csv")
    return folder / "store"


@pytest.fixture(scope="module")
def told(place: Path) -> dict[str, Any]:
    """The report of May, as JSON."""
    said = tenure("--store", place, "report", *NOW, "--format", "json")
    assert said.code == 0, said
    found: dict[str, Any] = said.json
    return found


@pytest.fixture(scope="module")
def files(place: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same report in each kind of file."""
    folder = tmp_path_factory.mktemp("files")
    found = {kind: folder / f"may.{kind}" for kind in ("html", "pdf", "xlsx")}
    for file in found.values():
        file.write_text("what was there")
        said = tenure("--store", place, "report", *NOW, "--out", file, "--format", "json")
        assert said.json["bytes"] == file.stat().st_size
    return found


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    with library.open(place) as opened:
        yield opened


def one(told: dict[str, Any], name: str) -> dict[str, Any]:
    """A metric of the report, and its row of May."""
    (found,) = [answer for answer in told["metrics"] if answer["metric"] == name]
    (row,) = [row for row in found["rows"] if row["start"] == told["period"]["start"]]
    return {**found, "row": row}


def test_every_number_is_the_one_of_ask(store: Store, told: dict[str, Any]) -> None:
    asks = {"since": told["from"], "until": told["to"], "grain": "month", "compare": "previous", "now": told["now"]}
    assert len(told["metrics"]) > 40
    for answer in told["metrics"]:
        asked = store.ask(answer["metric"], **asks)
        assert answer == {"family": asked.definition.family, **asked.to_dict()}
    for lost in told["unknown"]:
        assert list(store.ask(lost["metric"], **asks).missing) == lost["missing"] != []


def test_every_metric_is_told_of(store: Store, told: dict[str, Any]) -> None:
    named = [answer["metric"] for part in ("metrics", "unknown", "refused") for answer in told[part]]
    assert sorted(named) == sorted(store.metrics)
    assert next(lost["missing"] for lost in told["unknown"] if lost["metric"] == "nps") == ["responses"]


def test_it_tells_the_last_period_that_is_over(told: dict[str, Any]) -> None:
    """May, the last full month; June has begun. By hand: a1 150, a3 60, a4 50.50 a month at the end of May."""
    assert told["period"] == {"start": "2024-04-30T22:00:00Z", "end": "2024-05-31T22:00:00Z", "partial": False}
    row = one(told, "mrr")["row"]
    assert (row["value"], row["previous"]) == (260.5, 320.5)
    assert one(told, "customers")["row"]["value"] == 3


def test_a_person_reads_tables(place: Path) -> None:
    said = tenure("--store", place, "report", *NOW)
    assert said.out.startswith(f"{COMPANY}, May 2024\n")
    assert re.search(r"^Policy +tenure$", said.out, re.MULTILINE)
    assert re.search(r"^mrr +€260\.50 +€320\.50 +↓ 18\.7% +worse", said.out, re.MULTILINE)
    assert re.search(r"^customers +3 +3 .*at least 3 +on target", said.out, re.MULTILINE)
    assert re.search(r"^nps +responses$", said.out[said.out.index("Not known yet") :], re.MULTILINE)


def test_csv_has_a_line_for_each_number_and_for_each_that_there_is_not(place: Path, told: dict[str, Any]) -> None:
    said = tenure("--store", place, "report", *NOW, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["value"] for row in rows if row["metric"] == "mrr"] == [
        "" if row["value"] is None else str(row["value"]) for row in one(told, "mrr")["rows"]
    ]
    assert [row["why"] for row in rows if row["metric"] == "nps"] == ["needs responses"]
    assert {row["metric"] for row in rows} == {
        answer["metric"] for part in ("metrics", "unknown", "refused") for answer in told[part]
    }


def test_the_same_from_a_store_that_is_served(place: Path, told: dict[str, Any]) -> None:
    with serving(place):
        assert tenure("--store", place, "report", *NOW, "--format", "json").json == told


def test_the_page_says_the_numbers_and_escapes_what_others_wrote(files: dict[str, Path], told: dict[str, Any]) -> None:
    page = files["html"].read_text(encoding="utf-8")
    assert "<script" not in page
    assert unescape(page).count(COMPANY) >= 2
    row = re.search(r'<a href="#means-mrr">.*?</tr>', page, re.DOTALL)
    assert row is not None
    assert "€260.50" in row[0]
    assert "€320.50" in row[0]
    assert re.findall(r"(?:src|href)=\"(?!#)", page) == []
    assert all(f'id="means-{answer["metric"]}"' in page for answer in told["metrics"])
    assert "tenure template responses &gt; responses.csv" in page


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (360, "dark")])
def test_the_page_stands_alone_in_a_browser(files: dict[str, Path], browser: Browser, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
    page, complaints, requests = context.new_page(), [], []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("request", lambda asked: requests.append(asked.url))
    page.goto(files["html"].as_uri())
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".spark:visible").count() > 10
    assert page.locator(".name").evaluate_all("all => Math.min(...all.map((name) => name.clientWidth))") > 110
    assert (complaints, requests) == ([], [files["html"].as_uri()])
    assert faults(page) == []
    context.close()


def test_the_workbook_has_numbers_and_no_formula(files: dict[str, Path], told: dict[str, Any]) -> None:
    content = files["xlsx"].read_bytes()
    head, *rows = cells(content, 1)
    shown = {row[2]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(shown) == {answer["metric"] for answer in told["metrics"]}
    for answer in told["metrics"]:
        row, scale = one(told, answer["metric"])["row"], 86_400 if answer["unit"] == "duration" else 1
        found = [shown[answer["metric"]][name] for name in ("May 2024", "Before")]
        assert found == [
            None if number is None else pytest.approx(number / scale, rel=1e-15)
            for number in (row["value"], row["previous"])
        ]
    assert shown["mrr"]["Unit"] == "EUR"
    assert shown["mrr"]["Change"] == pytest.approx(-60 / 320.5)
    head, *rows = cells(content, 2)
    periods = dict(zip(head[4:], next(row for row in rows if row[2] == "mrr")[4:], strict=True))
    assert [periods[name] for name in ("Apr 24", "May 24", "Jun 24 (part)")] == [320.5, 260.5, 300.5]
    assert ["nps", "responses.csv"] in [row[2:4] for row in cells(content, 3)]
    meant = [row for row in cells(content, 4) if row[1] == "mrr"]
    assert [row[2] for row in meant] == ["Definition", "Formula"]
    about = {row[0]: row[1] for row in cells(content, 5)}
    assert about["Report"] == f"{COMPANY}, May 2024"
    with zipfile.ZipFile(files["xlsx"]) as packed:
        assert 'quotePrefix="1"' in packed.read("xl/styles.xml").decode()


def test_the_pdf_says_the_same(files: dict[str, Path]) -> None:
    reader = PdfReader(files["pdf"])
    assert reader.metadata is not None
    assert reader.metadata.title == f"{COMPANY}, May 2024"
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert COMPANY in text
    assert re.search(r"^MRR €260\.50 €320\.50 ↓ 18\.7% worse", text, re.MULTILINE)
    assert "responses.csv" in text
    assert f"1 / {len(reader.pages)}" in text


def test_the_same_report_is_the_same_file(store: Store, files: dict[str, Path]) -> None:
    """It took the place of what was there, and of the writing nothing stays behind."""
    told = store.report(now="2024-06-15")
    shown = content(told, store.settings)
    assert {kind: made(kind, shown, told) for kind in files} == {
        kind: file.read_bytes() for kind, file in files.items()
    }
    assert sorted(path.name for path in files["pdf"].parent.iterdir()) == sorted(path.name for path in files.values())


def test_money_in_another_currency(place: Path, told: dict[str, Any]) -> None:
    """A dollar is half a euro."""
    other = tenure("--store", place, "report", *NOW, "--currency", "USD", "--format", "json").json
    assert (one(other, "mrr")["row"]["value"], one(other, "mrr")["currency"]) == (521.0, "USD")
    assert one(other, "mrr")["row"]["change"] == one(told, "mrr")["row"]["change"]
    assert one(other, "customers")["row"]["value"] == 3
    assert "$521.00" in tenure("--store", place, "report", *NOW, "--currency", "USD").out
    assert "Did you mean 'USD'?" in refused("--store", place, "report", *NOW, "--currency", "USE")


def test_a_filter_and_what_it_says_nothing_of(place: Path) -> None:
    words = ("report", *NOW, "--where", "plan=pro", "--compare", "year", "--grain", "quarter", "--policy", "chartmogul")
    told = tenure("--store", place, *words, "--format", "json").json
    with library.open(place) as store:
        asked = store.ask("mrr", since=told["from"], until=told["to"], grain="quarter", where={"plan": "pro"},
                          compare="year", policy="chartmogul", now=told["now"])  # fmt: skip
    assert one(told, "mrr")["rows"] == asked.to_dict()["rows"]
    assert (told["policy"], told["where"]) == ("chartmogul", {"plan": ["pro"]})
    assert any("'plan' says nothing of this metric" in lost["why"] for lost in told["refused"])
    said = tenure("--store", place, "report", *NOW, "--where", "plan=prro")
    assert "No row has the plan 'prro'. Did you mean 'pro'?" in said.err


def test_what_cannot_be_a_report_is_said_in_a_sentence(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sentence(*words: str | Path) -> str:
        return refused("--store", place, "report", *NOW, *words)

    assert "Did you mean 'html'?" in sentence("--out", tmp_path / "may.htm")
    assert "ends in .html, .pdf and .xlsx" in sentence("--out", tmp_path / "may")
    assert "could not be written" in sentence("--out", tmp_path / "none" / "may.html")
    assert "Did you mean 'plan'?" in sentence("--where", "plam=pro")
    assert "is not a date" in sentence("--from", "2024-13-01")
    assert "after now" in sentence("--from", "2030-01-01")
    assert "coarser grain" in sentence("--grain", "hour", "--from", "2024-01-01")
    monkeypatch.setitem(sys.modules, "typst", None)
    assert "pip install 'tenure[pdf]'" in sentence("--out", tmp_path / "may.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_anything_says_which_files_would_fill_it(tmp_path: Path) -> None:
    assert tenure("--store", tmp_path / "new", "init").code == 0
    told = tenure("--store", tmp_path / "new", "report", "--format", "json").json
    assert told["metrics"] == []
    assert len(told["unknown"]) > 90
    assert "subscription_periods" in {name for lost in told["unknown"] for name in lost["missing"]}
    assert tenure("--store", tmp_path / "new", "report", "--out", tmp_path / "new.html").code == 0


def test_without_revenue_the_window_is_that_of_what_is_known(tmp_path: Path) -> None:
    """A help desk alone: both of its tickets came in May, of which nothing later is known, and nothing at all of April."""
    (tmp_path / "tickets.csv").write_text(TICKETS, encoding="utf-8")
    assert tenure("--store", tmp_path / "desk", "import", tmp_path / "tickets.csv").code == 0
    words = ("--store", tmp_path / "desk", "report", "--now", "2024-08-01", "--format", "json")
    told = tenure(*words).json
    assert (told["period"]["start"], told["period"]["partial"], told["to"][:10]) == (
        "2024-05-01T00:00:00Z",
        True,
        "2024-05-06",
    )
    assert [row["value"] for row in one(told, "tickets")["rows"]][-2:] == [0, 2]
    whole = tenure(*words, "--grain", "total").json
    assert (whole["from"][:10], one(whole, "tickets")["rows"][0]["value"]) == ("2024-05-02", 2)
