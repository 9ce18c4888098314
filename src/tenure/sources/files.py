"""Files and folders as relations: what each one is, told by its name; nothing is loaded here."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tenure.errors import InputError
from tenure.sources import delimited, frames, jsonlines
from tenure.sources.relation import ROW, Header, Relation, json_of

if TYPE_CHECKING:
    from collections.abc import Iterable

TEXT, LINES, PARQUET = (".csv", ".tsv", ".txt"), (".jsonl", ".ndjson"), (".parquet",)
_COLUMNS = 2_000  # what reading a row takes grows with their square
_READABLE = "A file is CSV (.csv, .csv.gz), Parquet (.parquet) or JSON lines (.jsonl, .ndjson)."


def kind(path: Path) -> str | None:
    """The ending that says how a file is read, without that of the packing; `None` where it is none that is read."""
    name = path.name.lower()
    plain = name.removesuffix(".gz")
    known = (*TEXT, *LINES) if plain != name else (*TEXT, *LINES, *PARQUET)
    return next((ending for ending in known if plain.endswith(ending)), None)


def stem(name: str) -> str:
    """The name of a file without its endings."""
    lower = name.lower()
    for ending in (".gz", *TEXT, *LINES, *PARQUET):
        if lower.endswith(ending):
            name, lower = name[: -len(ending)], lower[: -len(ending)]
    return name


def gathered(inputs: object) -> tuple[list[Path | object], set[Path], list[str]]:
    """The single files and dataframes of what was named; which of them a folder brought; what was left aside, and why.

    Raises:
        InputError: there is no such file, it is of no kind that is read, or a folder holds none.
    """
    files: list[Path | object] = []
    brought: set[Path] = set()
    notes: list[str] = []
    for one in _each(inputs):
        if not isinstance(one, str | Path):
            files.append(one)
            continue
        path = Path(one).expanduser()
        if path.is_dir():
            found = _folder(path, notes)
            files.extend(found)
            brought.update(found)
        elif not path.exists():
            raise _missing(path)
        elif kind(path) is None:
            raise InputError(f"'{path.name}' is of no kind that can be read. {_READABLE}")
        else:
            files.append(path)
    return files, brought, notes


def relation(con: duckdb.DuckDBPyConnection, one: Path | object) -> Relation:
    """The file or dataframe, open.

    Raises:
        InputError: it cannot be read; the sentence says why, and what mends it.
    """
    if not isinstance(one, Path):
        return frames.read(con, one)
    if not one.stat().st_size:
        raise InputError(f"'{one.name}' is empty: a file begins with a line of column names.")
    match kind(one):
        case ".parquet":
            found = _parquet(con, one)
        case ".jsonl" | ".ndjson":
            found = jsonlines.read(con, one, one.name)
        case _:
            found = delimited.read(one, one.name)
    if len(found.headers) > _COLUMNS:
        message = (
            f"'{one.name}' has {len(found.headers):,} columns, and up to {_COLUMNS:,} are read: leave some out of it."
        )
        raise InputError(message)
    return found


def _each(inputs: object) -> Iterable[object]:
    if isinstance(inputs, str | Path) or frames.is_frame(inputs):
        return [inputs]
    if isinstance(inputs, list | tuple):
        for one in inputs:
            if not isinstance(one, str | Path) and not frames.is_frame(one):
                raise InputError(f"A {type(one).__name__} cannot be loaded: name a file, or hand over a dataframe.")
        return inputs
    raise InputError(f"A {type(inputs).__name__} cannot be loaded: name a file, or hand over a dataframe.")


def _folder(folder: Path, notes: list[str]) -> list[Path]:
    found = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_file() and kind(path):
            found.append(path)
        else:
            notes.append(f"'{path.name}' was left aside: it is {'a folder' if path.is_dir() else 'no data file'}.")
    if not found:
        raise InputError(f"The folder '{folder}' holds no file that can be read. {_READABLE}")
    return found


def _missing(path: Path) -> InputError:
    return InputError(f"There is no file '{path}'.{near(path)}")


def near(path: Path) -> str:
    """The question whether a path beside one that is not there was meant, after a space; nothing where none is like it.

    Data files may be meant, and folders below the one that one works in: other folders beside it are other people's.
    """
    parent = path.parent
    own = Path.cwd() in (parent.absolute(), *parent.absolute().parents)
    beside = list(parent.iterdir()) if parent.is_dir() and os.access(parent, os.R_OK | os.X_OK) else []
    meant = [p.name for p in beside if not p.name.startswith(".") and (kind(p) if p.is_file() else own and p.is_dir())]
    alike = get_close_matches(path.name, meant, n=1)
    return f" Did you mean '{parent / alike[0]}'?" if alike else ""


def _parquet(con: duckdb.DuckDBPyConnection, path: Path) -> Relation:
    shown = "'" + str(path).replace("'", "''") + "'"
    try:
        described = con.execute(f"DESCRIBE SELECT * FROM read_parquet({shown})").fetchall()
    except duckdb.Error as fault:
        raise InputError(f"'{path.name}' is no whole Parquet file: fetch or write it again.") from fault
    headers = tuple(Header(n, t, '"' + n.replace('"', '""') + '"') for n, t, *_ in described)
    return Relation(
        name=path.name,
        headers=headers,
        scan=f"read_parquet({shown})",
        numbered=f"(SELECT *, file_row_number + 1 AS {ROW} FROM read_parquet({shown}, file_row_number = true))",
        raw=json_of(headers),
        size=path.stat().st_size,
        path=path,
    )
