"""The ledgers in the store: built on first use, one set per policy, and kept up by each load.

The store's own policy has the schema `facts`; another policy's ledgers stand in `facts_<fingerprint>`, except where
they would be the same rows as ones that are there already. A load rewrites the rows of the accounts that it touched,
in its own transaction, and lets go of the other policies' ledgers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.facts.fact import BOUNDS, facts, fingerprints, parameters, statement
from tenure.store import rates, roots, touched
from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.facts.fact import Value
    from tenure.policy import Policy

_INPUTS = ("account_roots", "rates")
# Beyond this share of the accounts writing the ledgers anew is quicker than taking rows out and putting them back.
_MANY = 0.2


def ensure(con: DuckDBPyConnection, settings: Settings, policy: Policy | None = None) -> dict[str, str]:
    """Where each ledger of a policy stands (`schema.table` by name); what is missing is built.

    Args:
        con: The store.
        settings: The company's; their policy is the store's own.
        policy: The one that is asked for; None is the store's own.
    """
    made = _made(con)
    _inputs(con, settings, made)
    places, wanted = _placed(settings, policy or settings.policy)
    missing = [name for name, place in _each(places) if made.get(place) != wanted[name]]
    if missing:
        values = _values(con, policy or settings.policy, settings.currency)
        for name in missing:
            _build(con, name, places, values, wanted[name])
    return {name: f"facts.{name}" for name in _INPUTS} | places


def refresh(con: DuckDBPyConnection, settings: Settings, load_id: int) -> None:
    """Brings the store's own ledgers up to a load, within the load's transaction."""
    changed = touched.changed_tables(con, load_id)
    if not changed:
        return
    for schema in _others(con):
        con.execute(f"DROP SCHEMA {schema} CASCADE")
        con.execute(f"DELETE FROM meta.ledgers WHERE place LIKE {literal(schema)} || '.%'")
    _inputs(con, settings, _made(con))
    # What another policy of the store's own left behind is not kept up, and must not be taken for current later.
    places, wanted = _placed(settings, settings.policy)
    _forget(con, places.values())
    for name in _INPUTS:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name}_before AS FROM facts.{name}")  # our own names
    if changed & {"accounts", "account_links", "exclusions"}:
        roots.rebuild(con)
    if changed & touched.RATED:
        rates.rebuild(con, settings.currency)
    count = touched.collect(con, load_id, changed, roots_before="account_roots_before", rates_before="rates_before")
    kept = _made(con).get(places["states"]) == wanted["states"]
    if count > _MANY * _accounts(con) or not kept:
        _forget(con, ())
        ensure(con, settings)
    elif count:
        _mend(con, settings)
    for name in ("touched", *(f"{n}_before" for n in _INPUTS)):
        con.execute(f"DROP TABLE IF EXISTS temp.{name}")


def rows_differing(con: DuckDBPyConnection, settings: Settings) -> dict[str, int]:
    """By ledger, how many rows of the store's own differ from those made anew from the raw rows: all 0 by law."""
    places = ensure(con, settings)
    values = _values(con, settings.policy, settings.currency)
    found = {}
    for name, place in _each(places):
        anew = statement(facts()[name], values, tables=places)
        row = con.execute(f"""
            WITH anew AS ({anew})
            SELECT (SELECT count(*) FROM (FROM {place} EXCEPT ALL FROM anew)) +
                   (SELECT count(*) FROM (FROM anew EXCEPT ALL FROM {place}))
        """).fetchone()  # our own statements
        found[name] = int(row[0]) if row else 0
    return found


def _mend(con: DuckDBPyConnection, settings: Settings) -> None:
    """Rewrites the rows of the touched accounts, ledger by ledger, by the statements kept since the ledgers were made."""
    places = ensure(con, settings)
    statements = dict(con.execute("SELECT place, mend FROM meta.ledgers").fetchall())
    first, last = rates.bounds(con)
    for _, place in _each(places):
        sql = statements[place].replace("'$first_day'", f"'{first}'").replace("'$last_day'", f"'{last}'")
        con.execute(f"DELETE FROM {place} WHERE account_id IN (FROM touched)")
        con.execute(f"INSERT INTO {place} {sql}")


def _placed(settings: Settings, policy: Policy) -> tuple[dict[str, str], Mapping[str, str]]:
    """Where the ledgers of a policy stand, and the fingerprints that they then have; by name."""
    own = fingerprints(parameters(settings.policy, settings.currency))
    wanted = fingerprints(parameters(policy, settings.currency))
    places: dict[str, str] = {}
    for name, mark in wanted.items():
        place = f"facts.{name}" if mark == own[name] else f"facts_{mark}.{name}"
        # Movements and customer movements are one ledger where the policy counts movements by customer.
        places[name] = next((places[n] for n in places if wanted[n] == mark), place)
    return places, wanted


def _forget(con: DuckDBPyConnection, but: Iterable[str]) -> None:
    """Takes every ledger for not made, but for those places and what all ledgers read."""
    kept = ", ".join(literal(place) for place in [*but, *(f"facts.{name}" for name in _INPUTS)])
    con.execute(f"DELETE FROM meta.ledgers WHERE place NOT IN ({kept})")


def _each(places: Mapping[str, str]) -> list[tuple[str, str]]:
    """The ledgers that are made, each place once, without what they all read."""
    seen: dict[str, str] = {}
    for name, place in places.items():
        if name not in _INPUTS:
            seen.setdefault(place, name)
    return [(name, place) for place, name in seen.items()]


def _build(
    con: DuckDBPyConnection, name: str, places: Mapping[str, str], values: Mapping[str, Value], mark: str
) -> None:
    schema = places[name].partition(".")[0]
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    con.execute(f"CREATE OR REPLACE TABLE {places[name]} AS {statement(facts()[name], values, tables=_at(places))}")
    # Writing a statement takes longer than making the rows of some accounts: a load finds it written, but for the bounds
    # of the rates, which it may move.
    later = {**values, **{bound: f"${bound}" for bound in BOUNDS}}
    _mark(con, places[name], mark, statement(facts()[name], later, tables=_at(places), touched="temp.touched"))


def _at(places: Mapping[str, str]) -> dict[str, str]:
    return {name: f"facts.{name}" for name in _INPUTS} | dict(places)


def _values(con: DuckDBPyConnection, policy: Policy, currency: str) -> dict[str, Value]:
    first, last = rates.bounds(con)
    return parameters(policy, currency) | {"first_day": str(first), "last_day": str(last)}


def _inputs(con: DuckDBPyConnection, settings: Settings, made: Mapping[str, str]) -> None:
    """Makes what every ledger reads, where it is not there or was made for another currency."""
    if made.get("facts.rates") != settings.currency:
        rates.rebuild(con, settings.currency)
        _mark(con, "facts.rates", settings.currency)
    if "facts.account_roots" not in made:
        roots.rebuild(con)
        _mark(con, "facts.account_roots", "")


def _mark(con: DuckDBPyConnection, place: str, mark: str, mend: str = "") -> None:
    con.execute(f"DELETE FROM meta.ledgers WHERE place = {literal(place)}")
    con.execute(f"INSERT INTO meta.ledgers VALUES ({literal(place)}, {literal(mark)}, {literal(mend)})")


def _made(con: DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("SELECT place, fingerprint FROM meta.ledgers").fetchall())


def _others(con: DuckDBPyConnection) -> list[str]:
    found = con.execute(
        "SELECT schema_name FROM duckdb_schemas()"
        " WHERE schema_name LIKE 'facts\\_%' ESCAPE '\\' AND database_name = current_database()"
    )
    return [row[0] for row in found.fetchall()]


def _accounts(con: DuckDBPyConnection) -> int:
    row = con.execute("SELECT approx_count_distinct(account_id) FROM rows.subscription_periods").fetchone()
    return int(row[0]) if row else 0
