"""Why a number moved, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def text(shown: dict[str, Any], locale: str) -> str:
    """The change, the movements of a level, the breakdowns, the customers with what they did meanwhile."""
    lists = [
        _movements(shown, locale),
        *(_breakdown(shown, one, locale) for one in shown["breakdowns"]),
        _customers(shown, locale),
    ]
    return "\n".join([_head(shown, locale), *(one for one in lists if one)])


def _amount(shown: dict[str, Any], number: float | None, locale: str) -> str:
    return show.value(number, shown["unit"], shown["currency"], locale)


def _effect(shown: dict[str, Any], number: float | None, locale: str) -> str:
    """A change: shares change by points, and what grows says so."""
    if number is None:
        return show.UNKNOWN
    is_share = shown["unit"] == "share"
    size = (
        show.value(abs(number) * 100, "score", None, locale)
        if is_share
        else _amount(shown, abs(number), locale).lstrip("+")
    )
    moves = any(digit in size for digit in "123456789")  # what rounds to nothing has no direction
    sign = "" if not moves else "+" if number > 0 else "−"
    return f"{sign}{size}{' pt' if is_share else ''}"


def _head(shown: dict[str, Any], locale: str) -> str:
    where = "".join(f", {name} {' or '.join(values)}" for name, values in shown["where"].items())
    now = show.period(shown, shown["grain"], shown["timezone"], locale)
    earlier = {"start": shown["previous_start"], "end": shown["previous_end"]}
    before = show.period(earlier, shown["grain"], shown["timezone"], locale)
    name = f"{shown['metric']}:{shown['variant']}" if shown["variant"] else shown["metric"]
    head = f"{shown['title']} ({name}){where}\n"
    if shown["difference"] is None:
        missing = f" Missing: {', '.join(shown['missing'])}." if shown["missing"] else ""
        return f"{head}It is unknown in {before} or in {now}, so that nothing can be compared.{missing}\n"
    values = [_amount(shown, shown[name], locale) for name in ("previous", "value")]
    rows = [[before, values[0]], [now, values[1]], ["difference", _effect(shown, shown["difference"], locale)]]
    return head + Grid(["period", "value"], rows, frozenset({"value"})).text()


def _moved(shown: dict[str, Any], one: Mapping[str, Any]) -> str:
    if one["kind"] == "rest":
        rates, edge = "exchange rates", "what came and went over the filter's edge"
        return rates if not shown["where"] else f"{rates}, and {edge}" if shown["unit"] == "money" else edge
    return f"{one['kind']}: {one['reason']}" if one["reason"] else str(one["kind"])


def _movements(shown: dict[str, Any], locale: str) -> str:
    lines = [
        [_moved(shown, one),
         _effect(shown, one["effect"], locale), _share(one, locale)]
        for one in shown["movements"] or ()
    ]  # fmt: skip
    return Grid(["by movement", "effect", "share"], lines, frozenset({"effect", "share"})).text() if lines else ""


def _breakdown(shown: dict[str, Any], one: Mapping[str, Any], locale: str) -> str:
    columns = [f"by {one['by']}", "before", "now", *(["mix", "rate"] if one["has_mix"] else []), "effect", "share"]
    lines = []
    for row in one["rows"]:
        name = "in no segment" if row["segment"] is None else row["segment"]
        sides = [_amount(shown, row[side], locale) for side in ("previous", "value")]
        effects = [
            _effect(shown, row[part], locale) for part in (*(("mix", "rate") if one["has_mix"] else ()), "effect")
        ]
        lines.append([name, *sides, *effects, _share(row, locale)])
    return Grid(columns, lines, frozenset(columns[1:])).text()


def _customers(shown: dict[str, Any], locale: str) -> str:
    told = shown["customers"]
    if told is None:
        return ""
    lines = [
        [
            _who(row),
            _effect(shown, row["effect"], locale),
            _share(row, locale),
            ", ".join(_meanwhile(row["meanwhile"] or {})),
        ]
        for row in told["rows"]
    ]
    return Grid(["by customer", "effect", "share", "meanwhile"], lines, frozenset({"effect", "share"})).text()


def _who(row: Mapping[str, Any]) -> str:
    if row["account_id"] is None:
        return f"{row['count']:,} other{'s' if row['count'] > 1 else ''}" if row["count"] else "of no customer"
    return f"{row['name']} ({row['account_id']})" if row["name"] else str(row["account_id"])


def _meanwhile(did: Mapping[str, Any]) -> Iterator[str]:
    """What a customer did, in a few words; what it did not do is not said."""
    if did.get("tickets") or did.get("tickets_before"):
        yield f"{_counted(did['tickets'], 'ticket')} ({did['tickets_before']} before)"
    if did.get("detractors"):
        yield _counted(did["detractors"], "detractor")
    elif did.get("answers"):
        yield _counted(did["answers"], "answer")
    if did.get("active_days") or did.get("active_days_before"):
        yield f"active {_counted(did['active_days'], 'day')} ({did['active_days_before']} before)"
    if did.get("onboarding") in ("launched", "not launched"):
        yield str(did["onboarding"])
    if did.get("past_due"):
        yield "past due"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _share(row: Mapping[str, Any], locale: str) -> str:
    return "" if row["share"] is None else show.value(row["share"], "share", None, locale)
