"""Whether an engine makes the same ledgers as this one, row for row, and so the same numbers, digit for digit.

A company is loaded here, and its rows are put into a schema of their own on the engine. Every fact is then made on both sides,
each from its own ledgers, and what the engine made is brought home and compared. At the end the engine's ledgers take the
places of ours, and every metric is asked of both. The schema is dropped again, whatever happened.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tenure import catalog
from tenure.config import load_settings
from tenure.errors import UnknownNameError, WarehouseError
from tenure.facts.fact import INPUTS, facts, statement
from tenure.query import Asked, ask
from tenure.sources import demo, nasty
from tenure.store.connection import connect
from tenure.store.facts import ensure, values_of
from tenure.store.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.answer import Answer
    from tenure.config import Settings
    from tenure.engines.engine import Engine
    from tenure.policy import Policy

    Company = Mapping[str, list[dict[str, str]]]
    Step = Callable[[str, float, float], None]

COMPANIES = ("demo", "nasty")


@dataclass(frozen=True)
class Compared:
    """One fact, or one metric, of both sides. `rows` are ours; `difference` is the first one, None where there is none."""

    name: str
    rows: int
    difference: str | None
    seconds: float = 0.0
    """How long the engine took to make the fact; 0 of a metric."""

    @property
    def is_equal(self) -> bool:
        """Whether both sides have the same rows."""
        return self.difference is None


@dataclass(frozen=True)
class Conformance:
    """What was compared on an engine."""

    engine: str
    company: str
    policy: str
    facts: list[Compared] = field(default_factory=list)
    metrics: list[Compared] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether everything is."""
        return all(one.is_equal for one in (*self.facts, *self.metrics))

    def to_dict(self) -> dict[str, Any]:
        """The report as a surface gives it; `equal` of the whole and of each fact and metric."""
        told = {
            name: [{**asdict(one), "equal": one.is_equal} for one in getattr(self, name)]
            for name in ("facts", "metrics")
        }
        head = {"engine": self.engine, "company": self.company, "policy": self.policy, "equal": self.is_equal}
        return {**head, **told}


def company(name: str) -> tuple[Company, str]:
    """The tables of a built-in company, and the text of its settings.

    Raises:
        UnknownNameError: there is no such company.
    """
    if name not in COMPANIES:
        raise UnknownNameError("company", name, COMPANIES, f"There are {' and '.join(COMPANIES)}.")
    if name == "demo":
        return demo.company(), demo.settings()
    return nasty.company(), nasty.settings()


@contextmanager
def loaded(tables: Company, settings: str) -> Iterator[tuple[DuckDBPyConnection, Settings]]:
    """A store in memory with a company's rows, and its settings."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "tenure.toml").write_text(settings, encoding="utf-8")
        read = load_settings(Path(folder))
        con = connect(None, create=True)
        try:
            load(con, read, demo.write(Path(folder), tables))
            yield con, read
        finally:
            con.close()


def conform(
    engine: Engine,
    con: DuckDBPyConnection,
    settings: Settings,
    *,
    company: str,
    policy: Policy | None = None,
    metrics: bool = True,
    step: Step | None = None,
) -> Conformance:
    """The report on an engine.

    Args:
        engine: An open connection; a schema is made there, and dropped.
        con: A store with the company's rows. Its ledgers are the engine's afterwards.
        settings: The company's.
        company: What the report calls it.
        policy: The reading; None is the company's own.
        metrics: Whether the metrics are asked too.
        step: Told what is being done, how much is behind, and how much there is in all.

    Raises:
        WarehouseError: the engine refused, or broke off.
    """
    policy = policy or settings.policy
    places = ensure(con, settings, policy)
    report = Conformance(engine.name, company, policy.preset)
    with _schema(engine) as schema:
        there = _uploaded(engine, con, schema, places)
        values = values_of(con, policy, settings)
        con.execute("CREATE SCHEMA IF NOT EXISTS brought")
        for done, (name, fact) in enumerate(facts().items()):
            if step:
                step(name, done, 2 * len(facts()))
            there[name], begun = f"{schema}.{name}", time.perf_counter()
            engine.make(there[name], statement(fact, values, tables=there, dialect=engine.dialect))
            seconds = time.perf_counter() - begun
            _bring(engine, con, name, there[name], _columns(con, places[name]))
            rows, difference = _compared(con, places[name], f"brought.{name}")
            report.facts.append(Compared(name, rows, difference, round(seconds, 3)))
    if metrics:
        report.metrics.extend(_metrics(con, settings, policy, places, step))
    return report


@contextmanager
def _schema(engine: Engine) -> Iterator[str]:
    """A schema for the time being."""
    name = f"tenure_conformance_{token_hex(4)}"
    engine.schema(name)
    try:
        yield name
    except BaseException:
        try:
            engine.drop_schema(name)
        except WarehouseError as fault:  # what went wrong first is what matters; but the schema is still there
            message = f"{fault} The schema {name} may still be there: drop it by hand."
            raise WarehouseError(message) from fault
        raise
    engine.drop_schema(name)


def _uploaded(engine: Engine, con: DuckDBPyConnection, schema: str, places: Mapping[str, str]) -> dict[str, str]:
    """Puts everything that facts are made from on the engine; where each table stands there."""
    there: dict[str, str] = {}
    for name in sorted(frozenset().union(*(fact.sources for fact in facts().values()))):
        here = places[name] if name in INPUTS else name
        there[name] = f"{schema}.{name}"
        engine.create(there[name], _columns(con, here))
        engine.insert(there[name], con.execute(f"FROM {here}").to_arrow_table())
    return there


def _columns(con: DuckDBPyConnection, place: str) -> dict[str, str]:
    return {row[0]: row[1] for row in con.execute(f"DESCRIBE {place}").fetchall()}


def _bring(engine: Engine, con: DuckDBPyConnection, name: str, place: str, columns: Mapping[str, str]) -> None:
    declared = ", ".join(f"{column} {canonical}" for column, canonical in columns.items())
    con.execute(f"CREATE OR REPLACE TABLE brought.{name} ({declared})")
    for batch in engine.fetch(f"SELECT {', '.join(columns)} FROM {place}", columns):
        con.register("arriving", batch)
        con.execute(f"INSERT INTO brought.{name} FROM arriving")
        con.unregister("arriving")


def _compared(con: DuckDBPyConnection, ours: str, theirs: str) -> tuple[int, str | None]:
    """How many rows there are here, and the first difference."""
    row = con.execute(f"SELECT (SELECT count(*) FROM {ours}), (SELECT count(*) FROM {theirs})").fetchone()
    here, there = row or (0, 0)
    only = [
        con.execute(f"SELECT * FROM (FROM {a} EXCEPT ALL FROM {b}) ORDER BY ALL LIMIT 1").fetchone()
        for a, b in ((ours, theirs), (theirs, ours))
    ]
    counts = f"{here:,} rows here, {there:,} there; " if here != there else ""
    names, (own, foreign) = list(_columns(con, ours)), only
    if own and foreign:
        shown = [name for name, a, b in zip(names, own, foreign, strict=True) if a != b or name == names[0]]
        return here, f"{counts}here: {_row(names, own, shown)}; there: {_row(names, foreign, shown)}"
    odd = own or foreign
    return here, f"{counts}only {'here' if own else 'there'}: {_row(names, odd, names)}" if odd else None


def _row(names: list[str], row: tuple[Any, ...], shown: list[str]) -> str:
    return ", ".join(f"{name} = {value!s}" for name, value in zip(names, row, strict=True) if name in shown)


def _metrics(
    con: DuckDBPyConnection, settings: Settings, policy: Policy, places: Mapping[str, str], step: Step | None
) -> Iterator[Compared]:
    """Asks every metric of our ledgers, lets those that were brought take their places, and asks again."""
    names = [
        name
        for metric in catalog.shipped().values()
        for name in (metric.name, *(f"{metric.name}:{variant}" for variant in metric.variants))
    ]
    now = f"{datetime.now(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"  # the same for both
    asked = Asked(now=now, policy=policy.preset, switches=policy.overrides)
    ours: dict[str, Answer] = {}
    for done, name in enumerate(names):
        if step:
            step(name, len(names) + done / 2, 2 * len(names))
        ours[name] = _answer(con, settings, name, asked)
    for name in facts():
        con.execute(f"CREATE OR REPLACE TABLE {places[name]} AS FROM brought.{name}")
    for done, name in enumerate(names):
        if step:
            step(name, 1.5 * len(names) + done / 2, 2 * len(names))
        here, there = ours[name].to_dict()["rows"], _answer(con, settings, name, asked).to_dict()["rows"]
        odd = next((f"here: {a}; there: {b}" for a, b in zip(here, there, strict=True) if a != b), None)
        yield Compared(name, len(here), odd)


def _answer(con: DuckDBPyConnection, settings: Settings, name: str, asked: Asked) -> Answer:
    metric, _ = catalog.find(name, catalog.shipped())
    if metric.model is None:
        return ask(con, settings, catalog.shipped(), name, asked)
    from tenure.predict.answers import ask as predicted  # few questions need a model

    return predicted(con, settings, catalog.shipped(), name, asked)
