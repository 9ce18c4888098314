"""The ledgers in the store: made when first needed, one set per policy, and brought up to the loads since when next read.

The store's own policy has the schema `facts`; another policy's ledgers stand in `facts_<fingerprint>`, except where
they would be the same rows as ones that are there already. A load keeps whose rows it touched (`tenure.store.touched`), in its own
transaction; a ledger that stands is mended by rewriting the rows of those accounts before it is read, in one transaction too. So
a load takes no longer for all that might be asked one day, and several loads cost one mending.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from duckdb import DataError, Error, NotSupportedError, ProgrammingError

from tenure.config import Sql
from tenure.errors import SettingsError
from tenure.facts.fact import BOUNDS, INPUTS, facts, fingerprints, parameters, statement
from tenure.store import days, persons, rates, roots, touched, warehouse
from tenure.store.connection import transaction
from tenure.store.exact import exact
from tenure.store.layout import literal
from tenure.store.turns import Desk, desk, writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.facts.fact import Value
    from tenure.policy import Policy

# Beyond this share of the accounts writing a ledger anew is quicker than taking rows out and putting them back.
_MANY = 0.2
_FEW = 50
# What was found up to date is not looked at again until there is another load.
_current: WeakKeyDictionary[Desk, tuple[int, dict[str, str]]] = WeakKeyDictionary()


def ensure(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy | None = None,
    ledgers: Iterable[str] | None = None,
    *,
    coarse: bool = False,
) -> dict[str, str]:
    """Where each ledger of a policy stands (`schema.table` by name); of those that are wanted all is made and up to date.

    Args:
        con: The store.
        settings: The company's; their policy is the store's own.
        policy: The one that is asked for; None is the store's own.
        ledgers: Which are wanted, with all that they read; None is every one that can be had here.
        coarse: Whether one that came home from a warehouse added up by day will do.

    Raises:
        SettingsError: a filter in the settings speaks of what events do not have.
        WarehouseError: one is in a warehouse, and did not come home as it is wanted.
    """
    places, wanted = placed(settings, policy or settings.policy)
    if brought := warehouse.held(con):
        names, standing = _around(brought, ledgers)
        for name in standing:
            warehouse.check(
                brought, settings, policy or settings.policy, name, places[name], wanted[name], coarse=coarse
            )
        _ready(con, settings)
    else:
        names = with_below(ledgers or facts())
    if _behind(con, settings, names, places, wanted):
        with writing(con):
            _bring(con, settings, policy or settings.policy, names, places, wanted)
    return {name: f"facts.{name}" for name in INPUTS} | places


def _behind(
    con: DuckDBPyConnection, settings: Settings, names: list[str], places: dict[str, str], wanted: Mapping[str, str]
) -> list[str]:
    """Those of the ledgers that are not there, or not up to date; what is found to be is noted. It writes nothing."""
    _, seen = _seen(con)
    names = [name for name in names if seen.get(places[name]) != wanted[name]]
    if not names:
        return []
    made, latest = _made(con), touched.latest(con)
    if _lacking(con, settings, {read for name in names for read in facts()[name].sources}, made):
        return names
    behind = []
    for name in names:
        mark, known = made.get(places[name], ("", 0))
        if mark != wanted[name] or any(latest.get(source, 0) > known for source in facts()[name].sources):
            behind.append(name)
        else:
            seen[places[name]] = wanted[name]
    return behind


def _bring(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    names: list[str],
    places: dict[str, str],
    wanted: Mapping[str, str],
) -> None:
    """Makes or mends those that are behind now: another one may have done it while this one waited for its turn."""
    load_id, seen = _seen(con)
    names = _behind(con, settings, names, places, wanted)
    for lacking in _lacking(con, settings, {read for name in names for read in facts()[name].sources}, _made(con)):
        _make_input(con, settings, lacking)
    made, latest = _made(con), touched.latest(con)
    for name in names:
        mark, known = made.get(places[name], ("", 0))
        if mark != wanted[name]:
            with transaction(con, derived=True):
                _build(con, settings, policy, name, places, wanted[name], load_id)
        elif any(latest.get(source, 0) > known for source in facts()[name].sources):
            _mend(con, settings, policy, name, places, known, load_id)
        made[places[name]] = (wanted[name], load_id)
        seen[places[name]] = wanted[name]


def _ready(con: DuckDBPyConnection, settings: Settings) -> None:
    """Makes what questions read beside ledgers that are not made here."""
    _, seen = _seen(con)
    if "inputs" not in seen:
        with writing(con):
            for name in _lacking(con, settings, set(), _made(con)):
                _make_input(con, settings, name)
        seen["inputs"] = ""


def _around(brought: warehouse.Held, ledgers: Iterable[str] | None) -> tuple[list[str], list[str]]:
    """Of the wanted ledgers, with what they read: those that are made here, and those that must stand here already."""
    made: set[str] = set()
    stand: set[str] = set()

    def want(name: str) -> None:
        if name in facts() and name not in made | stand:
            (stand if name in brought.brought else made).add(name)
            for read in () if name in stand else facts()[name].reads:
                want(read)

    for name in here(brought.lacking) if ledgers is None else ledgers:
        want(name)
    return [name for name in facts() if name in made], sorted(stand)


def here(lacking: frozenset[str]) -> list[str]:
    """The ledgers that can be read although some are lacking."""
    had: list[str] = []
    for name, fact in facts().items():
        if name not in lacking and all(read in had for read in fact.reads if read in facts()):
            had.append(name)
    return had


def prepare(con: DuckDBPyConnection, settings: Settings, ledgers: Iterable[str] | None = None) -> None:
    """Makes those of some ledgers that something was loaded for and that are not there at all: no reader waits for them."""
    made, wanted = _made(con), with_below(ledgers or facts())
    ensure(con, settings, None, [name for name in loaded(con) if name in wanted and f"facts.{name}" not in made])


def loaded(con: DuckDBPyConnection) -> list[str]:
    """The ledgers that something was loaded for; of those in a warehouse the ones that came home row by row."""
    told = con.execute("SELECT DISTINCT table_name FROM meta.load_tables WHERE accepted > 0").fetchall()
    tables = {name for (name,) in told}
    if brought := warehouse.held(con):
        tables |= {name for name, rows in brought.rows.items() if rows}
    had = here(brought.lacking if brought else frozenset())
    return [name for name in had if facts()[name].sources & tables]


def refresh(con: DuckDBPyConnection, load_id: int, settings: Settings) -> None:
    """Keeps, within a load's transaction, whose ledger rows it touched, and brings what all ledgers read up to it."""
    changed = touched.changed_tables(con, load_id)
    made = _made(con)
    stale: list[str] = []
    for name, reads in touched.INPUTS.items():
        if (reads & changed or set(reads) & set(stale)) and f"facts.{name}" in made:
            con.execute(f"CREATE OR REPLACE TEMP TABLE {name}_before AS FROM facts.{name}")  # our own names
            _make_input(con, settings, name)
            if touched.differs(con, name):
                stale.append(name)
    standing = {name: load for name in facts() for load in _loads(name, made)}
    touched.forget(con, standing)
    sources = frozenset(source for name in standing for source in facts()[name].sources)
    touched.record(con, load_id, {*changed, *stale}, sources)
    for name in touched.INPUTS:
        con.execute(f"DROP TABLE IF EXISTS temp.{name}_before")


def rows_differing(con: DuckDBPyConnection, settings: Settings) -> dict[str, int]:
    """By ledger, how many rows of the store's own differ from those made anew from the raw rows: all 0 by law."""
    brought = warehouse.held(con)
    made = set(loaded(con)) - (brought.brought if brought else set())  # the others cannot be made again here
    names = [name for name in facts() if name in made]
    places = ensure(con, settings, None, names)
    values = values_of(con, settings.policy, settings)
    found = {}
    for name in names:
        anew = statement(facts()[name], values, tables=places)
        row = con.execute(f"""
            WITH anew AS ({anew})
            SELECT (SELECT count(*) FROM (FROM {places[name]} EXCEPT ALL FROM anew)) +
                   (SELECT count(*) FROM (FROM anew EXCEPT ALL FROM {places[name]}))
        """).fetchone()  # our own statements
        found[name] = int(row[0]) if row else 0
    return found


def _build(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    name: str,
    places: Mapping[str, str],
    mark: str,
    load_id: int,
) -> None:
    values, at = values_of(con, policy, settings), {n: f"facts.{n}" for n in INPUTS} | dict(places)
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {places[name].partition('.')[0]}")
    with _filtering(name, settings), exact():
        con.execute(f"CREATE OR REPLACE TABLE {places[name]} AS {statement(facts()[name], values, tables=at)}")
    # Writing a statement takes longer than making the rows of some accounts: a reader finds it written, but for the bounds
    # of the rates, which a load may move.
    later = {**values, **{bound: f"${bound}" for bound in BOUNDS}}
    _mark(con, places[name], mark, statement(facts()[name], later, tables=at, touched="temp.touched"), load_id)


@contextmanager
def _filtering(name: str, settings: Settings) -> Iterator[None]:
    """Says of a fault that the company's filter caused that it did; another one goes on its way."""
    try:
        yield
    except (ProgrammingError, DataError, NotSupportedError) as fault:
        filters = [one for one in ("active_events", "key_events") if isinstance(getattr(settings, one), Sql)]
        if not filters or not {"is_active", "is_key"} & set(facts()[name].parameters):
            raise
        raise SettingsError(_filter_fault(" or ".join(filters), fault)) from fault


def _filter_fault(setting: str, fault: Error) -> str:
    line = re.sub(r"^[A-Z][A-Za-z ]+ Error: ", "", str(fault).splitlines()[0]).rstrip(".")
    return f"{setting}: the filter cannot be used on the columns of events ({line}). `tenure tables events` lists them."


def _mend(
    con: DuckDBPyConnection,
    settings: Settings,
    policy: Policy,
    name: str,
    places: Mapping[str, str],
    known: int,
    load_id: int,
) -> None:
    """Rewrites the rows of those accounts that loads after `known` touched, by the statement kept since the ledger was made."""
    place = places[name]
    with transaction(con, derived=True):
        if touched.pending(con, known, facts()[name].sources) > _MANY * max(_accounts(con), _FEW):
            _build(con, settings, policy, name, places, marks(settings, policy)[name], load_id)
        else:
            row = con.execute(f"SELECT mend FROM meta.ledgers WHERE place = {literal(place)}").fetchone()
            first, last = rates.bounds(con)
            sql = str(row[0] if row else "").replace("'$first_day'", f"'{first}'").replace("'$last_day'", f"'{last}'")
            con.execute(f"DELETE FROM {place} WHERE account_id IN (FROM temp.touched)")
            with _filtering(name, settings), exact():
                con.execute(f"INSERT INTO {place} {sql}")
            con.execute(f"UPDATE meta.ledgers SET load_id = {load_id} WHERE place = {literal(place)}")
        con.execute("DROP TABLE temp.touched")


def placed(settings: Settings, policy: Policy) -> tuple[dict[str, str], Mapping[str, str]]:
    """Where the ledgers of a policy stand, and the fingerprints that they then have; by name."""
    own, wanted = marks(settings, settings.policy), marks(settings, policy)
    places: dict[str, str] = {}
    for name, mark in wanted.items():
        place = f"facts.{name}" if mark == own[name] else f"facts_{mark}.{name}"
        # Movements and customer movements are one ledger where the policy counts movements by customer.
        places[name] = next((places[n] for n in places if wanted[n] == mark), place)
    return places, wanted


def marks(settings: Settings, policy: Policy) -> Mapping[str, str]:
    """The fingerprint of each ledger under a policy and the company's settings."""
    return fingerprints(parameters(policy, settings), days.mark(settings))


def with_below(ledgers: Iterable[str]) -> list[str]:
    """The ledgers with all that they read, each after those."""
    wanted: set[str] = set()

    def want(name: str) -> None:
        if name in facts() and name not in wanted:
            wanted.add(name)
            for read in facts()[name].reads:
                want(read)

    for name in ledgers:
        want(name)
    return [name for name in facts() if name in wanted]


def values_of(
    con: DuckDBPyConnection, policy: Policy, settings: Settings, rated: str = "facts.rates"
) -> dict[str, Value]:
    """The parameters of the statements under a policy and the company's settings; `rated` is where the rates stand."""
    first, last = rates.bounds(con, rated)
    return parameters(policy, settings) | {"first_day": str(first), "last_day": str(last)}


def _lacking(
    con: DuckDBPyConnection, settings: Settings, reads: set[str], made: Mapping[str, tuple[str, int]]
) -> list[str]:
    """What every ledger reads and is not there, or was made under other settings."""
    names = [name for name in touched.INPUTS if made.get(f"facts.{name}", (None, 0))[0] != _input_mark(settings, name)]
    if reads & {"calendar", "calendar_days"} and not days.stands(con, settings):
        names.append("calendar")
    return names


def _input_mark(settings: Settings, name: str) -> str:
    return settings.currency if name == "rates" else ""


def _make_input(con: DuckDBPyConnection, settings: Settings, name: str) -> None:
    if name == "calendar":
        days.ensure(con, settings)
        return
    if name == "rates":
        rates.rebuild(con, settings.currency)
    else:
        {"account_roots": roots, "person_roots": persons}[name].rebuild(con)
    _mark(con, f"facts.{name}", _input_mark(settings, name))


def _mark(con: DuckDBPyConnection, place: str, mark: str, mend: str = "", load_id: int = 0) -> None:
    con.execute(f"DELETE FROM meta.ledgers WHERE place = {literal(place)}")
    con.execute(f"INSERT INTO meta.ledgers VALUES ({literal(place)}, {literal(mark)}, {literal(mend)}, {load_id})")


def _made(con: DuckDBPyConnection) -> dict[str, tuple[str, int]]:
    found = con.execute("SELECT place, fingerprint, load_id FROM meta.ledgers").fetchall()
    return {place: (mark, load_id) for place, mark, load_id in found}


def _loads(name: str, made: Mapping[str, tuple[str, int]]) -> list[int]:
    """The load that the ledger was brought up to, the earliest of its policies; nothing where it was never made."""
    loads = [load_id for place, (_, load_id) in made.items() if place.endswith(f".{name}")]
    return [min(loads)] if loads else []


def _seen(con: DuckDBPyConnection) -> tuple[int, dict[str, str]]:
    """The last load, and the fingerprint of each ledger that was found up to it, by its place."""
    row = con.execute("SELECT coalesce(max(load_id), 0) FROM meta.loads").fetchone()
    load_id = int(row[0]) if row else 0
    found = _current.get(desk(con))
    if found is None or found[0] != load_id:
        found = _current[desk(con)] = (load_id, {})
    return found


def _accounts(con: DuckDBPyConnection) -> int:
    row = con.execute("""
        SELECT greatest((SELECT approx_count_distinct(account_id) FROM rows.subscription_periods), (SELECT count(*) FROM rows.accounts))
    """).fetchone()
    return int(row[0]) if row else 0
