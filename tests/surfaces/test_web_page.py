"""The page as it is sent: what it says, of which company, under which headers."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import SETTINGS, Client, company, empty, served, words
from tenure.surfaces.web import assets
from tenure.surfaces.web.overview import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with company(tmp_path_factory.mktemp("company")) as store, served(store) as client:
        yield client


def tile(html: str, metric: str) -> str:
    found = re.search(rf'<article class="card tile" aria-labelledby="tile-{metric}">(.*?)</article>', html, re.DOTALL)
    assert found
    return words(found[1].partition("<div popover")[0])


def test_the_last_full_month_stands_first_and_is_compared_with_the_one_before(client: Client) -> None:
    html = client.get("/").text
    assert "Brightside &amp; Sons" in html
    assert "May 2024 , compared with April 2024" in words(html)
    # 150 + 60 + 50.50, after 150 + 120 + 50.50
    assert "€260.50 ↓ 18.7% worse than April 2024" in tile(html, "mrr")
    # nobody of three left, after one of four: with so few that may be chance
    assert "0.0% ↓ 25.0 pt within noise , against April 2024" in tile(html, "customer_churn_rate")
    assert "0 of 3 customers" in tile(html, "customer_churn_rate")
    assert "On target: at most 5.0% a month" in tile(html, "customer_churn_rate")


def test_a_running_month_says_so_and_its_rate_is_not_judged(client: Client) -> None:
    html = client.get("/?at=2024-06-01").text
    assert "June 2024 to 12 June , compared with the same part of May 2024" in words(html)
    assert "Target: at most 5.0% a month" in tile(html, "customer_churn_rate")
    assert "On target" not in tile(html, "customer_churn_rate")
    assert 'rel="next"' not in html


def test_the_arrows_lead_from_period_to_period(client: Client) -> None:
    html = client.get("/?at=2024-04-01").text
    assert 'href="/?at=2024-03-01" rel="prev"' in html
    assert 'href="/?at=2024-05-01" rel="next"' in html
    assert 'href="/?at=2024-06-01" rel="next"' in client.get("/").text
    assert 'rel="prev"' not in client.get("/?at=2024-01-01").text


@pytest.mark.parametrize("grain", ["hour", "day", "week", "month", "quarter", "year"])
def test_every_grain_has_its_page(client: Client, grain: str) -> None:
    answer = client.get(f"/?grain={grain}")
    assert answer.status_code == 200
    assert f'data-grain="{grain}" aria-current="true"' in answer.text


def test_movements_are_listed_to_the_cent_with_their_signs(client: Client) -> None:
    html = client.get("/").text
    section = html[html.index('aria-labelledby="movements"') : html.index('aria-labelledby="line-')]
    assert "Numbers of MRR movements" in words(section)
    rows = {row.partition("</th>")[0].rpartition(">")[2]: words(row) for row in section.split("<tr>")}
    assert "€50.00" in rows["March 2024"]
    assert "−€80.00" in rows["April 2024"]
    assert "−€60.00" in rows["May 2024"]
    assert "€40.00" in rows["June 2024 (to 12 June)"]


def test_a_segment_opens_a_table_and_lines_and_its_name_filters(client: Client) -> None:
    html = client.get("/?by=plan").text
    assert "By plan" in words(html)
    assert 'href="/?where=plan%3Abasic"' in html
    alone = client.get("/?where=plan:basic").text
    assert "plan: basic" in words(alone)
    assert "€110.50" in tile(alone, "mrr")  # a3 and a4 at the end of May


def test_what_a_company_calls_its_segments_cannot_write_the_page(client: Client) -> None:
    html = client.get("/?by=region").text
    assert "<b>East</b>" not in html
    assert "&lt;b&gt;East&lt;/b&gt;" in html


def test_cohorts_are_a_table_that_says_every_number(client: Client) -> None:
    html = client.get("/").text
    heat = html[html.index('<table class="heat">') :]
    january = next(row for row in heat.split("<tr>") if "Jan 24" in row)
    assert words(january).split()[:8] == ["Jan", "24", "3", "100%", "100%", "100%", "67%", "67%"]
    assert "Of what they paid at first" in words(client.get("/?cohorts=revenue").text)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("grain=mnth", "Did you mean 'month'?"),
        ("by=plam", "Did you mean 'plan'?"),
        ("from=yesterday", "'yesterday' is not a date"),
        ("at=2031-01-01", "There is nothing at '2031-01-01'"),
        ("grain=hour&from=2024-01-01&to=2024-06-01", "choose a coarser grain"),
        ("from=2024-05-01&to=2024-04-01", "must end after it begins"),
        ("where=plan", "DIMENSION:VALUE"),
        ("compare=decade", "is not a comparison"),
        ("colour=red", "is not a parameter"),
        ("cohorts=height", "is not a kind of cohorts"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(client: Client, query: str, sentence: str) -> None:
    answer = client.get(f"/?{query}")
    assert answer.status_code == 400
    assert sentence in words(answer.text)
    assert "Traceback" not in answer.text


def test_an_empty_store_says_what_to_do_next(tmp_path: Path) -> None:
    with empty(tmp_path) as store, served(store) as client:
        answer = client.get("/")
    assert answer.status_code == 200
    assert "tenure import subscription_periods.csv" in words(answer.text)


def test_the_company_names_its_own_tiles(tmp_path: Path) -> None:
    own = SETTINGS + '[overview]\nmetrics = ["customers", "mrr"]\n'
    with company(tmp_path, own) as store, served(store) as client:
        html = client.get("/").text
    assert re.findall(r'id="tile-(\w+)"', html) == ["customers", "mrr"]


def test_every_answer_carries_the_strict_headers(client: Client) -> None:
    for path in ("/", "/?grain=x", "/nothing", assets.address("page.css")):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'; object-src 'none'")
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


def test_nothing_in_the_page_is_inline_or_from_elsewhere(client: Client) -> None:
    for query in ("", "?by=plan", "?grain=day"):
        html = client.get(f"/{query}").text
        assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", html)
        assert not re.search(r"<script(?![^>]*\ssrc=)", html)
        assert set(re.findall(r'(?:src|href)="(https?:[^"]*)"', html)) == set()


def test_assets_are_kept_for_a_year_and_change_their_address_with_their_content(client: Client) -> None:
    answer = client.get(assets.address("page.css"))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/page.000000000000.css").status_code == 404
    assert client.get("/static/..%2fapp.py").status_code == 404


def test_the_page_is_light(client: Client) -> None:
    sent = [
        client.get("/").content,
        *(client.get(assets.address(n)).content for n in ("page.css", "page.js", "mark.svg")),
    ]
    assert sum(len(gzip.compress(content)) for content in sent) < 40_000


def test_another_hosts_name_gets_nothing(client: Client) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_the_page_can_only_be_read(client: Client) -> None:
    assert client.get("/", method="POST").status_code == 405
    assert client.get("/nothing").status_code == 404


def test_no_metric_is_named_but_in_the_data_file() -> None:
    named = {*shipped().tiles} | {m.metric for m in shipped().movements}
    named.remove("customers")  # it is what people are called, too
    room = Path(assets.__file__).parent
    for file in [*room.glob("*.py"), *room.glob("templates/*.html"), *room.glob("static/*")]:
        text = file.read_text("utf-8")
        assert not [name for name in named if re.search(rf"[\"'\-]{name}[\"']", text)], file.name
