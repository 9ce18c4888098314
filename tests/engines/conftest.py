"""Servers that are started for the tests of a run, and ended with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engines import postgres_server
from engines.postgres_server import PASSWORD
from engines.synced_shop import shop
from tenure.engines import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engines.postgres_server import Server
    from engines.synced_shop import Shop


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A Postgres server. Its password is in no address: tests put it into the environment."""
    with postgres_server.server() as running:
        yield running


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of one module's own, which may be stopped as if its machine had failed."""
    with postgres_server.server() as running:
        yield running


@pytest.fixture(scope="module")
def there(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop on that server. The company's own tables are logged, as a company's are: a server that fails keeps them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TENURE_WAREHOUSE_PASSWORD", PASSWORD)
        made = shop(connect(server.url()), server.url(), tmp_path_factory.mktemp("shop"))
        for name in made.rows:
            made.engine.run(f"ALTER TABLE shop.{name} SET LOGGED")
        yield made
        made.engine.close()
