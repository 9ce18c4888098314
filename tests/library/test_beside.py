"""Several who work with one store at once, within the process that owns it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import company
from tenure.config import Settings
from tenure.library import Store
from tenure.policy import Policy
from tenure.store.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAY = {"since": "2024-05-01", "until": "2024-06-01", "grain": "total"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with company(tmp_path) as store:
        yield store


@pytest.fixture
def newcomer(tmp_path: Path) -> Path:
    """A file with a subscription of 1,000 a month."""
    file = tmp_path / "subscription_periods.csv"
    file.write_text("subscription_id,account_id,plan,starts_at,unit_amount\ns9,a9,pro,2024-05-02T10:00:00Z,1000\n")
    return file


def mrr(store: Store) -> float | None:
    [row] = store.ask("mrr", **MAY).rows
    return row.value


def test_a_load_is_there_for_everybody_when_it_is_whole(store: Store, newcomer: Path) -> None:
    before = mrr(store)
    with store.beside() as other:
        assert mrr(other) == before
        with transaction(store._con, keep=False):
            store._con.execute("DELETE FROM rows.subscription_periods")
            assert mrr(other) == before  # without waiting
        other.load(newcomer)
        assert before is not None
        assert mrr(store) == mrr(other) == before + 1000


def test_one_writes_at_a_time_and_who_waits_can_be_stopped(store: Store, newcomer: Path) -> None:
    with store.beside() as other:
        ended: list[BaseException | None] = []

        def load() -> None:
            try:
                other.load(newcomer)
                ended.append(None)
            except BaseException as fault:  # noqa: BLE001 - what it was is what is looked at
                ended.append(fault)

        with transaction(store._con):
            waiting = threading.Thread(target=load)
            waiting.start()
            waiting.join(0.3)
            assert ended == []
            other.stop()
            waiting.join(10)
        assert isinstance(ended[0], KeyboardInterrupt)
        assert store.latest_load == 1
    with store.beside() as other:
        load()
        assert ended[1] is None
        assert store.latest_load == 2


def test_what_is_found_across_a_load_is_looked_for_again(store: Store, newcomer: Path) -> None:
    seen: list[tuple[float | None, float | None]] = []
    with store.beside() as other:

        def find() -> tuple[float | None, float | None]:
            first = mrr(store)
            if not seen:
                other.load(newcomer)
            seen.append((first, mrr(store)))
            return seen[-1]

        assert store.steady(find) == seen[1]
        assert seen[0][0] != seen[0][1]
        assert seen[1][0] == seen[1][1]


def test_who_loads_himself_does_it_once(store: Store, newcomer: Path) -> None:
    loads: list[int] = []

    def load() -> int:
        loads.append(store.load(newcomer).load_id)
        return loads[-1]

    assert store.steady(load) == 2
    assert loads == [2]


def test_two_with_other_settings_do_not_read_each_others_ledgers(store: Store, tmp_path: Path) -> None:
    """Both keep the store's own ledgers; whoever asks has them made as he reads revenue."""
    file = tmp_path / "subscription_periods.csv"
    file.write_text(
        "subscription_id,account_id,plan,starts_at,unit_amount,discount_amount,discount_duration\n"
        "s8,a8,pro,2024-05-02T10:00:00Z,90,20,once\n"
    )
    store.load(file)
    folder = store.folder
    stripe = Settings(currency="EUR", timezone="Europe/Berlin", policy=Policy("stripe"))
    with Store(folder, create=False, settings=stripe, of=store) as other:
        expected = [mrr(store), mrr(other)]
        assert expected[0] != expected[1]
        for _ in range(2):
            assert [mrr(store), mrr(other)] == expected


def test_settings_that_are_read_again_hold_from_then_on(store: Store) -> None:
    assert store.folder is not None
    toml = store.folder / "tenure.toml"
    assert store.ask("mrr", **MAY).currency == "EUR"
    toml.write_text('currency = "USD"\n')
    assert store.ask("mrr", **MAY).currency == "EUR"
    store.reread()
    assert (store.ask("mrr", **MAY).currency, store.edition) == ("USD", 1)
