"""A page that is left open: what is loaded meanwhile appears on it, where the reader is."""

from __future__ import annotations

import re
import signal
import time
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect, sync_playwright

from surfaces.serving import Server, serving
from surfaces.shell import tenure
from surfaces.web_company import company
from tenure.config import Settings
from tenure.surfaces.web.view import View, frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

expect.set_options(timeout=60_000)
numbers = count(1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    company(folder).close()
    return folder / "store"


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with serving(home) as server:
        yield server


@pytest.fixture
def page(browser_path: str) -> Iterator[Page]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 600})
        page.set_default_timeout(60_000)
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        yield page
        browser.close()
        assert faults == []


def bring(home: Path) -> str:
    """A new customer comes in, as another process brings it; says the name."""
    number = next(numbers)
    files = home.parent / f"new{number}"
    files.mkdir()
    (files / "accounts.csv").write_text(f"account_id,name\nn{number},Newcomer {number}\n")
    (files / "subscription_periods.csv").write_text(
        f"subscription_id,account_id,plan,starts_at,unit_amount\nsn{number},n{number},pro,2024-06-12T10:00:00Z,10\n"
    )
    said = tenure("--store", home, "import", files)
    assert said.code == 0, said.err
    return f"Newcomer {number}"


def test_a_load_appears_by_itself_and_the_reader_stays_where_he_is(home: Path, server: Server, page: Page) -> None:
    page.goto(server.page + "?at=2024-06-01")
    before = page.locator("main").inner_text()
    page.evaluate("window.untouched = true; document.querySelector('main details:not(.window)').open = true")
    page.evaluate("document.querySelector('main a[href*=\"/metric/\"]').focus(); scrollTo(0, 300)")
    focused = page.evaluate("document.activeElement.href")
    name = bring(home)
    expect(page.locator("#news")).to_have_text(re.compile(r"^Updated \d\d:\d\d$"))
    assert page.locator("main").inner_text() != before
    assert page.evaluate("window.untouched") is True
    assert page.evaluate("document.querySelector('main details:not(.window)').open") is True
    assert page.evaluate("document.activeElement.href") == focused
    assert page.evaluate("scrollY") == 300
    shown = page.locator("main").inner_text()
    answer = tenure(
        "--store", home, "ask", "mrr", "--from", "2024-06-01", "--to", "2024-06-13", "--format", "json"
    ).json
    assert f"{answer['rows'][0]['value']:,.2f}" in shown or f"{answer['rows'][0]['value']:,.0f}" in shown
    page.locator(
        ".plot .wide .band[data-about^='April 2024']"
    ).first.hover()  # charts that came later answer to the pointer too
    expect(page.locator("#tip")).to_be_visible()
    page.goto(server.page + "customers")
    expect(page.locator("main")).to_contain_text(name)


def test_what_is_being_typed_is_not_taken_away(home: Path, server: Server, page: Page) -> None:
    page.goto(server.page + "customers")
    search = page.locator("main input[type=search], main input[name=q]").first
    search.fill("Ada")
    name = bring(home)
    time.sleep(1.5)
    assert search.input_value() == "Ada"
    assert name not in page.locator("main").inner_text()
    search.fill("")
    expect(page.locator("main")).to_contain_text(name)


def test_a_tab_that_nobody_sees_asks_for_nothing_until_it_is_seen(home: Path, server: Server, page: Page) -> None:
    page.goto(server.page + "customers")
    hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
    page.evaluate(hide + " document.dispatchEvent(new Event('visibilitychange')); }", arg=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    name = bring(home)
    time.sleep(1.5)
    assert asked == []
    page.evaluate(hide + " document.dispatchEvent(new Event('visibilitychange')); }", arg=False)
    expect(page.locator("main")).to_contain_text(name)


def test_other_settings_appear_too_and_broken_ones_change_nothing(home: Path, server: Server, page: Page) -> None:
    toml = home / "tenure.toml"
    before = toml.read_text()
    page.goto(server.page)
    try:
        toml.write_text("currency = 7\n")
        time.sleep(1)
        page.reload()
        expect(page).to_have_title(re.compile("Brightside & Sons"))
        toml.write_text(before.replace("Brightside", "Sunnyside"))
        expect(page).to_have_title(re.compile("Sunnyside & Sons"))
    finally:
        toml.write_text(before)
    expect(page).to_have_title(re.compile("Brightside & Sons"))


@pytest.mark.parametrize(
    ("now", "hours", "shown"),
    [
        ("2026-10-25T22:30", 25, "2026-10-25T22:00"),
        ("2026-03-29T21:59", 23, "2026-03-29T22:00"),
        ("2026-06-01T22:10", 1, "2026-06-02"),
    ],
    ids=["the clock goes back", "the clock goes forward", "just after midnight"],
)
def test_today_is_every_hour_of_the_companys_day_so_far(now: str, hours: int, shown: str) -> None:
    """Of a store that heard nothing for months, too: nothing happened is what is known of today."""
    settings = Settings(timezone="Europe/Berlin")
    first, last, until = map(datetime.fromisoformat, ("2024-01-01", "2026-01-01", now))
    today = frame(View(grain="hour", span="today"), settings, first, last, until)
    assert len(today.periods) == hours
    assert today.until == until
    assert today.address(today.shown.opens) == shown
    assert all(period.whole_closes - period.whole_opens == timedelta(hours=1) for period in today.periods)


def test_today_is_offered_at_every_grain_and_is_shown_by_the_hour(server: Server) -> None:
    with urlopen(server.page, timeout=20) as answer:  # noqa: S310 - the page of this test
        assert 'href="/?grain=hour&amp;range=today"' in answer.read().decode()
    with urlopen(server.page + "?grain=hour&range=today", timeout=20) as answer:  # noqa: S310 - likewise
        assert "Today" in answer.read().decode()


def test_a_stream_says_at_once_what_was_missed(server: Server) -> None:
    """As after the way was cut for a while."""
    with urlopen(server.page + "events?since=0-0", timeout=20) as stream:  # noqa: S310 - the page of this test
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = [stream.readline().decode().strip() for _ in range(4)]
    assert lines[0] == "retry: 2000"
    assert lines[2].startswith("id: ")
    assert lines[3].startswith("data: ")


def test_open_pages_do_not_keep_the_server_from_ending(tmp_path: Path, page: Page) -> None:
    company(tmp_path).close()
    with serving(tmp_path / "store") as server:
        page.goto(server.page)
        page.wait_for_timeout(500)
        began = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 130
        assert time.monotonic() - began < 10
