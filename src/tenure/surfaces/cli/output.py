"""Results on standard output, in the format asked for. What is not asked for is not even built."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tenure.surfaces.cli.state import State

    Records = Iterable[Mapping[str, object]]


def emit(state: State, *, data: Callable[[], object], records: Callable[[], Records], table: Callable[[], str]) -> None:
    """Write one result: `data` for JSON, `records` for CSV (raw values), `table` for a person."""
    if state.format == "json":
        click.echo(json.dumps(data(), indent=2, ensure_ascii=False, default=_plain))
    elif state.format == "csv":
        click.echo(csv_text(records()), nl=False)
    else:
        click.echo(table(), nl=False)


def csv_text(records: Records) -> str:
    """CSV with the columns of all records, in the order in which they appear; an unknown value is empty."""
    rows = list(records)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    if columns:
        writer.writerow(columns)
    writer.writerows([_cell(row.get(name)) for name in columns] for row in rows)
    return text.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list, tuple)):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return _plain(value) if isinstance(value, (Decimal, date)) else value


def _plain(value: object) -> object:
    """The JSON form of a value that JSON does not have: instants are UTC with `Z`."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        utc = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        return utc.isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)
