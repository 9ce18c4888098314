"""Rows that break off on their way from ClickHouse are one sentence, whichever of the libraries between notices first."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from urllib3.exceptions import ProtocolError

from tenure.engines import connect
from tenure.errors import WarehouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.engines.engine import Engine


@pytest.fixture
def engine() -> Iterator[Engine]:
    opened = connect("chdb://")
    yield opened
    opened.close()


def test_a_statement_that_fails_half_way(engine: Engine) -> None:
    select = "SELECT number + throwIf(number = 3000000, 'no further') AS n FROM numbers(4000000)"
    with pytest.raises(WarehouseError, match="ClickHouse at chdb:// refused a statement: no further"):
        list(engine.fetch(select, {"n": "BIGINT"}))


@pytest.mark.parametrize(
    "fault", [ProtocolError("Connection broken"), ConnectionResetError("Connection reset"), pa.ArrowInvalid("Cut")]
)
def test_a_connection_that_breaks_off_between_two_batches(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    client = engine._client  # type: ignore[attr-defined]
    whole = client.query_arrow_stream

    @contextmanager
    def cut(select: str) -> Iterator[Iterator[pa.RecordBatch]]:
        def first() -> Iterator[pa.RecordBatch]:
            yield next(iter(batches))
            raise fault

        with whole(select) as batches:
            yield first()

    monkeypatch.setattr(client, "query_arrow_stream", cut)
    rows = engine.fetch("SELECT number AS n FROM numbers(1000000)", {"n": "BIGINT"})
    assert next(rows).num_rows
    with pytest.raises(WarehouseError, match=f"^ClickHouse at chdb:// broke off: {fault}\\.$"):
        list(rows)
