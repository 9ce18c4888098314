"""What ledgers read beside the canonical tables, made here from the small ones and carried to where the ledgers are made."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from tenure.facts.fact import Fact, statement
from tenure.store import facts as ledgers
from tenure.store import warehouse
from tenure.store.connection import connect
from tenure.store.load import bring
from tenure.store.roots import roots

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy
    from tenure.sync.steps import Steps
    from tenure.sync.there import There

MADE = ("account_roots", "rates", "calendar", "calendar_days")
"""The inputs that are made here; `person_roots` is made there, since there may be many people."""

PERSON_ROOTS = Fact(
    "person_roots",
    """
-- Reads people, account_roots, linked_people, left_out_people
WITH known AS (
  SELECT person_id FROM people UNION SELECT person_id FROM linked_people UNION SELECT person_id FROM left_out_people
), each AS (
  SELECT k.person_id AS person_id, COALESCE(l.root_id, k.person_id) AS root_id, COALESCE(r.root_id, p.account_id) AS account_id,
    p.role AS role,
    CASE WHEN COALESCE(p.is_internal, FALSE) OR COALESCE(r.is_left_out, FALSE) OR o.person_id IS NOT NULL THEN 1 ELSE 0 END AS left_out
  FROM known AS k
  LEFT JOIN linked_people AS l ON l.person_id = k.person_id
  LEFT JOIN people AS p ON p.person_id = k.person_id
  LEFT JOIN account_roots AS r ON r.account_id = p.account_id
  LEFT JOIN left_out_people AS o ON o.person_id = k.person_id
), whole AS (
  SELECT root_id, MAX(CASE WHEN person_id = root_id THEN account_id END) AS own_account, MIN(account_id) AS some_account,
    MAX(CASE WHEN person_id = root_id THEN role END) AS own_role, MIN(role) AS some_role, MAX(left_out) AS is_out
  FROM each
  GROUP BY root_id
)
SELECT e.person_id AS person_id, e.root_id AS root_id, COALESCE(w.own_account, w.some_account) AS account_id,
  COALESCE(w.own_role, w.some_role) AS role, CASE WHEN w.is_out = 1 THEN TRUE ELSE FALSE END AS is_left_out
FROM each AS e
JOIN whole AS w ON w.root_id = e.root_id
""",
    ("people", "account_roots", "linked_people", "left_out_people"),
)
"""As `tenure.store.persons` makes it, within the portable subset; a law holds one against the other."""


@contextmanager
def scratch(
    con: DuckDBPyConnection,
    settings: Settings,
    home: Iterable[str],
    frames: Mapping[str, pa.Table],
    whole: Iterable[str],
    years: tuple[int, int],
) -> Iterator[DuckDBPyConnection]:
    """A store in memory with the small tables as they will be here after the sync, and nothing of the large ones."""
    made = connect(None, create=True)
    try:
        for name in home:
            made.register("held", con.execute(f"FROM rows.{name} WHERE replaced_at IS NULL").to_arrow_table())
            made.execute(f"INSERT INTO rows.{name} FROM held")
            made.unregister("held")
        bring(made, settings, frames, frozenset(whole))
        warehouse.hold(made, warehouse.Held(0, {}, (), {}, {}, (), (), years))
        yield made
    finally:
        made.close()


def shape(made: DuckDBPyConnection, settings: Settings, policy: Policy, ledger: str) -> dict[str, str]:
    """The columns of a ledger, with their types; the scratch store has next to no rows of it."""
    return described(made, ledgers.ensure(made, settings, policy, [ledger])[ledger])


def described(con: DuckDBPyConnection, place: str) -> dict[str, str]:
    """The columns of a table, with their types."""
    return {row[0]: row[1] for row in con.execute(f"DESCRIBE {place}").fetchall()}


def carry(there: There, made: DuckDBPyConnection, marks: dict[str, str], steps: Steps) -> set[str]:
    """Uploads those inputs that are not there as they are now (`marks`, which is kept up), and says which."""
    changed = set()
    for name in MADE:
        row = made.execute(f"SELECT count(*), coalesce(bit_xor(hash(t)), 0) FROM facts.{name} AS t").fetchone()

        def upload(name: str = name) -> None:
            there.upload(name, made.execute(f"FROM facts.{name}").to_arrow_table(), described(made, f"facts.{name}"))

        before = marks.get(name)
        marks[name] = steps.carry(name, str(row), before, upload)
        if marks[name] != before:
            changed.add(name)
    return changed


def people(there: There, made: DuckDBPyConnection, into: str) -> None:
    """Makes `person_roots` there, in a table of that name, from the people there and the few that are linked or left out."""
    linked = roots(made.execute("SELECT person_id, same_as FROM person_links").fetchall())
    made.execute("CREATE OR REPLACE TEMP TABLE linked (person_id VARCHAR, root_id VARCHAR)")
    if linked:
        made.executemany("INSERT INTO linked VALUES (?, ?)", list(linked.items()))
    there.upload(
        "linked_people", made.execute("FROM linked").to_arrow_table(), {"person_id": "VARCHAR", "root_id": "VARCHAR"}
    )
    out = made.execute("SELECT DISTINCT id AS person_id FROM exclusions WHERE table_name = 'people'").to_arrow_table()
    there.upload("left_out_people", out, {"person_id": "VARCHAR"})
    places = {name: there.place(name) for name in PERSON_ROOTS.reads}
    there.engine.make(there.place(into), statement(PERSON_ROOTS, {}, tables=places, dialect=there.engine.dialect))
