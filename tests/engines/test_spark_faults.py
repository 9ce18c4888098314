"""What becomes of Spark when its workers go, or were never there; and the same facts through Spark Connect."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from engines import spark_cluster
from engines.spark_cluster import SMALL
from tenure.engines import connect
from tenure.errors import WarehouseError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.soak


def test_a_worker_dies_and_the_other_one_goes_on(tmp_path: Path) -> None:
    with spark_cluster.cluster(tmp_path) as running:
        engine = connect(running.url())
        engine.schema("outlived")
        engine.make("outlived.before", "SELECT id, id % 7 AS rest FROM range(1000)")
        running.workers[0].kill()
        engine.make("outlived.after", "SELECT rest, COUNT(*) AS n FROM outlived.before GROUP BY rest")
        (rows,) = engine.fetch("SELECT SUM(n) AS n FROM outlived.after", {"n": "BIGINT"})
        assert rows.to_pylist() == [{"n": 1000}]
        engine.drop_schema("outlived")
        engine.close()


def test_a_master_without_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenure.engines.spark._TAKEN_S", 5)
    with spark_cluster.cluster(tmp_path, 0) as running:
        said = rf"^spark://127\.0\.0\.1:{running.port}: no worker took work within 5 s"
        with pytest.raises(WarehouseError, match=said):
            connect(running.url())


def test_every_fact_and_metric_through_connect(tmp_path: Path) -> None:
    """The company of awkward values: the command that users run says that all is equal."""
    port = spark_cluster.free()
    given = {
        **SMALL,
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": str(tmp_path / "warehouse"),
        "spark.ui.enabled": "false",
    }
    name = "org.apache.spark.sql.connect.service.SparkConnectServer"
    words = [word for key, value in given.items() for word in ("--conf", f"{key}={value}")]
    args = ["--class", name, "--master", "local[2]", *words, "spark-internal"]
    server = spark_cluster.started(tmp_path, "Connect", "org.apache.spark.deploy.SparkSubmit", args, "1g")
    try:
        spark_cluster.wait(tmp_path / "Connect-0.log", "Spark Connect server started")
        command = ["conformance", "--engine", f"sc://127.0.0.1:{port}", "--company", "nasty"]
        done = subprocess.run(
            [sys.executable, "-m", "tenure", *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "metrics equal, digit for digit" in done.stdout
    finally:
        spark_cluster.end([server])
