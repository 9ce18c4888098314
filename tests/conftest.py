"""What every test may rely on: Hypothesis profiles, a real browser, and that nothing is skipped in CI."""

from __future__ import annotations

import os
import shutil
import signal
from functools import partial
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Generator

IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# A shell that runs the tests in its background has them ignore Ctrl-C, and so all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests run side by side, one on each core, over companies of a few rows: a database's own threads would only wait for each other.
duckdb.connect = partial(duckdb.connect, config={"threads": 1})

# A deadline would measure the machine, not the code. The everyday run tries the same examples each time, so that a
# failure belongs to the change at hand; the soak run draws new ones.
settings.register_profile(
    "everyday", deadline=None, derandomize=True, max_examples=25, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "soak",
    deadline=None,
    derandomize=False,
    max_examples=1_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("everyday")


SHORT = ("facts", "house", "store", "tables", "tests")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole companies first: what is left for the end is short, so that no worker has long to wait for the other."""
    items.sort(key=lambda item: item.path.parent.name in SHORT)


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Where Chromium is; the test is skipped where there is none, and fails in CI."""
    for name in BROWSERS:
        if path := shutil.which(name):
            return path
    pytest.skip("No Chromium was found: `apt-get install chromium`, then this test drives it.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a skipped test is a failed one: what did not run was not shown to work."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"Skipped, and in CI nothing may skip: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """A whole module that is skipped fails likewise."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome, report.longrepr = "failed", f"Skipped, and in CI nothing may skip: {report.longrepr}"
    return report
