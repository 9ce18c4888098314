"""A real Spark on this machine: a standalone master and two workers, each a process of its own, on loopback only.

They start together, and are small: a daemon needs little, and a program that runs for a minute is over before Java's second
compiler has paid for itself. `with cluster(folder) as spark` ends them by their process ids, whatever happens.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
SMALL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "3g",
    "spark.executor.memory": "1g",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.executor.extraJavaOptions": QUICK,
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",  # it plans anew between stages, which costs more than rows of a small company
    "spark.sql.codegen.wholeStage": "false",  # likewise compiling each stage
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
LARGE = {
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
}
"""What a session is told before a large company comes: Spark's own, where planning and compiling pay."""
_WAIT_S = 60


@dataclass
class Cluster:
    """What runs: where the master listens, and the workers, which a test may end."""

    port: int
    workers: Sequence[subprocess.Popen[bytes]]
    folder: Path

    def url(self, **options: str) -> str:
        """The address of the engine, with the settings that make it small."""
        given = {**SMALL, "spark.sql.warehouse.dir": str(self.folder / "warehouse"), **options}
        return f"spark://127.0.0.1:{self.port}?{urlencode(given)}"


def home() -> Path:
    """Where Spark is; the test is skipped where it or Java is not, and fails in CI."""
    found = find_spec("pyspark")
    if found is None or found.origin is None:
        pytest.skip("No pyspark was found: `make test-engines` installs it, then this test runs a cluster.")
    if not shutil.which("java"):
        pytest.skip("No Java was found: `apt-get install openjdk-17-jre-headless`, then this test runs a cluster.")
    return Path(found.origin).parent


@contextmanager
def cluster(folder: Path, count: int = 2) -> Iterator[Cluster]:
    """A master and so many workers, once all of them have signed on."""
    master, ports = free(), iter(free() for _ in range(1 + 2 * count))
    running: list[subprocess.Popen[bytes]] = []

    def start(role: str, *args: str) -> subprocess.Popen[bytes]:
        flags = ("--host", "127.0.0.1", "--webui-port", str(next(ports)), *args)
        name = f"org.apache.spark.deploy.{role.lower()}.{role}"
        running.append(started(folder, role, name, flags))
        return running[-1]

    try:
        start("Master", "--port", str(master))
        at = f"spark://127.0.0.1:{master}"
        workers = [
            start("Worker", "--port", str(next(ports)), "--cores", "1", "--memory", "1g", at) for _ in range(count)
        ]
        wait(folder / "Master-0.log", "New state: ALIVE")
        wait(folder / "Master-0.log", "Registering worker", count)
        yield Cluster(master, workers, folder)
    finally:
        end(running)


def started(folder: Path, role: str, name: str, args: Sequence[str], memory: str = "256m") -> subprocess.Popen[bytes]:
    """A Java program of Spark, whose log is `ROLE-n.log` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / f"{role}-{len(list(folder.glob(f'{role}-*.log')))}.log"
    environ = {
        **os.environ,
        "SPARK_HOME": str(home()),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": memory,
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_WORKER_DIR": str(folder / "work"),
    }
    with log.open("wb") as out:
        command = [str(home() / "bin" / "spark-class"), name, *args]
        return subprocess.Popen(command, env=environ, cwd=folder, stdout=out, stderr=out, stdin=subprocess.DEVNULL)


def wait(log: Path, words: str, times: int = 1) -> None:
    """Until a log says something so often."""
    until = time.monotonic() + _WAIT_S
    while (text := log.read_text(encoding="utf-8", errors="replace")).count(words) < times:
        assert time.monotonic() < until, f"{log.name} never said '{words}':\n{text[-2000:]}"
        time.sleep(0.1)


def end(running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ends what was started, and waits until it is gone."""
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
