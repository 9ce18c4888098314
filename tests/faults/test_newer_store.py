"""A store that a newer version wrote is left alone, with one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import tenure
from tenure.errors import StoreVersionError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_store_of_a_newer_version(tmp_path: Path) -> None:
    with tenure.open(tmp_path / "acme") as store:
        store._con.execute("UPDATE meta.store SET version = 99")
    with pytest.raises(StoreVersionError, match=r"newer version of Tenure .*pip install --upgrade tenure"):
        tenure.open(tmp_path / "acme")
