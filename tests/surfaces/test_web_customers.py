"""The pages of customers: the list, and one of them; whatever a file may have called them."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import SETTINGS, Client, company, empty, served, words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenure.library import Store

FILES = {
    "accounts": "account_id,name,region,parent_account_id\na/6,<script>alert(1)</script>,@SUM(A1),a3\n",
    "subscription_periods": "subscription_id,account_id,plan,starts_at,ends_at,unit_amount\ns6,a/6,=plan,2024-03-01T10:00:00Z,,10\n",
    "tickets": "ticket_id,account_id,person_id,created_at,solved_at,subject\nt1,a1,ada@example.com,2024-05-02T10:00:00Z,,<b>Help</b>\n",
    "responses": "response_id,survey,account_id,answered_at,score,comment\nr1,nps,a1,2024-05-02T10:00:00Z,9,<i>Fine</i>\n",
    "contracts": "contract_id,account_id,starts_on,ends_on,value,outcome\nc1,a1,2024-01-01,2090-01-01,1200,open\n",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder, SETTINGS, FILES) as store:
        yield store


def listed(html: str) -> list[str]:
    """The ids in the order of the list."""
    return re.findall(r'<th scope="row"><a href="/customers/([^"]+)"', html)


def test_the_list_adds_up_to_what_is_asked(client: Client, store: Store) -> None:
    text = words(client.get("/customers").text)
    [row] = store.ask("mrr", grain="total").rows
    assert row.value == 310.5
    assert "5 with €310.50 a month together" in text
    assert "€150.00 5 Jan 2024 pro NPS 9 of 10 2 May 2024 1 1 Jan 2090" in text


def test_the_list_is_sorted_searched_and_filtered_by_its_address(client: Client) -> None:
    assert listed(client.get("/customers").text) == ["a1", "a3", "a4", "a5", "a%2F6"]
    assert listed(client.get("/customers?sort=monthly").text) == ["a%2F6", "a5", "a4", "a3", "a1"]
    assert listed(client.get("/customers?sort=since").text)[0] == "a1"
    assert listed(client.get("/customers?q=CY").text) == ["a3"]
    assert listed(client.get("/customers?show=left").text) == ["a2"]
    assert (
        'aria-sort="descending"><span class="sorts"><a href="/customers?sort=monthly"' in client.get("/customers").text
    )
    assert "No customer has “zz”" in words(client.get("/customers?q=zz").text)


def test_what_is_not_known_comes_last_either_way(client: Client) -> None:
    for order in ("answered_at", "-answered_at"):
        assert listed(client.get(f"/customers?sort={order}").text)[0] == "a1"


def test_the_list_as_a_file_runs_nothing(client: Client) -> None:
    answer = client.get("/customers.csv?q=a/6")
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["account_id"], row["plan"], row["monthly"]) == ("a/6", "'=plan", "10.0")


def test_names_cannot_write_a_page(client: Client) -> None:
    for path in ("/customers", "/customers/a%2F6", "/customers/a1"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not re.search(r"<script>|<b>Help|<i>Fine", answer.text)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get("/customers/a%2F6").text


def test_a_customer_stands_on_one_page(client: Client) -> None:
    text = words(client.get("/customers/a1").text).replace("\u00a0", " ")
    for said in ("Ada", "€150.00", "Open tickets 1", "9 of 10", "paying since 5 Jan 2024", "North", "opened a ticket: <b>Help</b>",
                 "Renews 1 Jan 2090 €1,200.00", "tenure template events > events.csv"):  # fmt: skip
        assert said in text, said


def test_who_wrote_stands_below_the_words_and_breaks_over_no_line(client: Client) -> None:
    html = client.get("/customers/a1").text
    assert '<td class="text">&lt;b&gt;Help&lt;/b&gt;<span class="quiet">ada@example.com</span></td>' in html


def test_a_customer_is_found_by_name_and_a_stranger_is_said_to_be_one(client: Client) -> None:
    assert "paying since" in words(client.get("/customers/Di").text)
    stranger = client.get("/customers/a9")
    assert stranger.status_code == 400
    assert "is not an account that is known here" in words(stranger.text)


@pytest.mark.parametrize("query", ["sort=height", "show=some", "colour=red"])
def test_words_that_are_off_are_told(client: Client, query: str) -> None:
    assert client.get(f"/customers?{query}").status_code == 400


def test_an_empty_store_says_what_to_load(tmp_path: Path) -> None:
    with empty(tmp_path) as store, served(store) as client:
        assert "tenure template subscription_periods" in words(client.get("/customers").text)


def test_a_customer_and_its_family_are_called_by_their_names(client: Client) -> None:
    assert 'Belongs to</dt><dd><a href="/customers/a3">Cy</a>' in client.get("/customers/a%2F6").text
    assert "Owns <script>alert(1)</script>" in words(client.get("/customers/a3").text)
