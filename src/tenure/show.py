"""How a number, a change and a period are written for people: one hand for every surface.

Numbers follow the company's locale through Babel, which is imported on first use so that a command line that writes no
number does not pay for it. What a machine reads (JSON, CSV) never passes through here.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping

    from babel import Locale

UNKNOWN = "—"
_COMPACT_MONEY, _COMPACT_COUNT, _WHOLE_MONEY, _MILLION = 10_000, 100_000, 1_000, 1_000_000
_SHORT = frozenset({"arpa", "arr", "cac", "ces", "clv", "csat", "fx", "mrr", "nps", "sla"})
_STEPS = (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1))


@lru_cache(maxsize=16)
def _locale(name: str) -> Locale:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_US")


@lru_cache(maxsize=16_384, typed=True)  # a page writes the same number in its tile, its table and its drawing
def value(
    number: float | None, unit: str, currency: str | None = None, locale: str = "en_US", *, compact: bool = False
) -> str:
    """`number` as written in `unit` (money, count, share, points, score, ratio, duration, rate); unknown is a dash.

    Shares are 0..1, durations seconds, money major units of `currency`. `compact` shortens great amounts: €234.8K.
    """
    if number is None:
        return UNKNOWN
    written = {
        "money": lambda: _money(number, currency, locale, compact=compact),
        "count": lambda: _count(number, locale, compact=compact),
        "share": lambda: _percent(number, locale),
        "points": lambda: _decimal(number, "+#,##0.#;-#,##0.#" if number else "0", locale),
        "score": lambda: _decimal(number, "#,##0.0#", locale),
        "ratio": lambda: _decimal(number, "#,##0.00", locale) + "×",
        "duration": lambda: _duration(number, locale),
        "rate": lambda: _decimal(number, "#,##0.00####", locale),
    }.get(unit, lambda: _decimal(number, "#,##0.##", locale))()
    return written.replace("-", "−", 1) if number < 0 else written


def exact(number: float | None, locale: str = "en_US") -> str:
    """A number with its digits, up to ten after the point, for whoever checks it; unknown is a dash."""
    return UNKNOWN if number is None else _decimal(number, "#,##0.##########", locale)


def percent(number: float | None, locale: str = "en_US") -> str:
    """A share as a whole percentage, for where many stand side by side; unknown is a dash."""
    if number is None:
        return UNKNOWN
    from babel.numbers import format_percent

    return format_percent(number, locale=_locale(locale))


def change(
    amount: float | None, kind: str | None, unit: str, currency: str | None = None, locale: str = "en_US"
) -> str:
    """A change with its arrow: `↑ 5.3%` if relative, `↓ 0.9 pt` for shares, else as the unit is; "" if unknown."""
    if amount is None:
        return ""
    size = abs(amount)
    if kind == "relative":
        written = _percent(size, locale)
    elif unit == "share":
        written = _decimal(size * 100, "#,##0.0", locale) + " pt"
    else:
        written = value(size, unit, currency, locale, compact=True).lstrip("+")
        written += " pt" if unit == "points" else ""
    if not any(digit in written for digit in "123456789"):
        return f"→ {written}"  # what rounds to nothing has no direction
    return f"{'↑' if amount > 0 else '↓'} {written}"


def verdict(amount: float | None, better: str | None) -> str:
    """`better`, `worse` or, where nothing changed or neither way is better, an empty text."""
    if not amount or better not in ("up", "down"):
        return ""
    return "better" if (amount > 0) == (better == "up") else "worse"


def meets(number: float | None, target: float, better: str | None) -> bool | None:
    """Whether `number` is on the good side of `target`; None where that cannot be said."""
    if number is None or better not in ("up", "down"):
        return None
    return number >= target if better == "up" else number <= target


def symbol(currency: str, locale: str = "en_US") -> tuple[str, str]:
    """What stands before and behind an amount of `currency`: ("€", "") or ("", " €")."""
    from babel.numbers import get_currency_symbol

    sign = get_currency_symbol(currency, locale=_locale(locale))
    pattern = _locale(locale).currency_formats["standard"].pattern
    return (sign, "") if pattern.startswith("¤") else ("", "\u00a0" + sign)


def decimals(currency: str) -> int:
    """How many decimals an amount of `currency` is written with: 2 for EUR, none for JPY."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


def separators(locale: str = "en_US") -> tuple[str, str]:
    """The decimal and the thousands sign of `locale`."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return get_decimal_symbol(_locale(locale)), get_group_symbol(_locale(locale))


def instant(text: str | datetime, timezone: str) -> datetime:
    """An instant of an answer (UTC, `Z`) as the local time of the company."""
    moment = datetime.fromisoformat(text) if isinstance(text, str) else text
    return moment.astimezone(ZoneInfo(timezone))


def period(row: Mapping[str, object], grain: str, timezone: str, locale: str = "en_US", *, short: bool = False) -> str:
    """The name of an answer's row (`start`, `end` in UTC) in the company's zone: `June 2024`, short `Jun 24`."""
    from babel.dates import format_date, format_datetime

    start, where = instant(str(row["start"]), timezone), _locale(locale)
    if grain == "quarter":
        return f"Q{(start.month + 2) // 3} {start:%y}" if short else f"Q{(start.month + 2) // 3} {start:%Y}"
    if grain == "hour":
        return format_datetime(start, "d MMM HH:mm" if short else "d MMMM y, HH:mm", tzinfo=start.tzinfo, locale=where)
    if grain == "total":
        return f"{format_date(start, 'd MMM y', where)} – {through(row, timezone, locale)}"
    patterns = {"day": ("d MMM", "d MMMM y"), "week": ("d MMM", "'week of' d MMMM y"), "year": ("y", "y")}
    brief, full = patterns.get(grain, ("LLL yy", "LLLL y"))
    if grain == "week" and where.language != "en":
        full = "d MMMM y"
    return format_date(start, brief if short else full, where)


def through(row: Mapping[str, object], timezone: str, locale: str = "en_US") -> str:
    """The last day that a row covers, as it is written: `12 June` (its end is half-open); of a part of a day, its end: `14:30`."""
    from babel.dates import format_date

    end = instant(str(row["end"]), timezone)
    last = end - timedelta(microseconds=1)
    if "start" in row and instant(str(row["start"]), timezone).date() == last.date() == end.date():
        return f"{end:%H:%M}"
    return format_date(last, "d MMMM", _locale(locale))


def moment(when: datetime, timezone: str, locale: str = "en_US") -> str:
    """An instant (naive UTC) in the company's zone: `12 July 2024, 09:00`."""
    from babel.dates import format_datetime

    local = when.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone))
    return format_datetime(local, "d MMMM y, HH:mm", tzinfo=local.tzinfo, locale=_locale(locale))


def second(when: str, timezone: str, locale: str = "en_US") -> str:
    """An instant (UTC, `Z`) in the company's zone to the second: `12 Jul 2024, 09:00:05`."""
    from babel.dates import format_datetime

    local = instant(when, timezone)
    return format_datetime(local, "d MMM y, HH:mm:ss", tzinfo=local.tzinfo, locale=_locale(locale))


def moment_before(end: str, timezone: str, locale: str = "en_US") -> str:
    """What ends at an instant (UTC, `Z`): the day, `30 June 2024`, where that is a local midnight, else the instant."""
    from babel.dates import format_date

    local = instant(end, timezone)
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        return moment(local.astimezone(UTC).replace(tzinfo=None), timezone, locale)
    return format_date(local - timedelta(microseconds=1), "d MMMM y", _locale(locale))


def spoken(name: str) -> str:
    """A name of the catalogue as a person reads it: `closing_mrr` is the closing MRR."""
    return " ".join(word.upper() if word in _SHORT else word for word in name.split("_"))


def day(when: str | date, timezone: str, locale: str = "en_US") -> str:
    """A day as it is written, `12 Jul 2024`: of an instant (UTC, `Z`) in the company's zone, or a plain date in ISO 8601."""
    from babel.dates import format_date

    text = str(when)
    local = instant(text, timezone).date() if text.endswith("Z") else date.fromisoformat(text)
    return format_date(local, "d MMM y", _locale(locale))


def _decimal(number: float, pattern: str, locale: str) -> str:
    from babel.numbers import format_decimal

    return format_decimal(number, pattern, _locale(locale))


def _percent(number: float, locale: str) -> str:
    pattern = _locale(locale).percent_formats[None].pattern.replace("##0", "##0.0")
    from babel.numbers import format_percent

    return format_percent(number, pattern, _locale(locale))


def _money(number: float, currency: str | None, locale: str, *, compact: bool) -> str:
    from babel.numbers import format_compact_currency, format_currency

    where = _locale(locale)
    if currency is None:
        return _decimal(number, "#,##0.00", locale)
    if compact and abs(number) >= _COMPACT_MONEY and _shortens(number, where.compact_currency_formats):
        digits = 2 if abs(number) >= _MILLION else 1  # of a round million a tenth is no detail
        return format_compact_currency(number, currency, locale=where, fraction_digits=digits)
    if compact and abs(number) >= _WHOLE_MONEY:
        pattern = where.currency_formats["standard"].pattern.replace("0.00", "0")
        return format_currency(number, currency, pattern, where, currency_digits=False)
    return format_currency(number, currency, locale=where)


def _shortens(number: float, formats: Mapping[str, Any]) -> bool:
    """Whether a locale has a short way of writing so many; German has none of thousands."""
    steps = formats["short"]["other"]
    step = max((one for one in steps if int(one) <= abs(number)), key=int, default="")
    return bool(step) and getattr(steps[step], "pattern", steps[step]) != "0"


def _count(number: float, locale: str, *, compact: bool) -> str:
    from babel.numbers import format_compact_decimal

    where = _locale(locale)
    if compact and abs(number) >= _COMPACT_COUNT and _shortens(number, where.compact_decimal_formats):
        return format_compact_decimal(number, locale=where, fraction_digits=1)
    return _decimal(number, "#,##0.#", locale)


def brief(seconds: float | None, locale: str = "en_US") -> str:
    """A duration where room is scarce: `3d 4h`; unknown is a dash."""
    return UNKNOWN if seconds is None else _duration(seconds, locale, "narrow")


def _duration(seconds: float, locale: str, length: Literal["short", "narrow"] = "short") -> str:
    """The greatest unit that is not nothing, and the next one below it: `3 days 4 hr`; of fifteen hours a second is no detail."""
    from babel.units import format_unit

    def written(count: int, name: str) -> str:
        found = format_unit(count, f"duration-{name}", length, locale=_locale(locale))
        if "duration-" not in found:
            return found
        return format_unit(count, f"duration-{name}", "short", locale=_locale(locale))  # every locale has that

    rest = round(abs(seconds))
    counts: list[tuple[int, str]] = []
    for name, size in _STEPS:
        count, rest = divmod(rest, size)
        if count or counts:
            counts.append((count, name))
    told = [written(count, name) for count, name in counts[:2] if count]
    return ("-" if seconds < 0 else "") + (" ".join(told) or written(0, "second"))
