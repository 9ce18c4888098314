"""What reaches the demo's books late: its own small load, from which one month says something else, and no other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

import tenure
from sources.fjordmill import UNTIL
from tenure.config import Settings
from tenure.sources import demo
from tenure.sources.demo.late import NOTE, PRINTED, late, printed_month

if TYPE_CHECKING:
    from pathlib import Path

    from sources.fjordmill import Tables


@pytest.mark.parametrize(
    ("until", "month"),
    [
        (date(2026, 7, 1), date(2026, 6, 1)),
        (date(2026, 7, 31), date(2026, 6, 1)),
        (date(2026, 1, 2), date(2025, 12, 1)),
    ],
)
def test_the_printed_month_is_the_last_one_that_is_over(until: date, month: date) -> None:
    assert printed_month(until) == month


def test_it_is_a_late_invoice_and_a_corrected_price(tables: Tables) -> None:
    found = late(tables, printed_month(UNTIL))
    bought, corrected = found["subscription_periods"]
    (invoice,) = found["transactions"]
    keys = {(row["subscription_id"], row["starts_at"]): row for row in tables["subscription_periods"]}
    was = keys[corrected["subscription_id"], corrected["starts_at"]]
    assert {name for name in was if was[name] != corrected[name]} == {"unit_amount"}
    assert (bought["subscription_id"], bought["starts_at"]) not in keys
    assert bought["starts_at"].startswith("2026-06-12")
    assert corrected["starts_at"].startswith("2026-06")
    assert invoice["subscription_id"] == bought["subscription_id"]
    assert all(row.keys() == tables[name][0].keys() for name, rows in found.items() for row in rows)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in (1, 2))])
def test_only_the_printed_month_moves(seed: int, tmp_path: Path) -> None:
    made = demo.company(seed=seed, accounts=80, months=6, until=UNTIL)
    settings = Settings(currency="EUR", timezone="Europe/Berlin")
    with tenure.open(settings=settings) as store:
        demo.write(tmp_path / "first", made)
        demo.write(tmp_path / "later", late(made, printed_month(UNTIL)))
        store.load(tmp_path / "first", source="demo")
        for month in ("2026-04", "2026-05", "2026-06"):
            store.freeze(month, *PRINTED, note=NOTE, now="2026-07-02")
        load = store.load(tmp_path / "later", source="demo")
        assert (load.accepted, load.replaced, load.quarantined) == (3, 1, 0)
        told = store.restate(now="2026-07-02")
        assert {n.period for n in told.numbers if n.has_moved} == {"2026-06"}
        assert {s.cause for n in told.numbers for s in n.shares} == {"late", "corrected"}
        for number in told.numbers:
            effects = [share.effect for share in number.shares]
            assert (
                not effects
                or None in effects
                or sum(e for e in effects if e is not None) == (number.now or 0) - (number.then or 0)
            )
