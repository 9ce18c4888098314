"""A sync from Spark whose workers die in the middle of it. The raw rows are Parquet files, which outlive every session."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest

import tenure
from engines import spark_cluster
from engines.synced_shop import same_ledgers
from tenure.config import load_settings
from tenure.sources.demo import company, settings, write

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.soak

HOME = (
    "accounts",
    "account_attributes",
    "account_links",
    "person_links",
    "exclusions",
    "plans",
    "fx_rates",
    "subscriptions",
)
THERE = ("people", "events", "subscription_periods", "tickets", "ticket_events")
STEP = "item_changes"

DOOMING = """
import os, signal, sys, tenure
from tenure.engines import spark_workers
from tenure.errors import WarehouseError
from tenure.sync import sync
spark_workers.LOST_S = 6
doomed = [int(pid) for pid in sys.argv[2:]]
def end(label, done, total):
    if label.startswith("item_changes"):
        while doomed:
            os.kill(doomed.pop(), signal.SIGKILL)
with tenure.open(sys.argv[1]) as home:
    try:
        print(sync(home._con, home.settings, progress=end).kind)
    except WarehouseError as fault:
        print(fault)
        sys.exit(2)
"""


def synced(home: Path, *doomed: int) -> tuple[int, str]:
    """A process of its own syncs; in the middle it ends those workers."""
    words = [sys.executable, "-c", DOOMING, str(home), *map(str, doomed)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
    return done.returncode, done.stdout.strip() or done.stderr


def test_workers_that_die_in_the_middle_of_a_sync(tmp_path: Path) -> None:
    """One of two: it ends all the same. Both: one sentence, the store is as it was, and new workers bring it home."""
    files, home = tmp_path / "files", tmp_path / "home"
    for folder in (files, home):
        folder.mkdir()
    (files / "tenure.toml").write_text(settings(), encoding="utf-8")
    write(files, company(accounts=20, months=6, until=date(2026, 7, 1)))
    with tenure.open(":memory:", settings=load_settings(files)) as twin:
        twin.load([file for file in sorted(files.glob("*.csv")) if file.stem in {*HOME, *THERE}])
        for name in (*HOME, *THERE):
            columns = "* EXCLUDE (attributes)" if name == "accounts" else "*"
            twin._con.execute(f"COPY (SELECT {columns} FROM main.{name}) TO '{files / name}.parquet'")
        for at, doomed, code, said in (
            ("one", 1, 0, "full"),
            ("both", 2, 2, "no worker is left"),
            ("new", 0, 0, "full"),
        ):
            with spark_cluster.cluster(tmp_path / at) as running:
                listed = "\n".join(
                    f'{name} = "SELECT * FROM parquet.`{files / name}.parquet`"' for name in (*HOME, *THERE)
                )
                there = f'[warehouse]\nurl = "{running.url()}"\nschema = "tenure"\n[warehouse.tables]\n{listed}\n'
                store = home / ("one" if at == "one" else "two")
                store.mkdir(exist_ok=True)
                (store / "tenure.toml").write_text(settings() + "\n" + there, encoding="utf-8")
                ended, told = synced(store, *(worker.pid for worker in running.workers[:doomed]))
                assert (ended, said in told) == (code, True), told
                assert told.count("\n") == 0
            with tenure.open(store) as brought:
                if code:
                    assert brought._con.execute("SELECT count(*) FROM meta.loads").fetchone() == (0,)
                else:
                    same_ledgers(twin, brought)
