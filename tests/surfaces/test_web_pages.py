"""Every page in a real browser: no complaint, no foreign request, readable at every width, in light and dark, by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from surfaces.accessible import faults
from surfaces.serving import serving
from surfaces.test_web_browser import CONTRAST, Seen
from surfaces.test_web_lists import FILES
from surfaces.web_company import SETTINGS, company

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Request

PAGES = (
    "",
    "family/customers",
    "family/support",
    "metric/customer_churn_rate?by=plan",
    "metric/customer_churn_rate/explain?at=2024-04-01",
    "metric/mrr/why?at=2024-04-01",
    "metric/nps",
    "customers?q=a",
    "customers/a1",
    "customers?sort=plan,-monthly&by=region",
    "movements?grain=quarter",
    "cohorts?by=region",
    "cohorts?kind=survival",
    "cohorts?kind=activation",
    "renewals?by=region",
    "renewals?show=past",
    "feedback?at=2024-05-01&by=region",
    "feedback?at=2024-05-01&show=unanswered&filter=region",
    "settings",
    "readings?against=stripe",
    "data",
    "?filter=plan&where=region:Nort",
    "views",
    "search?q=a",
    "metric/mmr",
)
SELDOM = [
    (width, scheme) for width in (360, 1280, 2560) for scheme in ("light", "dark") if (width, scheme) != (360, "dark")
]
RELEASES = "release_id,happened_at,name,kind\nv1,2024-03-05T08:00:00Z,Boards,product\n"
PERIODS = "subscription_id,account_id,plan,starts_at,unit_amount\ns8,a1,a plan of a rather long name indeed,2024-06-01T10:00:00Z,-1\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("company")
    company(folder, SETTINGS, {**FILES, "releases": RELEASES, "subscription_periods": PERIODS}).close()
    with serving(folder / "store") as server:
        yield server.page


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "dark"),
        *(pytest.param(width, scheme, marks=pytest.mark.soak) for width, scheme in SELDOM),
    ],
)
def test_every_page_is_whole_at_every_width(browser: Browser, address: str, width: int, scheme: str) -> None:
    seen = Seen(browser, width, scheme)
    for path in PAGES:
        answer = seen.page.goto(address + path)
        assert answer is not None
        assert answer.status == (400 if path == "metric/mmr" else 200), path
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert seen.page.locator("h1").count() == 1, path
        assert (
            seen.page.evaluate(
                "[...document.querySelectorAll('[id]')].map(e => e.id).filter((id, n, all) => all.indexOf(id) !== n)"
            )
            == []
        )
        assert seen.page.evaluate(CONTRAST) == [], path
        assert faults(seen.page) == [], path
    assert [said for said in seen.complaints if "400 (Bad Request)" not in said] == []
    assert all(url.startswith(address) for url in seen.requests)
    seen.context.close()


def test_a_churn_number_leads_to_its_customers_in_three_clicks(browser: Browser, address: str) -> None:
    seen = Seen(browser)
    seen.page.goto(f"{address}?at=2024-04-01")
    seen.page.get_by_role("heading", name="Customer churn").first.get_by_role("link").click()
    seen.page.get_by_role("link", name="Explain April 2024").click()
    seen.page.get_by_role("link", name="Bo", exact=True).first.click()
    seen.page.wait_for_url("**/customers/a2")
    assert seen.page.locator("h1").inner_text() == "Bo"
    assert seen.complaints == []
    seen.context.close()


def test_the_digits_of_the_page_are_those_of_its_file(browser: Browser, address: str) -> None:
    seen = Seen(browser, 360)
    for query in ("", "?grain=quarter", "?where=plan:basic"):
        seen.page.goto(f"{address}metric/customer_churn_rate{query}")
        rows = seen.page.evaluate(
            "async (url) => (await (await fetch(url)).json()).rows",
            f"{address}metric/customer_churn_rate/answer.json{query}",
        )
        told = seen.page.locator("section[aria-labelledby=numbers] tbody td:nth-child(2)").all_inner_texts()
        assert told == ["—" if row["value"] is None else f"{row['value']:.1%}" for row in reversed(rows)]
    seen.context.close()


def test_back_forward_and_a_shared_address_give_the_same_page(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280)
    seen.page.goto(f"{address}metric/mrr")
    seen.page.get_by_label("Segment").select_option("plan")
    seen.page.wait_for_url("**/metric/mrr?by=plan")
    seen.page.get_by_role("link", name="Quarter", exact=True).click()
    seen.page.wait_for_url("**/metric/mrr?grain=quarter&by=plan")
    shared = seen.page.locator("main").inner_text()
    seen.page.go_back()
    seen.page.go_forward()
    assert seen.page.locator("main").inner_text() == shared
    other = Seen(browser, 1280)
    other.page.goto(seen.page.url)
    assert other.page.locator("main").inner_text() == shared
    other.context.close()
    seen.context.close()


def test_on_a_small_screen_the_pages_are_behind_a_button(browser: Browser, address: str) -> None:
    seen = Seen(browser, 360)
    seen.page.goto(address)
    support = seen.page.get_by_role("link", name="Support")
    assert not support.is_visible()
    seen.page.get_by_role("button", name="Menu").press("Enter")
    assert support.is_visible()
    seen.page.keyboard.press("Escape")
    assert not support.is_visible()
    seen.page.get_by_role("button", name="Menu").click()
    support.click()
    seen.page.wait_for_url("**/family/support")
    seen.context.close()


def test_lists_are_sorted_sifted_and_read_by_clicks(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280)
    page = seen.page
    page.goto(f"{address}customers?sort=plan")
    page.locator("a.also[href$=monthly]").click()
    page.wait_for_url("**/customers?sort=plan%2C-monthly")
    assert page.locator("tbody th a").all_inner_texts()[:2] == ["Cy", "Di"]
    page.goto(f"{address}feedback?at=2024-05-01")
    page.locator("select[name=stance]").select_option("detractor")
    page.wait_for_url("**/feedback?at=2024-05-01&stance=detractor*")
    assert page.locator(".voices .words").all_inner_texts() == ["=Bad"]
    page.get_by_role("link", name="Di", exact=True).click()
    page.wait_for_url("**/customers/a4")
    page.goto(f"{address}cohorts?kind=survival")
    page.locator(".plot .full .band").nth(3).hover()
    assert page.locator("#tip").inner_text().startswith("3 months after joining")
    assert seen.complaints == []
    seen.context.close()


def test_what_has_the_focus_is_seen_to_have_it(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280)
    seen.page.goto(f"{address}metric/mrr")
    for _ in range(30):
        seen.page.keyboard.press("Tab")
        style = "getComputedStyle(document.activeElement)"
        assert seen.page.evaluate(f"{style}.outlineStyle !== 'none' || document.activeElement === document.body")
    seen.context.close()


def test_without_scripts_the_controls_work(browser: Browser, address: str) -> None:
    seen = Seen(browser, script=False)
    seen.page.goto(f"{address}metric/mrr")
    seen.page.get_by_label("Against").select_option("year")
    seen.page.locator("button.plain").first.click()
    assert "compare=year" in seen.page.url
    seen.page.goto(f"{address}customers")
    seen.page.get_by_role("searchbox").fill("Cy")
    seen.page.get_by_role("button", name="Search").click()
    assert seen.page.locator("tbody tr").count() == 1
    seen.context.close()


def test_on_paper_the_numbers_stand_alone(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280)
    seen.page.goto(f"{address}metric/mrr")
    seen.page.emulate_media(media="print")
    assert not seen.page.locator(".places").is_visible()
    assert not seen.page.locator(".controls").is_visible()
    assert seen.page.locator("section[aria-labelledby=numbers] table").is_visible()
    seen.context.close()


def test_the_palette_leads_anywhere_by_keys_and_gives_the_focus_back(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280)
    seen.page.goto(f"{address}metric/mrr?grain=quarter")
    before = seen.page.get_by_role("link", name="Movements")
    before.focus()
    seen.page.keyboard.press("Control+k")
    assert faults(seen.page) == []
    box = seen.page.get_by_role("combobox", name="A page, a metric or a customer")
    box.fill("quick rat")
    chosen = seen.page.locator("#found [aria-selected=true]")
    expect(chosen).to_contain_text("Quick ratio")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    for _ in range(5):
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#palette')"
        )
    seen.page.keyboard.press("Escape")
    assert seen.page.evaluate("document.activeElement.textContent") == "Movements"
    seen.page.keyboard.press("/")
    box.fill("ad")
    expect(seen.page.locator("#found li", has_text="Ada")).to_have_count(1)
    while "Ada" not in chosen.inner_text():
        seen.page.keyboard.press("ArrowDown")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/customers/a1")
    seen.page.keyboard.press("/")
    box.fill("quick ratio")
    expect(chosen).to_contain_text("Quick ratio")
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/metric/quick_ratio")
    assert seen.complaints == []
    seen.context.close()


def test_a_question_mark_lists_the_keys(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280, "dark")
    seen.page.goto(f"{address}customers")
    seen.page.locator("body").press("?")
    keys = seen.page.get_by_role("dialog", name="Keys")
    assert keys.is_visible()
    assert faults(seen.page) == []
    seen.page.keyboard.press("Escape")
    assert not keys.is_visible()
    seen.context.close()


def test_a_chart_tells_its_numbers_to_keys_and_fingers(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(f"{address}metric/customer_churn_rate")
    tip, chart = page.locator("#tip"), page.locator(".plot").first
    chart.focus()
    page.keyboard.press("Home")
    assert "June 2023" in tip.inner_text()
    page.keyboard.press("ArrowRight")
    assert "July 2023" in tip.inner_text()
    assert "/metric/customer_churn_rate" in page.url  # the arrows belong to the chart while it has the focus
    page.keyboard.press("End")
    assert "June 2024 (to 12 June)" in tip.inner_text()
    page.keyboard.press("Escape")
    assert not tip.is_visible()
    page.locator(".plot .narrow .band[data-about^='April 2024']").tap()
    assert "25.0%" in tip.inner_text()
    page.locator("h1").tap()
    assert not tip.is_visible()
    context.close()


def test_nothing_moves_for_whom_motion_is_too_much(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(address)
    moving = """() => [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules])
        .filter((rule) => rule instanceof CSSViewTransitionRule || /transition:|animation:/.test(rule.cssText))
        .map((rule) => rule.cssText)"""
    plain = [rule for rule in page.evaluate(moving) if not rule.startswith("@media")]
    calm = page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert calm
    assert all("view-transition" in rule for rule in plain)
    css = page.evaluate("async () => (await fetch(document.querySelector('link[rel=stylesheet]').href)).text()")
    assert "@media (prefers-reduced-motion: reduce) { @view-transition { navigation: none; } }" in css
    context.close()


def test_without_scripts_filters_are_chosen_and_views_kept(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280, script=False)
    seen.page.goto(f"{address}metric/mrr")
    seen.page.locator("summary", has_text="Filter").click()
    seen.page.get_by_label("Only those with").select_option("region")
    seen.page.get_by_role("button", name="Show its values").click()
    seen.page.get_by_role("link", name="South", exact=True).click()
    assert seen.page.url.endswith("/metric/mrr?where=region%3ASouth")
    seen.page.locator("summary", has_text="Save").click()
    seen.page.get_by_label("Name of this view").fill("The south")
    seen.page.get_by_role("button", name="Save", exact=True).click()
    assert seen.page.url.endswith("/metric/mrr?where=region%3ASouth")
    seen.page.goto(address)
    seen.page.get_by_role("link", name="The south").click()
    assert seen.page.url.endswith("/metric/mrr?where=region%3ASouth")
    seen.page.goto(f"{address}views")
    seen.page.get_by_label("New name of The south").fill("Down there")
    seen.page.get_by_role("button", name="Rename The south").click()
    assert seen.page.get_by_role("main").get_by_role("link", name="Down there").is_visible()
    seen.page.get_by_role("button", name="Delete Down there").click()
    assert "None yet" in seen.page.locator("main").inner_text()
    seen.page.goto(f"{address}search?q=churn")
    seen.page.get_by_role("link", name="Customer churn").first.click()
    assert "/metric/customer_churn_rate" in seen.page.url
    seen.context.close()


def test_a_page_that_another_site_sends_a_form_from_changes_nothing(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280)
    seen.page.goto("data:text/html,<form method=post action=" + address + "views><input name=name value=planted>"
                   "<input name=page value=/><button>go</button></form>")  # fmt: skip
    with seen.page.expect_navigation():
        seen.page.get_by_role("button").click()
    assert "Only the forms of this dashboard" in seen.page.locator("main").inner_text()
    seen.page.goto(f"{address}views")
    assert "planted" not in seen.page.locator("main").inner_text()
    seen.context.close()


def test_the_first_view_is_few_requests_and_few_bytes(browser: Browser, address: str) -> None:
    seen = Seen(browser)
    sizes: list[int] = []

    def count(asked: Request) -> None:
        said = asked.sizes()
        sizes.append(said["responseBodySize"] + said["responseHeadersSize"])

    seen.page.on("requestfinished", count)
    seen.page.goto(address)
    assert len(seen.requests) <= 8
    assert sum(sizes) < 100_000  # 400 kB are allowed: what a large company's page takes is not far from this one's
    seen.context.close()


def test_a_page_on_paper_is_light_has_its_policy_and_shows_every_number(browser: Browser, address: str) -> None:
    seen = Seen(browser, 1280, "dark")
    seen.page.goto(f"{address}?at=2024-04-01")
    seen.page.emulate_media(media="print", color_scheme="dark")
    assert seen.page.evaluate("getComputedStyle(document.body).color") == "rgb(19, 22, 31)"
    assert seen.page.locator("footer").is_visible()
    assert "Europe/Berlin" in seen.page.locator("footer").inner_text()
    assert not seen.page.locator(".keys").is_visible()
    pdf = seen.page.pdf(format="A4", print_background=True)
    assert pdf.startswith(b"%PDF")
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 1280
    seen.context.close()
