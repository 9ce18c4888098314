"""What an address says and means nothing: every page says so of every parameter that it knows, and what was meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import SETTINGS, Client, company, served, words
from tenure.surfaces.web import began, due, held, listing, moved, read, said
from tenure.surfaces.web import view as views

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = {
    "responses": (
        "response_id,survey,account_id,sent_at,answered_at,score,touchpoint,comment\n"
        "r1,nps,a1,2024-05-01T10:00:00Z,2024-05-02T10:00:00Z,9,relationship,Good\n"
        "r2,csat,a1,2024-05-10T10:00:00Z,2024-05-11T10:00:00Z,2,support,\n"
    ),
    "events": "event_id,account_id,happened_at,name\ne1,a2,2024-02-02T10:00:00Z,board made\ne2,a1,2024-01-20T10:00:00Z,used\n"
    "e3,a4,2024-02-20T10:00:00Z,used\n",
    "accounts": "account_id,name,created_at,region\na1,Ada,2024-01-02T10:00:00Z,North\na2,Bo,2024-01-03T10:00:00Z,South\n"
    "a4,Di,2024-02-01T10:00:00Z,East\n",
}
ODD = "zzz-odd"
OWN = {
    "/": ("cohorts",), "/customers": listing.OWN, "/movements": moved.OWN, "/cohorts": began.OWN, "/renewals": due.OWN,
    "/feedback": said.OWN, "/readings": read.OWN, "/data": held.OWN, "/settings": (), "/views": (), "/search": ("q",),
    "/family/revenue": (), "/metric/mrr": (), "/metric/mrr/explain": ("limit",), "/metric/mrr/why": (), "/customers/a1": ("limit",),
    "/metric/mrr/answer.json": (), "/customers.json": listing.OWN, "/movements.json": moved.OWN, "/cohorts.json": began.OWN,
    "/renewals.json": due.OWN, "/feedback.json": said.OWN, "/data/set-aside.json": (), "/places.json": (), "/search.json": ("q",),
}  # fmt: skip
# Words are looked for and may be found nowhere; a value that no row has is no fault either: what is shown is empty, and says why.
WORDS, VALUES = ("q", "value"), ("survey", "touchpoint", "origin")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder, SETTINGS, FILES) as store, served(store) as client:
        yield client


@pytest.mark.parametrize("page", OWN)
def test_what_no_parameter_takes_is_said_on_every_page(client: Client, page: str) -> None:
    silent = []
    for name in (*views.PARAMETERS, *OWN[page], "no-parameter"):
        if name in (*WORDS, *VALUES):
            continue
        answer = client.get(f"{page}?{name}={ODD}")
        sentence = words(answer.text.partition("<main")[2]).lower()
        if answer.status_code != 400 or not (ODD in sentence or name in sentence):
            silent.append(name)
    assert silent == []


@pytest.mark.parametrize("page", ["/", "/metric/mrr", "/metric/mrr/explain", "/metric/mrr/why", "/family/revenue", "/readings",
                                  "/customers", "/cohorts", "/feedback"])  # fmt: skip
def test_a_filter_of_a_value_that_no_row_has_is_said_with_the_near_miss(client: Client, page: str) -> None:
    assert "No row says plan: “por”. Did you mean pro ?" in words(client.get(f"{page}?where=plan:por").text)


@pytest.mark.parametrize("page", ["/data", "/settings", "/search", "/views", "/customers/a1"])
def test_a_page_to_which_no_filter_applies_says_so(client: Client, page: str) -> None:
    html = client.get(f"{page}?where=plan:pro").text
    assert "The filter plan: “pro” does not apply here" in words(html)
    assert f'<a href="{page}">Take it away</a>' in html
    assert "does not apply" not in client.get(page).text


def test_a_survey_that_nobody_was_asked_is_said_with_the_near_miss(client: Client) -> None:
    html = client.get("/feedback?survey=npss&touchpoint=supprt").text
    assert "No row says survey: “npss”. Did you mean nps ? Take it away" in words(html)
    assert 'href="/feedback?survey=npss&amp;touchpoint=support"' in html
    assert "No row says" not in words(client.get("/feedback?survey=nps").text)


def test_a_long_value_is_not_repeated_whole(client: Client) -> None:
    long = "x" * 3000
    for query in (f"grain={long}", f"at={long}", f"where={long}", f"currency={long}", f"by={long}", f"{long}=1"):
        text = client.get(f"/?{query}").text.lower()
        assert "x" * 59 in text, query[:9]
        assert "x" * 61 not in text, query[:9]
    assert "x" * 61 not in client.get(f"/customers/{long}").text.partition("<main")[2].partition("href=")[0]
    for page, query in (("feedback", "score"), ("customers", "page"), ("data", "check"), ("readings", "metric")):
        assert "x" * 61 not in client.get(f"/{page}?{query}={long}").text, page


def test_a_page_of_a_list_is_a_number_and_one_that_there_is_not_the_last(client: Client) -> None:
    assert client.get("/customers?page=99").status_code == 200
    assert client.get(f"/customers?page={'9' * 5000}").status_code == 400


def test_activation_is_shown_by_an_event_too(client: Client) -> None:
    html = client.get("/cohorts?kind=activation&event=used").text
    assert '<option value="used" selected>used</option>' in html
    assert "the share that did used for the first time" in words(html)
    rows = json.loads(client.get("/cohorts.json?kind=activation&event=used").text)
    assert [row["value"] for row in rows if row["period"] == 0 and row["value"] is not None] == [
        1 / 3,
        1.0,
        0.0,
    ]  # a1 of a1, a2 and a3; a4; not a5
    assert "Did you mean 'used'?" in words(client.get("/cohorts?kind=activation&event=usde").text)
    both = client.get("/cohorts?kind=activation&event=used&milestone=launch")
    assert (both.status_code, "not for both" in both.text) == (400, True)
    assert client.get("/cohorts?event=used").status_code == 400  # only activation is about one
    assert (
        "event="
        not in client.get("/cohorts?kind=activation&event=used")
        .text.partition('aria-label="Milestone"')[2]
        .partition("</nav>")[0]
    )


def test_a_grain_for_which_a_page_has_no_room_is_said(client: Client) -> None:
    assert "There is no room here for days, so that this is by month." in words(client.get("/cohorts?grain=day").text)
    assert "There is no room here" not in words(client.get("/cohorts?grain=week").text)


def test_readings_are_of_those_whom_a_filter_leaves(client: Client) -> None:
    text = words(client.get("/readings?where=region:North&at=2024-05-01").text)
    assert "region: North" in text
    assert "€210.00" in text  # 150 of a1 and 60 of a3
