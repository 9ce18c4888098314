"""When the minute turns nobody waits: a page is shown as it was, says so, and is there anew a moment later."""

from __future__ import annotations

import http.client
import re
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

import pytest
from playwright.sync_api import expect, sync_playwright

from surfaces.web_company import Client, company, served
from tenure.surfaces.web import live, memory, view
from tenure.surfaces.web.memory import OLDEST
from tenure.surfaces.web.renewal import RENEWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    from tenure.library import Store

JUNE = "/?at=2024-06-01"
BEFORE, AFTER = ("12 June 2024, 11:59", "€260.50"), ("12 June 2024, 12:00", "€300.50")
"""Up to when the page is, and the MRR of then: a5 comes at 12:00, the last thing known."""


class Clock(datetime):
    """Stands, until it is turned."""

    at = datetime(2024, 6, 12, 9, 59, 30, tzinfo=UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls.fromisoformat(cls.at.astimezone(tz).isoformat())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with company(tmp_path) as store:
        yield store


@pytest.fixture
def client(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setattr(memory, "datetime", Clock)
    monkeypatch.setattr(live, "datetime", Clock)
    monkeypatch.setattr(view, "datetime", Clock)
    monkeypatch.setattr(Clock, "at", Clock.at)
    with served(store) as client:
        yield client


def told(html: str) -> tuple[str, str]:
    """Up to when a page of the overview is, wherever it says so, and its MRR."""
    moments = set(re.findall(r"Data to(?:</span>)? (12 June 2024, \d\d:\d\d)", html))
    assert len(moments) == 1, moments
    mrr = re.search(r'aria-labelledby="tile-mrr".*?class="value"><span[^>]*>([^<]*)<', html, re.DOTALL)
    assert mrr
    return moments.pop(), mrr[1]


def soon(client: Client, wanted: tuple[str, str]) -> None:
    """Waits until the page is as it should be; whatever is shown meanwhile is of one of the two instants."""
    for _ in range(200):
        shown = told(client.get(JUNE).text)
        if shown == wanted:
            return
        assert shown == BEFORE
        time.sleep(0.05)
    pytest.fail(f"still {shown}")


def test_a_page_of_a_minute_ago_is_shown_whole_and_made_anew_meanwhile(client: Client) -> None:
    assert told(client.get(JUNE).text) == BEFORE
    Clock.at += timedelta(minutes=2)
    assert told(client.get(JUNE).text) == BEFORE
    soon(client, AFTER)


def test_a_page_that_was_never_asked_for_or_long_ago_is_of_now(client: Client) -> None:
    assert told(client.get(JUNE).text) == BEFORE
    Clock.at += timedelta(minutes=2)
    assert told(client.get(JUNE + "&compare=none").text) == AFTER
    Clock.at += OLDEST
    assert told(client.get(JUNE).text) == AFTER


def test_what_came_in_is_shown_at_once(client: Client, store: Store, tmp_path: Path) -> None:
    assert told(client.get(JUNE).text) == BEFORE
    row = "subscription_id,account_id,plan,starts_at,unit_amount\ns6,a2,pro,2024-06-02T10:00:00Z,1000\n"
    (tmp_path / "subscription_periods.csv").write_text(row)
    store.load(tmp_path / "subscription_periods.csv")
    Clock.at += timedelta(minutes=2)
    assert told(client.get(JUNE).text) == (AFTER[0], "€1,300")


def test_today_ends_now(client: Client) -> None:
    today = "/?grain=hour&range=today"
    assert told(client.get(today).text)[0] == BEFORE[0]
    Clock.at += timedelta(minutes=2)
    assert told(client.get(today).text)[0] == AFTER[0]


def test_an_open_page_that_asks_for_news_sets_nothing_going(client: Client) -> None:
    client.get(JUNE)
    Clock.at += timedelta(minutes=2)
    for _ in range(2):
        assert told(client.get(JUNE, {RENEWS: "1"}).text) == BEFORE
        time.sleep(0.7)


def test_the_stream_of_a_page_says_when_it_is_there_anew(client: Client) -> None:
    news = re.search(r'data-news="([^"]*)"', client.get(JUNE).text)
    assert news
    assert news[1].endswith("@2024-06-12T09:59:00")
    stream = http.client.HTTPConnection("127.0.0.1", client.port, timeout=20)
    stream.request("GET", f"/events?since={news[1]}&page=/%3Fat%3D2024-06-01")
    lines = stream.getresponse()
    assert lines.readline() == b"retry: 2000\n"
    Clock.at += timedelta(minutes=2)
    client.get("/?at=2024-05-01")  # another page is no news to this one
    client.get(JUNE)
    found = [lines.readline().decode().strip() for _ in range(3)]
    assert found[1:] == [f"id: {news[1].partition('@')[0]}@2024-06-12T10:01:00", "data: 12:01"]
    stream.close()


def test_an_open_page_is_renewed_where_it_stands(client: Client, browser_path: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{client.port}{JUNE}")
        page.evaluate("window.untouched = true")
        page.wait_for_timeout(500)
        Clock.at += timedelta(minutes=2)
        assert told(client.get(JUNE).text) == BEFORE
        expect(page.locator("#news")).to_have_text("Updated 12:01", timeout=30_000)
        expect(page.locator("article", has=page.locator("#tile-mrr")).locator(".value")).to_have_text(AFTER[1])
        assert page.evaluate("window.untouched") is True
        browser.close()
