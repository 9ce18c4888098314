"""What months said then and say now, for a person: each number that has moved, and under it what moved it."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tenure import show
from tenure.calendar import local
from tenure.restate.shape import CAUSES
from tenure.surfaces.cli.grid import padded, places
from tenure.tables import TABLES
from tenure.tables.schema import Type

if TYPE_CHECKING:
    from collections.abc import Mapping


def text(shown: dict[str, Any], locale: str) -> str:
    """The whole of it."""
    if not shown["numbers"]:
        return "No such month is frozen.\n" if shown["kind"] == "frozen" else "No month of that window was over then.\n"
    blocks = [_block(shown, one, locale) for one in shown["numbers"] if one["moved"]]
    return "\n".join([_head(shown, locale), *blocks])


def _head(shown: dict[str, Any], locale: str) -> str:
    count, moved = shown["count"], shown["moved"]
    if shown["kind"] == "since":
        about = f"As of {show.moment(datetime.fromisoformat(shown['since']), shown['timezone'], locale)}"
    else:
        about = "Frozen"
    what = "has moved" if moved == 1 else "have moved"
    said = f"{moved:,} of {count:,} numbers {what}" if moved else f"none of {count:,} numbers has moved"
    return f"{about}: {said}.\n"


def _block(shown: dict[str, Any], one: Mapping[str, Any], locale: str) -> str:
    """A number then and now, its shares with their sizes in a column, and under each its rows."""

    def amount(number: float | None, side: str = "currency") -> str:
        return show.value(number, one["unit"], one[side], locale)

    name = f"{one['metric']}:{one['variant']}" if one["variant"] else one["metric"]
    when = _period(one, shown["timezone"], locale)
    segment = f", {one['by']} {one['segment']}" if one["by"] else ""
    changed = _effect(one, one["difference"], locale)
    said = f" ({one['note']})" if one["note"] else ""
    then, now = amount(one["then"], "currency_then"), amount(one["now"])
    head = f"{one['title']} ({name}), {when}{segment}: {then} then{said}, {now} now, {changed}"
    effects = [_effect(one, share["effect"], locale) for share in one["shares"]]
    width = max(map(places, effects), default=0) + 2
    lines = []
    for share, effect in zip(one["shares"], effects, strict=True):
        load = f", load {share['load_id']}" if share["load_id"] else ""
        hidden = share["count"] - len(share["rows"])
        lines.append(f"{padded(effect, width, right=True)}  {CAUSES[share['cause']]}{load}")
        lines += [f"{' ' * width}    {_row(row, shown['timezone'], locale)}" for row in share["rows"]]
        lines += [f"{' ' * width}    and {hidden:,} more row{'s' if hidden > 1 else ''}"] if hidden else []
    return "".join(f"{line}\n" for line in (head, *lines))


def _row(row: Mapping[str, Any], timezone: str, locale: str) -> str:
    """A raw row: whose it is, since when, and what of it is another one now."""
    key = _key(row)
    owner = f" of {row['account_id']}" if row["account_id"] and not key.startswith(f"{row['account_id']}/") else ""
    changes = "; ".join(
        f"{name} {change['was'] or '(empty)'} → {change['becomes'] or '(empty)'}"
        for name, change in row["columns"].items()
    )
    is_said = not row["begins_at"] or row["begins_at"] in row["key"]
    begins = "" if is_said else f" from {show.day(row['begins_at'], timezone, locale)}"
    return f"{row['table']} {key}{owner}{begins}" + (f": {changes}" if changes else "")


def _key(row: Mapping[str, Any]) -> str:
    """The key as exclusions write it, without the instant at its end, which is said beside it, and nothing twice over."""
    key, table = str(row["key"]), TABLES[row["table"]]
    if table.column(table.key[-1]).type is Type.INSTANT:
        key = key.rpartition("/")[0]
    half = key[: len(key) // 2]
    return half if key == f"{half}/{half}" else key


def _period(one: Mapping[str, Any], timezone: str, locale: str) -> str:
    """The period's name; as it was frozen where it was cut in another time zone than today's."""
    opens = local(datetime.fromisoformat(one["start"]).replace(tzinfo=None), ZoneInfo(timezone))
    is_midnight = opens.time() == time() and (one["grain"] != "month" or opens.day == 1)
    return show.period(one, one["grain"], timezone, locale) if is_midnight else str(one["period"])


def _effect(one: Mapping[str, Any], number: float | None, locale: str) -> str:
    """A change: shares change by points, and what grows says so."""
    if number is None:
        return show.UNKNOWN
    is_share = one["unit"] == "share"
    size = show.value(
        abs(number) * 100 if is_share else abs(number), "score" if is_share else one["unit"], one["currency"], locale
    )
    size = size.lstrip("+") + (" pt" if is_share else "")
    moves = any(digit in size for digit in "123456789")  # what rounds to nothing has no direction
    return f"{'' if not moves else '+' if number > 0 else '−'}{size}"
