"""Amounts beyond what a number holds to the last digit are a sentence, never a traceback and never a rounded number."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import tenure
from surfaces.shell import refused
from tenure.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

MUCH = 90_000_000_000
"""Nearly the most that one price may be."""


WINDOW = {"since": "2025-03-01", "until": "2025-04-01"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("large"), 4000)


def written(place: Path, accounts: int) -> Path:
    """A store with four thousand such prices, each half of it before March, of so many accounts."""
    head = "subscription_id,item_id,account_id,starts_at,ends_at,plan,unit_amount,quantity,billing_interval,currency"
    rows = (
        f"s{n % accounts},{n},a{n % accounts},{since},{until},p,{amount},1,month,EUR"
        for n in range(4000)
        for since, until, amount in (("2025-01-01", "2025-03-10", MUCH // 2), ("2025-03-10", "2025-05-10", MUCH))
    )
    (place / "subscription_periods.csv").write_text("\n".join((head, *rows)), encoding="utf-8")
    (place / "tenure.toml").write_text('currency = "EUR"\n', encoding="utf-8")
    with tenure.open(place) as store:
        assert all(table.quarantined == 0 for table in store.load([place / "subscription_periods.csv"]).tables)
    return place


def test_a_level_has_every_digit(folder: Path) -> None:
    with tenure.open(folder) as store:
        (row,) = store.ask("mrr", **WINDOW).rows
    assert row.value == Decimal(MUCH) * 4000


def test_a_rate_of_more_is_one_sentence(folder: Path) -> None:
    with tenure.open(folder) as store, pytest.raises(UsageError, match="add up to more than 100 trillion"):
        store.ask("net_revenue_retention", **WINDOW)
    for words in (["ask", "grr"], ["why", "nrr"]):
        told = refused("--store", folder, *words, "--from", "2025-03-01", "--to", "2025-04-01")
        assert told.startswith("Some amounts add up to more than 100 trillion, which no number here holds")


def test_a_ledger_of_more_is_one_sentence(tmp_path: Path) -> None:
    written(tmp_path, 1)
    told = refused("--store", tmp_path, "ask", "nrr")
    assert told.startswith("Some amounts add up to more than 100 trillion, which no number here holds")
