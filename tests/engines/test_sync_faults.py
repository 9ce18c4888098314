"""What a sync left in the warehouse is not there any more, or the server fails in its middle: no number is ever wrong for it.

The server is one of this module's own, since it is stopped as if its machine had failed. Every store is held against the
embedded twin, ledger for ledger.
"""

from __future__ import annotations

import shutil
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

import tenure
from engines.synced_shop import Shop, same_ledgers
from tenure.engines import connect
from tenure.errors import WarehouseError
from tenure.sync import sync

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engines.postgres_server import Server
    from tenure.store.record import Progress


def fail(there: Shop, server: Server) -> None:
    """The server is stopped at once, and started again: what is not logged is empty then."""
    there.engine.run("CHECKPOINT")
    there.engine.close()
    server.stop(signal.SIGQUIT)
    server.start()
    there.engine = connect(there.url)


def without_an_input(there: Shop, server: Server) -> None:  # noqa: ARG001
    there.engine.run("DROP TABLE tenure.rates CASCADE")


def without_a_ledger(there: Shop, server: Server) -> None:
    (name,) = server.sql("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'ticket_statuses%'")[0]
    there.engine.run(f"DROP TABLE tenure.{name} CASCADE")


def without_its_schema(there: Shop, server: Server) -> None:  # noqa: ARG001
    there.engine.drop_schema("tenure")


def used_by_another(there: Shop, server: Server) -> None:  # noqa: ARG001
    """Another store has the newer rows from the same schema; this one lacks them."""
    with tenure.open(":memory:", settings=there.synced("tenure")) as other:
        sync(other._con, other.settings)


SOAK = [pytest.mark.soak]


@pytest.mark.parametrize(
    "happens",
    [
        fail,
        pytest.param(used_by_another, marks=SOAK),
        pytest.param(without_its_schema, marks=SOAK),
        pytest.param(without_a_ledger, marks=SOAK),
        pytest.param(without_an_input, marks=SOAK),
    ],
)
def test_what_is_no_longer_there_is_made_anew(
    there: Shop, server: Server, tmp_path: Path, happens: Callable[[Shop, Server], None]
) -> None:
    with tenure.open(tmp_path / "home", settings=there.synced("tenure")) as home:
        sync(home._con, home.settings)
        there.day()
        happens(there, server)
        assert sync(home._con, home.settings).kind == "full"
        same_ledgers(there.twin(), home)
        there.day()
        assert sync(home._con, home.settings).kind == "changes"
        same_ledgers(there.twin(), home)


@pytest.mark.soak
def test_an_older_copy_of_a_store_is_brought_up_whole(there: Shop, tmp_path: Path) -> None:
    """The warehouse has gone on with the store that it was copied from."""
    how = there.synced("tenure")
    with tenure.open(tmp_path / "home", settings=how) as home:
        sync(home._con, home.settings)
    shutil.copytree(tmp_path / "home", tmp_path / "copy")
    there.day()
    with tenure.open(tmp_path / "home", settings=how) as home:
        sync(home._con, home.settings)
    with tenure.open(tmp_path / "copy", settings=how) as copy:
        assert sync(copy._con, copy.settings).kind == "full"
        same_ledgers(there.twin(), copy)


@pytest.mark.soak
@pytest.mark.parametrize("how", ["broken off", "failed"])
def test_a_server_that_fails_at_any_step(there: Shop, server: Server, tmp_path: Path, how: str) -> None:
    """In a first sync and in a second one: the next one has each ledger as it is in the twin."""

    def cut(number: int) -> Progress:
        steps = iter(range(number))

        def end(label: str, done: float, total: float) -> None:  # noqa: ARG001 - as Progress is called
            if next(steps, None) is None:
                if how == "failed":
                    fail(there, server)
                else:
                    server.sql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tenure'"
                    )

        return end

    for number in range(1, 150, 15 if how == "failed" else 9):
        with tenure.open(tmp_path / f"home{number}", settings=there.synced("tenure")) as home:
            for _ in range(2):
                with suppress(WarehouseError):  # or it had ended before
                    sync(home._con, home.settings, progress=cut(number))
                there.engine.close()
                there.engine = connect(there.url)
                sync(home._con, home.settings)
                same_ledgers(there.twin(), home)
                there.day()
