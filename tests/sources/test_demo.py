"""The demo company: the same for a seed and an end, whole in itself, and its history looks like a company's."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

import tenure
from sources.fjordmill import BAD, UNTIL, by, instant
from tenure.errors import UsageError
from tenure.sources import demo
from tenure.sources.demo.world import World
from tenure.tables import TABLES

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sources.fjordmill import Rows, Tables


def instants(rows: Rows) -> list[datetime]:
    return [instant(value) for row in rows for column, value in row.items() if column.endswith("_at") and value]


def test_a_seed_and_an_end_make_one_company() -> None:
    small = partial(demo.company, accounts=60, months=12, until=UNTIL)
    assert small() == small(seed=demo.SEED)
    assert small() != small(seed=demo.SEED + 1)


@pytest.mark.parametrize("words", [{"accounts": 3}, {"months": 1}, {"accounts": 10**9}])
def test_what_is_not_believable_is_refused(words: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="The demo takes"):
        demo.company(**words)  # type: ignore[arg-type]


def test_every_table_has_rows(tables: Tables) -> None:
    assert set(tables) == set(TABLES)
    assert all(tables.values())


@pytest.mark.parametrize("seed", range(3))
def test_the_smallest_company_can_be_written_and_loaded(seed: int, tmp_path: Path) -> None:
    """It may lack rows in some tables: those have no file."""
    made = demo.company(seed=seed, accounts=20, months=6, until=UNTIL)
    demo.write(tmp_path / "csv", made)
    with tenure.open(":memory:") as store:
        load = store.load(tmp_path / "csv")
    assert {t.table: t.quarantined for t in load.tables if t.quarantined}.items() <= BAD.items()


@pytest.mark.parametrize("until", [date(2026, 7, 1), date(2024, 2, 29), date(2025, 12, 31)])
@pytest.mark.parametrize("months", [6, 24])
def test_any_window_works_and_small_ones_too(until: date, months: int) -> None:
    made = demo.company(accounts=60, months=months, until=until)
    assert len({row["name"] for row in made["accounts"]}) == 60
    assert {name for name, rows in made.items() if not rows} <= {"exclusions"}


def test_columns_are_canonical_but_for_the_attributes_of_accounts(tables: Tables) -> None:
    for name, rows in tables.items():
        columns = {column.name for column in TABLES[name].columns}
        extra = {"segment", "region", "industry"} if name == "accounts" else set()
        assert set(rows[0]) <= columns | extra
        assert {column.name for column in TABLES[name].columns if column.required} <= set(rows[0])
        assert all(row.keys() == rows[0].keys() for row in rows)


def test_keys_are_unique_and_references_are_there(good: Tables) -> None:
    for name, rows in good.items():
        key = [column for column in TABLES[name].key if column != "item_id"]
        assert len({tuple(row[column] for column in key) for row in rows}) == len(rows), name
    accounts = set(by("account_id", good["accounts"]))
    people = set(by("person_id", good["people"]))
    for name, rows in good.items():
        assert {row["account_id"] for row in rows if row.get("account_id")} <= accounts, name
        assert {row["person_id"] for row in rows if row.get("person_id")} <= people, name
    assert {row["ticket_id"] for row in good["responses"] if row["ticket_id"]} <= set(by("ticket_id", good["tickets"]))
    assert set(by("ticket_id", good["ticket_events"])) == set(by("ticket_id", good["tickets"]))
    assert set(by("subscription_id", good["subscription_periods"])) == set(by("subscription_id", good["subscriptions"]))
    assert set(by("plan", good["subscription_periods"])) == set(by("plan", good["plans"]))


def test_the_periods_of_a_subscription_join_without_gap_and_end_with_it(good: Tables) -> None:
    periods = by("subscription_id", good["subscription_periods"])
    for subscription in good["subscriptions"]:
        lines = periods[subscription["subscription_id"]]
        assert all(first["ends_at"] == second["starts_at"] for first, second in pairwise(lines))
        assert all(first["starts_at"] < second["starts_at"] for first, second in pairwise(lines))
        assert lines[0]["starts_at"] == subscription["created_at"]
        assert lines[-1]["ends_at"] == subscription["ends_at"]
        assert len(by("account_id", lines)) == 1


def test_instants_lie_in_the_window_and_known_ends_at_most_a_month_behind_it(good: Tables) -> None:
    world = World.ending(UNTIL, demo.MONTHS)
    for name, rows in good.items():
        known = instants(rows)
        assert min(known, default=world.opens) >= world.opens, name
        assert max(known, default=world.opens) <= world.closes + timedelta(days=31), name
    assert all(row["starts_at"] < f"{UNTIL}T00:00:00Z" for row in good["subscription_periods"])


def test_the_migration_changes_an_id_and_nothing_else(good: Tables) -> None:
    when = f"{World.ending(UNTIL, demo.MONTHS).migration.isoformat()}Z"
    links, periods = good["account_links"], by("account_id", good["subscription_periods"])
    priced = ("plan", "state", "quantity", "unit_amount", "billing_interval", "discount_percent", "currency")
    assert len(links) == 40
    for link in links:
        before = [row for row in periods[link["account_id"]] if row["ends_at"] == when]
        after = [row for row in periods[link["same_as"]] if row["starts_at"] == when]
        assert [[row[c] for c in priced] for row in before] == [[row[c] for c in priced] for row in after]
        assert before


def test_the_company_has_one_of_everything(good: Tables) -> None:
    periods, ends = good["subscription_periods"], good["subscriptions"]
    assert {row["state"] for row in periods} == {"active", "trial", "past_due", "paused", "free"}
    assert {row["discount_duration"] for row in periods} == {"", "once", "repeating", "forever"}
    assert {row["billing_interval"] for row in periods} == {"month", "year"}
    assert {row["currency"] for row in periods} == {"EUR", "USD", "GBP", "CHF"}
    assert {row["end_kind"] for row in ends} == {"", "voluntary", "involuntary"}
    assert any(row["cancel_requested_at"] and row["ends_at"] > f"{UNTIL}" for row in ends), "some are leaving"
    for reason in ("upgrade", "downgrade", "seats", "addon", "price", "discount", "return", "migration"):
        assert any(row["change_reason"] == reason for row in periods), reason
    assert any(row["is_test"] == "true" for row in good["accounts"])
    assert any(row["is_internal"] == "true" for row in good["people"])


def test_no_one_is_invented(good: Tables) -> None:
    assert all(row["email"].endswith("@example.com") for row in good["people"])
    assert "name" not in good["people"][0]


def test_files_say_what_the_tables_say(tables: Tables, tmp_path: Path) -> None:
    paths = demo.write(tmp_path / "csv", tables)
    assert [path.stem for path in paths] == list(tables)
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file)) == tables[path.stem]


@pytest.mark.parametrize("accounts", [200, pytest.param(demo.ACCOUNTS, marks=pytest.mark.soak)])
def test_it_loads_by_the_front_door_and_every_law_holds(accounts: int, tmp_path: Path) -> None:
    """The bad rows are set aside, all others count; the night of the migration moves no money."""
    tables = demo.company(accounts=accounts, until=UNTIL)
    demo.write(tmp_path / "csv", tables)
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "tenure.toml").write_text(demo.settings(), encoding="utf-8")
    with tenure.open(folder) as store:
        load = store.load(tmp_path / "csv", source="demo")
        assert {t.table: t.quarantined for t in load.tables if t.quarantined} == BAD
        assert load.accepted == sum(len(rows) for rows in tables.values()) - sum(BAD.values())
        assert all(finding.count == 0 for finding in store.doctor().findings)
        night = World.ending(UNTIL, demo.MONTHS).migration.replace(minute=0)
        hour = {"since": f"{night.isoformat()}Z", "until": f"{(night + timedelta(hours=1)).isoformat()}Z"}
        for answer in store.ask(["new_mrr", "churned_mrr", "churned_customers"], grain="total", **hour):
            assert answer.rows[0].value == 0
