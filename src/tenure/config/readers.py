"""How the value of a setting is read: a reader takes what TOML holds and gives what `Settings` keeps.

A reader takes its own result as well, so that settings can be made from others. It raises `UnfitError`
with the rest of a sentence that begins with the setting's name.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from datetime import date, datetime
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, available_timezones

from tenure.calendar import GRAINS, WEEKDAYS
from tenure.config.values import BusinessHours, FileMapping, Overview, OwnTarget, Sql, Warehouse
from tenure.errors import TenureError
from tenure.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_QUARTER, _HOUR = 15, 60  # business hours are kept in quarters of an hour
_DAY = 24 * _HOUR
_MOST = 10_000
_MOST_ROWS = 1_000_000_000


class UnfitError(Exception):
    """A value that a setting does not take."""


@cache
def currencies() -> frozenset[str]:
    """The currency codes of ISO 4217, also of money that is no longer in use; not those for "none" and for tests."""
    from babel.numbers import list_currencies

    return frozenset(list_currencies()) - {"XXX", "XTS"}


def near(name: str, known: Iterable[str]) -> str:
    """The question whether a known name was meant, after a space; nothing where none is like it."""
    alike = get_close_matches(name.lower(), {k.lower(): k for k in known}, n=1, cutoff=0.5)
    return f" Did you mean '{next(k for k in known if k.lower() == alike[0])}'?" if alike else ""


def text(value: object) -> str:
    """A text."""
    if not isinstance(value, str):
        raise UnfitError(f"{_shown(value)} is not a text: write it in quotes.")
    return value


def _shown(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else json.dumps(value, default=str)


def _among(value: object, known: Iterable[str], kind: str, where: str) -> str:
    if (name := text(value)) not in known:
        raise UnfitError(f"'{name}' is not {kind}.{near(name, known)} {where}".rstrip())
    return name


def table_of(value: object, known: Iterable[str] = ()) -> dict[str, Any]:
    """A TOML table; with `known`, one that has no other keys."""
    if not isinstance(value, dict | MappingProxyType):
        raise UnfitError(f"{_shown(value)} is not a table of keys and values.")
    known = tuple(known)
    for key in value:
        if known and key not in known:
            raise UnfitError(f"there is no key '{key}' here.{near(key, known)} The keys are {', '.join(known)}.")
    return dict(value)


def texts(value: object) -> tuple[str, ...]:
    """A list of texts."""
    if not isinstance(value, list | tuple):
        raise UnfitError(f'{_shown(value)} is not a list: write it like ["one", "two"].')
    return tuple(text(one) for one in value)


def whole(value: object) -> int:
    """A whole number from 1."""
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _MOST:
        raise UnfitError(f"{_shown(value)} is not a whole number from 1 to {_MOST:,}.")
    return value


def number(value: object) -> float:
    """A finite number."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise UnfitError(f"{_shown(value)} is not a number.")
    return value


def share(value: object) -> float | None:
    """A share from 0 to 1, or none."""
    if value is not None and not 0 <= number(value) <= 1:
        raise UnfitError(f"{_shown(value)} is not a share from 0 to 1: 80 % is 0.8.")
    return None if value is None else number(value)


def rate(value: object) -> float:
    """A rate above 0 and up to 1."""
    if not 0 < number(value) <= 1:
        raise UnfitError(f"{_shown(value)} is not a rate above 0 and up to 1: 10 % is 0.1.")
    return number(value)


def zone(value: object) -> str:
    """The name of a time zone."""
    name = text(value)
    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a name that is not there, a path, a folder of zones
        raise UnfitError(f"'{name}' is not a known time zone.{near(name, sorted(available_timezones()))}") from None
    return name


def currency(value: object) -> str:
    """The code of a currency."""
    return _among(value, currencies(), "a currency", "It takes a code of ISO 4217, as in EUR.")


def weekday(value: object) -> str:
    """A weekday, in lower case."""
    return _among(text(value).lower(), WEEKDAYS, "a weekday", f"It takes {', '.join(WEEKDAYS)}.")


def locale(value: object) -> str:
    """A locale that Babel knows, as it writes it."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(text(value).replace("-", "_")))
    except (UnknownLocaleError, ValueError) as fault:
        raise UnfitError(f"{_shown(value)} is not a known locale: write it like en_US or de_CH.") from fault


def names_or_sql(value: object) -> tuple[str, ...] | Sql:
    """A list of names, or a filter."""
    if isinstance(value, dict | Sql):
        return _sql(value)
    return texts(value)


def _sql(value: object) -> Sql:
    if isinstance(value, Sql):
        return value
    inner = table_of(value, ("sql",))
    if not inner:
        raise UnfitError('{} says nothing: write it like { sql = "..." }.')
    return Sql(text(inner["sql"]))


def policy(value: object) -> Policy:
    """The policy: TOML may give switches as numbers and booleans."""
    if isinstance(value, Policy):
        return value
    words = {True: "yes", False: "no"}
    given = {k: words[v] if isinstance(v, bool) else str(v) for k, v in table_of(value).items()}
    try:
        return Policy(given.pop("preset", "tenure"), MappingProxyType(given))
    except TenureError as fault:
        raise UnfitError(str(fault)) from fault


def _stretch(value: object) -> tuple[int, int]:
    try:
        ends = [[int(n) for n in end.split(":")] for end in text(value).split("-")]
        (since, since_minute), (until, until_minute) = ends
    except ValueError:
        raise UnfitError(f'{_shown(value)} is not a stretch of time: write it like "09:00-17:00".') from None
    opens, closes = since * _HOUR + since_minute, until * _HOUR + until_minute
    if not 0 <= opens < closes <= _DAY or max(since_minute, until_minute) >= _HOUR:
        raise UnfitError(f"{_shown(value)} must begin before it ends, between 00:00 and 24:00.")
    if opens % _QUARTER or closes % _QUARTER:
        raise UnfitError(f"{_shown(value)} must begin and end at a quarter of an hour.")
    return opens, closes


def _day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise UnfitError(f"{_shown(value)} is not a day: write it like 2024-12-25.") from None


def hours(value: object) -> BusinessHours:
    """The business hours; a week of which no day is named is the usual one."""
    if isinstance(value, BusinessHours):
        return value
    days = tuple(day[:3] for day in WEEKDAYS)
    given = table_of(value, (*days, "holidays", "timezone"))
    own_zone = zone(given.pop("timezone")) if "timezone" in given else None
    listed = {key: stretches if isinstance(stretches, list) else [stretches] for key, stretches in given.items()}
    holidays = frozenset(_day(day) for day in listed.pop("holidays", []))
    week = tuple(tuple(sorted(_stretch(one) for one in listed.get(day, []))) for day in days)
    for day, stretches in zip(days, week, strict=True):
        if any(one[1] > other[0] for one, other in pairwise(stretches)):
            raise UnfitError(f"the stretches of '{day}' overlap.")
    return BusinessHours(week if listed else BusinessHours.week, holidays, own_zone)


def target(value: object) -> OwnTarget:
    """A target: a number, or a number and its grain."""
    if isinstance(value, OwnTarget):
        return value
    if not isinstance(value, dict):
        return OwnTarget(number(value))
    given = table_of(value, ("value", "per"))
    if "value" not in given:
        raise UnfitError('the target has no value: write it like { value = 0.03, per = "month" }.')
    per = given.get("per")
    return OwnTarget(
        number(given["value"]),
        None if per is None else _among(per, GRAINS, "a grain", f"It takes {', '.join(GRAINS)}."),
    )


def _mapping(value: object) -> FileMapping:
    if isinstance(value, FileMapping):
        return value
    given = table_of(value, ("file", "table", "columns", "ignore"))
    if missing := [key for key in ("file", "table", "columns") if key not in given]:
        raise UnfitError(f"a [[mapping]] has no '{missing[0]}': it needs file, table and columns.")
    columns = {
        column: source if isinstance(source, str) else _sql(source)
        for column, source in table_of(given["columns"]).items()
    }
    return FileMapping(
        text(given["file"]), text(given["table"]), MappingProxyType(columns), texts(given.get("ignore", ()))
    )


def mappings(value: object) -> tuple[FileMapping, ...]:
    """The mappings, in the order of the file."""
    if not isinstance(value, list | tuple):
        raise UnfitError("a mapping begins with [[mapping]], in double brackets.")
    return tuple(_mapping(one) for one in value)


def overview(value: object) -> Overview:
    """What the first page shows."""
    return value if isinstance(value, Overview) else Overview(texts(table_of(value, ("metrics",)).get("metrics", [])))


def each(read: Callable[[object], Any]) -> Callable[[object], Mapping[str, Any]]:
    """The reader of a table whose keys are free and whose values are all read by `read`."""

    def table(value: object) -> Mapping[str, Any]:
        found = {}
        for key, one in table_of(value).items():
            try:
                found[key] = read(one)
            except UnfitError as fault:
                raise UnfitError(f"{key}: {fault}") from fault
        return MappingProxyType(found)

    return table


def warehouse(value: object) -> Warehouse:
    """Where the raw rows live."""
    if isinstance(value, Warehouse):
        return value
    given = table_of(value, [one.name for one in fields(Warehouse)])
    read: dict[str, Callable[[object], Any]] = {
        "url": text,
        "schema": _identifier,
        "tables": each(_filled),
        "mappings": texts,
        "watermarks": each(_filled),
        "dimensions": texts,
        "whole_rows": _rows,
    }
    found = {}
    for key, one in given.items():
        try:
            found[key] = read[key](one)
        except UnfitError as fault:
            raise UnfitError(f"{key}: {fault}") from fault
    return Warehouse(**found)


def _identifier(value: object) -> str:
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,40}", name := text(value)):
        raise UnfitError(f"{_shown(value)} is not a plain name: small letters, digits and _.")
    return name


def _filled(value: object) -> str:
    if not text(value).strip():
        raise UnfitError("it says nothing: name a table of the warehouse, or write a SELECT.")
    return text(value).strip().rstrip(";")


def _rows(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_ROWS:
        raise UnfitError(f"{_shown(value)} is not a number of rows.")
    return value
