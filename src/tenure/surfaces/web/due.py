"""The contracts that come up for renewal, those overdue, and what became of the others: by period, then one by one; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tenure import calendar, charts, show
from tenure.errors import UnknownNameError
from tenure.surfaces.web import lines
from tenure.surfaces.web.filters import chosen as filtered
from tenure.surfaces.web.sent import downloads
from tenure.surfaces.web.sorting import Column, grouped, headings, leaf, ordered, orders, total
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Row = Mapping[str, Any]

OWN = ("show", "risk", "q", "sort", "page")
MONEY = ("amount", "renewed_amount", "expansion_amount")
GRAINS = ("week", "month", "quarter", "year")
STANDINGS = {"ahead": ("ahead",), "overdue": ("overdue",), "past": ("renewed", "lost", "overdue")}
_RISKS = {"any": "At risk, or leaving", "health": "Health below 50", "leaving": "Leaving"}
_COLUMNS = (
    Column("Customer", "name"),
    Column("Due", "ends_on", is_number=True),
    Column("Value", "amount", is_number=True, greatest_first=True),
    Column("Health of 100", "health", is_number=True),
    Column("Outcome", "standing"),
)
_PAGE, _BARS, _SOON, _YEAR = 50, 24, 90, 365
_OWNERS = ("owner", "csm", "account_owner", "account_manager", "customer_success_manager", "responsible")


def owner(dimensions: Sequence[str]) -> str:
    """The attribute that says who looks after a customer, by what it is usually called; empty where there is none."""
    plain = {name.lower().replace(" ", "_"): name for name in dimensions}
    return next((plain[name] for name in _OWNERS if name in plain), "")


def found(contracts: Sequence[Row], view: View) -> list[Row]:
    """The contracts that the view asks for, in its order.

    Raises:
        UnknownNameError: a selection, a risk or an order that there is not.
    """
    chosen, risk, said = view.told("show") or "ahead", view.told("risk"), view.told("q").casefold()
    if chosen not in STANDINGS:
        raise UnknownNameError("selection of contracts", chosen, STANDINGS, f"It takes {', '.join(STANDINGS)}.")
    if risk and risk not in _RISKS:
        raise UnknownNameError("kind of risk", risk, _RISKS, f"It takes {', '.join(_RISKS)}.")
    kept = [
        row
        for row in contracts
        if row["standing"] in STANDINGS[chosen]
        and (not risk or (risk != "leaving" and row["is_at_risk"]) or (risk != "health" and row["is_leaving"]))
        and (
            not said or any(said in str(row[field] or "").casefold() for field in ("name", "account_id", "contract_id"))
        )
    ]
    return ordered(kept, orders(view.told("sort"), _COLUMNS, _first(chosen)))


def _first(chosen: str) -> str:
    return "-ends_on" if chosen == "past" else "ends_on"


def due(contracts: Sequence[Row], view: View, settings: Settings, dimensions: Sequence[str]) -> dict[str, Any]:
    """What `renewals.html` takes of all contracts; `settings` are those of the shown currency."""
    write, chosen = Writing(settings), view.told("show") or "ahead"
    rows, first = found(contracts, view), _first(chosen)
    shown = leaf(rows, view, _PAGE)
    said = orders(view.told("sort"), _COLUMNS, first)
    columns = [c for c in _COLUMNS if c.field != "health" or any(row["health"] is not None for row in rows)]
    columns = [c for c in columns if c.field != "standing" or chosen == "past"]
    periods = _periods(rows, chosen, view, write)
    return {
        "view": view,
        "chosen": chosen,
        "tiles": _tiles(contracts, view, write),
        "periods": periods,
        "drawn": _drawn(periods, chosen, view, write) if len(periods) > 1 else None,
        "groups": _groups(rows, view, write),
        "columns": headings(columns, said, view, first),
        "rows": [_row(row, columns, view, write) for row in shown.rows],
        "leaf": shown,
        "count": write.count(len(rows)),
        "total": _money(rows, write),
        "q": view.told("q"),
        "risk": view.told("risk"),
        "risks": _RISKS,
        "cuts": [(g, view.link(grain=g), g == view.grain) for g in GRAINS],
        "dimensions": dimensions,
        "currency": settings.currency,
        "filters": filtered(view),
        "downloads": downloads(view, "/renewals"),
        "policy": view.policy or settings.policy.preset,
    }


def _money(rows: Sequence[Row], write: Writing, *, compact: bool = False) -> str:
    return write.money(total(rows, "amount"), write.settings.currency, compact=compact)


def _in_danger(row: Row) -> bool:
    return bool(row["is_at_risk"] or row["is_leaving"])


def _contracts(rows: Sequence[Row], write: Writing) -> str:
    return write.several(len(rows), "contract")


def _tiles(contracts: Sequence[Row], view: View, write: Writing) -> list[dict[str, Any]]:
    """The first look, each leading to its own list."""
    ahead = [row for row in contracts if row["standing"] == "ahead"]
    soon = [row for row in ahead if row["days_left"] <= _SOON]
    danger = [row for row in ahead if _in_danger(row)]
    late = [row for row in contracts if row["standing"] == "overdue"]
    year = [row for row in contracts if row["standing"] in STANDINGS["past"] and -_YEAR <= row["days_left"] < 0]
    renewed = [row for row in year if row["standing"] == "renewed"]
    chosen, risk = view.told("show") or "ahead", view.told("risk")

    def money(
        title: str, rows: Sequence[Row], below: str, link: str, *, here: bool, bad: bool = False
    ) -> dict[str, Any]:
        return {"title": title, "value": _money(rows, write, compact=True), "exact": _money(rows, write),
                "below": below, "link": link, "here": here, "bad": bad and bool(rows)}  # fmt: skip

    share = len(renewed) / len(year) if year else None
    return [
        money("Coming up", ahead, f"{_contracts(ahead, write)}, {_contracts(soon, write)} of them within {_SOON} days",
              view.telling(show="", risk="", page="", sort=""), here=chosen == "ahead" and not risk),
        money("In danger", danger, f"{_contracts(danger, write)}: health below 50, or leaving",
              view.telling(show="", risk="any", page="", sort=""), here=chosen == "ahead" and risk == "any", bad=True),
        money("Overdue", late, f"{_contracts(late, write)} that nobody has decided",
              view.telling(show="overdue", risk="", page="", sort=""), here=chosen == "overdue", bad=True),
        {"title": "Renewed", "value": show.value(share, "share", None, write.settings.locale), "exact": "",
         "below": f"{write.count(len(renewed))} of {_contracts(year, write)} due in the last {_YEAR} days",
         "link": view.telling(show="past", risk="", page="", sort=""), "here": chosen == "past", "bad": False},
    ]  # fmt: skip


def _periods(rows: Sequence[Row], chosen: str, view: View, write: Writing) -> list[dict[str, Any]]:
    """Period by period, oldest first: of what comes the value and what of it is in danger, of what is past the outcomes."""
    zone, week = write.settings.zone, write.settings.week_start
    groups: dict[datetime, list[Row]] = {}
    for row in sorted(rows, key=lambda row: str(row["due_at"])):
        at = datetime.fromisoformat(row["due_at"]).replace(tzinfo=None)
        groups.setdefault(calendar.period_start(at, view.grain, zone, week), []).append(row)
    if not groups:
        return []
    first, last = min(groups), max(groups)
    never = datetime.max  # noqa: DTZ901 - instants are naive UTC
    slots = calendar.periods(first, last + timedelta(microseconds=1), view.grain, zone, week, never)
    return [
        _period(slot.whole_opens, slot.whole_closes, groups.get(slot.whole_opens, []), chosen, view, write)
        for slot in slots
    ]


def _period(
    opens: datetime, closes: datetime, rows: Sequence[Row], chosen: str, view: View, write: Writing
) -> dict[str, Any]:
    when = {"start": opens.isoformat() + "Z", "end": closes.isoformat() + "Z"}
    settings = write.settings
    by = {name: [row for row in rows if row["standing"] == name] for name in ("renewed", "lost", "overdue")}
    danger = [row for row in rows if _in_danger(row)]
    parts = [danger, [row for row in rows if not _in_danger(row)]] if chosen != "past" else list(by.values())
    decided = [*by["renewed"], *by["lost"]]
    kept, more = total(by["renewed"], "renewed_amount"), total(by["renewed"], "expansion_amount")
    return {
        **when,
        "name": show.period(when, view.grain, settings.timezone, settings.locale),
        "count": write.count(len(rows)),
        "value": _money(rows, write),
        "danger": (write.count(len(danger)), _money(danger, write)) if danger else ("", ""),
        "outcomes": [write.count(len(some)) for some in by.values()],
        "share": write.share(len(by["renewed"]) / len(rows)) if rows and decided else show.UNKNOWN,
        "kept": write.money(kept, settings.currency),
        "more": write.money(more, settings.currency),
        "parts": [total(some, "amount") for some in parts],
    }


def _drawn(periods: Sequence[Mapping[str, Any]], chosen: str, view: View, write: Writing) -> dict[str, Any]:
    """Bars of value by period: those nearest to today where there are too many."""
    settings = write.settings
    named = (
        [("Renewed", "gain-1"), ("Lost", "loss-2"), ("Undecided", "neutral")]
        if chosen == "past"
        else [("In danger", "loss-2"), ("No sign of danger", "gain-1")]
    )
    near = periods[-_BARS:] if chosen == "past" else periods[:_BARS]
    told = {
        "unit": "money",
        "currency": settings.currency,
        "grain": view.grain,
        "timezone": settings.timezone,
        "title": "Value",
    }
    series = [
        charts.Series(
            told | {"rows": [{"start": p["start"], "end": p["end"], "partial": False, "segment": None, "value": p["parts"][k]}
                             for p in near]}, 1, tone, title)
        for k, (title, tone) in enumerate(named)
    ]  # fmt: skip
    return {
        "plot": lines.plot(lambda look: charts.movements(series, look), -1, settings.locale, lines.PAGE),
        "legend": named,
        "cut": len(periods) - len(near),
    }


def _groups(rows: Sequence[Row], view: View, write: Writing) -> list[dict[str, str]]:
    """By segment, the greatest value first."""
    return [
        {
            "name": name,
            "link": link,
            "count": write.count(len(some)),
            "value": _money(some, write),
            "danger": _money([row for row in some if _in_danger(row)], write),
            "renewed": write.count(_renewed(some)),
            "share": write.share(_renewed(some) / len(some)),
        }
        for name, link, some in sorted(grouped(rows, view), key=lambda group: -(total(group[2], "amount") or 0))
    ]


def _renewed(rows: Sequence[Row]) -> int:
    return sum(row["standing"] == "renewed" for row in rows)


def _row(row: Row, columns: Sequence[Column], view: View, write: Writing) -> dict[str, Any]:
    days = row["days_left"]
    count = write.several(abs(days), "day")
    left = "today" if days == 0 else f"in {count}" if days > 0 else f"{count} ago"
    native = "" if row["currency"] == write.settings.currency else write.money(row["value"], row["currency"])
    signs = [sign for sign, is_so in (("at risk", row["is_at_risk"]), ("leaving", row["is_leaving"])) if is_so]
    cells = {
        "ends_on": (write.day(row["ends_on"]), left, "worse" if row["standing"] == "overdue" else ""),
        "amount": (write.money(row["amount"], write.settings.currency), native, ""),
        "health": (write.count(row["health"]) or show.UNKNOWN, "", "worse" if row["is_at_risk"] else ""),
        "standing": (_outcome(row), _became(row, write), {"lost": "worse"}.get(row["standing"], "")),
    }
    return {
        "name": row["name"] or row["account_id"],
        "link": view.customer(row["account_id"]),
        "below": row["contract_id"],
        "cells": [(*cells[c.field], c.is_number) for c in columns if c.field != "name"],
        "signs": ", ".join(signs),
        "segment": (row["segment"] or "") if view.by else "",
    }


def _outcome(row: Row) -> str:
    return "undecided" if row["standing"] == "overdue" else str(row["standing"])


def _became(row: Row, write: Writing) -> str:
    """What of a renewed contract was kept and added, and when it was decided."""
    parts = []
    if row["standing"] == "renewed":
        if row["renewed_amount"] != row["amount"]:
            parts.append(f"{write.money(row['renewed_amount'], write.settings.currency)} kept")
        if row["expansion_amount"]:
            parts.append(f"{write.money(row['expansion_amount'], write.settings.currency, signed=True)}")
    if row["decided_at"]:
        parts.append(write.day(row["decided_at"]))
    return ", ".join(parts)
