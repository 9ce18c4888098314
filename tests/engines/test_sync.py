"""A store that is synced from a warehouse answers as one that has the raw rows; whatever ends a sync, the next one goes on from there.

The company stands in a real Postgres server. Its embedded twin is loaded with the same rows, and is the oracle of every ledger and metric.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import tenure
from engines.postgres_server import PASSWORD
from engines.synced_shop import FIRST, NOW, THEN, Shop, same_answers, same_ledgers, shop
from surfaces.shell import refused
from surfaces.shell import tenure as command
from tenure.config import Settings
from tenure.doctor import diagnose
from tenure.engines import connect
from tenure.errors import WarehouseError
from tenure.sync import sync
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from engines.postgres_server import Server
    from tenure.store.record import Progress


@pytest.fixture(scope="module")
def there(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TENURE_WAREHOUSE_PASSWORD", PASSWORD)
        engine = connect(postgres.url())
        yield shop(engine, postgres.url(), tmp_path_factory.mktemp("shop"))
        engine.drop_schema("shop")
        engine.close()


MOVED = 200
FEW = ("mrr", "customer_churn_rate", "net_revenue_retention", "monthly_active_users", "first_response_time", "nps")


def test_a_synced_store_is_its_twin(there: Shop, tmp_path: Path) -> None:
    """At first, and after a day on which rows came, moved and were written again: only what changed comes home then."""
    with tenure.open(tmp_path / "home", settings=there.synced("tenure_twin")) as home:
        first = sync(home._con, home.settings)
        assert (first.kind, first.resumed) == ("full", False)
        text = sum(one.bytes for one in first.ledgers)
        assert first.line_bytes is not None
        assert first.moved_bytes < text / 2 < first.line_bytes < 3 * text  # Postgres packs nothing
        same_ledgers(there.twin(), home)
        same_answers(there.twin(), home, FEW)
        assert home._con.execute("SELECT count(*) FROM rows.events").fetchone() == (0,)
        assert diagnose(
            home._con, home.settings
        ).ok  # what is left out of a table in the warehouse is not looked for here
        there.day()
        changes = sync(home._con, home.settings)
        moved, all_rows = (sum(one.rows for one in told.ledgers if one.how == "whole") for told in (changes, first))
        assert 0 < moved < all_rows / 3
        same_ledgers(there.twin(), home)
        same_answers(there.twin(), home, FEW)
        with pytest.raises(WarehouseError, match="which are in the warehouse and not in this store"):
            home.ask("mrr", as_of="2026-01-01")
        with pytest.raises(WarehouseError, match="`tenure sync --policy baremetrics` brings them"):
            home.ask("mrr", policy="baremetrics")


@pytest.mark.soak
def test_every_metric_is_that_of_the_twin(there: Shop, tmp_path: Path) -> None:
    """Where nothing has changed nothing comes; another policy comes when it is asked for, and is kept up."""
    with tenure.open(tmp_path / "home", settings=there.synced("tenure_all")) as home:
        sync(home._con, home.settings)
        same_answers(there.twin(), home, there.twin().metrics)
        again = sync(home._con, home.settings)
        assert again.kind == "changes"
        assert not [one for one in again.ledgers if one.rows]
        sync(home._con, home.settings, policies=["baremetrics"])
        asked = {"policy": "baremetrics", "by": "plan", "now": NOW}
        assert home.ask("mrr", **asked).rows == there.twin().ask("mrr", **asked).rows


def test_what_is_too_large_comes_home_by_day(there: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It answers as the rows do where it can, and says in one sentence where it cannot."""
    monkeypatch.setattr("tenure.sync.making.FEW_PEOPLE", 0)
    how = there.synced("tenure_day", whole_rows=50, dimensions=("channel",))
    with tenure.open(tmp_path / "home", settings=how) as home:
        sync(home._con, home.settings)
        same_by_day(there.twin(), home)
        there.day()
        some = "(SELECT event_id FROM shop.events ORDER BY event_id LIMIT 30)"
        there.engine.run(
            f"UPDATE shop.events SET feature = 'moved', happened_at = happened_at + INTERVAL '3 DAYS',"
            f" loaded_at = TIMESTAMP '2026-08-15' WHERE event_id IN {some}"
        )
        told = sync(home._con, home.settings)
        assert 0 < next(one.rows for one in told.ledgers if one.ledger == "activity") < MOVED
        twin = there.twin()
        same_by_day(twin, home)
        with pytest.raises(WarehouseError, match="by plan needs the ledger 'activity' row by row"):
            home.ask("monthly_active_users", by="plan", now=NOW)
        with pytest.raises(WarehouseError, match="'events' within a day needs the ledger 'usage'"):
            home.ask("events", grain="hour", since="2026-03-01", until="2026-03-02", now=NOW)
        with pytest.raises(
            WarehouseError, match=r"come home \([0-9,]+ rows\): `tenure sync --whole adoption` brings it"
        ):
            home.ask("adoption_rate", now=NOW)
        with pytest.raises(WarehouseError, match="`tenure sync --whole people` brings them"):
            home.ask("nps", by="role", now=NOW)
        sync(home._con, home.settings, whole=["activity", "adoption", "people"])
        assert home.ask("nps", by="role", now=NOW).rows == twin.ask("nps", by="role", now=NOW).rows
        for name in ("monthly_active_users", "adoption_rate"):
            assert (
                home.ask(name, by="plan" if name[0] == "m" else None, now=NOW).rows
                == twin.ask(name, by="plan" if name[0] == "m" else None, now=NOW).rows
            )


def same_by_day(ours: tenure.Store, theirs: tenure.Store) -> None:
    """What is asked of ledgers of what people do, and a day is enough for it."""
    for name in ("monthly_active_users", "daily_active_users", "stickiness", "events", "sessions"):
        for asked in ({}, {"by": "channel"}, {"grain": "day", "since": "2026-03-01", "until": "2026-04-05"}):
            assert theirs.ask(name, now=NOW, **asked).rows == ours.ask(name, now=NOW, **asked).rows, name


def test_a_row_that_is_gone_is_named_though_another_came(there: Shop, tmp_path: Path) -> None:
    """What happened is written once: fewer old rows of it than there were are said, and so are rows that came too late."""
    key = "(SELECT min(event_id) FROM shop.events)"
    how = there.synced("tenure_gone")
    only = replace(how, warehouse=replace(how.warehouse, tables={"events": "shop.events", "accounts": "shop.accounts"}))
    with tenure.open(tmp_path / "home", settings=only) as home:
        sync(home._con, home.settings)
        assert not sync(home._con, home.settings).notes
        there.engine.run(f"CREATE TABLE shop.one AS SELECT * FROM shop.events WHERE event_id = {key}")
        try:
            there.engine.run(f"DELETE FROM shop.events WHERE event_id = {key}")
            there.engine.run("INSERT INTO shop.events SELECT * FROM shop.one")
            there.engine.run(f"UPDATE shop.events SET loaded_at = TIMESTAMP '2027-01-01' WHERE event_id = {key}")
            (note,) = sync(home._con, home.settings).notes
            assert note.startswith("1 row of events that an earlier sync read was written again, or is gone")
            assert not sync(home._con, home.settings).notes
            there.engine.run("INSERT INTO shop.events SELECT * FROM shop.one")
            (note,) = sync(home._con, home.settings).notes
            assert note.startswith("1 row of events came after the last sync and says in 'loaded_at' that it is older")
        finally:
            there.engine.run(f"DELETE FROM shop.events WHERE event_id = {key}")
            there.engine.run("INSERT INTO shop.events SELECT * FROM shop.one; DROP TABLE shop.one")


def cut_at(there: Shop, number: int) -> Progress:
    """Ends the connections of others at a step of a sync."""
    steps = iter(range(number))

    def cut(label: str, done: float, total: float) -> None:  # noqa: ARG001 - as Progress is called
        if next(steps, None) is None:
            there.engine.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'tenure' AND pid <> pg_backend_pid()"
            )

    return cut


@pytest.mark.parametrize("at", [20, pytest.param("each", marks=pytest.mark.soak)])
def test_a_connection_that_breaks_off_changes_nothing(there: Shop, tmp_path: Path, at: int | str) -> None:
    """At whatever step it breaks off: the store is as it was, and the next sync goes on and ends as if nothing had been."""
    ends = range(1, 200, 4) if at == "each" else [int(at)]
    with tenure.open(tmp_path / "home", settings=there.synced("tenure_cut")) as home:
        twin = there.twin()
        there.engine.drop_schema("tenure_cut")
        for number in ends:
            try:
                sync(home._con, home.settings, progress=cut_at(there, number))
            except WarehouseError as fault:
                assert "broke off" in str(fault) or "terminat" in str(fault)  # noqa: PT017 - or it had ended before
                assert home._con.execute("SELECT count(*) FROM meta.loads").fetchone() == (0,)
            else:
                break
        sync(home._con, home.settings)
        same_ledgers(twin, home)


@pytest.mark.parametrize(
    ("setting", "instead", "sentence"),
    [
        ("shop.tickets", "shop.tickts", r"has no such table: relation \"shop.tickts\""),
        ("shop.tickets", "SELECT 1 AS x", "has no column 'ticket_id', which tickets needs"),
        ("shop.tickets", "SELECT *, 1.5::float8 AS reopens FROM (SELECT ticket_id, created_at FROM shop.tickets) AS t",
         "has 'reopens' as DOUBLE, which cannot be read as BIGINT without loss"),
        ("shop.tickets", "SELECT nothing FROM shop.tickets", "has no such column"),
        ("tickets =", "tickts =", "'tickts' is no canonical table. Did you mean 'tickets'?"),
        ("schema =", "skema =", "there is no key 'skema' here. Did you mean 'schema'?"),
        ("//tenure@", "//nobody@", "does not let us in"),
        ("//tenure@127.0.0.1:{port}", "//tenure@127.0.0.1:1", "cannot be reached"),
        ("postgres://", "mysql://", "An address begins with one of"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_one_sentence(
    there: Shop, postgres: Server, tmp_path: Path, setting: str, instead: str, sentence: str
) -> None:
    home = tmp_path / "home"
    assert command("--store", home, "init").code == 0
    said = f'[warehouse]\nurl = "{there.url}"\nschema = "tenure_bad"\n[warehouse.tables]\ntickets = "shop.tickets"\n'
    setting = setting.replace("{port}", str(postgres.port))
    assert setting in said
    (home / "tenure.toml").write_text(said.replace(setting, instead), encoding="utf-8")
    told = refused("--store", home, "sync")
    assert sentence.replace("\\", "") in told
    assert PASSWORD not in told
    with tenure.open(home, settings=Settings()) as store:
        assert store._con.execute("SELECT count(*) FROM meta.loads").fetchone() == (0,)


BROKEN = {
    "tickets": (
        "ticket_id, created_at, solved_at",
        "('bad-1', '2026-01-02', '2026-01-01'), ('bad-2', '0001-01-01', NULL)",
    ),
    "events": ("event_id, name, happened_at", "('bad-3', NULL, '2026-01-02'), ('bad-4', NULL, '2026-01-02')"),
    "subscription_periods": (
        "subscription_id, account_id, starts_at, unit_amount, billing_interval, currency",
        "('bad-5', 'a', '2026-01-02', 1, 'month', 'EURO')",
    ),
    "ticket_events": ("ticket_id, seq, happened_at, kind", "('bad-6', 1, '2026-01-02', 'jump')"),
}


def test_rows_that_break_a_rule_are_counted(there: Shop, tmp_path: Path) -> None:
    """As many as the twin sets aside, by table, column and rule; those that come later are added; the SELECT finds them."""

    def put(names: Iterable[str], at: str) -> None:
        for name in names:
            columns, rows = BROKEN[name]
            each = rows.replace("), (", f", '{at}'), (").removesuffix(")") + f", '{at}')"
            there.engine.run(f"INSERT INTO shop.{name} ({columns}, loaded_at) VALUES {each}")
        there.twins.clear()

    def counted(home: tenure.Store) -> list[tuple[str, str, str, int]]:
        return sorted((one.table, one.column, one.rule, one.rows) for one in home.broken())

    def wanted() -> list[tuple[str, str, str, int]]:
        told = Counter((one.table, one.column or "", one.rule) for one in there.twin().quarantined())
        return sorted((*key, rows) for key, rows in told.items())

    with tenure.open(tmp_path / "home", settings=there.synced("tenure_broken")) as home:
        put(("tickets", "subscription_periods"), "2026-08-20")
        sync(home._con, home.settings)
        assert counted(home) == wanted()
        put(("events", "ticket_events"), "2026-08-21")
        told = sync(home._con, home.settings)
        assert counted(home) == wanted()
        assert told.notes[0].startswith("6 rows in the warehouse (events, subscription_periods, ")
        same_ledgers(there.twin(), home)
        for one in home.broken():
            key = TABLES[one.table].key[0]
            select = f"SELECT {key} {one.select.removeprefix('SELECT *')}"
            found = [row for batch in there.engine.fetch(select, {key: "VARCHAR"}) for row in batch.to_pylist()]
            assert len(found) == one.rows
            assert all(str(value).startswith("bad-") for row in found for value in row.values())
    for name in BROKEN:
        there.engine.run(f"DELETE FROM shop.{name} WHERE loaded_at >= TIMESTAMP '2026-08-20'")
    there.twins.clear()


def test_a_dry_run_shows_what_would_be_read(there: Shop, tmp_path: Path) -> None:
    with tenure.open(tmp_path / "home", settings=there.synced("tenure_dry")) as home:
        told = sync(home._con, home.settings, dry_run=True).to_dict()
        assert home._con.execute("SELECT count(*) FROM meta.loads").fetchone() == (0,)
    events = next(table for table in told["tables"] if table["table"] == "events")
    assert events["by"] == "loaded_at"
    assert events["scanned"] == 2 * events["rows"] > 0
    assert told["raw_bytes"] > events["bytes"] > 50 * events["rows"]


@pytest.mark.soak
def test_clickhouse_brings_the_same(tmp_path: Path) -> None:
    """The engine in this process keeps its tables in a folder."""
    url = f"chdb://{tmp_path / 'clickhouse'}"
    engine = connect(url)
    made = shop(engine, url, tmp_path)
    with tenure.open(tmp_path / "home", settings=made.synced("tenure")) as home:
        for at in (FIRST, THEN):
            if at == THEN:
                made.engine = connect(url)
                for name, places in {n: p for n, p in made.late.items() if p}.items():
                    made.put(name, places, at)
                made.twins.clear()
            twin = made.twin()
            made.engine.close()
            assert sync(home._con, home.settings).kind == ("full" if at == FIRST else "changes")
            same_ledgers(twin, home)
            same_answers(twin, home, twin.metrics)
