"""The ledgers follow what is loaded and what is set, whichever way the change comes."""

from pathlib import Path

import pytest

import tenure
from library.company import write
from tenure.config import Settings
from tenure.policy import Policy

LEDGERS = "the ledgers are the ones that the raw rows make"
PERIODS = "subscription_id,account_id,starts_at,ends_at,unit_amount,currency\n" + "".join(
    f"s{i},a{i},2024-01-01,,10,{'USD' if i == 0 else 'EUR'}\n" for i in range(20)
)
JANUARY = {"since": "2024-01-01", "until": "2024-02-01"}


def _sound(store: tenure.Store) -> bool:
    return store.doctor().ok


def test_a_rate_that_is_excluded(tmp_path: Path) -> None:
    """The day then takes the rate before it."""
    with tenure.open(":memory:", settings=Settings(currency="EUR")) as store:
        rates = "day,currency,rate\n2023-12-01,USD,0.5\n2024-01-01,USD,0.9\n"
        store.load(write(tmp_path, subscription_periods=PERIODS, fx_rates=rates))
        assert store.ask("new_mrr", **JANUARY).rows[0].value == 199
        store.load(write(tmp_path / "more", exclusions="table_name,id\nfx_rates,2024-01-01/USD\n"))
        assert store.ask("new_mrr", **JANUARY).rows[0].value == 195
        assert _sound(store)


def test_a_policy_that_comes_back(tmp_path: Path) -> None:
    """What was loaded while it was away is in its ledgers."""
    store = tenure.open(
        ":memory:", settings=Settings(currency="EUR", policy=Policy("tenure", {"movement_level": "subscription"}))
    )
    rates = "day,currency,rate\n2023-12-01,USD,0.5\n"
    store.load(write(tmp_path, subscription_periods=PERIODS, fx_rates=rates))
    store.settings = Settings(currency="EUR")
    gone = "subscription_id,account_id,starts_at,ends_at,unit_amount,currency\ns1,a1,2024-01-01,2024-02-01,10,EUR\n"
    store.load(write(tmp_path / "more", subscription_periods=gone))
    assert _sound(store)
    store.settings = Settings(currency="EUR", policy=Policy("tenure", {"movement_level": "subscription"}))
    assert _sound(store)
    assert store.ask("churned_mrr", since="2024-02-01", until="2024-03-01").rows[0].value == 10


@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_another_company_currency(tmp_path: Path, currency: str) -> None:
    """Numbers follow the setting."""
    store = tenure.open(":memory:", settings=Settings(currency="EUR"))
    rates = "day,currency,rate\n2023-12-01,USD,0.5\n2023-12-01,EUR,2\n"
    store.load(write(tmp_path, subscription_periods=PERIODS, fx_rates=rates))
    store.settings = Settings(currency=currency)
    assert store.ask("mrr", **JANUARY).rows[0].value == {"EUR": 195, "USD": 390}[currency]
    assert _sound(store)


@pytest.mark.parametrize(
    "when", ["2024-01-01", "2024-01-01T00:00:00Z", "2024-01-01 00:00:00", "2024-01-01T01:00:00+01:00"]
)
def test_an_excluded_period(tmp_path: Path, when: str) -> None:
    """Its instant may be written in any way; one that names nothing is listed by the doctor."""
    store = tenure.open(":memory:", settings=Settings(currency="EUR"))
    rates = "day,currency,rate\n2023-12-01,USD,0.5\n"
    store.load(write(tmp_path, subscription_periods=PERIODS, fx_rates=rates))
    ids = f"table_name,id\nsubscription_periods,s1/s1/{when}\n"
    store.load(write(tmp_path / "more", exclusions=ids))
    assert store.ask("mrr", **JANUARY).rows[0].value == 185
    assert _sound(store)
    store.load(write(tmp_path / "typo", exclusions="table_name,id\nsubscription_periods,s1/s1/2024-01-07\n"))
    assert [f.places for f in store.doctor().findings if f.count] == [("subscription_periods: s1/s1/2024-01-07",)]


def test_a_dataframe_without_a_table() -> None:
    """One sentence says how to name it; a row that is set aside has the number it has in the frame."""
    import pandas as pd

    from tenure.errors import InputError

    with tenure.open() as store:
        with pytest.raises(InputError, match="table"):
            store.load(pd.DataFrame({"x": ["1"]}))
        store.load(
            pd.DataFrame({"day": ["2024-01-01", "nope"], "currency": ["USD", "USD"], "rate": ["1", "1"]}),
            table="fx_rates",
        )
        store.load(
            pd.DataFrame({"day": ["2024-01-02", "no"], "currency": ["USD", "USD"], "rate": ["1", "1"]}),
            table="fx_rates",
        )
        assert [row.line for row in store.quarantined()] == [2, 2]
