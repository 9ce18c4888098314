"""A small company's store, with the files that a test writes for it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from tenure.config import Settings
from tenure.store.connection import connect
from tenure.store.load import load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from tenure.store.record import Load


@dataclass
class Company:
    """A store and a folder of files."""

    folder: Path
    con: duckdb.DuckDBPyConnection
    settings: Settings = field(default_factory=Settings)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.folder / name
        data = text.encode() if isinstance(text, str) else text
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    def load(self, name: str, text: str | bytes, **words: Any) -> Load:  # noqa: ANN401 - the words of load
        return load(self.con, self.settings, self.write(name, text), **words)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    con = connect(tmp_path / "store", create=True)
    files = tmp_path / "files"
    files.mkdir()
    yield Company(files, con)
    con.close()
