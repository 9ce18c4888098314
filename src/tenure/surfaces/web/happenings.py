"""The sections of a customer's page: each a few sentences and a table, from what `Account.to_dict()` says; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tenure.surfaces.web.writing import Writing

    Section = Mapping[str, Any]
    Column = tuple[str, bool]


def _made(
    said: Iterable[str], columns: Sequence[str], rows: Sequence[Sequence[Any]], numbers: str = ""
) -> dict[str, Any]:
    """A section: sentences, and a table without the columns in which no row says anything; `numbers` stand to the right."""
    kept = [n for n in range(len(columns)) if any(row[n] for row in rows)]
    return {
        "said": [text for text in said if text],
        "columns": [(columns[n], columns[n] in numbers.split("|")) for n in kept],
        "rows": [[(_text(row[n]), columns[n] in numbers.split("|")) for n in kept] for row in rows],
    }


def _text(value: str | tuple[str, ...] | None) -> dict[str, str]:
    """Words of a cell, or words with where they lead and what stands below."""
    text, *more = value if isinstance(value, tuple) else (value or "",)
    return {"text": text, "link": "", "below": ""} | dict(zip(("link", "below"), more, strict=False))


def _by(text: str | None, person: str | None) -> tuple[str, str, str] | str:
    """Words with who said them below: an address beside them would leave no room for either."""
    return (text or "", "", person or "") if text or person else ""


def happening(one: Section, write: Writing) -> dict[str, str]:
    """A line of the timeline."""
    amount = "" if one["amount"] is None else write.money(one["amount"], one["currency"])
    return {
        "day": write.day(one["happened_at"]),
        "kind": one["kind"],
        "what": one["what"],
        "amount": amount,
        "person": one["person"] or "",
    }


def last_said(shown: Section, write: Writing) -> list[dict[str, Any]]:
    """The last answer and the next renewal as tiles, where there are any."""
    tiles = []
    surveys, contracts = shown["surveys"], shown["contracts"]
    scored = [one for one in (surveys or {}).get("latest", {}).values() if one["score"] is not None]
    if scored:
        last = max(scored, key=lambda one: one["answered_at"])
        of = "" if last["scale_max"] is None else f" of {write.count(last['scale_max'])}"
        below = f"{show.spoken(last['survey'])}, {write.day(last['answered_at'])}"
        tiles.append({"title": "Last answer", "value": write.count(last["score"]) + of, "below": below})
    due = (contracts or {}).get("renewal")
    if due:
        below = f"{write.money(due['value'], due['currency'])}{', overdue' if due['is_overdue'] else ''}"
        tiles.append({"title": "Renews", "value": write.day(due["ends_on"]), "below": below, "bad": due["is_overdue"]})
    return tiles


def money(of: Section, write: Writing) -> dict[str, Any]:
    """What it is sold."""
    rows = [
        [
            one["plan"], one["state"], _price(one, write),
            write.money(-one["discount"], one["currency"]) if one["discount"] else "",
            write.money(one["monthly"], one["currency"]), write.day(one["since"]),
            f"cancelled, ends {write.day(one['ends_at'])}" if one["is_cancelled"] else "",
        ]
        for one in of["items"]
    ]  # fmt: skip
    none = "" if rows else "Nothing is sold to it now."
    return _made([none], ("Plan", "State", "Price", "Discount", "A month", "Since", "End"), rows, "Discount|A month")


def _price(one: Section, write: Writing) -> str:
    if one["unit_amount"] is None:
        return ""
    count = "" if one["quantity"] in (None, 1) else f"{write.count(one['quantity'])} × "
    each = one["billing_interval"]
    every = each if one["interval_count"] == 1 else f"{one['interval_count']} {each}s"
    return f"{count}{write.money(one['unit_amount'], one['currency'])} / {every}"


def health(of: Section, write: Writing) -> dict[str, Any]:
    """The signals, the heaviest loss first."""
    rows = [
        [
            one["signal"],
            *(_costs(one, write) if of["score"] is not None else ("", "", "")),  # where there is no score they cost none
            one["reason"],
        ]
        for one in of["signals"]
    ]  # fmt: skip
    return _made([of["why"] or ""], ("Signal", "Points", "Weight", "Costs", "Because"), rows, "Points|Weight|Costs")


def _costs(one: Section, write: Writing) -> tuple[str, str, str]:
    lost = show.value(-one["lost"] or 0, "points", None, write.settings.locale)
    return write.count(one["points"]), write.share(one["share"]), lost


def contracts(of: Section, write: Writing) -> dict[str, Any]:
    """Every contract, the latest first."""
    rows = [
        [write.day(c["starts_on"]), write.day(c["ends_on"]), write.money(c["value"], c["currency"]),
         "overdue" if c["is_overdue"] else c["outcome"]]
        for c in of["all"]
    ]  # fmt: skip
    return _made(["" if rows else "None."], ("From", "Up for renewal", "Value", "Outcome"), rows, "Value")


def usage(of: Section, write: Writing) -> dict[str, Any]:
    """Who was active, and what was used."""
    if of["last_seen_on"] is None:
        return _made(["Never seen."], (), [])
    seven, thirty, before = (write.count(of[name]) for name in ("people_7", "people_30", "people_30_before"))
    people = f"{seven} people active in 7 days, {thirty} in 30 ({before} before)"
    unused = f", not {', '.join(of['core_unused'])}" if of["core_used"] and of["core_unused"] else ""
    core = f"{of['core_used']} of {of['core_features']} core features used{unused}"
    rows = [
        [f["feature"], "core" if f["is_core"] else "", write.count(f["events"]), write.day(f["last_used_on"])]
        for f in of["features"]
    ]
    said = [f"{people}; last seen {write.day(of['last_seen_on'])}.", f"{core}."]
    return _made(said, ("Feature", "", "Events in 30 days", "Last used"), rows, "Events in 30 days")


def tickets(of: Section, write: Writing) -> dict[str, Any]:
    """The last tickets."""
    rows = [
        [
            write.day(t["created_at"]), _by(t["subject"] or t["topic"] or t["ticket_id"], t["person"]), t["priority"],
            "" if t["first_response_s"] is None else write.lasted(t["first_response_s"]),
            "open" if t["is_open"] else write.lasted(t["resolution_s"]),
        ]
        for t in of["last"]
    ]  # fmt: skip
    hours = " Times are business hours." if of["hours"] == "business" else ""
    said = f"{write.count(of['open'])} open of {write.count(of['count'])}.{hours}"
    return _made([said], ("Opened", "About", "Priority", "First reply", "Solved in"), rows, "First reply|Solved in")


def surveys(of: Section, write: Writing) -> dict[str, Any]:
    """The last answers."""
    rows = [
        [
            write.day(a["answered_at"]), show.spoken(a["survey"]),
            "" if a["score"] is None else write.count(a["score"]) + (f" of {write.count(a['scale_max'])}" if a["scale_max"] else ""),
            a["stance"], _by(a["comment"], a["person"]),
        ]
        for a in of["last"]
    ]  # fmt: skip
    said = f"{write.count(of['answered'])} of {write.count(of['sent'])} answered."
    return _made([said], ("Answered", "Survey", "Score", "", "Comment"), rows, "Score")


def feedback(of: Section, write: Writing) -> dict[str, Any]:
    """What it said unasked."""
    rows = [[write.day(f["happened_at"]), f["origin"], _by(f["text"], f["person"])] for f in of["last"]]
    return _made(["" if rows else "None."], ("Said", "By way of", "Words"), rows)


def touches(of: Section, write: Writing) -> dict[str, Any]:
    """When we spoke with it, and how it felt."""
    felt = of["affinity"]
    mood = f" Last felt {felt['affinity']}, on {write.day(felt['happened_at'])}." if felt else ""
    rows = [[write.day(t["happened_at"]), t["kind"], t["affinity"], _by(t["note"], t["person"])] for t in of["last"]]
    said = f"{write.count(of['count_90_days'])} in 90 days, {write.count(of['count'])} in all.{mood}"
    return _made([said], ("On", "Kind", "Felt", "Note"), rows)


def onboarding(of: Section, write: Writing) -> dict[str, Any]:
    """How far it has come since the sale."""
    marks = (("sold_at", "Sold"), ("first_value_at", "First value"), ("launched_at", "Launched"))
    said = [", ".join(f"{word} {write.day(of[name])}" for name, word in marks if of[name])]
    steps = of["steps"]
    rows = [
        [
            s["step"].replace("_", " "), "done" if s["completed_at"] else "skipped" if s["skipped_at"] else "open",
            write.day(s["completed_at"] or s["skipped_at"]), s["person"],
        ]
        for s in (steps["all"] if steps else ())
    ]  # fmt: skip
    said += [f"{steps['completed']} of {steps['shown']} steps done."] if steps and steps["shown"] else []
    return _made(said, ("Step", "", "On", "By"), rows)


def goals(of: Section, write: Writing) -> dict[str, Any]:
    """What success means to it, and whether it is there."""
    rows = [
        [
            g["name"] or g["goal_id"],
            "" if g["target"] is None else f"{write.count(g['actual'])} of {write.count(g['target'])} {g['unit'] or ''}".strip(),
            write.day(g["due_on"]), g["standing"],
        ]
        for g in of["all"]
    ]  # fmt: skip
    return _made(["" if rows else "None."], ("Goal", "Reached", "By", ""), rows)


def people(of: Section, write: Writing) -> dict[str, Any]:
    """Who works there."""
    rows = [
        [p["name"] or p["person_id"], p["role"], write.count(p["days_30"]), write.day(p["last_seen_on"])]
        for p in of["all"]
    ]
    return _made(
        ["" if rows else "Nobody is known."],
        ("Person", "Role", "Active days of 30", "Last seen"),
        rows,
        "Active days of 30",
    )


def referrals(of: Section, write: Writing) -> dict[str, Any]:
    """Whom it brought, and who brought it."""
    came = of["referred_by"]
    brought = f"Brought by {came['name'] or came['account_id']}." if came else ""
    rows = [
        [
            write.day(r["happened_at"]), r["kind"].replace("_", " "),
            (r["referred_name"] or r["referred_account_id"] or "", write.view.customer(r["referred_account_id"])),
            f"bought {write.day(r['converted_at'])}" if r["converted_at"] else "",
        ]
        for r in of["all"]
    ]  # fmt: skip
    return _made([brought or ("" if rows else "None.")], ("On", "Kind", "Whom", ""), rows)


def payments(of: Section, write: Writing) -> dict[str, Any]:
    """What it paid."""
    back = f", {write.money(of['paid_back'], of['currency'])} paid back" if of["paid_back"] else ""
    charged, net = (write.money(of[name], of["currency"]) for name in ("charged", "net_12_months"))
    said = f"{charged} in all{back}; {net} net in 12 months."
    rows = [[write.day(p["happened_at"]), p["kind"], write.money(p["amount"], p["currency"])] for p in of["last"]]
    return _made([said if of["count"] else "None."], ("On", "Kind", "Amount"), rows, "Amount")
