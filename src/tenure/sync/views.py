"""The canonical tables as views of the warehouse's own: every column of its type, rows that break a rule left out.

A table that the settings name in `[warehouse.tables]`, or that a ready mapping gives, is in the warehouse; of all others
the store itself has the rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tenure.config import currencies
from tenure.errors import SettingsError, WarehouseError
from tenure.store.layout import literal
from tenure.tables import TABLES
from tenure.tables.schema import PLAIN_NAME, Type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenure.config import Warehouse
    from tenure.sync.there import There
    from tenure.tables.schema import Column, Table

WATERMARKS = ("loaded_at", "_fivetran_synced", "_airbyte_extracted_at", "updated_at")
"""Columns that say when a row was last written; the first that a table has is its own, unless the settings name one."""
_SHOWN = 60
_PLAIN = {Type.INSTANT, Type.DAY, Type.INTEGER, Type.BOOLEAN}
_WHOLE = {"BIGINT", "INTEGER", "SMALLINT", "TINYINT", "INT32", "INT64", "smallint"}
_FIRST, _LAST = "1900-01-02", "2200-01-01"
"""The years of a likely instant, as of `tenure.tables.schema.era`."""


@dataclass(frozen=True)
class Source:
    """One canonical table in the warehouse: what the settings say of it, where its rows are, the columns there with their types,
    its watermark; `own` says what a canonical column is called there.
    """  # noqa: D205 - one sentence

    table: Table
    said: str
    place: str
    columns: Mapping[str, str]
    watermark: str | None
    own: Mapping[str, str]

    @property
    def given(self) -> list[Column]:
        """The canonical columns that it has."""
        return [column for column in self.table.columns if column.name in self.own]

    def kept(self) -> dict[str, str | None]:
        """What tells whether it is the same one in the next sync."""
        return {"by": self.watermark, "said": mark(self.said)}

    def is_same(self, before: Mapping[str, Any]) -> bool:
        """Whether it is the one of which something was kept."""
        return all(before.get(name) == told for name, told in self.kept().items())


@dataclass(frozen=True)
class Rule:
    """What must hold of a row: its name and column as in the quarantine, and the test in the engine's dialect."""

    rule: str
    column: str
    holds: str


def named(settings: Warehouse, dialect: str) -> dict[str, str]:
    """By canonical table the table or SELECT of the warehouse, as the settings and the ready mappings say.

    Raises:
        SettingsError: there is no such canonical table, or two mappings give one table, which the settings do not decide.
        UnknownNameError: there is no such mapping.
    """
    from tenure.engines.mappings import mapping  # few need one

    found: dict[str, str] = {}
    by: dict[str, str] = {}
    for name in settings.mappings:
        for table, select in mapping(name, dialect).items():
            if table in by and table not in settings.tables:
                message = (
                    f"[warehouse] mappings: '{by[table]}' and '{name}' both give {table}, and one system's ids say nothing to"
                    f" another: write under [warehouse.tables] which rows are meant, as a table or a SELECT."
                )
                raise SettingsError(message)
            found[table], by[table] = select, name
    for setting in ("tables", "watermarks"):
        for name in getattr(settings, setting):
            if name not in TABLES:
                near = get_close_matches(name, list(TABLES), n=1)
                hint = f" Did you mean '{near[0]}'?" if near else ""
                message = (
                    f"[warehouse.{setting}]: '{name}' is no canonical table.{hint} `tenure tables` lists them all."
                )
                raise SettingsError(message)
    return found | dict(settings.tables)


def sources(there: There, settings: Warehouse) -> dict[str, Source]:
    """The canonical tables that the warehouse has, each looked at and found to fit.

    Raises:
        SettingsError: a name in `[warehouse]` means nothing, or no table is named.
        WarehouseError: a table, a column or a right is missing there, or a column has a type that cannot be read without loss.
    """
    said = named(settings, there.engine.dialect)
    if not said:
        message = '[warehouse] names no table: write [warehouse.tables], as in events = "analytics.events".'
        raise SettingsError(message)
    return {name: _source(there, settings, TABLES[name], text) for name, text in said.items()}


def _source(there: There, settings: Warehouse, table: Table, said: str) -> Source:
    place = said
    if re.match(r"\s*(select|with)\b", said, re.IGNORECASE):
        for above in (f"near_{table.name}", f"fresh_{table.name}", table.name):
            there.engine.run(f"DROP VIEW IF EXISTS {there.place(above)}")
        there.view(f"own_{table.name}", said)
        place = there.place(f"own_{table.name}")
    columns = there.engine.columns(place)
    if not columns:
        message = f"There is no table '{said}' in the warehouse: [warehouse.tables] names it for {table.name}."
        raise WarehouseError(message)
    own = {column.name: name for column in table.columns if (name := _called(column, columns))}
    for column in table.columns:
        if column.required and column.name not in own:
            near = get_close_matches(column.name, list(columns), n=1)
            hint = f" Is it '{near[0]}'?" if near else ""
            message = (
                f"'{_short(said)}' has no column '{column.name}', which {table.name} needs.{hint} Give it that name in a SELECT"
                f" under [warehouse.tables], as in SELECT {near[0] if near else 'x'} AS {column.name}, * FROM {_short(said)}."
            )
            raise WarehouseError(message)
    for column in table.columns:
        told = columns.get(own.get(column.name, ""))
        if told is not None and not _fits(column.type, told):
            message = (
                f"'{_short(said)}' has '{own[column.name]}' as {told}, which cannot be read as {column.type.sql} without loss:"
                " cast it in a SELECT under [warehouse.tables]."
            )
            raise WarehouseError(message)
    return Source(table, said, place, columns, _watermark(settings, table, columns), own)


def _called(column: Column, columns: Mapping[str, str]) -> str | None:
    """What a canonical column is called there: by its name, or by one of those that files know it by."""
    return next((name for name in (column.name, *column.aliases) if name in columns), None)


def _watermark(settings: Warehouse, table: Table, columns: Mapping[str, str]) -> str | None:
    own = settings.watermarks.get(table.name)
    if own is not None and (own not in columns or not _fits(Type.INSTANT, columns[own])):
        what = f"is {columns[own]}, no instant" if own in columns else "is not there"
        message = f"[warehouse.watermarks]: the column '{own}' for {table.name} {what}; it has {', '.join(columns)}."
        raise SettingsError(message)
    fitting = (name for name in WATERMARKS if name in columns and _fits(Type.INSTANT, columns[name]))
    return own or next(fitting, None)


def _fits(wanted: Type, told: str) -> bool:
    """Whether a type of the warehouse can be read as a canonical one without loss."""
    kind = told.upper()
    zoned = "WITH TIME ZONE" in kind or kind.startswith(("DATETIME", "TIMESTAMP"))
    match wanted:
        case Type.INSTANT:
            return zoned or kind.startswith("DATE")
        case Type.DAY:
            return kind.startswith("DATE") and not kind.startswith("DATETIME")
        case Type.MONEY | Type.RATE | Type.PERCENT | Type.QUANTITY | Type.NUMBER:
            return kind.startswith(("DECIMAL", "NUMERIC")) or kind in _WHOLE or "INT" in kind
        case Type.INTEGER:
            return kind in _WHOLE or "INT" in kind
        case Type.BOOLEAN:
            return kind in {"BOOLEAN", "BOOL"}
    return not kind.startswith(("BYTEA", "BLOB", "BINARY"))


def view(there: There, source: Source, excluded: Iterable[str], only: str | None = None) -> str:
    """The SELECT, in the engine's dialect, that gives a canonical table; `excluded` are keys that are left out.

    `only` says of an account's id whether its rows are wanted; of rows that name no account all are given.
    """
    table = source.table
    tests = [rule.holds for rule in rules(there, table)]
    if keys := sorted(excluded):
        tests.append(f"NOT ({_key(there, table)} IN ({', '.join(map(literal, keys))}))")
    # One test that nearly every row passes: of a dozen, a planner takes each for one that half of them fail.
    listed, passes = ", ".join(c.name for c in table.columns), f"CASE WHEN {' AND '.join(tests)} THEN 1 ELSE 0 END <> 0"
    rows = typed(there, source, _whose(there, source, only) if only else "")
    return f"SELECT {listed} FROM ({rows}) AS d WHERE {passes}"


def typed(there: There, source: Source, where: str = "") -> str:
    """The SELECT of all rows as rows of the canonical table, whether or not they break a rule; `where` is a test of a row `s`."""
    columns = source.table.columns
    inner = ", ".join(f"{_cast(there, source, column)} AS {column.name}" for column in columns)
    outer = ", ".join(
        (f"COALESCE(c.{c.name}, {there.sql(c.default)})" if c.default else f"c.{c.name}") + f" AS {c.name}"
        for c in columns
    )
    return f"SELECT {outer} FROM (SELECT {inner} FROM {source.place} AS s{where and f' WHERE {where}'}) AS c"


def rules(there: There, table: Table) -> list[Rule]:
    """What must hold of a row of a canonical table: that what is required is there, then what holds for a column, then of a row."""
    found = [
        Rule("required", column.name, f"{column.name} IS NOT NULL")
        for column in table.columns
        if column.required and not column.default
    ]
    for column in table.columns:
        name = column.name
        if column.type in {Type.INSTANT, Type.DAY}:
            first, last = (there.engine.cast(f"'{day}'", "DATE") for day in (_FIRST, _LAST))
            found.append(Rule(f"{name}_likely", name, f"({name} IS NULL OR ({name} >= {first} AND {name} < {last}))"))
        among = column.choices or (sorted(currencies()) if column.type is Type.CURRENCY else ())
        if among:
            rule = "choice" if column.choices else "currency"
            listed = ", ".join(map(literal, among))
            found.append(Rule(rule, name, f"({name} IS NULL OR {name} IN ({listed}))"))
    checks = (check for check in table.checks if not check.rule.endswith("_likely"))
    return found + [Rule(c.rule, c.column, f"COALESCE({there.sql(c.holds)}, TRUE)") for c in checks]


def _whose(there: There, source: Source, only: str) -> str:
    """The test of a row's account. A text is taken as it stands there: in its own order, in which an index may be."""
    column = next(column for column in source.given if column.name == "account_id")
    own = f"s.{there.quoted(source.own[column.name])}"
    told = own if source.columns[source.own[column.name]] == "VARCHAR" else _cast(there, source, column)
    return f"{told} {only}" + ("" if column.required else f" OR {_cast(there, source, column)} IS NULL")


def _cast(there: There, source: Source, column: Column) -> str:
    if column.name not in source.own:
        return there.engine.cast("NULL", column.type.sql)
    name = source.own[column.name]
    found = f"s.{there.quoted(name)}"
    if column.type is Type.CHOICE:
        found = f"LOWER({found})"
    if column.type is Type.CURRENCY:
        found = f"UPPER({found})"
    if column.type is Type.NAME:
        found = PLAIN_NAME.format(f"TRIM({found})")
    if column.type is Type.INSTANT and "WITH TIME ZONE" in source.columns[name].upper():
        found = f"{found} AT TIME ZONE 'UTC'"
    if source.columns[name] == column.type.sql and column.type in _PLAIN:
        return found
    typed = there.engine.cast(found, column.type.sql)
    return f"NULLIF({typed}, '')" if column.type.sql == "VARCHAR" else typed  # an empty cell is none, as in a file


def fresh(there: There, source: Source, since: str, after: str) -> str:
    """The SELECT of the rows that were written since the watermark was at `since`, whether or not they break a rule.

    `after` is `>`, or `>=` where rows at that very instant may be new.
    """
    inner = ", ".join(f"{_cast(there, source, column)} AS {column.name}" for column in source.table.columns)
    return f"SELECT {inner} FROM {source.place} AS s WHERE {written(there, source, after, since)}"


def written(there: There, source: Source, compared: str, at: str) -> str:
    """SQL: whether a row `s` was written before, at or after an instant, by the column as it stands there: an index serves."""
    if "WITH TIME ZONE" in source.columns[source.watermark or ""].upper():
        zoned = there.engine.cast(f"'{at}+00:00'", "TIMESTAMP WITH TIME ZONE")
        return f"s.{there.quoted(source.watermark or '')} {compared} {zoned}"
    return f"{written_at(there, source)} {compared} {there.instant(at)}"


def written_at(there: There, source: Source) -> str:
    """SQL: when a row `s` was written, as a naive UTC instant."""
    column = f"s.{there.quoted(source.watermark or '')}"
    if "WITH TIME ZONE" in source.columns[source.watermark or ""].upper():
        column = f"{column} AT TIME ZONE 'UTC'"
    return there.engine.cast(column, "TIMESTAMP")


def _key(there: There, table: Table) -> str:
    """The key as `exclusions` writes it."""
    parts = [f"COALESCE({there.engine.cast(name, 'VARCHAR')}, '')" for name in table.key]
    return parts[0] if len(parts) == 1 else "CONCAT(" + ", '/', ".join(parts) + ")"


def mark(select: str) -> str:
    """Equal where a view gives the same rows."""
    return f"{crc32(select.encode()):08x}"


def _short(said: str) -> str:
    line = " ".join(said.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 3]}..."
