"""A month that was printed, and all that can happen to it afterwards: each cause is told apart from the others."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

import tenure
from library.company import write
from tenure.config import Settings
from tenure.errors import UnknownNameError, UsageError
from tenure.policy import Policy
from tenure.restate.numbers import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal
    from pathlib import Path

    from tenure.restate import Moved, Share

HEAD = "subscription_id,account_id,plan,starts_at,ends_at,unit_amount,currency\n"
BOOKS = HEAD + (
    "s1,acme,pro,2026-01-01,,100,EUR\n"
    "s2,birch,pro,2026-05-01,,50,EUR\n"
    "s3,cedar,team,2026-03-01,2026-06-10,30,EUR\n"
    "s4,dune,team,2026-02-01,,20,USD\n"
)
RATES = "day,currency,rate\n2026-01-01,USD,0.5\n"


Told = tuple[str, "int | None", "int | None"]


class Shop:
    """A company whose June 2026 was printed; what comes later comes one load at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.loads = folder, 0
        self.store = tenure.open(settings=Settings(currency="EUR"))
        self.load(subscription_periods=BOOKS, fx_rates=RATES)
        self.store.freeze("2026-06", "mrr", "customers", "new_mrr", "churned_mrr", note="board")

    def load(self, *, replace: bool = False, **tables: str) -> None:
        self.loads += 1
        self.store.load(write(self.folder / str(self.loads), **tables), replace=replace)

    def number(self, metric: str = "mrr", segment: str | None = None) -> Moved:
        told = self.store.restate(metric).numbers
        return next(n for n in told if n.segment == segment)

    def shares(self, metric: str = "mrr", segment: str | None = None) -> list[Told]:
        return [told(share) for share in self.number(metric, segment).shares]


def told(share: Share) -> Told:
    return share.cause, share.load.load_id if share.load else None, whole(share.effect)


def whole(value: Decimal | None) -> int | None:
    """A number without decimals, exactly."""
    assert value is None or value == int(value)
    return None if value is None else int(value)


def ends(number: Moved) -> list[int | None]:
    """Then and now."""
    return [whole(number.then), whole(number.now)]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.store.close()


def test_nothing_has_moved(shop: Shop) -> None:
    shop.load(subscription_periods=HEAD + "s9,elm,pro,2026-07-02,,500,EUR\n")
    said = shop.store.restate()
    assert not said.has_moved
    assert {n.then for n in said.numbers if n.metric == "mrr"} == {160, 150, 10}
    assert all(not n.shares and n.note == "board" for n in said.numbers)


def test_a_late_row(shop: Shop) -> None:
    shop.load(subscription_periods=HEAD + "s9,elm,pro,2026-06-20,,500,EUR\n")
    number = shop.number()
    assert ends(number) == [160, 660]
    assert shop.shares() == [("late", 2, 500)]
    (row,) = number.shares[0].rows
    assert (row.table, row.account_id, row.change, row.columns) == ("subscription_periods", "elm", "new", {})
    assert shop.shares("customers") == [("late", 2, 1)]
    assert shop.shares("mrr", "pro") == [("late", 2, 500)]
    assert shop.shares("mrr", "team") == []
    assert shop.store.restate().has_moved


def test_a_corrected_row(shop: Shop) -> None:
    shop.load(subscription_periods=HEAD + "s1,acme,pro,2026-01-01,,90,EUR\ns9,elm,pro,2026-07-05,,1,EUR\n")
    assert shop.shares() == [("corrected", 2, -10)]
    (row,) = shop.number().shares[0].rows
    assert row.columns == {"unit_amount": ("100.0000", "90.0000")}
    assert not shop.number("customers").has_moved


def test_a_backdated_row(shop: Shop) -> None:
    """A subscription that was known begins earlier than was said: at another price up to then."""
    shop.load(subscription_periods=HEAD + "s2,birch,pro,2026-02-01,2026-05-01,40,EUR\n")
    assert not shop.store.restate().has_moved
    shop.load(subscription_periods=HEAD + "s9,elm,pro,2026-07-02,,7,EUR\n")
    shop.load(subscription_periods=HEAD + "s9,elm,pro,2026-06-15,2026-07-02,7,EUR\n")
    assert shop.shares() == [("backdated", 4, 7)]
    assert [row.key for row in shop.number().shares[0].rows] == ["s9/s9/2026-06-15 00:00:00"]


def test_a_row_withdrawn(shop: Shop) -> None:
    shop.load(subscription_periods=BOOKS.replace("s2,birch,pro,2026-05-01,,50,EUR\n", ""), replace=True)
    assert shop.shares() == [("withdrawn", 2, -50)]
    assert shop.number().shares[0].rows[0].change == "withdrawn"


def test_an_account_merged(shop: Shop) -> None:
    """Cedar left in June, and its new id came: a migration, that was printed as one lost and one won."""
    shop.load(subscription_periods=HEAD + "s5,cedar-2,team,2026-06-10,,30,EUR\n")
    assert shop.shares("churned_mrr") == []
    assert shop.shares("new_mrr") == [("late", 2, 30)]
    shop.load(account_links="account_id,same_as\ncedar,cedar-2\n")
    assert shop.shares("churned_mrr") == [("merged", 3, -30)]
    assert shop.number("new_mrr").then == shop.number("new_mrr").now == 0
    assert shop.shares() == [("late", 2, 30)]


def test_an_exclusion(shop: Shop) -> None:
    shop.load(exclusions="table_name,id,reason\naccounts,birch,our own\n")
    assert shop.shares() == [("excluded", 2, -50)]
    assert shop.number().shares[0].rows[0].key == "accounts/birch"


def test_an_exchange_rate(shop: Shop) -> None:
    shop.load(fx_rates="day,currency,rate\n2026-06-30,USD,0.75\n2026-06-29,GBP,2\n")
    assert shop.shares() == [("rates", 2, 5)]


def test_several_causes_in_one_load(shop: Shop) -> None:
    """Each has its step, and they add up."""
    shop.load(
        subscription_periods=HEAD
        + "s1,acme,pro,2026-01-01,,90,EUR\ns9,elm,team,2026-06-20,,8,USD\ns3,cedar,team,2026-02-20,2026-03-01,30,EUR\n",
        fx_rates="day,currency,rate\n2026-06-30,USD,0.75\n",
        exclusions="table_name,id\nsubscriptions,none\n",
    )
    assert shop.shares() == [("rates", 2, 5), ("corrected", 2, -10), ("late", 2, 6)]
    assert shop.number().now == 161


def test_load_by_load_there_and_back(shop: Shop) -> None:
    shop.load(subscription_periods=HEAD + "s1,acme,pro,2026-01-01,,90,EUR\n")
    shop.load(people="person_id,account_id\np1,acme\n")
    shop.load(subscription_periods=HEAD + "s1,acme,pro,2026-01-01,,95,EUR\n")
    assert shop.shares() == [("corrected", 2, -10), ("corrected", 4, 5)]


def test_another_policy(shop: Shop) -> None:
    """What the rows did is told under the policy that was printed; the rest is the policy."""
    shop.load(subscription_periods=HEAD + "s9,elm,pro,2026-06-20,,52,EUR\n")
    weekly = (
        "subscription_id,account_id,starts_at,unit_amount,currency,billing_interval\nw1,fir,2026-06-21,3,EUR,week\n"
    )
    shop.load(subscription_periods=weekly)
    shop.store.settings = Settings(currency="EUR", policy=Policy("tenure", {"week_factor": "4"}))
    assert shop.shares() == [("late", 2, 52), ("late", 3, 13), ("policy", None, -1)]
    assert shop.number().policy == "tenure"
    assert shop.shares("customers") == [("late", 2, 1), ("late", 3, 1)]


def test_another_definition(shop: Shop) -> None:
    """The formula, a ledger's statement or a setting it rests on is another one: no row moved the number."""
    shop.load(subscription_periods=HEAD + "s9,elm,pro,2026-06-20,,500,EUR\n")
    shop.store.settings = Settings(currency="EUR", timezone="America/New_York")
    (share,) = shop.shares("customers")
    assert share == ("late", 2, 1)
    values = Reader.values
    with (
        patch.object(Reader, "fingerprint", lambda *_: "another"),
        patch.object(Reader, "values", lambda *words: {c: v and v * 2 for c, v in values(*words).items()}),
    ):
        assert shop.shares("customers") == [("definition", None, 3), ("late", 2, 2)]


def test_a_number_that_moves_without_a_reason_says_so(shop: Shop) -> None:
    shop.store._con.execute("UPDATE meta.frozen SET value = '161' WHERE metric = 'mrr' AND segment IS NULL")
    assert shop.shares() == [("unexplained", None, -1)]


def test_freezing_twice(shop: Shop) -> None:
    shop.load(subscription_periods=HEAD + "s1,acme,pro,2026-01-01,,90,EUR\n")
    again = shop.store.freeze("2026-06", "mrr", "arr")
    assert again.before == ("mrr",)
    assert {n.metric for n in again.numbers} == {"arr"}
    assert shop.number().then == 160
    shop.store.freeze("2026-06", "mrr", again=True)
    assert ends(shop.number()) == [150, 150]
    shop.load(subscription_periods=HEAD + "s1,acme,pro,2026-01-01,,80,EUR\n")
    assert shop.shares() == [("corrected", 3, -10)]
    assert shop.shares("churned_mrr") == []
    assert shop.shares("arr") == [("corrected", 3, -120)]


def test_frozen_last_is_what_was_frozen_last(shop: Shop) -> None:
    """Also where the same instant counted as now, or an earlier one: a book that is closed by a script has one."""
    shop.load(subscription_periods=HEAD + "s1,acme,pro,2026-01-01,,90,EUR\n")
    for amount, now in ((90, "2026-07-02"), (80, "2026-07-02"), (70, "2026-07-01")):
        shop.load(subscription_periods=HEAD + f"s1,acme,pro,2026-01-01,,{amount},EUR\n")
        shop.store.freeze("2026-06", "mrr", again=True, now=now)
        told = [n for n in shop.store.restate("mrr").numbers if n.by is None]
        assert [ends(n) for n in told] == [[amount + 60, amount + 60]]


def test_months_frozen_one_after_the_other(shop: Shop) -> None:
    """Each has moved by what came after it was frozen."""
    shop.load(subscription_periods=HEAD + "s1,acme,pro,2026-01-01,,90,EUR\n")
    shop.store.freeze("2026-05", "mrr")
    shop.load(subscription_periods=HEAD + "s2,birch,pro,2026-05-01,,49,EUR\n")
    found = {n.period: [told(s) for s in n.shares] for n in shop.store.restate("mrr").numbers if n.by is None}
    assert found == {"2026-05": [("corrected", 3, -1)], "2026-06": [("corrected", 2, -10), ("corrected", 3, -1)]}
    only = shop.store.restate("mrr", from_="2026-06-01").numbers
    assert {n.period for n in only} == {"2026-06"}


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-Q2", "2026-04-01", "2026-07-01"),
        ("2026-06", "2026-06-01", "2026-07-01"),
        ("2026-W23", "2026-06-01", "2026-06-08"),
        ("2026-06-30", "2026-06-30", "2026-07-01"),
    ],
)
def test_periods_by_name(shop: Shop, name: str, start: str, end: str) -> None:
    done = shop.store.freeze(name, "net_new_mrr", now="2027-02-01")
    assert (f"{done.period.start:%Y-%m-%d}", f"{done.period.end:%Y-%m-%d}") == (start, end)
    number = next(n for n in shop.store.restate("net_new_mrr").numbers if n.segment is None)
    (row,) = shop.store.ask("net_new_mrr", since=start, until=end, grain="total", now="2027-02-01").rows
    assert float(number.then or 0) == float(number.now or 0) == row.value


def test_what_cannot_be_frozen(shop: Shop) -> None:
    with pytest.raises(UsageError, match="'2026-06' is not over: it ends at 2026-07-01 00:00"):
        shop.store.freeze("2026-06", now="2026-06-30T12:00:00Z")
    with pytest.raises(UsageError, match="'June' is not a period: write it like 2026-06"):
        shop.store.freeze("June")
    with pytest.raises(UsageError, match="'2026-13' is not a period"):
        shop.store.freeze("2026-13")
    with pytest.raises(UsageError, match="'clv_predicted' is a prediction"):
        shop.store.freeze("2026-06", "clv_predicted")
    with pytest.raises(UnknownNameError, match="Did you mean 'mrr'"):
        shop.store.freeze("2026-06", "mrrr")


def test_without_metrics_all_of_money_and_customers_is_frozen(shop: Shop) -> None:
    done = shop.store.freeze("2026-05")
    families = {shop.store.metrics[n.metric].family for n in done.numbers}
    assert families == {"revenue", "customers"}
    assert "revenue" in done.unknown
    assert {n.by for n in done.numbers} == {None, "plan"}


def test_as_of_an_instant(shop: Shop) -> None:
    """By default, what the last load did to the months that were over."""
    shop.load(subscription_periods=HEAD + "s1,acme,pro,2026-01-01,,90,EUR\ns9,elm,team,2026-05-20,,8,EUR\n")
    shop.store._con.execute("DELETE FROM meta.frozen")
    said = shop.store.restate(to="2026-07-01")
    assert not said.has_moved
    found = {n.period: [told(s) for s in n.shares] for n in said.numbers if n.metric == "mrr" and n.by is None}
    assert found == {
        **{f"2026-0{m}": [("corrected", 2, -10)] for m in (1, 2, 3, 4)},
        **{f"2026-0{m}": [("corrected", 2, -10), ("late", 2, 8)] for m in (5, 6)},
    }


def test_as_of_before_anything_was_loaded(shop: Shop) -> None:
    """Nothing was known: no step has a size."""
    said = shop.store.restate("customers", since="2026-07-01")
    number = next(n for n in said.numbers if n.period == "2026-06" and n.by is None)
    assert ends(number) == [None, 3]
    assert [told(s) for s in number.shares] == [("late", 1, None)]


def test_a_store_without_rows() -> None:
    with tenure.open() as store, pytest.raises(UsageError, match="Nothing was loaded yet"):
        store.restate()
