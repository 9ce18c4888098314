"""From a source's rows to the rows of a table, as one SQL statement: found, typed, completed, checked.

    found -> typed -> completed by defaults -> checked

Each step is a subquery that names what the next one reads. The same statement, asked for its faults, says of every row
that is set aside which rule it broke first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.sources.relation import ROW
from tenure.store.layout import literal, quoted

if TYPE_CHECKING:
    from tenure.sources.relation import Header
    from tenure.store.mapping import Plan

UNREAD, BAD, FAULT, RAW = '"#unread"', '"#bad"', '"#fault"', '"#raw"'


def rows(plan: Plan, noting: str | None = None) -> str:
    """SQL: every row of the source as a row of the table, with `#bad` where it must be set aside.

    Rows that cannot be taken apart go to the temporary table `noting`; without one they end the statement.
    """
    table = plan.table
    columns = ", ".join(quoted(c.name) for c in table.stored)
    broken = [f"NOT coalesce({check.holds}, true)" for check in table.checks]
    bad = " OR ".join([f"coalesce({BAD}, false)", *broken])
    return (
        f"SELECT {columns}, ({bad}) AS {BAD} FROM {_completed(plan, plan.relation.rows(noting=noting), detail=False)}"
    )


def good(plan: Plan, noting: str | None = None) -> str:
    """SQL: the rows that can be accepted, as rows of the table."""
    columns = ", ".join(quoted(c.name) for c in plan.table.stored)
    return f"SELECT {columns} FROM ({rows(plan, noting)}) WHERE NOT {BAD}"


def faulty(plan: Plan, noting: str | None = None) -> str:
    """SQL: every row with its key columns, `#row`, `#raw`, and `#fault`: the first rule it breaks, or null."""
    table = plan.table
    checks = " ".join(
        f"WHEN NOT coalesce({check.holds}, true) THEN "
        + _fault(check.rule, check.column, f"CAST({quoted(check.column)} AS VARCHAR)", literal(check.sentence))
        for check in table.checks
    )
    first = f"CASE WHEN {FAULT} IS NOT NULL THEN {FAULT} {checks} END"
    place = f'{ROW}, {RAW}, "#file", "#line"'
    keys = ", ".join(quoted(k) for k in table.key)
    completed = _completed(plan, plan.relation.rows(numbered=True, noting=noting), detail=True)
    return f"SELECT {keys}, {place}, {first} AS {FAULT} FROM {completed}"


def _completed(plan: Plan, source: str, *, detail: bool) -> str:
    defaults = ", ".join(
        f"coalesce({quoted(c.name)}, {c.default}) AS {quoted(c.name)}" for c in plan.table.columns if c.default
    )
    replaced = f" REPLACE ({defaults})" if defaults else ""
    return f"(SELECT *{replaced} FROM {_named(plan, source, detail=detail)})"


def _named(plan: Plan, source: str, *, detail: bool) -> str:
    """The typed values under the names of the table's columns, and nothing else but the marks of the row."""
    cells = {cell.column.name: cell for cell in plan.cells}
    columns = []
    for column in plan.table.stored:
        typed = cells[column.name].names[2] if column.name in cells else f"CAST(NULL AS {column.type.sql})"
        if column.name == plan.table.extras and plan.extras:
            typed = _merged(typed) if column.name in cells else '"#extras"'
        columns.append(f"{typed} AS {quoted(column.name)}")
    marks = f'{ROW}, {RAW}, "#file", "#line", {_first_fault(plan)} AS {FAULT}' if detail else f"{_bad(plan)} AS {BAD}"
    return f"(SELECT {', '.join(columns)}, {marks} FROM {_valued(plan, source, detail=detail)})"


def _merged(typed: str) -> str:
    """A file may bring both the JSON column and other columns: the former's own words win."""
    return (
        f'CASE WHEN {typed} IS NULL THEN "#extras" WHEN "#extras" IS NULL OR json_type({typed}) <> \'OBJECT\' THEN {typed}'
        f' ELSE json_merge_patch("#extras", {typed}) END'
    )


def _valued(plan: Plan, source: str, *, detail: bool) -> str:
    relation = plan.relation
    found = [f"{cell.found} AS {cell.names[0]}" for cell in plan.cells]
    if plan.extras:
        found.append(f'{_extras(plan.extras)} AS "#extras"')
    if relation.unread:
        found.append(f"({relation.unread.holds}) AS {UNREAD}")
    if detail:
        file, line = relation.file or literal(relation.name), relation.line or "CAST(NULL AS BIGINT)"
        found += [ROW, f"{relation.raw} AS {RAW}", f'{file} AS "#file"', f'{line} AS "#line"']
    steps = f"(SELECT {', '.join(found) or '1'} FROM {source})"
    near = [f"{cell.near} AS {cell.names[1]}" for cell in plan.cells if cell.near]
    if near:
        steps = f"(SELECT *, {', '.join(near)} FROM {steps})"
    return f"(SELECT *, {', '.join(f'{cell.value} AS {cell.names[2]}' for cell in plan.cells)} FROM {steps})"


def _extras(extras: tuple[tuple[str, Header], ...]) -> str:
    # in the order of the names: equal rows must be equal texts
    parts = ", ".join(f"{literal(name)}, {_trimmed(header)}" for name, header in sorted(extras, key=lambda e: e[0]))
    packed = f"json_merge_patch('{{}}', json_object({parts}))"
    return f"CAST(nullif(CAST({packed} AS VARCHAR), '{{}}') AS JSON)"


def _trimmed(header: Header) -> str:
    return f"nullif(trim({header.sql}), '')" if header.type == "VARCHAR" else header.sql


def _bad(plan: Plan) -> str:
    conditions = [UNREAD] if plan.relation.unread else []
    for cell in plan.cells:
        found, _, value = cell.names
        if cell.column.required and not cell.column.default:
            conditions.append(f"{value} IS NULL")
        elif not cell.safe:
            conditions.append(f"({found} IS NOT NULL AND {value} IS NULL)")
    return " OR ".join(conditions) or "false"


def _first_fault(plan: Plan) -> str:
    whens = []
    if plan.relation.unread:
        unread = plan.relation.unread
        whens.append(f"WHEN {UNREAD} THEN {_fault(unread.rule, '', 'NULL', literal(unread.mend))}")
    for cell in plan.cells:
        found, _, value = cell.names
        name = cell.column.name
        if not cell.safe:
            fault = _fault(cell.rule, name, f"CAST({found} AS VARCHAR)", cell.mend)
            whens.append(f"WHEN {found} IS NOT NULL AND {value} IS NULL THEN {fault}")
        if cell.column.required and not cell.column.default:
            empty = _fault("required", name, "NULL", literal(f"{name} is empty: every row needs one."))
            whens.append(f"WHEN {value} IS NULL THEN {empty}")
    return f"CASE {' '.join(whens)} END" if whens else "NULL"


def _fault(rule: str, column: str, value: str, mend: str) -> str:
    shown = literal(column) if column else "CAST(NULL AS VARCHAR)"
    return f"struct_pack(rule := {literal(rule)}, col := {shown}, val := left(CAST({value} AS VARCHAR), 1000), mend := {mend})"
