"""Which table a source is, and where each column of it comes from: as `tenure.toml` says, else as the headers tell."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tenure.config import Sql
from tenure.errors import InputError, SettingsError, UnknownNameError
from tenure.store.cells import Cell, cell
from tenure.store.names import matches, snake, table_of, unknown_table
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenure.config import FileMapping, Settings
    from tenure.sources.relation import Header, Relation
    from tenure.tables.schema import Column, Table


@dataclass(frozen=True)
class Origin:
    """Where a column comes from: a header or an expression, and `how` that was told.

    `how` is one of exact, alias, guessed, mapping, extra.
    """

    column: str
    header: str
    how: str


@dataclass(frozen=True)
class Plan:
    """How one source is read as one table. `extras` are the headers that no column took, by the name they are kept under."""

    table: Table
    relation: Relation
    cells: tuple[Cell, ...]
    extras: tuple[tuple[str, Header], ...]
    origins: tuple[Origin, ...]


def plans(relation: Relation, settings: Settings, table: str | None) -> list[Plan]:
    """One plan for each table that the source feeds; none where its table cannot be told.

    Raises:
        UnknownNameError: there is no such table.
        InputError: a required column is missing, or a column has a type that cannot be read without loss.
        SettingsError: the mapping of the file names a header that it lacks, or its expression cannot be read.
    """
    declared = [m for m in settings.mapping if fnmatchcase(relation.name.lower(), m.file.lower())]
    if table is not None:
        declared = [m for m in declared if m.table == table]
    if declared:
        return [_plan(relation, known_table(m.table), settings, m) for m in declared]
    told = known_table(table) if table is not None else table_of(relation.name)
    return [_plan(relation, told, settings, None)] if told else []


def known_table(name: str) -> Table:
    """The canonical table of that name.

    Raises:
        UnknownNameError: there is none.
    """
    if name not in TABLES:
        raise UnknownNameError("table", name, TABLES, "`tenure tables` lists them all.")
    return TABLES[name]


def untold(relation: Relation) -> InputError:
    """What is said of a source whose table cannot be told."""
    return unknown_table(relation.name)


def _plan(relation: Relation, table: Table, settings: Settings, declared: FileMapping | None) -> Plan:
    headers = {h.name: h for h in relation.headers}
    ignored = set(_ignored(declared.ignore, headers, relation.name)) if declared else set()
    used: set[str] = set()
    cells: dict[str, Cell] = {}
    origins: list[Origin] = []
    for name, said in (declared.columns if declared else {}).items():
        column = _column(table, name)
        if isinstance(said, Sql):
            expression, read = _expression(said.sql, headers, relation.name, name)
            used |= read
            cells[column.name] = cell(
                column, f"CAST(({expression}) AS VARCHAR)", "VARCHAR", settings.timezone, said.sql
            )
            origins.append(Origin(column.name, said.sql, "mapping"))
        else:
            header = _header(said, headers, relation.name)
            used.add(header.name)
            cells[column.name] = cell(column, header.sql, header.type, settings.timezone, header.name)
            origins.append(Origin(column.name, header.name, "mapping"))
    free = [h for h in headers if h not in used and h not in ignored]
    for name, (header_name, how) in matches(table, free, cells, guess=declared is None).items():
        header = headers[header_name]
        used.add(header_name)
        cells[name] = cell(table.column(name), header.sql, header.type, settings.timezone, header_name)
        origins.append(Origin(name, header_name, how))
    used |= ignored
    _once(table, origins, [h for h in headers if h not in used], relation.name)
    _complete(table, cells, relation)
    extras = tuple(_extras(table, [h for n, h in headers.items() if n not in used]))
    origins += [Origin(name, header.name, "extra") for name, header in extras]
    return Plan(table, relation, tuple(cells.values()), extras, tuple(origins))


def _ignored(patterns: tuple[str, ...], headers: Mapping[str, Header], file: str) -> Iterator[str]:
    """The headers that one of the patterns means; a pattern that means none is a slip, which would keep what it names."""
    for pattern in patterns:
        found = [name for name in headers if fnmatchcase(name.lower(), pattern.lower())]
        if not found and pattern != "*":
            yield _header(pattern, headers, file).name
        yield from found


def _once(table: Table, origins: list[Origin], left: list[str], file: str) -> None:
    """Refuses a file that has a column twice, once by its name and once by an alias: one of both would be lost."""
    for origin in origins:
        column = table.column(origin.column)
        names = {column.name, *(snake(alias) for alias in column.aliases)}
        twin = next((header for header in left if snake(header) in names), None)
        if twin is not None and origin.how != "mapping":
            message = (
                f"'{file}' has '{column.name}' twice, as '{origin.header}' and as '{twin}': rename or drop one of them."
            )
            raise InputError(message)


def _column(table: Table, name: str) -> Column:
    for column in table.columns:
        if column.name == name or name in column.aliases:
            return column
    raise UnknownNameError(
        f"column of {table.name}", name, [c.name for c in table.columns], f"`tenure tables {table.name}` lists them."
    )


def _header(said: str, headers: Mapping[str, Header], file: str) -> Header:
    for name, header in headers.items():
        if name == said or snake(name) == snake(said):
            return header
    near = get_close_matches(said, list(headers), n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    raise SettingsError(f"The mapping of '{file}' names the header '{said}', which the file lacks.{hint}")


def _expression(sql: str, headers: Mapping[str, Header], file: str, column: str) -> tuple[str, set[str]]:
    """The expression over the file's columns as text, and the headers that it reads."""
    import sqlglot
    from sqlglot import exp

    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except sqlglot.errors.SqlglotError as fault:
        raise SettingsError(f"The mapping of '{file}' gives '{column}' an expression that is no SQL: {sql}") from fault
    if isinstance(tree, exp.Query | exp.DDL | exp.Command) or tree.find(exp.Query, exp.Table):
        raise SettingsError(f"The mapping of '{file}' gives '{column}' more than an expression over its columns: {sql}")
    read: set[str] = set()

    def over(node: exp.Expr) -> exp.Expr:
        if not isinstance(node, exp.Column):
            return node
        header = _header(node.name, headers, file)
        read.add(header.name)
        return sqlglot.parse_one(f"CAST({header.sql} AS VARCHAR)", dialect="duckdb")

    return tree.transform(over).sql(dialect="duckdb"), read


def _complete(table: Table, cells: Mapping[str, Cell], relation: Relation) -> None:
    lacking = [c.name for c in table.columns if c.required and c.default is None and c.name not in cells]
    if lacking:
        seen = ", ".join(h.name for h in relation.headers) or "none"
        raise InputError(
            f"'{relation.name}' lacks what {table.name} requires: {', '.join(lacking)}. Its headers are {seen}; a"
            f" [[mapping]] in tenure.toml says which is which, and `tenure tables {table.name}` what is meant."
        )


def _extras(table: Table, left: list[Header]) -> Iterator[tuple[str, Header]]:
    # what a segment or a filter may name must be a plain name; elsewhere the header is kept as it stands
    given: set[str] = set()
    for header in left:
        base = snake(header.name) if table.extras == "attributes" else header.name
        name, number = base, 2
        while name in given:
            name, number = f"{base}_{number}", number + 1
        given.add(name)
        yield name, header
