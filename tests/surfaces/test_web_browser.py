"""The real server, seen by a real browser: no error, no violation, readable at every width, usable by keys."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from surfaces.serving import serving
from surfaces.web_company import company

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("company")
    company(folder).close()
    with serving(folder / "store") as server:
        yield server.page


class Seen:
    """A page that remembers what its browser complained about and asked for."""

    def __init__(self, browser: Browser, width: int = 1440, scheme: str = "light", *, script: bool = True) -> None:
        shape = {"width": width, "height": 900}
        self.context = browser.new_context(viewport=shape, color_scheme=scheme, java_script_enabled=script)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text))
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on("request", lambda asked: self.requests.append(asked.url))


@pytest.mark.parametrize("width", [1440, 820, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_stands_without_complaint_and_never_scrolls_sideways(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    seen = Seen(browser, width, scheme)
    for query in ("", "?by=plan", "?grain=day&cohorts=revenue") if scheme == "light" else ("",):
        seen.page.goto(address + query)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        assert seen.page.locator(".plot svg:visible").count() == 3
    assert seen.complaints == []
    seen.context.close()


def test_the_page_takes_four_requests_all_of_its_own(browser: Browser, address: str) -> None:
    seen = Seen(browser)
    seen.page.goto(address)
    assert len(seen.requests) <= 4
    assert all(url.startswith(address) for url in seen.requests)
    seen.context.close()


def test_the_pointer_on_a_month_shows_its_numbers(browser: Browser, address: str) -> None:
    seen = Seen(browser)
    seen.page.goto(address)
    band = seen.page.locator(".plot .wide .band[data-about^='April 2024']").first
    band.hover()
    tip = seen.page.locator("#tip")
    assert tip.is_visible()
    assert "April 2024" in tip.inner_text()
    assert "−€80.00" in tip.inner_text()
    assert seen.complaints == []
    seen.context.close()


def test_keys_lead_from_month_to_month_and_grain_to_grain(browser: Browser, address: str) -> None:
    seen = Seen(browser)
    seen.page.goto(address)
    seen.page.keyboard.press("ArrowLeft")
    seen.page.wait_for_url("**/?at=2024-04-01")
    seen.page.keyboard.press("q")
    seen.page.wait_for_url("**/?grain=quarter")
    assert "Q1 2024" in seen.page.locator(".sub").inner_text()
    seen.context.close()


def test_the_first_tab_skips_to_the_numbers(browser: Browser, address: str) -> None:
    seen = Seen(browser)
    seen.page.goto(address)
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.className") == "skip"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "main"
    seen.context.close()


def test_a_question_mark_says_what_a_number_means(browser: Browser, address: str) -> None:
    seen = Seen(browser)
    seen.page.goto(address)
    seen.page.get_by_role("button", name="What Customer churn means").press("Enter")
    why = seen.page.locator("[popover]:popover-open")
    assert "Definition" in why.inner_text()
    assert "2Checkout" in why.inner_text()
    seen.page.keyboard.press("Escape")
    assert why.count() == 0
    assert seen.complaints == []
    seen.context.close()


def test_a_choice_of_segment_is_shown_at_once(browser: Browser, address: str) -> None:
    seen = Seen(browser, 390)
    seen.page.goto(address)
    seen.page.get_by_label("Segment").select_option("plan")
    seen.page.wait_for_url("**/?by=plan")
    assert seen.page.get_by_role("link", name="basic").is_visible()
    assert seen.complaints == []
    seen.context.close()


def test_without_scripts_the_page_is_whole(browser: Browser, address: str) -> None:
    seen = Seen(browser, script=False)
    seen.page.goto(address)
    assert seen.page.locator(".plot svg:visible").count() == 3
    seen.page.get_by_label("Segment").select_option("plan")
    seen.page.get_by_role("button", name="Show", exact=True).click()
    assert "by=plan" in seen.page.url
    seen.context.close()


CONTRAST = """() => {
  // a mixed colour is told in shares of one, and not of 255
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map((n, i) => (text.startsWith("color(") && i < 3 ? 255 : 1) * n);
  const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0.99) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("main *, header *, footer *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility({ opacityProperty: true }) || node.closest("[aria-hidden]")) continue;
    const svg = node instanceof SVGElement;
    const style = getComputedStyle(node);
    const [a, b] = [light(parse(svg ? style.fill : style.color)), light(ground(svg ? node.closest("div") : node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${node.textContent.trim()} ${ratio.toFixed(2)}`);
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_that_readers_need(browser: Browser, address: str, scheme: str) -> None:
    seen = Seen(browser, scheme=scheme)
    for query in ("?by=plan", "?where=plan:basic"):
        seen.page.goto(address + query)
        assert seen.page.evaluate(CONTRAST) == []
    seen.context.close()


def test_a_wide_screen_has_all_charts_in_one_row_and_a_narrow_one_the_whole_triangle(
    browser: Browser, address: str
) -> None:
    wide, narrow = Seen(browser, 2560), Seen(browser, 1280)
    wide.page.goto(address)
    tops = wide.page.locator(".charts > .card").evaluate_all("cards => cards.map((c) => c.getBoundingClientRect().top)")
    assert len(tops) == 4
    assert len(set(tops)) == 1
    sizes = "texts => texts.map((t) => t.getBoundingClientRect().height)"
    assert max(wide.page.locator(".plot svg:visible text").evaluate_all(sizes)) < 24
    left = "h1 => h1.getBoundingClientRect().left"
    overview = wide.page.locator("h1").evaluate(left)
    wide.page.goto(f"{address}settings")
    assert wide.page.locator("h1").evaluate(left) == overview
    narrow.page.goto(address)
    hidden = narrow.page.locator(".cohorts .scroll").evaluate("box => box.scrollWidth - box.clientWidth")
    assert hidden == 0
    for seen in (wide, narrow):
        seen.context.close()


def test_on_paper_no_number_is_broken_and_in_forced_colours_what_is_chosen_is_marked(
    browser: Browser, address: str
) -> None:
    seen = Seen(browser, 330)
    seen.page.goto(address)
    seen.page.emulate_media(media="print")
    broken = """cells => cells.filter((cell) => {
      const text = document.createRange();
      text.selectNodeContents(cell);
      return new Set([...text.getClientRects()].map((line) => line.top)).size > 1;
    }).map((cell) => cell.textContent)"""
    assert seen.page.locator(".numbers td:visible").count() > 10
    assert seen.page.locator(".numbers td").evaluate_all(broken) == []
    seen.page.emulate_media(media="screen", forced_colors="active")
    outline = "node => getComputedStyle(node).outlineStyle"
    assert seen.page.locator(".grains [aria-current]").evaluate(outline) == "solid"
    seen.context.close()


def test_a_port_that_is_taken_is_said_in_one_sentence(address: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    company(other).close()
    port = address.rsplit(":", 1)[1].strip("/")
    command = [sys.executable, "-m", "tenure", "--store", str(other / "store"), "serve", "--port", port]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_page_is_for_this_machine_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("open")
    company(folder).close()
    command = [sys.executable, "-m", "tenure", "--store", str(folder / "store"), "serve", "--host", "0.0.0.0"]  # noqa: S104 - the very thing that is refused
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert "would show the company's numbers to others" in done.stderr


def test_going_back_shows_the_controls_of_the_address(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}?by=region")
    page.select_option("select[name=compare]", "year")
    page.wait_for_url("**compare=year*")
    page.go_back()
    page.wait_for_url("**/?by=region")
    page.wait_for_function("document.querySelector('select[name=compare]').value === ''")
    assert page.input_value("select[name=by]") == "region"
    assert page.locator("select[name=compare]").is_enabled()
    page.go_forward()
    page.wait_for_url("**compare=year*")
    page.wait_for_function("document.querySelector('select[name=compare]').value === 'year'")
    page.close()
