"""A company small enough to compute by hand, and how its files are written."""

from pathlib import Path
from textwrap import dedent

import tenure
from tenure.config import Settings

PERIODS = """
    subscription_id,account_id,plan,starts_at,ends_at,unit_amount,currency
    s1,ada,basic,2024-01-10,2024-03-10,50,EUR
    s1,ada,pro,2024-03-10,,80,EUR
    s2,bob,pro,2024-01-20,2024-03-20,100,USD
    s3,cyd,pro,2024-02-05,,100,EUR
"""
RATES = """
    day,currency,rate
    2024-01-01,USD,0.9
    2024-03-05,USD,1.1
"""
ACCOUNTS = """
    account_id,created_at,channel,Home Region
    ada,2023-12-01,paid,north
    bob,2024-01-01,organic,south
"""
SUBSCRIPTIONS = """
    subscription_id,account_id,ends_at,end_kind,end_reason
    s2,bob,2024-03-20,voluntary,price
"""


def write(folder: Path, **tables: str) -> Path:
    """The tables as CSV files of a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(dedent(text).strip() + "\n", encoding="utf-8")
    return folder


def small(folder: Path, **settings: object) -> tenure.Store:
    """A store in memory that holds the company."""
    store = tenure.open(":memory:", settings=Settings(currency="EUR", **settings))  # type: ignore[arg-type]
    store.load(
        write(folder, subscription_periods=PERIODS, fx_rates=RATES, accounts=ACCOUNTS, subscriptions=SUBSCRIPTIONS)
    )
    return store
