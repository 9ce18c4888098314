"""One customer as a page: its sections as sentences and tables, what happened to it, what was never loaded; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.surfaces.sparkline import sparkline
from tenure.surfaces.web import happenings as told
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Section = Mapping[str, Any]

LIMITS = (30, 300)
_LEFT_OUT = {
    "test": "A test account: no number counts it, so all that stands here is who it is.",
    "excluded": "Left out by an exclusion: no number counts it, so all that stands here is who it is.",
}


def family(shown: Section) -> list[str]:
    """The ids of the accounts that it belongs to, or that belong to it."""
    who = shown["who"]
    return [*filter(None, [who["parent_account_id"]]), *who["children"]]


def customer(shown: Section, view: View, settings: Settings, names: Mapping[str, str]) -> dict[str, Any]:
    """What `customer.html` takes of `Account.to_dict()`; `settings` are those of the shown currency, `names` those of its family."""
    write, who = Writing(settings, view), shown["who"]
    limit = int(view.told("limit") or LIMITS[0])
    return {
        "view": view,
        "name": who["name"] or who["account_id"],
        "id": who["account_id"],
        "facts": _facts(who, write, names),
        "left_out": _LEFT_OUT.get(who["left_out"] or "", ""),
        "tiles": _tiles(shown, write),
        "sections": [
            {"title": title, **make(shown[name], write)}
            for name, (title, make) in _SECTIONS.items()
            if shown[name] is not None
        ],
        "timeline": [told.happening(one, write) for one in shown["timeline"]],
        "happenings": write.count(shown["happenings"]),
        "more": view.telling(limit=str(LIMITS[1])) if shown["happenings"] > limit and limit < LIMITS[1] else "",
        "missing": [(name.replace("_", " "), tables) for name, tables in shown["missing"].items()],
        "policy": shown["policy"],
    }


def _facts(who: Section, write: Writing, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What is known of it: a name, what is written, and where that leads."""
    state = f"{who['state']} since {write.day(who['state_since'])}" if who["state"] else ""
    parent = who["parent_account_id"] or ""
    rows: list[tuple[str, str, str]] = [
        ("State", state, ""),
        ("Customer since", write.day(who["customer_since"]), ""),
        ("Signed up", write.day(who["created_at"]), ""),
        ("Closed", write.day(who["closed_at"]), ""),
        ("Channel", who["channel"] or "", ""),
        ("Belongs to", names.get(parent, parent), write.view.customer(parent)),
        *(("Owns", names.get(child, child), write.view.customer(child)) for child in who["children"]),
        ("Also known as", ", ".join(who["also_known_as"]), ""),
        *((name.replace("_", " ").capitalize(), str(value), "") for name, value in who["attributes"].items()),
    ]
    return [row for row in rows if row[1]]


def _tiles(shown: Section, write: Writing) -> list[dict[str, Any]]:
    """The first look: what it pays, how it fares, what it last said, what is open."""
    money, health, usage, tickets = (shown[name] for name in ("money", "health", "usage", "tickets"))
    tiles = []
    if money is not None:
        levels = [month["monthly"] for month in money["months"]]
        tiles.append(
            {
                "title": "A month",
                "value": write.money(money["monthly"], money["currency"]),
                "below": "over 12 months" if any(levels) else "",
                "spark": sparkline(levels, len(levels) - 1) if any(levels) else "",
            }
        )
    if health is not None:
        then = health["score_30_days_before"]
        value = show.UNKNOWN if health["score"] is None else f"{write.count(health['score'])} of 100"
        before = "" if then is None or health["score"] is None else f"{write.count(then)} thirty days before"
        tiles.append({"title": "Health", "value": value, "below": health["why"] or before, "bad": health["is_at_risk"]})
    if usage is not None:
        below = f"{usage['days_30_before']} in the 30 before"
        tiles.append({"title": "Active days of 30", "value": write.count(usage["days_30"]), "below": below})
    if tickets is not None:
        below = f"{write.count(tickets['count'])} in all"
        tiles.append({"title": "Open tickets", "value": write.count(tickets["open"]), "below": below})
    return tiles + told.last_said(shown, write)


_SECTIONS: Mapping[str, tuple[str, Callable[[Section, Writing], dict[str, Any]]]] = {
    "money": ("Subscriptions", told.money),
    "health": ("Health, and why", told.health),
    "contracts": ("Contracts", told.contracts),
    "usage": ("Usage", told.usage),
    "tickets": ("Tickets", told.tickets),
    "surveys": ("Surveys", told.surveys),
    "feedback": ("Feedback", told.feedback),
    "touches": ("Touches", told.touches),
    "onboarding": ("Onboarding", told.onboarding),
    "goals": ("Goals", told.goals),
    "people": ("People", told.people),
    "referrals": ("Referrals", told.referrals),
    "payments": ("Payments", told.payments),
}
