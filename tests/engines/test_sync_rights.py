"""What a sync may not do in the warehouse is one sentence and changes nothing: no right to a schema, to a table, or not any more."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from engines.postgres_server import PASSWORD
from surfaces.shell import refused
from surfaces.shell import tenure as command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from engines.postgres_server import Server


@pytest.fixture
def firm(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A company with two tickets, and a clerk who may do nothing but sign in."""
    monkeypatch.setenv("TENURE_WAREHOUSE_PASSWORD", PASSWORD)
    postgres.sql(f"CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}'")
    postgres.sql("CREATE SCHEMA firm")
    postgres.sql(
        "CREATE TABLE firm.tickets (ticket_id TEXT, account_id TEXT, created_at TIMESTAMP, updated_at TIMESTAMP)"
    )
    postgres.sql(
        "INSERT INTO firm.tickets VALUES ('1', 'a', '2026-01-02', '2026-01-02'), ('2', 'a', '2026-01-03', '2026-01-03')"
    )
    yield postgres
    postgres.sql("DROP SCHEMA firm CASCADE")
    postgres.sql("DROP OWNED BY clerk CASCADE")
    postgres.sql("DROP ROLE clerk")
    postgres.sql("DROP SCHEMA IF EXISTS clerks CASCADE")


def test_rights_that_are_lacking_and_rights_that_are_taken_away(firm: Server, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert command("--store", home, "init").code == 0
    said = (
        f'[warehouse]\nurl = "{firm.url("clerk")}"\nschema = "clerks"\n[warehouse.tables]\ntickets = "firm.tickets"\n'
    )
    (home / "tenure.toml").write_text(said, encoding="utf-8")

    def asked() -> object:
        told = command(
            "--store", home, "--format", "json", "ask", "tickets", "--from", "2026-01-01", "--now", "2026-12-31"
        )
        assert told.code == 0, told.err
        return told.json["rows"]

    def denied(why: str) -> None:
        told = refused("--store", home, "--format", "json", "sync")
        assert told.endswith(f"does not permit it: permission denied for {why}."), told

    denied("database postgres")
    firm.sql("CREATE SCHEMA clerks")  # by somebody who may
    denied("schema firm")
    firm.sql("GRANT USAGE ON SCHEMA firm TO clerk")
    denied("table tickets")
    firm.sql("GRANT SELECT ON firm.tickets TO clerk")
    denied("schema clerks")
    firm.sql("GRANT USAGE, CREATE ON SCHEMA clerks TO clerk")
    assert command("--store", home, "sync").code == 0
    before = asked()
    firm.sql("INSERT INTO firm.tickets VALUES ('3', 'a', '2026-02-02', '2026-02-02')")
    firm.sql("REVOKE CREATE ON SCHEMA clerks FROM clerk")
    denied("schema clerks")
    assert asked() == before
    firm.sql("GRANT CREATE ON SCHEMA clerks TO clerk")
    firm.sql("REVOKE SELECT ON firm.tickets FROM clerk")
    denied("table tickets")
    assert asked() == before
    firm.sql("GRANT SELECT ON firm.tickets TO clerk")
    assert command("--store", home, "sync").code == 0
    assert asked() != before


READONLY = """
import sys
from tenure.engines import connect
from tenure.errors import WarehouseError
engine = connect(f"chdb://{sys.argv[1]}")
engine.schema("firm")
engine.make("firm.tickets", "SELECT '1' AS ticket_id")
engine.run("SET readonly = 1")
engine.schema("firm")  # it is there
for ask in (lambda: engine.schema("tenure"), lambda: engine.make("firm.made", "SELECT 1 AS one")):
    try:
        ask()
    except WarehouseError as fault:
        print(fault)
print(list(engine.fetch("SELECT ticket_id FROM firm.tickets", {"ticket_id": "VARCHAR"}))[0].num_rows)
"""


def test_a_clickhouse_that_may_only_be_read(tmp_path: Path) -> None:
    """A process of its own: what may only be read stays so as long as it lives."""
    asked = [sys.executable, "-c", READONLY, str(tmp_path / "clickhouse")]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    *told, rows = done.stdout.splitlines()
    assert len(told) == 2
    assert all("does not permit it: default: Cannot execute query in readonly mode." in one for one in told)
    assert rows == "1"
