"""The small company that the tests of the page look at: six months of 2024, of which June still runs."""

from __future__ import annotations

import http.client
import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

import uvicorn

import tenure
from tenure.surfaces.web import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tenure.library import Store

SETTINGS = 'company = "Brightside & Sons"\ncurrency = "EUR"\ntimezone = "Europe/Berlin"\n'

ACCOUNTS = """account_id,name,region
a1,Ada,North
a2,Bo,South
a3,Cy,North
a4,Di,<b>East</b>
a5,Ed,South
"""

# a1 grows in March, a2 leaves in April, a3 is reduced in May, a4 comes in February, a5 on 12 June: the last thing known.
PERIODS = """subscription_id,account_id,plan,starts_at,ends_at,unit_amount
s1,a1,pro,2024-01-05T10:00:00Z,2024-03-10T10:00:00Z,100
s1,a1,pro,2024-03-10T10:00:00Z,,150
s2,a2,basic,2024-01-08T10:00:00Z,2024-04-20T10:00:00Z,80
s3,a3,pro,2024-01-09T10:00:00Z,2024-05-06T10:00:00Z,120
s3,a3,basic,2024-05-06T10:00:00Z,,60
s4,a4,basic,2024-02-11T10:00:00Z,,50.5
s5,a5,basic,2024-06-12T10:00:00Z,,40
"""


def words(html: str) -> str:
    """What a person reads of a page, with single spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def company(folder: Path, settings: str = SETTINGS, beside: Mapping[str, str] | None = None) -> Store:
    """The company in a new store in `folder`, the tables `beside` loaded after it; the caller closes it."""
    files = folder / "files"
    files.mkdir(parents=True)
    (files / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (files / "subscription_periods.csv").write_text(PERIODS, encoding="utf-8")
    store = empty(folder, settings)
    store.load(files)
    for table, text in (beside or {}).items():
        (folder / f"{table}.csv").write_text(text, encoding="utf-8")
        store.load(folder / f"{table}.csv")
    return store


def empty(folder: Path, settings: str = SETTINGS) -> Store:
    """A store in `folder` without anything in it."""
    home = folder / "store"
    home.mkdir(parents=True)
    (home / "tenure.toml").write_text(settings, encoding="utf-8")
    return tenure.open(home)


@dataclass(frozen=True)
class Sent:
    """One answer of the server."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass(frozen=True)
class Client:
    """Asks the real server; nothing is followed, kept or unpacked."""

    port: int

    def get(self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Sent:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            link.request(method, path, headers=dict(headers or {}))
            answer = link.getresponse()
            return Sent(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            link.close()


@contextmanager
def served(store: Store) -> Iterator[Client]:
    """The page of `store` on a free port, in a thread of this process."""
    server = uvicorn.Server(uvicorn.Config(app(store), port=0, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Client(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(timeout=30)
