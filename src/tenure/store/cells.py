"""One cell of a file: how it becomes a typed value, when it cannot, and what then mends it. All of it as SQL.

A cell is read in steps, each a name in the row that the next step reads: `f` what was found (null where nothing was),
`n` a step between, where one is needed, and `v` the typed value. A value that is null though something was found is a
fault; nothing is rounded, cut or guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tenure.config import currencies
from tenure.errors import InputError
from tenure.store.layout import literal, quoted
from tenure.store.zones import to_utc
from tenure.tables.schema import PLAIN_NAME, Type

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenure.tables.schema import Column

_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT", "UINTEGER", "BIGINT", "UBIGINT", "HUGEINT"}
_WIDE = {"UBIGINT", "HUGEINT", "UHUGEINT"}
_FLOATS = {"FLOAT", "DOUBLE"}
_ZONED, _NAIVE = "TIMESTAMP WITH TIME ZONE", ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_DATE_TIME = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
_OFFSET = r" ?(Z|z|UTC|GMT|[+-]\d{2}(:?\d{2})?)"
_MIDNIGHT = r"\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0*)?)?(Z|[+-]00(:?00)?)?)?"
_TRUE, _FALSE = "('true', 't', 'yes', 'y', '1')", "('false', 'f', 'no', 'n', '0')"


@dataclass(frozen=True)
class Cell:
    """How one canonical column is read. `found` is SQL over the file's row, the others over `f`, `n` as named below.

    `safe`: whatever was found can be read, so nobody need look.
    """

    column: Column
    found: str
    value: str
    near: str | None = None
    safe: bool = False
    rule: str = ""
    mend: str = "''"

    @property
    def names(self) -> tuple[str, str, str]:
        """The names of the steps in the row: found, between, value."""
        return (quoted(f"f {self.column.name}"), quoted(f"n {self.column.name}"), quoted(f"v {self.column.name}"))


def cell(column: Column, expression: str, found_type: str, zone: str, header: str) -> Cell:
    """The reading of `expression`, which has the type `found_type` in the file and is shown as `header`.

    Raises:
        InputError: values of that type cannot be read without loss; the sentence says what to write instead.
    """
    kind = re.sub(r"\(.*", "", found_type).strip('"')
    if kind == "BLOB":
        raise _refused(column, header, found_type, "write it as text")
    reader = _TYPED.get(column.type)
    typed = reader(column, expression, kind, found_type, zone, header) if reader and kind != "VARCHAR" else None
    return typed or _from_text(column, _as_text(expression, kind), zone)


def _as_text(expression: str, kind: str) -> str:
    if kind == "VARCHAR":
        return expression
    if kind in _FLOATS:
        return f"CASE WHEN NOT isnan({expression}) THEN CAST({expression} AS VARCHAR) END"
    return f"CAST({expression} AS VARCHAR)"


def _from_text(column: Column, text: str, zone: str) -> Cell:
    blank = Cell(column, f"nullif(trim({text}), '')", "")
    f, _, _ = blank.names
    whole = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", column.type.sql)
    if whole:
        return _decimal(blank, int(whole[1]), int(whole[2]))
    match column.type:
        case Type.INSTANT:
            return _instant(blank, zone)
        case Type.DAY:
            read = f"CASE WHEN regexp_full_match({f}, '{_MIDNIGHT}') THEN TRY_CAST(left({f}, 10) AS DATE) END"
            return replace(blank, value=read, rule="day", mend=_says(f, "is no day: write it like 2024-01-31."))
        case Type.INTEGER:
            read = rf"CASE WHEN regexp_full_match({f}, '[+-]?\d{{1,18}}(\.0*)?') THEN TRY_CAST({f} AS BIGINT) END"
            return replace(blank, value=read, rule="integer", mend=_says(f, "is no whole number: write digits alone."))
        case Type.BOOLEAN:
            read = f"CASE WHEN lower({f}) IN {_TRUE} THEN true WHEN lower({f}) IN {_FALSE} THEN false END"
            return replace(blank, value=read, rule="boolean", mend=_says(f, "is neither true nor false: write one."))
        case Type.JSON:
            read = f"CASE WHEN json_valid({f}) THEN CAST({f} AS JSON) END"
            return replace(
                blank, value=read, rule="json", mend=_says(f, 'is not JSON: write it like {"key": "value"}.')
            )
        case Type.CURRENCY:
            known = ", ".join(literal(code) for code in sorted(currencies()))
            read = f"CASE WHEN upper({f}) IN ({known}) THEN upper({f}) END"
            mend = _says(f, "is not a currency of ISO 4217: write its three letters, such as USD.")
            return replace(blank, value=read, rule="currency", mend=mend)
        case Type.CHOICE:
            return _choice(blank, column.choices)
        case _:
            found = f"CASE WHEN trim({text}) <> '' THEN {text} END" if column.type is Type.TEXT else blank.found
            kept = PLAIN_NAME.format(f) if column.type is Type.NAME else f
            read = f"CASE WHEN NOT contains({f}, chr(0)) THEN {kept} END"
            return replace(
                blank, found=found, value=read, rule="nul", mend="'The cell holds a NUL character: write it without.'"
            )


def _decimal(blank: Cell, digits: int, scale: int) -> Cell:
    f, _, _ = blank.names
    before = digits - scale
    shape = rf"[+-]?(0*\d{{1,{before}}}(\.\d{{0,{scale}}}0*)?|\.\d{{1,{scale}}}0*)"
    read = f"CASE WHEN regexp_full_match({f}, '{shape}') THEN TRY_CAST({f} AS DECIMAL({digits},{scale})) END"
    mend = (
        f"'''' || left({f}, 60) || ''' ' || CASE"
        f" WHEN contains({f}, ',') THEN 'has a comma: write a decimal point, and nothing between the thousands.'"
        f" WHEN regexp_full_match({f}, '[+-]?[0-9.]+[eE][+-]?[0-9]+') THEN 'has an exponent: write the digits out.'"
        f" WHEN regexp_full_match({f}, '[+-]?0*\\d{{1,{before}}}\\.\\d+') THEN 'has more than {scale} decimals:"
        f" round it where it comes from.'"
        f" WHEN regexp_full_match({f}, '[+-]?\\d+(\\.\\d*)?') THEN 'has more than {before} digits before the point.'"
        " ELSE 'is no number: write digits and a decimal point alone, such as 49.90.' END"
    )
    rule = "amount" if blank.column.type is Type.MONEY else "number"
    return replace(blank, value=read, rule=rule, mend=mend)


def _instant(blank: Cell, zone: str) -> Cell:
    f, n, _ = blank.names
    tidy = f"upper(replace({f}, ',', '.'))"
    # the database wants seconds before an offset
    seconds = rf"regexp_replace({tidy}, '^(\S{{10}}[T ]\d\d:\d\d) ?([Z+GU-])', '\1:00\2')"
    zoned = (
        f"WHEN regexp_full_match({f}, '{_DATE_TIME}{_OFFSET}')"
        f" THEN make_timestamp(epoch_us(TRY_CAST({seconds} AS TIMESTAMPTZ)))"
    )
    local = rf"CASE WHEN regexp_full_match({f}, '{_DATE_TIME}|\d{{4}}-\d{{2}}-\d{{2}}') THEN TRY_CAST({tidy} AS TIMESTAMP) END"
    mend = _says(f, "is no instant: write it like 2024-01-31T09:30:00Z or 2024-01-31.")
    return replace(blank, near=local, value=f"CASE {zoned} ELSE {to_utc(n, zone)} END", rule="instant", mend=mend)


def _choice(blank: Cell, choices: tuple[str, ...]) -> Cell:
    f, _, _ = blank.names
    plain = f"replace(replace(lower({f}), ' ', '_'), '-', '_')"
    read = "CASE " + plain + "".join(f" WHEN {literal(c.lower())} THEN {literal(c)}" for c in choices) + " END"
    if not choices:
        read = f
    listed = "[" + ", ".join(literal(c) for c in choices) + "]"
    near = f"list_sort(list_transform({listed}, lambda c: {{'d': levenshtein(c, lower({f})), 'c': c}}))[1]"
    mend = (
        f"'''' || left({f}, 60) || ''' is not one of {', '.join(choices).replace(chr(39), '')}.'"
        f" || CASE WHEN ({near}).d <= 2 THEN ' Did you mean ''' || ({near}).c || '''?' ELSE '' END"
    )
    return replace(blank, value=read, rule="choice", mend=mend)


def _says(found: str, sentence: str) -> str:
    return f"'''' || left({found}, 60) || ''' ' || {literal(sentence)}"


def _refused(column: Column, header: str, found_type: str, instead: str) -> InputError:
    return InputError(
        f"The column '{header}' is of the type {found_type}, which cannot be read as '{column.name}' without loss: {instead}."
    )


def _typed_number(column: Column, expression: str, kind: str, full: str, zone: str, header: str) -> Cell | None:
    del zone
    if kind in _FLOATS and column.type is Type.MONEY:
        raise _refused(column, header, kind, "cast to DECIMAL or write text")
    cast = Cell(column, expression, "", rule="number", mend="'The number is too large to be kept.'")
    f, _, _ = cast.names
    if kind in _INTEGERS:
        safe = kind not in _WIDE and (kind != "BIGINT" or column.type is Type.INTEGER)
        return replace(cast, value=f"TRY_CAST({f} AS {column.type.sql})", safe=safe)
    inner, outer = (re.search(r"\((\d+),\s*(\d+)\)", t) for t in (full, column.type.sql))
    if kind == "DECIMAL" and inner and outer:
        digits, scale, most, places = (int(x) for x in (*inner.groups(), *outer.groups()))
        if scale <= places and digits - scale <= most - places:
            return replace(cast, value=f"CAST({f} AS {column.type.sql})", safe=True)
    if kind in {"DATE", _ZONED, *_NAIVE, "TIME", "INTERVAL", "STRUCT", "MAP", "LIST"} or full.endswith("[]"):
        raise _refused(column, header, full, "write numbers")
    return None


def _typed_instant(column: Column, expression: str, kind: str, full: str, zone: str, header: str) -> Cell | None:
    cell_ = Cell(column, expression, "", rule="instant", mend="'The instant lies beyond what can be kept.'")
    f, n, _ = cell_.names
    if kind == _ZONED:
        return replace(cell_, value=f"make_timestamp(epoch_us({f}))")
    if kind in _NAIVE or kind == "DATE":
        local = f"CASE WHEN isfinite({f}) THEN CAST({f} AS TIMESTAMP) END"
        return replace(cell_, near=local, value=to_utc(n, zone))
    if kind in {"ENUM", "JSON", "NULL"}:
        return None
    raise _refused(column, header, full, "write instants as timestamps or as text like 2024-01-31T09:30:00Z")


def _typed_day(column: Column, expression: str, kind: str, full: str, zone: str, header: str) -> Cell | None:
    del zone
    day = Cell(column, expression, "", rule="day", mend="'The day has a time of day: write the day alone.'")
    f, _, _ = day.names
    if kind == "DATE":
        return replace(day, value=f)
    if kind in _NAIVE or kind == _ZONED:
        utc = f"make_timestamp(epoch_us({f}))"
        return replace(day, value=f"CASE WHEN date_trunc('day', {utc}) = {utc} THEN CAST({utc} AS DATE) END")
    if kind in {"ENUM", "JSON", "NULL"}:
        return None
    raise _refused(column, header, full, "write days as dates or as text like 2024-01-31")


def _typed_boolean(column: Column, expression: str, kind: str, full: str, zone: str, header: str) -> Cell | None:
    del full, zone, header
    plain = Cell(column, expression, "", safe=True)
    return replace(plain, value=plain.names[0]) if kind == "BOOLEAN" else None


def _typed_id(column: Column, expression: str, kind: str, full: str, zone: str, header: str) -> Cell | None:
    del zone
    plain = Cell(column, f"CAST({expression} AS VARCHAR)", "", safe=True)
    if kind in _INTEGERS or kind == "UUID":
        return replace(plain, value=plain.names[0])
    if kind in {"ENUM", "JSON", "NULL", "BOOLEAN", "DATE"}:
        return None
    raise _refused(column, header, full, "write ids as text or whole numbers")


def _typed_json(column: Column, expression: str, kind: str, full: str, zone: str, header: str) -> Cell | None:
    del zone, header
    if kind in {"JSON", "NULL"} and not full.endswith("[]"):
        return None
    plain = Cell(column, f"CASE WHEN {expression} IS NOT NULL THEN to_json({expression}) END", "", safe=True)
    return replace(plain, value=plain.names[0])


_TYPED: dict[Type, Callable[[Column, str, str, str, str, str], Cell | None]] = {
    **dict.fromkeys((Type.MONEY, Type.RATE, Type.PERCENT, Type.QUANTITY, Type.NUMBER, Type.INTEGER), _typed_number),
    Type.INSTANT: _typed_instant,
    Type.DAY: _typed_day,
    Type.BOOLEAN: _typed_boolean,
    Type.ID: _typed_id,
    Type.JSON: _typed_json,
}
