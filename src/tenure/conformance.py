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
from tenure.errors import UnknownNameError, UsageError, WarehouseError
from tenure.facts.fact import INPUTS, facts, statement
from tenure.predict.answers import ask as predicted
from tenure.query import Asked, ask
from tenure.sources import demo, nasty
from tenure.store.connection import connect
from tenure.store.facts import ensure, marks, values_of
from tenure.store.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.engines.engine import Engine
    from tenure.policy import Policy

    Step = Callable[[str, float, float], None]

COMPANIES = ("nasty", "demo")


@dataclass(frozen=True)
class Company:
    """A company that is made up: what writes its files into a folder and names them, and the text of its `tenure.toml`."""

    name: str
    files: Callable[[Path], list[Path]]
    settings: str


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
    policy: Policy
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
        head = {"engine": self.engine, "company": self.company, "policy": self.policy.preset, "equal": self.is_equal}
        return {**head, **told}


def company(name: str) -> Company:
    """A built-in company.

    Raises:
        UnknownNameError: there is no such company.
    """
    if name not in COMPANIES:
        raise UnknownNameError("company", name, COMPANIES, f"There are {' and '.join(COMPANIES)}.")
    made = demo if name == "demo" else nasty
    return Company(name, lambda folder: demo.write(folder, made.company()), made.settings())


def conform(
    engine: Engine,
    company: Company,
    *,
    policies: Sequence[Policy] = (),
    metrics: bool = True,
    step: Step | None = None,
) -> list[Conformance]:
    """The reports on an engine, one per policy. A fact that two policies make alike is made once.

    Args:
        engine: An open connection; a schema is made there, and dropped.
        company: Whose ledgers and numbers are compared.
        policies: The readings; none is the company's own.
        metrics: Whether the metrics are asked too.
        step: Told what is being done, how much is behind, and how much there is in all.

    Raises:
        WarehouseError: the engine refused, or broke off.
    """
    with _schema(engine) as schema, _loaded(company) as (con, settings):
        reports = [Conformance(engine.name, company.name, policy) for policy in policies or (settings.policy,)]
        _make(engine, con, settings, schema, reports, step)
        if metrics:
            _ask(con, settings, reports, step)
    return reports


@contextmanager
def _loaded(company: Company) -> Iterator[tuple[DuckDBPyConnection, Settings]]:
    """A store in memory with a company's rows, and its settings."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "tenure.toml").write_text(company.settings, encoding="utf-8")
        settings = load_settings(Path(folder))
        con = connect(None, create=True)
        try:
            load(con, settings, company.files(Path(folder)))
            yield con, settings
        finally:
            con.close()


def _make(
    engine: Engine,
    con: DuckDBPyConnection,
    settings: Settings,
    schema: str,
    reports: list[Conformance],
    step: Step | None,
) -> None:
    """Makes every fact of every report on both sides, and compares the rows."""
    known: dict[str, Compared] = {}
    con.execute("CREATE SCHEMA brought")
    sources = _uploaded(engine, con, schema, ensure(con, settings))
    for turn, report in enumerate(reports):
        values, there = values_of(con, report.policy, settings), dict(sources)
        places, made = ensure(con, settings, report.policy), marks(settings, report.policy)
        for done, (name, fact) in enumerate(facts().items()):
            if step:
                step(name, turn * len(facts()) + done, len(reports) * len(facts()))
            there[name] = f"{schema}.{name}_{made[name]}"
            if there[name] not in known:
                begun = time.perf_counter()
                engine.make(there[name], statement(fact, values, tables=there, dialect=engine.dialect))
                seconds = round(time.perf_counter() - begun, 3)
                brought = f"brought.{name}_{made[name]}"
                _bring(engine, con, there[name], brought, _columns(con, places[name]))
                known[there[name]] = Compared(name, *_compared(con, places[name], brought), seconds)
            report.facts.append(known[there[name]])


@contextmanager
def _schema(engine: Engine) -> Iterator[str]:
    """A schema for the time being."""
    name = f"tenure_conformance_{token_hex(4)}"
    try:
        engine.schema(name)
    except KeyboardInterrupt:  # it may be there already
        engine.drop_schema(name)
        raise
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


def _bring(engine: Engine, con: DuckDBPyConnection, place: str, into: str, columns: Mapping[str, str]) -> None:
    declared = ", ".join(f"{column} {canonical}" for column, canonical in columns.items())
    con.execute(f"CREATE OR REPLACE TABLE {into} ({declared})")
    for batch in engine.fetch(f"SELECT {', '.join(columns)} FROM {place}", columns):
        con.register("arriving", batch)
        con.execute(f"INSERT INTO {into} FROM arriving")
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


def _ask(con: DuckDBPyConnection, settings: Settings, reports: list[Conformance], step: Step | None) -> None:
    """Asks every metric of our ledgers, lets those that were brought take their places, and asks again."""
    now = f"{datetime.now(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"  # the same for both
    total = 2 * len(reports)
    ours = [_answers(con, settings, report, now, step, (turn, total)) for turn, report in enumerate(reports)]
    for report in reports:
        places, made = ensure(con, settings, report.policy), marks(settings, report.policy)
        for name in facts():
            con.execute(f"CREATE OR REPLACE TABLE {places[name]} AS FROM brought.{name}_{made[name]}")
    for turn, report in enumerate(reports):
        theirs = _answers(con, settings, report, now, step, (len(reports) + turn, total))
        for name, here in ours[turn].items():
            odd = next((f"here: {a}; there: {b}" for a, b in zip(here, theirs[name], strict=True) if a != b), None)
            report.metrics.append(Compared(name, len(here), odd))


def _answers(
    con: DuckDBPyConnection,
    settings: Settings,
    report: Conformance,
    now: str,
    step: Step | None,
    behind: tuple[int, int],
) -> dict[str, list[dict[str, Any]]]:
    """The rows of every metric and variant, as a surface gives them."""
    known = catalog.shipped()
    names = [
        name for metric in known.values() for name in (metric.name, *(f"{metric.name}:{v}" for v in metric.variants))
    ]
    asked = Asked(now=now, policy=report.policy.preset, switches=report.policy.overrides)
    found = {}
    for done, name in enumerate(names):
        if step:
            step(name, behind[0] + done / len(names), behind[1])
        put = predicted if catalog.find(name, known)[0].model else ask
        try:
            found[name] = put(con, settings, known, name, asked).to_dict()["rows"]
        except UsageError as fault:  # the company's amounts are too large for it: there as here
            found[name] = [{"refused": str(fault)}]
    return found
