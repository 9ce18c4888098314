"""A store that a process of its own serves, as `tenure serve` does."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surfaces.shell import started

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class Server:
    """The process, and the address of its page."""

    process: subprocess.Popen[str]
    page: str


@contextmanager
def serving(store: Path) -> Iterator[Server]:
    """The store while it is served, at a free port."""
    process = started("--store", store, "serve", "--port", "0")
    try:
        assert process.stderr is not None
        said = process.stderr.readline()
        found = re.search(r"http://\S+", said)
        assert found, said
        yield Server(process, found[0])
    finally:
        process.terminate()
        process.communicate(timeout=60)
