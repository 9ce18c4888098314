"""The pages of families and of single metrics: the digits of the library, what is behind them, and what is missing."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from surfaces.web_company import Client, company, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.library import Store

RELEASES = """release_id,happened_at,name,kind
v1,2024-03-05T08:00:00Z,<i>Boards</i>,product
v2,2023-03-05T08:00:00Z,Long ago,product
"""
# an account of which nobody but its importer would think that it is a formula
ODD = """account_id,name,region
a6,=1+1,=cmd|'/c calc'!A1
"""
PAYS = """subscription_id,account_id,plan,starts_at,ends_at,unit_amount
s6,a6,basic,2024-03-01T10:00:00Z,,10
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder) as store:
        for name, text, table in (
            ("releases", RELEASES, None),
            ("odd", ODD, "accounts"),
            ("pays", PAYS, "subscription_periods"),
        ):
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
            store.load(folder / f"{name}.csv", table=table)
        yield store


def test_every_family_has_its_page_and_every_metric_stands_on_it(client: Client, store: Store) -> None:
    for family in {metric.family for metric in store.metrics.values()}:
        answer = client.get(f"/family/{family}")
        assert answer.status_code == 200
        for metric in store.metrics.values():
            assert (f'href="/metric/{metric.name}"' in answer.text) == (metric.family == family)


def test_what_is_missing_says_which_file_would_fill_it(client: Client) -> None:
    html = client.get("/family/support").text
    assert "Not known yet" in html
    assert "tickets.csv tenure template tickets > tickets.csv" in words(html)
    alone = words(client.get("/metric/first_response_time").text)
    assert "tenure template tickets > tickets.csv" in alone
    assert "responses.csv" not in alone


def test_a_filter_that_says_nothing_of_a_metric_is_told_beside_the_others(client: Client) -> None:
    answer = client.get("/family/customers?where=kind:churn")
    assert answer.status_code == 200
    assert "Not in this view" in answer.text


def test_every_kind_of_metric_has_a_page_that_stands_whether_it_is_known_or_not(client: Client, store: Store) -> None:
    plain = [m for m in store.metrics.values() if m.model is None]  # a model may say that so few customers carry none
    kinds = {(m.family, m.unit, m.interval, m.ahead): m for m in plain}
    for metric in kinds.values():
        answer = client.get(f"/metric/{metric.name}")
        assert answer.status_code == 200, metric.name
        assert metric.title in unescape(answer.text)
        assert all(f'href="/metric/{metric.name}:{variant}"' in answer.text for variant in metric.variants)


@pytest.mark.parametrize("query", ["", "?by=plan", "?grain=quarter&compare=year", "?where=region:North&policy=stripe"])
def test_the_table_has_the_digits_of_the_library(client: Client, store: Store, query: str) -> None:
    sent = json.loads(client.get(f"/metric/customer_churn_rate/answer.json{query}").text)
    first, last = sent["rows"][0]["start"], sent["rows"][-1]["end"]
    asked = {"by": "plan"} if "by" in query else {}
    asked |= {"grain": "quarter", "compare": "year"} if "grain" in query else {"compare": "previous"}
    asked |= {"where": {"region": "North"}, "policy": "stripe"} if "where" in query else {}  # type: ignore[dict-item]
    answer = store.ask("customer_churn_rate", since=first, until=last, **asked)
    assert sent["rows"] == answer.to_dict()["rows"]
    html = client.get(f"/metric/customer_churn_rate{query}").text
    for row in answer.rows:
        if row.value is not None:
            assert f"{row.value:.1%}" in html


def test_a_spreadsheet_runs_nothing(client: Client) -> None:
    answer = client.get("/metric/mrr/answer.csv?by=region")
    assert answer.headers["content-disposition"].startswith('attachment; filename="mrr-')
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    segments = {row["segment"] for row in rows}
    assert "'=cmd|'/c calc'!A1" in segments
    assert not [s for s in segments if s[:1] in "=+-@"]
    known = [row for row in rows if row["segment"] == "North" and row["start"] == "2024-04-30T22:00:00Z"]
    assert [float(row["value"]) for row in known] == [210.0]  # Ada's 150 and Cy's 60 at the end of May


def test_a_filter_that_leaves_nothing_says_so(client: Client) -> None:
    for path in ("/", "/metric/mrr"):
        both = words(client.get(f"{path}?where=region:South&where=plan:pro").text)
        assert ("Nothing in this window is left by the filter" in both, "No row says" in both) == (True, False)
        assert "Nothing in this window" not in words(client.get(f"{path}?where=region:North").text)
        nowhere = words(client.get(f"{path}?where=region:Atlantis").text)
        assert ("No row says region" in nowhere, "Nothing in this window" in nowhere) == (True, False)


def test_what_is_divided_by_stands_in_its_own_unit(client: Client) -> None:
    html = client.get("/metric/gross_mrr_churn_rate?at=2024-04-01").text
    table = html[html.index('aria-labelledby="numbers"') :]
    april = next(row for row in table.split("<tr") if "April 2024" in row)
    assert words(april).count("€410.50") == 2  # as n and as the part: what stood at the start


def test_a_release_stands_on_the_chart_and_in_words(client: Client) -> None:
    html = client.get("/metric/mrr").text
    assert "5 Mar 2024 · <i>Boards</i>" not in html
    assert "5 Mar 2024 · &lt;i&gt;Boards&lt;/i&gt;" in html
    assert "Long ago" not in html
    assert 'stroke="var(--release)"' in html
    assert "var(--release)" not in client.get("/metric/mrr?from=2024-04-01").text


def test_a_period_that_runs_is_hatched(client: Client) -> None:
    assert 'fill="url(#hatch)"' in re.sub(
        r'<ul class="legend">.*?</ul>', "", client.get("/metric/mrr").text, flags=re.DOTALL
    )
    assert 'height="10" rx="2" fill="url(#hatch)"' not in client.get("/metric/mrr?to=2024-06-01").text


def test_a_target_is_drawn_only_against_periods_of_its_length(client: Client) -> None:
    assert 'stroke="var(--target)"' in client.get("/metric/customer_churn_rate").text
    assert 'stroke="var(--target)"' not in client.get("/metric/customer_churn_rate?grain=week").text


def test_a_segment_leads_to_the_page_for_it_alone_and_an_account_to_its_own(client: Client) -> None:
    html = client.get("/metric/mrr?by=plan").text
    assert 'href="/metric/mrr?where=plan%3Abasic"' in html
    accounts = client.get("/metric/mrr?by=account").text
    assert '<a href="/customers/a1">Ada</a> <span class="quiet-inline">a1</span>' in accounts
    assert '<th scope="col">Ada</th>' in accounts
    assert ">a1</text>" not in accounts + client.get("/metric/mrr/answer.svg?by=account").text


def test_a_variant_has_its_page(client: Client, store: Store) -> None:
    other = next(f"{m.name}:{v}" for m in store.metrics.values() if m.model is None for v in m.variants)
    assert re.search(rf'href="/metric/{other}" aria-current="true"', client.get(f"/metric/{quote(other)}").text)


def test_a_metric_says_what_it_is_and_under_which_policy(client: Client) -> None:
    text = words(client.get("/metric/customer_churn_rate?policy=stripe").text)
    assert "The policy in force: stripe" in text
    assert "churned / opening_accounts" in text
    assert "2Checkout" in text
    assert (
        "tenure ask customer_churn_rate --from 2023-06-01 --to 2024-06-12T12:01 --compare previous --policy stripe"
        in text
    )


def test_a_number_on_which_no_policy_bears_says_nothing_of_it(client: Client) -> None:
    def told(page: str) -> str:
        return words(client.get(f"/metric/{page}").text)

    for page in ("nps?policy=stripe", "nps/explain?policy=stripe"):
        assert not re.search("[Uu]nder the policy|policy in force| Policy ", told(page)), page
    assert "Read under the policy stripe" in told("nps?policy=stripe&where=plan:pro")  # it says what is a plan


def test_a_number_is_explained_down_to_the_rows(client: Client) -> None:
    html = client.get("/metric/customer_churn_rate/explain?at=2024-04-01").text
    text = words(html)
    assert "20.0%" in text
    assert "1 / 5 = 0.2" in text  # Bo, of Ada, Bo, Cy, Di and who came in March
    assert 'href="/customers/a2"' in html
    assert "SELECT" in text
    assert "subscription id" in text


def test_the_rows_behind_a_number_say_who_it_is_and_when_by_the_clocks_of_the_company(
    client: Client, store: Store
) -> None:
    html = client.get("/metric/customer_churn_rate/explain?at=2024-04-01").text
    [told] = [c for c in re.findall(r"<td[^>]*>(.*?)</td>", html) if "/customers/a2" in c and "a2</span>" in c][:1]
    assert told == '<a href="/customers/a2">Bo</a> <span class="quiet">a2</span>'
    explained = store.explain("customer_churn_rate", since="2024-04-01", until="2024-05-01", grain="total").to_dict()
    assert "2024-04-20T10:00:00Z" in json.dumps(explained)  # the command line keeps what the ledger says
    assert "2024-04-20T10:00:00Z" not in html
    assert "20 Apr 2024, 12:00:00" in html  # in Berlin, in summer
    assert "instants in Europe/Berlin time" in html


def test_why_a_number_moved_adds_up_and_says_what_may_be_chance(client: Client, store: Store) -> None:
    html = client.get("/metric/mrr/why?at=2024-04-01&by=plan").text
    assert "Why it moved: −€80.00" in words(html)
    assert 'href="/customers/a2"' in html
    shown = store.why("mrr", since="2024-04-01", until="2024-05-01", by="plan").to_dict()
    assert sum(row["effect"] for row in shown["breakdowns"][0]["rows"]) == -80
    assert "within noise" not in words(html)
    churn = words(client.get("/metric/customer_churn_rate/why?at=2024-04-01").text)
    assert "+20.00 pt" in churn
    assert "it lies within noise" in churn
    assert "Why it moved" in client.get("/metric/customer_churn_rate?at=2024-04-01").text


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/family/suport", 400, "Did you mean 'support'?"),
        ("/metric/mmr", 400, "Did you mean 'mrr'?"),
        ("/metric/mrr:gros", 400, "is not a variant of 'mrr'"),
        ("/metric/mrr?by=colour", 400, "is not a dimension"),
        ("/metric/mrr?policy=strpe", 400, "Did you mean 'stripe'?"),
        ("/metric/mrr?hours=happy", 400, "is not a kind of hours"),
        ("/metric/mrr?range=5m", 400, "is not a range"),
        ("/metric/mrr/explain?limit=7", 400, "is not a limit"),
        ("/metric/first_response_time/why", 400, "is a median, which has no parts that add up"),
        ("/metric/mrr/answer.xls", 404, "No page has this address"),
    ],
)
def test_words_that_are_off_are_told_in_one_sentence(client: Client, path: str, status: int, sentence: str) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert sentence in words(answer.text)


@pytest.mark.parametrize("span", ["3m", "24m", "this-year", "last-year", "all"])
def test_every_range_is_a_window(client: Client, span: str) -> None:
    answer = client.get(f"/metric/mrr?range={span}")
    assert answer.status_code == 200
    assert re.search(rf'href="/metric/mrr\?range={span}" aria-current="true"', answer.text)


def test_every_page_of_numbers_is_reached_from_every_other_in_the_same_window(client: Client) -> None:
    html = client.get("/metric/mrr?grain=quarter&at=2024-01-01&where=plan:pro&by=region").text
    assert 'href="/family/support?grain=quarter&amp;at=2024-01-01&amp;where=plan%3Apro"' in html
    assert 'href="/?grain=quarter&amp;at=2024-01-01&amp;where=plan%3Apro"' in html
    assert 'aria-current="page"' in client.get("/family/support").text


def test_every_amount_has_its_currency_and_parts_are_named_as_people_name_them(client: Client) -> None:
    family = words(client.get("/family/revenue?at=2024-03-01").text)
    assert "expansion MRR €50.00" in family
    assert not re.search(r"previous expansion MRR \d", family)
    assert "closing mrr" not in family
    why = words(client.get("/metric/mrr/why?at=2024-04-01").text)
    assert "closing MRR €410.50 €330.50" in why


def test_a_tile_without_a_basis_says_what_it_counts(client: Client) -> None:
    family = client.get("/family/revenue?at=2024-03-01").text
    assert '<p class="basis">what all customers pay for a year, at the end of the period</p>' in family
    assert '<p class="basis">money</p>' not in family


def test_releases_stand_once_beside_the_charts_that_they_are_marked_on(client: Client) -> None:
    html = client.get("/").text
    assert html.count('class="releases') == 1
    assert html.count('class="plot"') > 1


def test_a_part_of_an_hour_ends_at_its_minute(client: Client) -> None:
    """The last thing known is at noon: the day runs to then."""
    assert "12 June 2024 (to 12:00)" in words(client.get("/metric/mrr?grain=day&at=2024-06-12").text)
