"""Spark, through pyspark 4: a standalone master, a Connect server, or whatever Spark's own configuration says.

    spark://host:7077          a standalone master
    sc://host:15002            a Spark Connect server; the password, if there is one, is the token
    spark://                   by `spark-defaults.conf`: YARN, Kubernetes, or the session that this process has already

What follows `?` is Spark's configuration (`spark://?spark.master=local[2]`), a path is the schema to work in. A
password of a standalone master is its `spark.authenticate.secret`. Instants are TIMESTAMP_NTZ, the session's zone is UTC,
and arithmetic is strict: an overflow is an error here, never a null or a rounded number.
"""

from __future__ import annotations

import logging
import re
import shutil
import signal
import socket
import threading
import warnings
from contextlib import contextmanager
from os import environ
from threading import Timer
from typing import TYPE_CHECKING, Any

from tenure.engines.types import arrow_schema
from tenure.errors import WarehouseError

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # about dataframes that nothing here uses
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    from tenure.engines.spark_workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyarrow as pa

    from tenure.engines.address import Address

_STARTED = {
    "spark.app.name": "tenure",
    "spark.ui.enabled": "false",  # a port that listens on every address is opened by who wants it
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",  # what goes wrong is said in a sentence, not in two pages
}
_SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
}
_NAMES = {"VARCHAR": "STRING", "JSON": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ"}
_CANONICAL = {
    "string": "VARCHAR",
    "bigint": "BIGINT",
    "int": "INTEGER",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamp_ntz": "TIMESTAMP",
    "double": "DOUBLE",
}
_PORTS = {"spark": 7077, "sc": 15002}
_REACHED_S, _TAKEN_S = 10, 60
# A result comes through Spark's driver in one piece: more rows than this are asked for in several.
_PIECE = 1_000_000


def connect(address: Address) -> Spark:
    """A session of Spark.

    Raises:
        WarehouseError: nobody listens there, no Java is here, no worker takes work, or there is no such schema.
    """
    shown = str(address)
    if address.host:
        _reach(address, shown)
    if address.scheme != "sc" and not (shutil.which("java") or environ.get("JAVA_HOME")):
        message = (
            f"{shown}: Spark needs Java 17 on this machine, and there is none: apt-get install openjdk-17-jre-headless."
        )
        raise WarehouseError(message)
    logging.getLogger("SQLQueryContextLogger").setLevel(logging.CRITICAL + 1)  # it repeats every fault, with its trace
    with _told(shown):
        session, owned = _session(address, shown)
        for name, value in _SESSION.items():
            session.conf.set(name, value)
        if address.host and address.scheme == "spark":
            _put_to_work(session, shown)
        if address.database:
            session.sql(f"USE {address.database}")
    made = Spark(session, shown, owned=owned)
    if owned and address.host and address.scheme == "spark":
        made.watch()
    return made


class Spark:
    """One session. Tables are made in whatever format the cluster's own configuration prefers."""

    name = "Spark"
    dialect = "spark"
    carried = None

    def __init__(self, session: SparkSession, shown: str, *, owned: bool) -> None:
        self._session, self._shown, self._owned = session, shown, owned
        self._workers: Workers | None = None

    def watch(self) -> None:
        """From now on sees that somebody works for the master."""
        self._workers = Workers(self._session)
        self._workers.start()

    def run(self, statement: str) -> None:
        """See `Engine.run`."""
        with _told(self._shown, self._workers):
            self._session.sql(statement)

    def columns(self, place: str) -> dict[str, str]:
        """See `Engine.columns`."""
        with _told(self._shown, self._workers):
            fields = self._session.table(place).schema.fields
        return {field.name: _canonical(field.dataType.simpleString()) for field in fields}

    def schema(self, name: str) -> None:
        """See `Engine.schema`."""
        self.run(f"CREATE SCHEMA IF NOT EXISTS {name}")

    def drop_schema(self, name: str) -> None:
        """See `Engine.drop_schema`."""
        self.run(f"DROP SCHEMA IF EXISTS {name} CASCADE")

    def create(self, place: str, columns: Mapping[str, str]) -> None:
        """See `Engine.create`."""
        self._anew(place, f"({', '.join(f'{_quoted(name)} {_type(of)}' for name, of in columns.items())})")

    def make(self, place: str, select: str) -> None:
        """See `Engine.make`."""
        self._anew(place, f"AS {select}")

    def cast(self, expression: str, canonical: str) -> str:
        """See `Engine.cast`."""
        return f"CAST({expression} AS {_type(canonical)})"

    def insert(self, place: str, rows: pa.Table) -> None:
        """See `Engine.insert`."""
        if not rows.num_rows:
            return
        names = ", ".join(map(_quoted, rows.column_names))
        with _told(self._shown, self._workers):
            self._session.createDataFrame(rows).createOrReplaceTempView("tenure_given")
            self._session.sql(f"INSERT INTO {place} ({names}) SELECT {names} FROM tenure_given")
            self._session.catalog.dropTempView("tenure_given")

    def fetch(self, select: str, columns: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
        """See `Engine.fetch`."""
        cast = ", ".join(f"{self.cast(_quoted(name), of)} AS {_quoted(name)}" for name, of in columns.items())
        told = arrow_schema(columns)
        with _told(self._shown, self._workers):
            for piece in _pieces(self._session.sql(f"SELECT {cast} FROM ({select}) AS brought")):
                yield from piece.cast(told).to_batches()

    def close(self) -> None:
        """See `Engine.close`."""
        if self._workers:
            self._workers.end()
        if self._owned:
            self._session.stop()

    def _anew(self, place: str, what: str) -> None:
        with _told(self._shown, self._workers):
            self._session.sql(f"DROP TABLE IF EXISTS {place}")
            try:
                self._session.sql(f"CREATE TABLE {place} {what}")
            except PySparkException as fault:
                if fault.getCondition() != "LOCATION_ALREADY_EXISTS":
                    raise
                self._forget(str((fault.getMessageParameters() or {})["location"]).strip("'"))
                self._session.sql(f"CREATE TABLE {place} {what}")

    def _forget(self, location: str) -> None:
        """Deletes the folder of a table that a killed session left: without a metastore nobody else knows of it."""
        jvm = self._session.sparkContext._jvm  # noqa: SLF001 - Spark's Python has no files of its own
        path = jvm.org.apache.hadoop.fs.Path(location)
        path.getFileSystem(self._session._jsparkSession.sessionState().newHadoopConf()).delete(path, True)  # noqa: FBT003, SLF001


def _reach(address: Address, shown: str) -> None:
    """Spark itself would try for minutes."""
    try:
        socket.create_connection((address.host, address.port or _PORTS[address.scheme]), _REACHED_S).close()
    except OSError as fault:
        message = (
            f"{shown} cannot be reached ({fault.strerror or fault}): is Spark running there, and is the port right?"
        )
        raise WarehouseError(message) from fault


def _session(address: Address, shown: str) -> tuple[SparkSession, bool]:
    """The session, and whether it is ours to end."""
    if address.scheme == "sc":
        given = {"user_id": address.user, "token": address.password, **address.options}
        told = "".join(f";{name}={value}" for name, value in given.items() if value)
        place = f"sc://{address.host}:{address.port or _PORTS['sc']}/{told}"
        return SparkSession.builder.remote(place).create(), True
    master = f"spark://{address.host}:{address.port or _PORTS['spark']}" if address.host else ""
    running = SparkSession.getActiveSession()
    if running is not None:
        of = running.conf.get("spark.master", "")
        if master and of != master:
            message = f"{shown}: this process has a session with {of} already, and Spark has one at a time."
            raise WarehouseError(message)
        return running.newSession(), False
    builder = SparkSession.builder
    secret = {"spark.authenticate": "true", "spark.authenticate.secret": address.password} if address.password else {}
    for name, value in {
        **_STARTED,
        **({"spark.master": master} if master else {}),
        **secret,
        **address.options,
    }.items():
        builder = builder.config(name, value)
    with _interrupted_as_before():
        return builder.getOrCreate(), True


@contextmanager
def _interrupted_as_before() -> Iterator[None]:
    """Spark takes Ctrl-C for itself, for as long as the process lives; ending the session ends its jobs as well."""
    before = signal.getsignal(signal.SIGINT)
    yield
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, before)


def _put_to_work(session: SparkSession, shown: str) -> None:
    """Sees that somebody works for the master: a job that nobody takes would wait for ever."""
    late: list[bool] = []

    def give_up() -> None:
        late.append(True)
        session.sparkContext.cancelAllJobs()

    timer = Timer(_TAKEN_S, give_up)
    timer.start()
    try:
        session.range(1).count()
    except (PySparkException, Py4JError):
        if not late:
            raise
        session.stop()
        message = (
            f"{shown}: no worker took work within {_TAKEN_S} s; has the master any, with memory and a core to spare?"
        )
        raise WarehouseError(message) from None
    finally:
        timer.cancel()


def _pieces(frame: Any) -> Iterator[pa.Table]:  # noqa: ANN401 - a dataframe of Spark or of Spark Connect
    """The rows in tables of about a million: which one a row is in depends on the row alone."""
    few = frame.limit(_PIECE + 1).toArrow()
    if few.num_rows <= _PIECE:
        yield few
        return
    pieces = -(-frame.count() // _PIECE)
    for piece in range(pieces):
        yield frame.where(f"pmod(xxhash64(*), {pieces}) = {piece}").toArrow()


def _type(canonical: str) -> str:
    return _NAMES.get(canonical, canonical)


def _canonical(told: str) -> str:
    return _CANONICAL.get(told, told.upper() if told.startswith("decimal") else told)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


@contextmanager
def _told(shown: str, workers: Workers | None = None) -> Iterator[None]:
    """Says a fault of Spark in one sentence."""
    try:
        yield
    except (PySparkException, Py4JError, OSError) as fault:
        if workers and workers.are_lost:
            message = f"Spark at {shown} broke off: no worker is left that does what is asked."
            raise WarehouseError(message) from fault
        if isinstance(fault, PySparkException):
            raise WarehouseError(_sentence(shown, fault)) from fault
        lines = [line for line in str(fault).splitlines() if line.strip()] or [type(fault).__name__]
        message = f"Spark at {shown} broke off: {lines[0].rstrip('.:')}."
        raise WarehouseError(message) from fault


def _sentence(shown: str, fault: PySparkException) -> str:
    condition = str(fault.getCondition() or "")
    kinds = (
        ("TABLE_OR_VIEW_NOT_FOUND", "has no such table"),
        ("SCHEMA_NOT_FOUND", "has no such schema"),
        ("UNRESOLVED_COLUMN", "has no such column"),
        ("INSUFFICIENT_PERMISSIONS", "does not permit it"),
        ("CAST_", "holds a value or a type that does not fit"),
        ("DATATYPE_MISMATCH", "holds a value or a type that does not fit"),
        ("INCOMPATIBLE_DATA", "holds a value or a type that does not fit"),
        ("NUMERIC_VALUE_OUT_OF_RANGE", "holds a value or a type that does not fit"),
        ("JAVA_GATEWAY_EXITED", "did not start: Spark needs Java 17 or 21"),
    )
    said = next((what for start, what in kinds if condition.startswith(start)), "refused a statement")
    return f"Spark at {shown} {said}: {_first(str(fault))}."


def _first(text: str) -> str:
    """The first sentence of what Spark says, without its codes."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    line = re.sub(r"^\[[A-Z_.]+\] ", "", line.strip())
    return re.split(r"(?<=[^.])\. (?=[A-Z])|\. SQLSTATE| SQLSTATE", line)[0].rstrip(".")
