"""One look at a source before anything is written: how many rows, how many cannot be taken, which cannot even be read."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import duckdb

from tenure.errors import InputError
from tenure.sources.delimited import lines_of, not_utf8
from tenure.store.layout import quoted
from tenure.store.typed import BAD, rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.sources.relation import Relation
    from tenure.store.mapping import Plan

_NUMBERS = count(1)
_SWALLOWED = 1000  # a quote that takes in more lines than this is not one bad row but a broken file


@dataclass(frozen=True)
class Reject:
    """A row that could not be taken apart: its place in the file in bytes, its text, and what is wrong with it."""

    at: int
    text: str
    rule: str
    value: str


@dataclass(frozen=True)
class Seen:
    """A source as one table, looked through: `read` rows could be taken apart, `bad` of them cannot be accepted."""

    plan: Plan
    read: int
    bad: int
    rejects: tuple[Reject, ...]

    @property
    def rejected(self) -> int:
        """The lines that could not be taken apart."""
        return sum(len(lines_of(r.text)) for r in self.rejects)


def look(con: duckdb.DuckDBPyConnection, plan: Plan) -> Seen:
    """The source of `plan`, read once.

    Raises:
        InputError: it cannot be read as a whole; the sentence says why, and what mends it.
    """
    relation = plan.relation
    counted = f"count(*), count(*) FILTER ({BAD})"
    if relation.torn:
        # a column that nobody asks for is not decoded, and its faults would not be noted
        counted += "".join(f", count({quoted(c.name)})" for c in plan.table.stored)
    try:
        with noting(con, plan.relation) as noted:
            seen = con.execute(f"SELECT {counted} FROM ({rows(plan, noted)})").fetchall()[0]
            rejects = _rejects(con, plan, noted) if noted else ()
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.BinderException) as fault:
        raise _unreadable(plan, fault) from fault
    except duckdb.IOException as fault:
        if "GZIP" in str(fault) or str(relation.path) in str(fault):
            raise _unreadable(plan, fault) from fault
        raise
    return Seen(plan, seen[0], seen[1], rejects)


@contextmanager
def noting(con: duckdb.DuckDBPyConnection, relation: Relation) -> Iterator[str | None]:
    """The name of a temporary table for the rows of one statement that cannot be taken apart; `None` if there are none."""
    noted = f"rejects_{next(_NUMBERS)}" if relation.torn else None
    yield noted
    if noted:
        con.execute(f"DROP TABLE IF EXISTS {noted}")
        con.execute(f"DROP TABLE IF EXISTS {noted}_scan")


def _rejects(con: duckdb.DuckDBPyConnection, plan: Plan, noted: str) -> tuple[Reject, ...]:
    found = con.execute(
        f"SELECT line_byte_position - 1, any_value(csv_line), list(DISTINCT CAST(error_type AS VARCHAR)),"
        f" any_value(error_message) FROM {noted} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    name = plan.relation.name
    rejects = []
    for at, said, kinds, message in found:
        text = said or ""
        begin = at + len(text) - len(text.lstrip("\r\n"))  # the place is that of the line end before blank lines
        if "INVALID ENCODING" in kinds:
            raise not_utf8(name, _line(plan, begin))
        if "LINE SIZE OVER MAXIMUM" in kinds or len(lines_of(text)) > _SWALLOWED:
            raise InputError(
                f"'{name}' has a quote in line {_line(plan, begin)} that is never closed: close it, or double it where"
                " it is meant as a character."
            )
        rule = "quote" if "UNQUOTED VALUE" in kinds else "columns"
        rejects.append(Reject(begin, text.lstrip("\r\n"), rule, message))
    return tuple(rejects)


def _line(plan: Plan, at: int) -> int:
    from tenure.sources.delimited import opened

    if plan.relation.path is None:
        return 0
    with opened(plan.relation.path) as file:
        return file.read(at).count(b"\n") + 1


def _unreadable(plan: Plan, fault: duckdb.Error) -> InputError:
    said, name = str(fault), plan.relation.name
    if "state machine" in said:
        return InputError(
            f"'{name}' cannot be taken apart: its lines end now one way, now another. Rewrite it with one kind of line"
            " end (`dos2unix`), then import it."
        )
    sentence = re.sub(r"^[A-Z][A-Za-z ]+ Error: ", "", said.splitlines()[0]).rstrip(".")
    own = any(o.how == "mapping" for o in plan.origins)
    mend = (
        "Mend the expressions of its [[mapping]]: TRY_CAST leaves a cell empty." if own else "Mend or fetch it again."
    )
    return InputError(f"'{name}' cannot be read: {sentence}. {mend}")
