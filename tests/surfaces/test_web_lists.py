"""The pages that are lists: cohorts, renewals, answers and comments, customers, settings; as they are sent."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import SETTINGS, Client, company, empty, served, words
from tenure.surfaces.web import began
from tenure.surfaces.web.company import Company
from tenure.surfaces.web.view import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenure.library import Store

# The days are far away, for the page's now is the clock's.
FILES = {
    "contracts": (
        "contract_id,account_id,starts_on,ends_on,value,outcome,decided_at,renewed_value\n"
        "c1,a1,2089-02-01,2090-02-01,1200,open,,\nc2,a3,2089-03-01,2090-03-01,300,open,,\n"
        "c3,a4,2023-05-01,2024-05-01,500,renewed,2024-04-20T10:00:00Z,400\nc4,a2,2023-05-10,2024-05-10,80,lost,2024-05-01T10:00:00Z,\n"
        "c5,a5,2023-05-20,2024-05-20,60,open,,\n"
    ),
    "responses": (
        "response_id,survey,account_id,sent_at,answered_at,score,touchpoint,comment\n"
        "r1,nps,a1,2024-05-01T10:00:00Z,2024-05-02T10:00:00Z,9,relationship,<b>Good</b>\n"
        "r2,csat,a1,2024-05-10T10:00:00Z,2024-05-11T10:00:00Z,2,support,\n"
        "r3,nps,a3,2024-05-12T10:00:00Z,,,relationship,\n"
        "r4,nps,a4,2024-04-30T10:00:00Z,2024-05-03T10:00:00Z,3,relationship,=Bad\n"
    ),
    "events": "event_id,account_id,happened_at,name\ne1,a2,2024-04-02T10:00:00Z,used\ne2,a1,2024-04-02T10:00:00Z,used\n",
    "feedback": "feedback_id,account_id,happened_at,origin,text\nf1,a3,2024-05-20T10:00:00Z,review,Stars\n",
}
OWN = (
    SETTINGS
    + """
[policy]
preset = "chartmogul"
paused = "churn"
[targets]
nps = 41
[warehouse]
url = "postgres://me:hidden@db.example/company"
[segments]
southern = "region = 'South'"
[business_hours]
mon = ["08:00-12:00"]
[[mapping]]
file = "crm_*.csv"
table = "accounts"
columns = { account_id = "Customer No" }
"""
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder, OWN, FILES) as store:
        yield store


def listed(html: str) -> list[str]:
    """The ids in the order of a list."""
    return re.findall(r'<th scope="row"><a href="/customers/([^"]+)"', html)


def row_of(html: str, start: str) -> list[str]:
    """The words of the row of a table that begins so."""
    rows = (words(row).split() for row in re.split(r"<tr[^>]*>", html))
    return next(row for row in rows if " ".join(row).startswith(start))


def test_cohorts_have_their_sizes_what_is_not_over_and_all_together(client: Client) -> None:
    html = client.get("/cohorts").text
    assert row_of(html, "Jan 24")[:9] == ["Jan", "24", "3", "100%", "100%", "100%", "67%", "67%", "67%"]
    assert row_of(html, "Feb 24")[2] == "1"
    # of three and one that are old enough, two and one are left after three and four months
    assert row_of(html, "All")[1:8] == ["5", "100%", "100%", "100%", "75%", "75%", "67%"]
    assert row_of(html, "n ")[1:7] == ["5", "4", "4", "4", "4", "3"]
    assert "fewer than ten" in html


def test_the_last_period_of_cohorts_is_marked_and_left_out_of_all_together_while_it_runs(store: Store) -> None:
    made = store.cohorts("retention", now="2024-06-13").to_dict()
    [shown] = began.began(made, parsed([], "/cohorts"), store.settings, ())["triangles"]
    assert [row["open"] for row in shown["rows"]] == [False, False, True]  # who began in June may yet be more
    assert [[cell["open"] for cell in row["cells"]] for row in shown["rows"]] == [
        [False] * 5 + [True],
        [False] * 4 + [True],
        [True],
    ]
    assert [cell["text"] for cell in shown["together"]] == ["100%", "100%", "100%", "75%", "67%", "—"]


def test_cohorts_by_a_dimension_are_a_triangle_each_and_a_file_has_them_all(client: Client) -> None:
    html = client.get("/cohorts?by=region").text
    assert [t for t in ("North", "South") if f"Region: {t}" in words(html)] == ["North", "South"]
    rows = list(csv.DictReader(io.StringIO(client.get("/cohorts.csv?by=region").text)))
    north = [row["value"] for row in rows if row["segment"] == "North" and row["cohort"].startswith("2023-12-31")]
    assert north == ["1.0"] * 6
    assert client.get("/cohorts?where=region:South").status_code == 200
    assert row_of(client.get("/cohorts?grain=week").text, "1 Jan 2024")[3] == "1"


def test_survival_is_a_curve_with_its_band_and_its_numbers(client: Client) -> None:
    html = client.get("/cohorts?kind=survival").text
    assert "Still there" in html
    assert 'data-about="3 months after joining; Still there:' in html
    assert row_of(html, "3 ")[1] == "100.0%"
    assert row_of(html, "4 ")[1] == "75.0%"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("kind=retentoin", "Did you mean 'retention'?"),
        ("kind=activation&milestone=lunch", "Did you mean 'launch'?"),
        ("by=regoin", "region"),
    ],
)
def test_cohorts_that_there_are_not_are_said(client: Client, query: str, sentence: str) -> None:
    answer = client.get(f"/cohorts?{query}")
    assert answer.status_code == 400
    assert sentence in words(answer.text)


def test_renewals_ahead_stand_apart_from_the_overdue_and_the_past(client: Client) -> None:
    html = client.get("/renewals").text
    assert listed(html) == ["a1", "a3"]
    text = words(html)
    assert "Coming up €1,500 2 contracts, 0 contracts of them within 90 days" in text
    assert "Overdue €60.00 1 contract that nobody has decided" in text
    assert row_of(html, "February 2090")[2:4] == ["1", "€1,200.00"]
    assert listed(client.get("/renewals?show=overdue").text) == ["a5"]
    past = client.get("/renewals?show=past").text
    assert listed(past) == ["a5", "a2", "a4"]
    assert row_of(past, "May 2024")[2:10] == ["3", "€640.00", "1", "1", "1", "33%", "€400.00", "€0.00"]
    assert "renewed €400.00 kept, 20 Apr 2024" in words(past)


def test_renewals_are_sorted_searched_and_filtered(client: Client) -> None:
    assert listed(client.get("/renewals?sort=amount").text) == ["a3", "a1"]
    assert listed(client.get("/renewals?q=cy").text) == ["a3"]
    assert listed(client.get("/renewals?show=past&where=region:South").text) == ["a5", "a2"]
    assert "By region" in words(client.get("/renewals?by=region").text)
    assert listed(client.get("/renewals?risk=health").text) == ["a1"]  # it was active once, long ago
    assert listed(client.get("/renewals?risk=leaving").text) == []
    assert "In danger €1,200 1 contract: health below 50, or leaving" in words(client.get("/renewals").text)
    for query in ("renewals?show=some", "renewals?risk=much", "renewals?sort=height", "feedback?score=x"):
        assert client.get(f"/{query}").status_code == 400
    [row] = csv.DictReader(io.StringIO(client.get("/renewals.csv?q=cy").text))
    assert (row["contract_id"], row["amount"], row["standing"]) == ("c2", "300.0", "ahead")


def test_answers_and_comments_of_a_month_with_their_scores_on_top(client: Client, store: Store) -> None:
    html = client.get("/feedback").text
    text = words(html)
    [nps] = store.ask("nps", since="2024-05-01", until="2024-06-01", grain="total").rows
    assert nps.value == 0
    assert "1 promoters, 1 detractors of 2 answers" in text
    assert "not answered: 1 , beside 3 answered in it" in text
    assert "4, the newest first" in text
    assert all(said in html for said in ('<option value="nps">NPS</option>', "<h3>NPS ", '<span class="quiet">NPS'))
    assert "<b>Good" not in html
    assert text.index("Stars") < text.index("=Bad") < text.index("<b>Good</b>")
    assert 'href="/customers/a3"' in html


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("show=words", ["Cy", "a4", "Ada"]),
        ("show=unanswered", ["Cy"]),
        ("show=outside", ["Cy"]),
        ("survey=nps", ["a4", "Ada"]),
        ("survey=nps&score=9", ["Ada"]),
        ("stance=detractor", ["a4"]),
        ("touchpoint=support", ["Ada"]),
        ("origin=review", ["Cy"]),
        ("q=stars", ["Cy"]),
        ("where=region:North&show=answers", ["Ada", "Ada"]),
    ],
)
def test_what_was_said_is_filtered_by_its_address(client: Client, query: str, said: list[str]) -> None:
    html = client.get(f"/feedback?{query}").text
    names = re.findall(r'<p class="who"><a href="/customers/\w+">([^<]+)</a>', html)
    assert [{"Di": "a4"}.get(name, name) for name in names] == said


def test_the_file_of_comments_runs_nothing(client: Client) -> None:
    [row] = csv.DictReader(io.StringIO(client.get("/feedback.csv?stance=detractor").text))
    assert (row["words"], row["score"]) == ("'=Bad", "3.0")


def test_customers_are_sorted_by_several_columns_and_filtered(client: Client) -> None:
    assert listed(client.get("/customers?sort=plan,-monthly").text) == ["a3", "a4", "a5", "a1"]
    assert listed(client.get("/customers?sort=plan,monthly").text) == ["a5", "a4", "a3", "a1"]
    assert listed(client.get("/customers?where=region:North&where=region:South").text) == ["a1", "a3", "a5"]
    html = client.get("/customers?sort=plan,-monthly").text
    assert 'href="/customers?sort=plan%2C-monthly%2C-since"' in html
    assert "Plan ↑ 1" in words(html)
    assert "A month ↓ 2" in words(html)


def test_settings_say_where_each_value_comes_from(client: Client) -> None:
    html = client.get("/settings").text
    assert row_of(html, "currency")[-2:] == ["USD", "tenure.toml"]
    assert row_of(html, "locale")[-1] == "default"
    text = words(html)
    assert "What a paused subscription is paused churn tenure: zero zero set apart tenure.toml" in text
    assert (
        "Left and returned within one period same_period net tenure: count net preset chartmogul (tenure.toml)" in text
    )
    assert "at least +41 any period tenure.toml instead of +50 (Bain & Company)" in text
    assert "Monday 08:00 to 12:00 Tuesday closed" in text
    assert "southern region = 'South'" in text
    assert "postgres://me:***@db.example/company" in text
    assert "hidden@" not in html
    assert "crm_*.csv → accounts account_id Customer No" in text
    assert "asked for by this address; the company\u2019s is chartmogul" in words(
        client.get("/settings?policy=stripe").text
    )


def test_a_setting_that_was_changed_since_is_said_to_be(tmp_path: Path) -> None:
    with empty(tmp_path) as store, served(store) as client:
        file = tmp_path / "store" / "tenure.toml"
        file.write_text(file.read_text("utf-8").replace("EUR", "CHF"), encoding="utf-8")
        text = words(client.get("/settings").text)
        assert "changed after it was read: currency" in text
        assert "start tenure serve again" not in text  # an open page follows


def test_an_empty_store_says_which_file_would_fill_each_page(tmp_path: Path) -> None:
    with company(tmp_path) as store, served(store) as client:
        for path, table in (("renewals", "contracts"), ("feedback", "responses")):
            assert f"tenure template {table} > {table}.csv" in words(client.get(f"/{path}").text), path
    with empty(tmp_path / "none") as store, served(store) as client:
        for path in ("cohorts", "cohorts?kind=activation", "renewals", "feedback", "settings"):
            assert client.get(f"/{path}").status_code == 200, path
        assert "tenure template subscription_periods" in words(client.get("/cohorts").text)
        for path, tables in (
            ("", {"subscription_periods"}),
            ("metric/nps", {"responses"}),
            ("metric/cac/explain", {"costs", "subscription_periods"}),
            ("feedback", {"responses", "feedback"}),
        ):
            told = re.findall(r"tenure template (\w+) > ", words(client.get(f"/{path}").text))
            assert set(told) == tables, path
        family = re.findall(r"tenure template (\w+) > ", words(client.get("/family/support").text))
        assert family
        assert len(set(family)) == len(family)


def test_a_fault_of_ours_has_the_strict_headers_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        message = "secret"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(Company, "settings", broken)
    with empty(tmp_path) as store, served(store) as client:
        answer = client.get("/settings")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_where_there_is_no_score_nothing_costs_points_of_it(client: Client) -> None:
    html = client.get("/customers/a2").text
    section = words(html.partition(">Health, and why</h2>")[2].partition("</section>")[0])
    assert "only who is a customer has a score" in section
    assert "Because" in section
    assert not re.search(r"Points|Weight|Costs|\d+%", section)


def test_past_numbers_that_moved_are_told_with_the_load_that_moved_them(
    client: Client, store: Store, tmp_path: Path
) -> None:
    assert "compare them now" in words(client.get("/data").text)
    file = tmp_path / "subscription_periods.csv"
    late = "subscription_id,account_id,plan,starts_at,ends_at,unit_amount\ns9,a4,pro,2024-03-02T10:00:00Z,2024-04-02T10:00:00Z,7\n"
    file.write_text(late, encoding="utf-8")
    store.freeze("2024-03", "mrr")
    load = store.load(file).load_id
    html = client.get("/data?check=restated").text
    [then, now] = [400.5, 407.5]
    told = row_of(html.partition('id="restated"')[2], "MRR 2024-03")
    assert told[:4] == ["MRR", "2024-03", f"€{then:.2f}", f"€{now:.2f}"]
    assert f"(load {load})" in " ".join(told)


@pytest.mark.parametrize("path", ["customers", "movements", "cohorts", "renewals", "feedback", "data/set-aside"])
def test_every_list_is_had_as_a_file_that_runs_nothing(client: Client, path: str) -> None:
    rows = json.loads(client.get(f"/{path}.json").text)
    assert len(list(csv.DictReader(io.StringIO(client.get(f"/{path}.csv").text)))) == len(rows)
    answer = client.get(f"/{path}.xlsx")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets/sheet" in name]
    assert len(sheets) == 2
    assert not any("<f>" in sheet for sheet in sheets)
    assert client.get(f"/{path}.exe").status_code == 404
