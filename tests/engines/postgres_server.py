"""A real Postgres on this machine: a server of its own, in a folder of its own, on loopback alone.

Its texts are ordered as people read them (ICU), not by their bytes, and it wants a password: what a company's own server is
like. Postgres refuses to be run by root, so root runs it as somebody with fewer rights.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PASSWORD = "sesame; open!"  # noqa: S105 - of a server that lives for a minute
_WAIT_S = 60
_QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}


@dataclass
class Server:
    """Where it listens, and how it is started. `database` is one of the tests' own."""

    port: int
    command: Sequence[str]
    user: str | None
    folder: Path
    database: str = "postgres"
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, and waits until it is ready."""
        with (self.folder / "log").open("ab") as log:
            self.running = subprocess.Popen(self.command, user=self.user, cwd=self.folder, stdout=log, stderr=log)
        _await(self, self.running, self.folder / "log")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends it: SIGINT waits for no client, SIGQUIT for nothing at all, as `pg_ctl stop -m immediate`."""
        if self.running:
            self.running.send_signal(how)
            self.running.wait(_WAIT_S)

    def url(self, user: str = "tenure", **options: str) -> str:
        """The address, without its password."""
        asked = "&".join(f"{name}={value}" for name, value in options.items())
        return f"postgres://{user}@127.0.0.1:{self.port}/{self.database}{f'?{asked}' if asked else ''}"

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """What the server's owner is told."""
        with psycopg.connect(self.url(), password=PASSWORD, autocommit=True) as connection:
            found = connection.execute(statement.encode())
            return found.fetchall() if found.description else []


def binaries() -> Path:
    """Where Postgres is; the test is skipped where it is not, and fails in CI."""
    for path in (
        *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True),
        Path(shutil.which("initdb") or "-").parent,
    ):
        if (path / "initdb").exists() and (path / "postgres").exists():
            return path
    pytest.skip("No Postgres was found: `apt-get install postgresql`, then this test runs a server.")


@contextmanager
def server() -> Iterator[Server]:
    """A server that is ready; it is ended by its process, and its folder is gone, whatever happens."""
    where, port, folder = binaries(), _free(), Path(mkdtemp(prefix="tenure-pg-"))
    user = _somebody() if os.geteuid() == 0 else None
    try:
        (folder / "password").write_text(PASSWORD, encoding="utf-8")
        if user:
            shutil.chown(folder, user)
            shutil.chown(folder / "password", user)
        made = (
            "--auth=scram-sha-256",
            "--username=tenure",
            f"--pwfile={folder / 'password'}",
            "--no-sync",
            "--encoding=UTF8",
        )
        order = ("--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US")
        subprocess.run(
            [where / "initdb", "-D", folder / "data", *made, *order],
            user=user,
            cwd=folder,
            check=True,
            capture_output=True,
        )
        flags = [f"-c{name}={value}" for name, value in _QUICK.items()]
        asked = ["-D", str(folder / "data"), "-h", "127.0.0.1", "-p", str(port), "-k", "", *flags]
        ready = Server(port, [str(where / "postgres"), *asked], user, folder)
        try:
            ready.start()
            yield ready
        finally:
            ready.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _await(made: Server, running: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _WAIT_S
    while True:
        try:
            made.sql("SELECT 1")
        except psycopg.OperationalError:
            assert running.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        else:
            return


def _somebody() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
