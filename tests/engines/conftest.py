"""Servers that are started for the tests of a run, and ended with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engines import postgres_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engines.postgres_server import Server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A Postgres server. Its password is in no address: tests put it into the environment."""
    with postgres_server.server() as running:
        yield running
