"""What a reader sets on a page: filters, the currency of display, saved views; what is taken away as a file; the search."""

from __future__ import annotations

import csv
import http.client
import io
import json
import re
import zipfile
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import pytest

from surfaces.web_company import SETTINGS, Client, Sent, company, served, words
from tenure.surfaces.web import finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenure.library import Store

FILES = {
    "fx_rates": "day,currency,rate\n2024-01-01,USD,0.5\n2024-02-28,USD,0.8\n2024-03-31,USD,0.9\n2024-05-31,USD,0.96\n",
    "accounts": "account_id,name,region\na6,=HYPERLINK(0),=cmd|'/c calc'!A1\na7,Çelik & Söhne,South\n",
    "subscription_periods": "subscription_id,account_id,plan,starts_at,unit_amount\ns6,a6,pro,2024-03-01T10:00:00Z,10\n",
    "account_links": "account_id,same_as,kind\nold-id,a1,merge\n",
}
OWN = {"sec-fetch-site": "same-origin", "content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("company")


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with company(folder, SETTINGS + "[segments]\nsouthern = \"region = 'South'\"\n", FILES) as store:
        yield store


def posted(client: Client, path: str, headers: dict[str, str] | None = None, **fields: str) -> Sent:
    link = http.client.HTTPConnection("127.0.0.1", client.port, timeout=60)
    try:
        link.request("POST", path, urlencode(fields), OWN if headers is None else headers)
        answer = link.getresponse()
        return Sent(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
    finally:
        link.close()


def rows_of(client: Client, query: str) -> list[dict[str, float]]:
    found: list[dict[str, float]] = json.loads(client.get(f"/metric/mrr/answer.json{query}").text)["rows"]
    return found


# Filters.


def test_a_dimension_shows_its_values_and_each_is_a_link_that_adds_it(client: Client) -> None:
    html = client.get("/metric/mrr?filter=region&where=plan:pro").text
    assert '<details class="window filter" open>' in html
    assert 'href="/metric/mrr?where=plan%3Apro&amp;where=region%3ASouth">South</a>' in html
    assert "&lt;b&gt;East&lt;/b&gt;" in html


def test_values_of_one_dimension_mean_or_and_several_dimensions_mean_and(client: Client, store: Store) -> None:
    query = "?where=plan:pro&where=region:North&where=plan:basic"
    text = words(client.get(f"/metric/mrr{query}").text)
    assert "plan: pro × (take this filter away) or plan: basic × (take this filter away) and region: North" in text
    where = {"plan": ["pro", "basic"], "region": ["North"]}
    asked = store.ask("mrr", since="2024-05-01", until="2024-06-01", where=where).rows[0]
    assert asked.value == 210.0
    assert [row["value"] for row in rows_of(client, f"{query}&from=2024-05-01&to=2024-06-01")] == [210.0]


def test_what_a_form_says_in_two_words_is_one_filter(client: Client) -> None:
    assert rows_of(client, "?filter=region&value=South") == rows_of(client, "?where=region:South")


def test_a_named_segment_is_a_filter_and_a_breakdown(client: Client) -> None:
    assert rows_of(client, "?where=southern:southern") == rows_of(client, "?where=region:South")
    assert 'value="southern" selected' in client.get("/metric/mrr?by=southern").text
    assert ">(other)</a>" in client.get("/?filter=southern").text


def test_a_value_that_no_row_has_is_said_with_the_near_miss(client: Client) -> None:
    html = client.get("/?where=region:Nort&where=plan:basic").text
    assert "No row says region: “Nort”. Did you mean North ? Take it away" in words(html)
    assert 'href="/?where=plan%3Abasic&amp;where=region%3ANorth">North</a>' in html
    assert "No row says plan" not in words(html)


def test_a_dimension_that_there_is_not_is_refused(client: Client) -> None:
    answer = client.get("/?filter=regin")
    assert answer.status_code == 400
    assert "Did you mean 'region'?" in words(answer.text)


def test_only_ranges_that_make_sense_at_a_grain_are_offered(client: Client) -> None:
    hours, years = (client.get(f"/metric/mrr?grain={grain}").text for grain in ("hour", "year"))
    assert ("range=7d" in hours, "range=24m" in hours) == (True, False)
    assert ("range=7d" in years, "range=24m" in years) == (False, True)
    assert len(rows_of(client, "?grain=day&range=7d")) == 7


# The currency of display.


def test_each_row_is_the_companys_number_times_the_rate_of_its_last_day(client: Client, store: Store) -> None:
    rows = rows_of(client, "?currency=USD&from=2024-01-01&to=2024-06-01&compare=none")
    own = store.ask("mrr", since="2024-01-01", until="2024-06-01").rows
    # 29 February takes what was last known, on the 28th; 30 April what was known on 31 March
    rates = [1 / 0.5, 1 / 0.8, 1 / 0.9, 1 / 0.9, 1 / 0.96]
    # Berlin's January ends at 23:00 UTC of the 31st, which is the day of its rate
    for shown, asked, rate in zip(rows, own, rates, strict=True):
        assert asked.value is not None
        assert shown["rate"] == pytest.approx(rate, rel=1e-12)
        assert shown["value"] == pytest.approx(asked.value * rate, rel=1e-12)


def test_ratios_and_changes_stay_those_of_the_books(client: Client) -> None:
    for path in ("quick_ratio", "customer_churn_rate", "mrr"):
        own, other = (
            json.loads(client.get(f"/metric/{path}/answer.json{query}").text) for query in ("", "?currency=USD")
        )
        key = "change" if path == "mrr" else "value"
        kept = [n for n, row in enumerate(own["rows"]) if path != "mrr" or row["change_kind"] == "relative"]
        assert kept
        assert [own["rows"][n][key] for n in kept] == [other["rows"][n][key] for n in kept]
        assert other["converted_from"] == "EUR"
    assert json.loads(client.get("/metric/mrr/answer.json?currency=USD").text)["currency"] == "USD"


def test_the_page_says_the_rate_its_day_and_the_way_back(client: Client) -> None:
    text = words(client.get("/?currency=USD&at=2024-05-01").text)
    assert "Money in USD, at the rate of each period's last day (31 May 2024: 1 EUR = 1.041667 USD)" in text
    assert "$" in text
    stepped = client.get("/metric/arpa?currency=usd&at=2024-05-01").text
    assert 'href="/metric/arpa?at=2024-04-01&amp;currency=USD" rel="prev"' in stepped
    assert "€" not in words(stepped[stepped.index('aria-labelledby="numbers"') :].split("</table>")[0])


def test_the_last_known_rate_holds_where_the_policy_says_so(tmp_path: Path) -> None:
    with company(tmp_path, SETTINGS + '[policy]\nfx = "latest"\n') as store:
        (tmp_path / "fx_rates.csv").write_text(FILES["fx_rates"], encoding="utf-8")
        store.load(tmp_path / "fx_rates.csv")
        with served(store) as client:
            rates = {row["rate"] for row in rows_of(client, "?currency=USD")}
            assert rates == {float(1 / 0.96)} or list(rates) == pytest.approx([1 / 0.96])
            assert "at the last known rate" in words(client.get("/?currency=USD").text)


def test_the_books_stay_as_they_are_and_say_so(client: Client) -> None:
    for path in ("/metric/mrr/explain", "/metric/mrr/why", "/readings", "/data"):
        assert "The amounts of this page are in EUR, as in the books." in words(
            client.get(f"{path}?currency=USD").text
        ), path
        assert "as in the books" not in client.get(path).text
    assert "as in the books" not in client.get("/?currency=USD").text


def test_a_currency_without_a_rate_is_refused_with_the_near_miss(client: Client) -> None:
    answer = client.get("/metric/mrr?currency=USE")
    assert answer.status_code == 400
    assert "'USE' is not a currency that is known here. Did you mean 'USD'? Rates are known of EUR, USD" in words(
        answer.text
    )


# Files.


def cells(content: bytes, sheet: int) -> list[list[str | float | bool | None]]:
    """The cells of a workbook's sheet, as a program that knows the format reads them."""
    book = zipfile.ZipFile(io.BytesIO(content))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    names = ("sharedStrings", f"worksheets/sheet{sheet}")
    sheet_of = {name: ET.fromstring(book.read(f"xl/{name}.xml")) for name in names}  # noqa: S314 - our own file
    texts = ["".join(t.text or "" for t in si.iter(f"{space}t")) for si in sheet_of["sharedStrings"]]
    root = sheet_of[f"worksheets/sheet{sheet}"]
    assert not list(root.iter(f"{space}f")), "a formula"

    def value(cell: ET.Element) -> str | float | bool | None:
        text, kind = cell.findtext(f"{space}v"), cell.get("t")
        if text is None:
            return None
        return texts[int(text)] if kind == "s" else text == "1" if kind == "b" else float(text)

    def placed(row: ET.Element) -> list[str | float | bool | None]:
        found = {ord(str(cell.get("r"))[0]) - ord("A"): value(cell) for cell in row}  # no more than 26 columns
        return [found.get(n) for n in range(26)]

    return [placed(row) for row in root.iter(f"{space}row")]


def test_a_workbook_has_the_digits_of_the_command_line_and_no_formula(client: Client, store: Store) -> None:
    answer = client.get("/metric/arpa/answer.xlsx?by=region")
    assert answer.headers["content-disposition"].endswith('.xlsx"')
    head, *rows = cells(answer.content, 1)
    asked = store.ask("arpa", since="2023-06-01", until="2024-06-12T12:01:00", by="region", compare="previous").rows
    assert [row[head.index("value")] for row in rows] == [
        None if row.value is None else pytest.approx(row.value, rel=1e-15) for row in asked
    ]
    assert "=cmd|'/c calc'!A1" in {row[head.index("segment")] for row in rows}
    styles = zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/styles.xml").decode()
    assert 'quotePrefix="1"' in styles
    about = {row[0]: row[1] for row in cells(answer.content, 2)}
    assert about["Metric"] == "ARPA"
    assert "Europe/Berlin" in str(about["Window"])


def test_files_are_what_the_command_line_says(client: Client, store: Store) -> None:
    query = "?by=region&grain=quarter"
    shown = list(csv.DictReader(io.StringIO(client.get(f"/metric/mrr/answer.csv{query}").text)))
    command_line = re.search(r"<code>(tenure ask mrr [^<]*)</code>", client.get(f"/metric/mrr{query}").text)
    assert command_line
    spoken = unescape(command_line[1]).split()[1:]
    said = dict(zip(spoken[2::2], spoken[3::2], strict=True))
    asks = {"since": said["--from"], "until": said["--to"], "grain": said["--grain"], "by": said["--by"]}
    asked = store.ask("mrr", compare=said["--compare"], **asks).to_dict()["rows"]
    assert [row["value"] for row in shown] == ["" if row["value"] is None else str(row["value"]) for row in asked]


def test_the_chart_is_a_picture_with_what_one_must_know_to_read_it(client: Client) -> None:
    svg = client.get("/metric/customer_churn_rate/answer.svg?where=region:South").text
    root = ET.fromstring(svg)  # noqa: S314 - our own file
    told = " ".join("".join(node.itertext()) for node in root.iter() if node.tag.endswith("text"))
    for said in ("Customer churn", "Europe/Berlin time", "region: South", "policy tenure", "n from", "hatched"):
        assert said in told
    assert "var(--" not in svg
    png = client.get("/metric/customer_churn_rate/answer.png").content
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) >= 1900
    for kind in ("gif", "PNG", "csv.exe"):
        assert client.get(f"/metric/mrr/answer.{kind}").status_code == 404


def test_untrusted_names_stand_in_a_picture_as_text(client: Client) -> None:
    svg = client.get("/metric/mrr/answer.svg?by=region").text
    assert "<b>East" not in svg
    ET.fromstring(svg)  # noqa: S314 - our own file


# Saved views.


def test_a_view_is_saved_opened_renamed_and_deleted(client: Client, folder: Path) -> None:
    page = "/metric/mrr?grain=quarter&where=region%3ASouth"
    saved = posted(client, "/views", name="  Southern\u200b MRR ", page=page)
    assert (saved.status_code, saved.headers["location"]) == (303, page)
    html = client.get("/views").text
    assert f'<a href="{page.replace("&", "&amp;")}">Southern MRR</a>' in html
    assert (
        f'<li><a href="{page.replace("&", "&amp;")}" aria-current="page">Southern MRR</a></li>' in client.get(page).text
    )
    [number] = re.findall(r"/views/(\d+)/delete", html)
    assert posted(client, f"/views/{number}/rename", name="<script>alert(1)</script>").status_code == 303
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</a>" in client.get("/views").text
    assert (folder / "store" / "state.sqlite").exists()
    assert posted(client, f"/views/{number}/delete").headers["location"] == "/views"
    assert "None yet" in client.get("/views").text


@pytest.mark.parametrize(
    ("name", "page", "sentence"),
    [
        ("", "/", "needs a name that can be read"),
        ("\u200b \t\u202e", "/", "needs a name that can be read"),
        ("x" * 81, "/", "has room for 80"),
        ("away", "https://evil.example/", "is not the address of a page"),
        ("away", "//evil.example/", "is not the address of a page"),
        ("away", "/\\evil.example", "is not the address of a page"),
        ("away", "/nowhere/at/all", "is not the address of a page"),
        ("away", "/\r\nSet-Cookie: a=b", "is not the address of a page"),
        ("away", "javascript:alert(1)", "is not the address of a page"),
        ("long", "/?q=" + "x" * 3000, "is not the address of a page"),
    ],
)
def test_odd_names_and_addresses_get_a_sentence(client: Client, name: str, page: str, sentence: str) -> None:
    answer = posted(client, "/views", name=name, page=page)
    assert answer.status_code == 400
    assert sentence in words(answer.text)


def test_a_name_is_given_once_and_what_is_gone_is_gone(client: Client) -> None:
    assert posted(client, "/views", name="Straße", page="/").status_code == 303
    again = posted(client, "/views", name="STRASSE", page="/data")
    assert (again.status_code, "already" in again.text) == (400, True)
    [number] = re.findall(r"/views/(\d+)/delete", client.get("/views").text)
    assert posted(client, f"/views/{number}/delete").status_code == 303
    for act in ("delete", "rename"):
        assert "is gone" in posted(client, f"/views/{number}/{act}", name="x").text
        assert posted(client, f"/views/99999999999999999999/{act}", name="x").status_code in (400, 404)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
    ],
)
def test_what_another_page_sends_changes_nothing(client: Client, headers: dict[str, str]) -> None:
    answer = posted(client, "/views", headers, name="planted", page="/")
    assert answer.status_code == 403
    assert "planted" not in client.get("/views").text


def test_an_older_browser_is_known_by_its_origin_and_a_flood_is_refused(client: Client) -> None:
    own = {"origin": f"http://127.0.0.1:{client.port}"}
    assert posted(client, "/views", own, name="old", page="/").status_code == 303
    assert posted(client, "/views", name="x" * 30_000, page="/").status_code == 400
    assert posted(client, "/views", None, **{f"field{n}": "x" for n in range(50)}).status_code == 400
    [number] = re.findall(r"/views/(\d+)/delete", client.get("/views").text)
    posted(client, f"/views/{number}/delete")


def test_a_state_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    with company(tmp_path) as store, served(store) as client:
        (tmp_path / "store" / "state.sqlite").write_bytes(b"this is no database, whatever its name says" * 40)
        answer = posted(client, "/views", name="x", page="/")
        assert answer.status_code == 400
        assert "state.sqlite of the store cannot be used" in words(answer.text)


# The search.


def test_customers_are_found_by_a_part_of_name_or_id_whatever_it_holds(client: Client) -> None:
    def found(said: str) -> list[str]:
        return [one["link"] for one in json.loads(client.get(f"/search.json?q={quote(said)}").text)]

    assert found("hyper") == ["/customers/a6"]
    assert found("çelik & s") == ["/customers/a7"]
    assert found("A2") == ["/customers/a2"]
    assert found("old-id") in ([], ["/customers/a1"])
    for odd in ("%", "_", "'", "'; DROP TABLE accounts; --", "{x}", "\0", "\\"):
        assert found(odd) == []


def test_the_index_leads_to_every_metric_in_the_window_of_the_page(client: Client, store: Store) -> None:
    places = json.loads(client.get("/places.json?grain=quarter&where=region:South").text)
    links = {place["title"]: place["link"] for place in places if place["kind"] == "metric"}
    assert len(links) == len(store.metrics)
    assert links["MRR"] == "/metric/mrr?grain=quarter&where=region%3ASouth"
    assert {"Overview", "Data", "Customer list"} <= {place["title"] for place in places if place["kind"] == "page"}


def test_a_search_that_finds_more_than_it_shows_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "The first" not in words(client.get("/search?q=a").text)
    monkeypatch.setattr(finding, "_CUSTOMERS", 2)
    html = client.get("/search?q=a").text
    assert "The first 2: more letters find fewer" in words(html)
    assert '<a href="/customers?q=a&amp;show=all">' in html


def test_the_search_is_a_page_without_a_script(client: Client) -> None:
    text = words(client.get("/search?q=churn").text)
    assert "Customer churn" in text
    assert "Bo" not in text.split("Metric")[1]
    assert "a2" in words(client.get("/search?q=bo").text)
    assert "Nothing here has “<i>”" in words(client.get("/search?q=%3Ci%3E").text)


# The locale and the zone.


def test_numbers_follow_the_locale_and_the_zone_is_in_sight(tmp_path: Path) -> None:
    many = "\n".join(f"m{n},Many {n},North" for n in range(1200))
    with company(tmp_path, SETTINGS + 'locale = "de_DE"\n') as store, served(store) as client:
        (tmp_path / "accounts.csv").write_text(f"account_id,name,region\n{many}\n", encoding="utf-8")
        store.load(tmp_path / "accounts.csv")
        assert "1.205" in words(client.get("/data").text)
        text = words(client.get("/metric/mrr?at=2024-03-01").text)
        assert "400,50 €" in text
        for path in ("/", "/metric/mrr", "/customers", "/movements", "/data", "/views", "/search"):
            page = client.get(path).text
            assert "Europe/Berlin time" in words(page), path
            assert '<html lang="en">' in page  # the words are English, whatever the numbers look like
