"""The small company of `shop`, and the demo company, which is made once for all that look at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shop import company
from sources.fjordmill import BAD, UNTIL
from tenure.sources import demo

if TYPE_CHECKING:
    from sources.fjordmill import Tables


@pytest.fixture(scope="session")
def tables() -> Tables:
    """The tables of the demo company."""
    return demo.company(until=UNTIL)


@pytest.fixture(scope="session")
def good(tables: Tables) -> Tables:
    """The tables without their bad rows, which stand last."""
    return {name: rows[: len(rows) - BAD.get(name, 0)] for name, rows in tables.items()}


__all__ = ["company"]
