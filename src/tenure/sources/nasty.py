"""A company of nothing but awkward values, for showing that two engines agree: the same for a seed.

Its tables follow from their declarations: every column draws from what engines are known to read differently. Names that differ
by case, accent or script, that hold quotes, backslashes or line breaks; instants that tie, on leap days, at the cuts of months and
around changes of clocks; amounts of a ten-thousandth and of a billion; and nothing at all, wherever that is allowed. It
is a company of coincidences, not a believable one: for that see `tenure.sources.demo`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from tenure.tables import TABLES
from tenure.tables.schema import Type

if TYPE_CHECKING:
    from tenure.tables.schema import Column, Table

NAMES = (
    "acme", "Acme", "ACME", "äcme", "a\u0308cme", "_acme", "acme-1", "acme 1", "O'Hara", 'the "best"', "back\\slash", "x,y;z", "日本", "🦊",
    "Ωmega", "null",
)  # fmt: skip
"""Of accounts, people, subscriptions, plans and all else that has an id; each is one of every kind."""
TEXTS = (
    "open",
    "Solved",
    "solved",
    "\u0131",
    "İstanbul",
    "straße",
    "STRASSE",
    "two\nlines",
    "\\N",
    "\\.\n\\.",
    "tab\there",
    "100 %",
)
_OF_COLUMN = {
    ("account_attributes", "name"): ("Care", "company size", "STRAßE", "İstanbul", "x-y.Z/1"),
    ("responses", "survey"): ("nps", "csat", "ces"),
    ("tickets", "status"): ("new", "open", "Solved", "closed"),
    ("ticket_events", "from_status"): ("new", "open", "Solved", "closed"),
    ("ticket_events", "to_status"): ("new", "open", "Solved", "closed"),
    ("ticket_events", "seq"): tuple(map(str, range(1, 13))),
    ("exclusions", "table_name"): tuple(TABLES),
}
_BASES = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2024-02-28T23:59:59.999999", "2024-02-29T00:00", "2024-02-29T22:50", "2024-03-10T06:59:59", "2024-03-10T07:00",
        "2024-03-31T00:59:59.999999", "2024-03-31T01:00", "2024-04-01T07:00", "2024-10-27T00:30", "2024-10-27T01:00",
        "2024-11-03T05:59:59.123456", "2024-12-31T23:59:59.999999", "2025-01-01T00:00", "2025-02-28T12:00",
    )
)  # fmt: skip
_FAR = (datetime(1970, 1, 1), datetime(1999, 12, 31, 23, 59, 59, 999999), datetime(2098, 2, 28, 12))  # noqa: DTZ001 - UTC
_GAPS = tuple(
    timedelta(seconds=seconds)
    for seconds in (0, 0, 0, 0.000001, 1, 899.5, 900, 3600, 3_661, 86_399, 86_400, 200_000, 604_800, 2_592_000)
)
_MUCH, _MOST = "999999999.9999", "99999999999.9999"
_AMOUNTS = {
    Type.MONEY: ("0", "0.0001", "0.01", "0.3333", "19.99", "20", "1000.0005", _MUCH),
    Type.QUANTITY: ("0", "0.0001", "1", "1", "3", "7.5"),
    Type.NUMBER: ("0", "0.000001", "1", "3", "5", "7", "10", "123456789.123456"),
    Type.PERCENT: ("0", "0.0001", "33.3333", "100"),
    Type.RATE: ("0.0000000001", "0.0061728395", "0.9", "1.1234567891", "149.25"),
    Type.INTEGER: ("0", "1", "1", "2", "3", "12", "1000"),
}
_CURRENCIES = ("EUR", "USD", "JPY", "GBP", "KWD")
_ROWS = {
    "accounts": len(NAMES), "people": 2 * len(NAMES), "account_links": 2, "person_links": 2, "exclusions": 3, "plans": 4,
    "subscription_periods": 240, "events": 400, "ticket_events": 150, "transactions": 80, "responses": 150,
}  # fmt: skip
_USUALLY = 60
_KNOWN = 0.7


def company(seed: int = 1, *, extreme: bool = False) -> dict[str, list[dict[str, str]]]:
    """The company's tables by name, each a list of rows of text as in a file; a few rows break a rule of their table.

    Args:
        seed: Another seed, other coincidences.
        extreme: Whether some things happened, or will, in other centuries, which makes the calendar long, and some cost as much
            as one price may: sums of such are no longer told in every number.
    """
    chance = Random(seed)  # noqa: S311 - not a secret
    bases = _BASES + _FAR if extreme else _BASES
    made = {name: _rows(table, chance, bases) for name, table in TABLES.items()}
    if not extreme:
        return made
    return {
        name: [{k: _MOST if v == _MUCH else v for k, v in row.items()} for row in rows] for name, rows in made.items()
    }


def _rows(table: Table, chance: Random, bases: tuple[datetime, ...]) -> list[dict[str, str]]:
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for n in range(_ROWS.get(table.name, _USUALLY)):
        row = _row(table, n, chance, bases)
        found.setdefault(tuple(row.get(name, "") for name in table.key), row)
    return list(found.values())


def _row(table: Table, n: int, chance: Random, bases: tuple[datetime, ...]) -> dict[str, str]:
    """One row: its instants fall in the order in which the table names them, so that most rows break no rule."""
    count = sum(column.type in {Type.INSTANT, Type.DAY} for column in table.columns)
    since, instants = chance.choice(bases), []
    for _ in range(count):
        instants.append(since)
        since += chance.choice(_GAPS)
    row = {}
    for column in table.columns:
        moment = instants.pop(0) if column.type in {Type.INSTANT, Type.DAY} else bases[0]
        needed = column.required or column.name in table.key
        known = needed or (column.name != "updated_at" and chance.random() < _KNOWN)
        row[column.name] = _cell(table, column, n, chance, moment) if known else ""
    return row


def _cell(table: Table, column: Column, n: int, chance: Random, moment: datetime) -> str:
    if column.type is Type.INSTANT:
        return f"{moment.isoformat()}Z"
    if column.type is Type.DAY:
        return date.isoformat(moment.date())
    if table.key == (column.name,):
        return NAMES[n] if n < len(NAMES) else f"{NAMES[n % len(NAMES)]} {n}"
    if column.choices:
        return chance.choice(column.choices)
    values = {
        Type.ID: NAMES,
        Type.CURRENCY: _CURRENCIES,
        Type.BOOLEAN: ("true", "false"),
        Type.JSON: ('{"ü": [1, "two\\n"]}',),
        **_AMOUNTS,
    }.get(column.type, TEXTS)
    return chance.choice(_OF_COLUMN.get((table.name, column.name), values))


def settings() -> str:
    """The text of its `tenure.toml`: a zone whose clocks change, and hours of business that cross noon and midnight."""
    return (
        'currency = "EUR"\ntimezone = "America/New_York"\nkey_events = ["Solved", "straße"]\n\n'
        '[business_hours]\ntimezone = "Europe/Berlin"\nmon = ["08:00-12:00", "12:45-17:30"]\nsun = ["22:00-24:00"]\n'
    )
