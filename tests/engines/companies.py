"""The companies that engines are compared on, the readings, and what is not equal."""

from __future__ import annotations

import os
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import benchmarks.company

from tenure.conformance import Company
from tenure.facts.fact import facts
from tenure.policy import PRESETS, Policy
from tenure.sources import demo, nasty
from tenure.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from tenure.conformance import Conformance

OTHER = {
    "churn_at": "request",
    "reactivation_gap_days": "40",
    "settle_minutes": "0",
    "fx": "latest",
    "week_factor": "4.33",
}
POLICIES = [*map(Policy, PRESETS), Policy("tenure", OTHER)]
ACCOUNTS = int(os.environ.get("TENURE_TEST_ACCOUNTS", "5000"))
"""Of the large company: `TENURE_TEST_ACCOUNTS=50000 make test-engines ARGS="-k size"` is size M, five million events."""


def awkward(seed: int = 1, *, extreme: bool = False) -> Company:
    made = nasty.company(seed, extreme=extreme)
    return Company(f"nasty {seed}", partial(demo.write, tables=made), nasty.settings())


def believable(accounts: int, months: int) -> Company:
    made = demo.company(accounts=accounts, months=months, until=date(2026, 7, 1))
    return Company(f"demo of {accounts}", partial(demo.write, tables=made), demo.settings())


def large(accounts: int = ACCOUNTS) -> Company:
    """The company of the benchmarks: four years of subscriptions, two of events, a hundred of them an account."""

    def files(folder: Path) -> list[Path]:
        benchmarks.company.write(folder, accounts)
        return [path for name in TABLES if (path := next(folder.rglob(f"{name}.parquet"), None))]

    return Company(f"{accounts} accounts", files, 'currency = "EUR"\n')


def differing(reports: list[Conformance]) -> list[tuple[str, str, str | None]]:
    """What is not equal, of reports that have every fact."""
    assert all([fact.name for fact in report.facts] == list(facts()) for report in reports)
    return [
        (report.policy.preset, one.name, one.difference)
        for report in reports
        for one in (*report.facts, *report.metrics)
        if not one.is_equal
    ]
