"""What months said then and say now, for a person: each number that has moved, and under it what moved it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.restate.shape import CAUSES
from tenure.surfaces.cli.grid import padded, places

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

    def amount(number: float | None) -> str:
        return show.value(number, one["unit"], one["currency"], locale)

    name = f"{one['metric']}:{one['variant']}" if one["variant"] else one["metric"]
    when = show.period(one, one["grain"], shown["timezone"], locale)
    segment = f", {one['by']} {one['segment']}" if one["by"] else ""
    changed = _effect(one, one["difference"], locale)
    said = f" ({one['note']})" if one["note"] else ""
    head = f"{one['title']} ({name}), {when}{segment}: {amount(one['then'])} then{said}, {amount(one['now'])} now, {changed}"
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
    owner = f" of {row['account_id']}" if row["account_id"] else ""
    changes = "; ".join(
        f"{name} {change['was'] or '(empty)'} → {change['becomes'] or '(empty)'}"
        for name, change in row["columns"].items()
    )
    begins = f" from {show.day(row['begins_at'], timezone, locale)}" if row["begins_at"] else ""
    return f"{row['table']} {row['key'].split('/')[0]}{owner}{begins}" + (f": {changes}" if changes else "")


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
