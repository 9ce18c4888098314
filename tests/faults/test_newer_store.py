"""A store that a newer version wrote is left alone, with one sentence; one of an earlier version is used as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import tenure
from tenure.errors import StoreVersionError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_store_of_a_newer_version(tmp_path: Path) -> None:
    with tenure.open(tmp_path / "acme") as store:
        store._con.execute("UPDATE meta.store SET version = 99")
    with pytest.raises(StoreVersionError, match=r"newer version of Tenure .*pip install --upgrade tenure"):
        tenure.open(tmp_path / "acme")


def test_what_an_earlier_version_froze(tmp_path: Path) -> None:
    """It did not say in which currency: it is taken for the company's, and beside it more can be frozen."""
    periods = "subscription_id,account_id,starts_at,unit_amount\ns1,ada,2024-01-01,100\n"
    (tmp_path / "subscription_periods.csv").write_text(periods, encoding="utf-8")
    with tenure.open(tmp_path / "acme") as store:
        store.load(tmp_path / "subscription_periods.csv")
        store.freeze("2024-02", "mrr")
        store._con.execute("ALTER TABLE meta.frozen DROP COLUMN currency")
    with tenure.open(tmp_path / "acme") as store:
        store.freeze("2024-03", "mrr")
        told = store.restate().numbers
    assert {(one.period, one.currency_then, float(one.then or 0), one.has_moved) for one in told} == {
        ("2024-02", "USD", 100.0, False),
        ("2024-03", "USD", 100.0, False),
    }
