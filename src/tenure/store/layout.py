"""How a store is laid out: raw rows, what of them is current, the records of loads and of what was set aside.

`rows.<table>` holds every row that was ever accepted. A row's `replaced_at` is exactly the `loaded_at` of the load that
replaced it, and null while it is current; so what was known at an instant is a plain comparison. No table has an index:
a load keeps keys unique by looking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.errors import StoreVersionError
from tenure.tables import TABLES

if TYPE_CHECKING:
    import duckdb

    from tenure.tables.schema import Table

VERSION = 2
STAMPS = ("source VARCHAR", "load_id BIGINT", "loaded_at TIMESTAMP", "replaced_at TIMESTAMP")

_META = (
    "CREATE TABLE IF NOT EXISTS meta.store (version INTEGER, created_at TIMESTAMP)",
    "CREATE TABLE IF NOT EXISTS meta.loads (load_id BIGINT, loaded_at TIMESTAMP, source VARCHAR, inputs VARCHAR[])",
    (
        "CREATE TABLE IF NOT EXISTS meta.load_tables (load_id BIGINT, table_name VARCHAR, rows_in BIGINT, accepted BIGINT,"
        " duplicate BIGINT, replaced BIGINT, quarantined BIGINT, retired BIGINT)"
    ),
    (
        "CREATE TABLE IF NOT EXISTS meta.quarantine (quarantine_id BIGINT, table_name VARCHAR, source VARCHAR, file VARCHAR,"
        " line BIGINT, column_name VARCHAR, value VARCHAR, rule VARCHAR, mend VARCHAR, raw JSON, load_id BIGINT,"
        " quarantined_at TIMESTAMP)"
    ),
    "CREATE TABLE IF NOT EXISTS meta.labels (name VARCHAR, label VARCHAR)",
    "CREATE TABLE IF NOT EXISTS meta.ledgers (place VARCHAR, fingerprint VARCHAR, mend VARCHAR, load_id BIGINT)",
    "CREATE TABLE IF NOT EXISTS meta.touched (load_id BIGINT, source VARCHAR, account_id VARCHAR)",
    # what was printed once and must not change unseen: `value` is exact, as text; null where it was unknown
    (
        "CREATE TABLE IF NOT EXISTS meta.frozen (frozen_at TIMESTAMP, period VARCHAR, grain VARCHAR, starts_at TIMESTAMP,"
        " ends_at TIMESTAMP, metric VARCHAR, variant VARCHAR, dimension VARCHAR, segment VARCHAR, value VARCHAR, preset VARCHAR,"
        " switches JSON, fingerprint VARCHAR, load_id BIGINT, note VARCHAR)"
    ),
    "CREATE TABLE IF NOT EXISTS meta.warehouse (name VARCHAR, said VARCHAR)",
    "ALTER TABLE meta.frozen ADD COLUMN IF NOT EXISTS currency VARCHAR",
)
# The tables, and how many columns they have, of a store that an earlier version laid out without them.
_LAST = {("meta", "frozen", 16), ("meta", "warehouse", 2)}


def quoted(name: str) -> str:
    """`name` as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """`text` as a literal of SQL; one with a NUL, which no stored value has, as one that nothing is equal to."""
    return "'" + text.replace("'", "''").replace("\0", "\ufffd") + "'"


def key_text(table: Table, row: str) -> str:
    """SQL: the key of `row` as `exclusions` writes it, its parts joined by a slash."""
    return " || '/' || ".join(f"coalesce(CAST({row}.{quoted(k)} AS VARCHAR), '')" for k in table.key)


def lay_out(con: duckdb.DuckDBPyConnection) -> None:
    """Makes what is missing of a store; on a store that is whole it writes nothing.

    Raises:
        StoreVersionError: a newer version of Tenure wrote it.
    """
    tables = con.execute("SELECT schema_name, table_name, column_count FROM duckdb_tables()").fetchall()
    present = {(schema, name) for schema, name, _ in tables}
    version = con.execute("SELECT max(version) FROM meta.store").fetchone() if ("meta", "store") in present else None
    if version and version[0] and version[0] > VERSION:
        message = (
            f"The store was written by a newer version of Tenure (layout {version[0]}, this one knows {VERSION}): "
            "`pip install --upgrade tenure`."
        )
        raise StoreVersionError(message)
    before = version[0] if version else None
    if before == VERSION and _LAST.issubset(tables) and all(("rows", name) in present for name in TABLES):
        return
    con.execute("BEGIN TRANSACTION")
    if before is not None and before < VERSION:  # what is written of the ledgers has another shape: they are made anew
        con.execute("DROP TABLE IF EXISTS meta.ledgers")
    for statement in (*(f"CREATE SCHEMA IF NOT EXISTS {name}" for name in ("meta", "rows", "facts")), *_META):
        con.execute(statement)
    if before != VERSION:
        con.execute(f"INSERT INTO meta.store VALUES ({VERSION}, CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP))")
    for table in TABLES.values():
        con.execute(f"CREATE TABLE IF NOT EXISTS rows.{table.name} ({_declared(table)})")
    for table in TABLES.values():
        con.execute(_view(table))
    con.execute("COMMIT")


def _declared(table: Table) -> str:
    return ", ".join([*(f"{quoted(c.name)} {c.type.sql}" for c in table.stored), *STAMPS])


def excluded_id(table: Table) -> str:
    """SQL: the id of an exclusion as `key_text` writes it; an instant in it may be written in any way of ISO 8601."""
    from tenure.tables.schema import Type  # a store that is whole is opened without it

    if table.column(table.key[-1]).type is not Type.INSTANT:
        return "x.id"
    written = "regexp_extract(x.id, '[^/]*$')"
    instant = f"CAST(TRY_CAST({written} AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS VARCHAR)"
    return f"coalesce(regexp_replace(x.id, '[^/]*$', {instant}), x.id)"


def _view(table: Table) -> str:
    """The current rows that no exclusion names. An exclusion cannot be excluded: there would be no way back."""
    return f"CREATE OR REPLACE VIEW main.{table.name} AS {known_rows(table, '{row}.replaced_at IS NULL')}"


def known_rows(table: Table, holds: str, rows: str = "rows") -> str:
    """SQL: the rows of the schema `rows` for which `holds`, a condition on `{row}`, and that no such exclusion leaves out."""
    known = f"SELECT r.* FROM {rows}.{table.name} AS r"
    if table.name != "exclusions":
        # not a NOT EXISTS: that gathers the distinct keys of all rows first, even where nothing is excluded
        known += (
            f" ANTI JOIN (SELECT {excluded_id(table)} AS id FROM {rows}.exclusions AS x WHERE {holds.format(row='x')}"
            f" AND x.table_name = '{table.name}') AS x ON x.id = {key_text(table, 'r')}"
        )
    return f"{known} WHERE {holds.format(row='r')}"
