"""Why a number moved, as a page: the movements, the segments and the customers that make the difference; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import figure, show
from tenure.surfaces.web import lines
from tenure.surfaces.web.moved import KINDS
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Shown = Mapping[str, Any]
    Write = Callable[[float | None], str]

_ROWS, _SIDES = 12, ("previous", "value")


def reasons(
    shown: Shown, name: str, view: View, settings: Settings, *, money: Collection[str], noise: bool
) -> dict[str, Any]:
    """What `why.html` takes of `Why.to_dict()`.

    `money` are the parts that are amounts; `noise` says that chance alone makes as large a change.
    """
    locale, written = settings.locale, _writer(shown, settings.locale)
    moved = _mover(shown, written)
    earlier = {"start": shown["previous_start"], "end": shown["previous_end"], "partial": shown["partial"]}
    return {
        "name": name,
        "title": shown["title"],
        "back": view.link(path=f"/metric/{name}", extra=()),
        "missing": shown["missing"],
        "difference": moved(shown["difference"]),
        "was": (lines.when(earlier, shown, locale), written(shown["previous"])),
        "becomes": written(shown["value"]),
        "verdict": "" if noise else show.verdict(shown["difference"], shown["better"]),
        "noise": noise,
        "formula": shown["formula"],
        "parts_": [
            (show.spoken(part["name"]), *(_part(part[when], part["name"] in money, settings) for when in _SIDES))
            for part in shown["parts"]
        ],
        "method": shown["method"],
        "movements": [
            (_kind(one["kind"]), one["reason"] if one["reason"] not in (None, "(none)") else "", moved(one["effect"]))
            for one in shown["movements"] or ()
        ],
        "breakdowns": [_breakdown(one, view, written, moved, locale) for one in shown["breakdowns"]],
        "tried": [
            (
                one["by"].replace("_", " "),
                show.percent(one["explains"], locale),
                view.link(by=one["by"]),
                one["by"] == view.by,
            )
            for one in shown["tried"]
        ],
        "customers": _customers(shown["customers"], Writing(settings, view), written, moved),
        "policy": shown["policy"],
    }


def _writer(shown: Shown, locale: str) -> Write:
    return lambda value: figure.full(value, shown, locale)


def _mover(shown: Shown, written: Write) -> Write:
    """How a change is written: with its sign, a share in points of a hundred."""

    def moved(value: float | None) -> str:
        if value is None:
            return show.UNKNOWN
        if shown["unit"] == "share":
            points = f"{abs(value) * 100:,.2f}"
            return ("" if points == "0.00" else "+" if value > 0 else "−") + f"{points} pt"
        text = written(value)
        return f"+{text}" if value > 0 and not text.startswith("+") else text

    return moved


def _kind(kind: str) -> str:
    return KINDS[kind][0] if kind in KINDS else "Exchange rates and the rest"


def _part(value: float | None, is_money: bool, settings: Settings) -> str:  # noqa: FBT001 - of two kinds
    return show.value(value, "money" if is_money else "", settings.currency, settings.locale)


def _breakdown(one: Shown, view: View, written: Write, moved: Write, locale: str) -> dict[str, Any]:
    rows = sorted(one["rows"], key=lambda row: -abs(row["effect"] or 0))
    return {
        "by": one["by"].replace("_", " "),
        "explains": show.percent(one["explains"], locale),
        "has_mix": one["has_mix"],
        "rows": [
            {
                "segment": row["segment"] if row["segment"] is not None else "what no segment makes",
                "link": ""
                if row["segment"] is None
                else view.link(by="", where=(*view.where, (one["by"], row["segment"]))),
                "was": written(row["previous"]),
                "becomes": written(row["value"]),
                "mix": moved(row["mix"]) if one["has_mix"] else "",
                "rate": moved(row["rate"]) if one["has_mix"] else "",
                "effect": moved(row["effect"]),
            }
            for row in rows[:_ROWS]
        ],
        "more": max(len(rows) - _ROWS, 0),
    }


def _customers(shown: Shown | None, write: Writing, written: Write, moved: Write) -> list[dict[str, str]]:
    """The customers with the largest effects, and the others as one."""
    return [
        {
            "name": one["name"] or one["account_id"] or f"{write.count(one['count'])} others",
            "link": write.view.customer(one["account_id"]),
            "was": written(one["previous"]),
            "becomes": written(one["value"]),
            "effect": moved(one["effect"]),
            "meanwhile": _meanwhile(one["meanwhile"], write),
        }
        for one in (shown or {"rows": ()})["rows"]
    ]


def _meanwhile(told: Shown | None, write: Writing) -> str:
    """What else happened to a customer, in words; what says nothing is left out."""
    if not told:
        return ""
    known = {name: told.get(name) for name in ("tickets", "active_days", "detractors", "onboarding", "past_due")}
    said = [
        f"{write.several(known['tickets'], 'ticket')} opened ({told.get('tickets_before') or 0} before)"
        if known["tickets"]
        else "",
        ""
        if known["active_days"] is None
        else f"{write.several(known['active_days'], 'active day')} ({told.get('active_days_before') or 0} before)",
        write.several(known["detractors"], "unhappy answer") if known["detractors"] else "",
        str(known["onboarding"]) if known["onboarding"] not in (None, "live") else "",
        "past due" if known["past_due"] else "",
    ]
    return ", ".join(filter(None, said))
