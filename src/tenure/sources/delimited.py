"""Delimited text: its header, its delimiter, and on which lines its rows stand. Types are never guessed."""

from __future__ import annotations

import csv
import gzip
import re
from itertools import chain
from typing import IO, TYPE_CHECKING, cast

from tenure.errors import InputError
from tenure.sources.relation import OPTIONS, ROW, Header, Relation, json_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DELIMITERS = ",;\t|"
_CHUNK = 1 << 20
_HEAD = 1 << 18


def opened(path: Path) -> IO[bytes]:
    """The bytes of a file, unpacked where its name says that it is packed."""
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.name.endswith(".gz") else path.open("rb")


def read(path: Path, name: str) -> Relation:
    """The delimited file at `path`, every column as text.

    Raises:
        InputError: it is empty, no UTF-8 text, has no usable header, or is packed and cut short.
    """
    head = text_head(path, name)
    lines = head.splitlines(keepends=True)
    blank = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    delimiter = _delimiter(lines[blank])
    try:
        names = next(csv.reader(lines[blank:], delimiter=delimiter))
    except csv.Error as fault:
        raise InputError(
            f"'{name}' has no header that can be read ({fault}): close its quotes, or shorten it."
        ) from fault
    if any("\0" in header for header in names):
        raise InputError(f"'{name}' has a NUL character in its header: take it out, then import it.")
    ends = _line_end(lines[blank:], delimiter, name)
    names = [h.strip() or f"column_{n}" for n, h in enumerate(names, 1)]
    twice = sorted({h for h in names if names.count(h) > 1})
    if twice:
        raise InputError(f"'{name}' has the header '{twice[0]}' more than once: rename one of them.")
    headers = tuple(Header(h, "VARCHAR", f'"c{n}"') for n, h in enumerate(names, 1))
    columns = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(1, len(names) + 1))
    shown = str(path).replace("'", "''")
    call = (
        f"read_csv('{shown}', auto_detect = false, header = true, skip = {blank}, delim = '{delimiter}',"
        f" quote = '\"', escape = '\"', columns = {{{columns}}}, strict_mode = true{ends}{OPTIONS})"
    )
    if len(names) == 1:  # the database reads a blank line as a row only where a row is a single cell
        call = f"(SELECT * FROM {call} WHERE c1 IS NOT NULL)"
    return Relation(
        name=name,
        headers=headers,
        scan=call,
        numbered=f"(SELECT *, row_number() OVER () AS {ROW} FROM {call})",
        torn=True,
        raw=json_of(headers),
        size=path.stat().st_size,
        path=path,
        places=lambda rows, rejected: _places(path, delimiter, blank, rows, rejected),
    )


def text_head(path: Path, name: str) -> str:
    """The beginning of a text file, without a byte order mark.

    Raises:
        InputError: it is empty, no UTF-8 text, or is packed and cannot be unpacked whole.
    """
    try:
        with opened(path) as file:
            head = file.read(_HEAD)
            if path.name.endswith(".gz"):  # the database takes a packed file that was cut short for a whole one
                while file.read(_CHUNK):
                    pass
    except (gzip.BadGzipFile, EOFError) as fault:
        raise InputError(f"'{name}' cannot be unpacked: it is no whole gzip file. Fetch or pack it again.") from fault
    except OSError as fault:
        raise InputError(f"'{name}' cannot be read: {fault.strerror}.") from fault
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head.count(b"\0") > len(head) // 4:
        raise InputError(f"'{name}' is UTF-16 text: save it as UTF-8 (`iconv -f UTF-16 -t UTF-8`), then import it.")
    end = len(head) if len(head) < _HEAD else head.rfind(b"\n") + 1 or len(head)
    try:
        text = head[:end].decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise not_utf8(name, head.count(b"\n", 0, fault.start) + 1) from fault
    if not text.strip():
        raise InputError(f"'{name}' is empty: a file begins with a line of column names.")
    return text


def not_utf8(name: str, line: int | None) -> InputError:
    """What is said of a file in another encoding."""
    where = f" in line {line}" if line else ""
    return InputError(
        f"'{name}' is not UTF-8 text{where}: save it as UTF-8, for example by `iconv -f CP1252 -t UTF-8`,"
        " then import it."
    )


def _line_end(lines: Sequence[str], delimiter: str, name: str) -> str:
    """The option that tells the lines' end: the database takes it from the first break, were it one inside a quoted header.

    Raises:
        InputError: the header breaks its lines otherwise than the file does, and the database cannot be told.
    """
    inside, ends = False, []
    for line in lines:
        inside = _ends_inside(line.encode(), delimiter.encode(), inside=inside)
        ends += re.findall(r"\r\n|\r|\n", line)
        if not inside:
            break
    if len(set(ends)) < 2:  # noqa: PLR2004 - one kind of line end is told without help
        return ""
    if ends[-1] != "\n":
        raise InputError(
            f"'{name}' has a line break inside of a header that is another than its lines end with: take it out of the"
            " header, then import it."
        )
    return ", new_line = '\\n'"


def _delimiter(header: str) -> str:
    plain = "".join(header.split('"')[::2])  # what stands outside of quotes
    return max(DELIMITERS, key=lambda d: (plain.count(d), d == ","))


def _places(
    path: Path, delimiter: str, blank: int, rows: Sequence[int], rejected: Sequence[tuple[int, int]]
) -> tuple[dict[int, int], dict[int, int]]:
    """One pass over the file, as far as the last row that is asked for."""
    wanted, last = set(rows), max(rows, default=0)
    starts = dict(rejected)
    found: dict[int, int] = {}
    refused: dict[int, int] = {}
    row, offset, inside, skip_to = -1, 0, False, 0  # the header is row 0
    mark = delimiter.encode()
    with opened(path) as file:
        for number, line in enumerate(file, 1):
            begin, offset = offset, offset + len(line)
            if number <= blank or begin < skip_to:
                continue
            if not inside:
                if begin in starts:
                    refused[begin] = number
                    skip_to = begin + starts[begin]
                    continue
                if not line.strip(b"\r\n"):
                    continue
                row += 1
                if row in wanted:
                    found[row] = number
            if b'"' in line:
                inside = _ends_inside(line, mark, inside=inside)
            if row >= last and len(refused) == len(starts):
                break
    return found, refused


def _ends_inside(line: bytes, delimiter: bytes, *, inside: bool) -> bool:
    """Whether a quoted cell is still open at the end of the line."""
    at = 0
    while True:
        at = line.find(b'"', at)
        if at < 0:
            return inside
        if inside and line[at + 1 : at + 2] == b'"':
            at += 2
            continue
        if inside or at == 0 or line[at - 1 : at] == delimiter:
            inside = not inside
        at += 1


def lines_of(raw: str) -> list[str]:
    """The lines that a rejected row takes up, without those that are blank."""
    return [line for line in chain.from_iterable(part.split("\r") for part in raw.split("\n")) if line.strip()]
