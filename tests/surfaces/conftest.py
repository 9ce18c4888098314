"""What the tests of the dashboard share: their store as it is served, and a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from surfaces.web_company import Client, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from tenure.library import Store


@pytest.fixture(scope="module")
def client(store: Store) -> Iterator[Client]:
    """Asks the pages of the module's store."""
    with served(store) as client:
        yield client


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    """One for a module: two of them cannot run in one process."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        yield browser
        browser.close()
