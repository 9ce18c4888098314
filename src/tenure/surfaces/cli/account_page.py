"""One customer on one page, for a person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.surfaces.cli.sheet import Block, Rows, page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Page = Mapping[str, Any]
    Day = Callable[[str | None], str]

_BARS = "▁▂▃▄▅▆▇█"
_SHORT = 5
_PEOPLE = 8
_LEFT_OUT = {
    "test": "A test account: no number counts it, so all that stands here is who it is.",
    "excluded": "Left out by an exclusion: no number counts it, so all that stands here is who it is.",
}


class Writing:
    """How the page writes days and amounts: in the company's zone and locale."""

    def __init__(self, timezone: str, locale: str) -> None:
        self.timezone, self.locale = timezone, locale

    def day(self, when: str | None) -> str:
        """A day, a dash where none is known."""
        return show.day(when, self.timezone, self.locale) if when else show.UNKNOWN

    def money(self, amount: float | None, currency: str | None, *, signed: bool = False) -> str:
        """An amount; with its sign where it is a change."""
        written = show.value(amount, "money", currency, self.locale)
        return f"+{written}" if signed and amount and amount > 0 else written

    def lasted(self, seconds: float | None) -> str:
        """A duration; empty where it is not known."""
        return "" if seconds is None else show.brief(seconds, self.locale)

    def count(self, number: float | None) -> str:
        """A number as it is."""
        return show.value(number, "", None, self.locale)


def text(shown: Page, locale: str) -> str:
    """The page of `shown`, which is `Account.to_dict()`."""
    write = Writing(shown["timezone"], locale)
    told: list[tuple[str, Sequence[Block]]] = [
        (name.capitalize(), section(shown[name], write))
        for name, section in _SECTIONS.items()
        if shown[name] is not None
    ]
    return page(_title(shown["who"], write), _intro(shown, write), [*told, ("Timeline", _timeline(shown, write))])


def remarks(shown: Page) -> str:
    """What is not on the page because it was never loaded; empty where nothing is missing."""
    if not shown["missing"]:
        return ""
    said = ", ".join(
        name if [name] == tables else f"{name} ({' or '.join(tables)})" for name, tables in shown["missing"].items()
    )
    return f"Never loaded, so not on the page: {said}. `tenure import` loads it, `tenure tables` says how it looks."


def _title(who: Page, write: Writing) -> str:
    named = f"{who['name']} ({who['account_id']})" if who["name"] else who["account_id"]
    if who["left_out"]:
        return str(named)
    state = (
        f"{who['state']} since {write.day(who['state_since'])}" if who["state"] else "nothing is known of it by then"
    )
    return f"{named}: {state}"


def _intro(shown: Page, write: Writing) -> list[str]:
    who = shown["who"]
    facts = [
        f"customer since {write.day(who['customer_since'])}" if who["customer_since"] else "",
        f"signed up {write.day(who['created_at'])}" if who["created_at"] else "",
        f"closed {write.day(who['closed_at'])}" if who["closed_at"] else "",
        f"came by {who['channel']}" if who["channel"] else "",
        f"belongs to {who['parent_account_id']}" if who["parent_account_id"] else "",
        f"owns {', '.join(who['children'])}" if who["children"] else "",
        *(f"{name} {value}" for name, value in who["attributes"].items()),
    ]
    also = who["also_known_as"]
    merged = f"One customer with {', '.join(also)}: what either has is on this page." if also else ""
    return [
        said for said in (" · ".join(filter(None, facts)), merged, _LEFT_OUT.get(who["left_out"] or "", "")) if said
    ]


def _health(of: Page, write: Writing) -> list[Block]:
    if of["score"] is None:
        score = f"no score: {of['why']}"
    else:
        then = of["score_30_days_before"]
        before = "" if then is None else f", {write.count(then)} thirty days before"
        score = f"{write.count(of['score'])} of 100{before}{': at risk' if of['is_at_risk'] else ''}"
    rows = [
        [
            s["signal"], write.count(s["points"]), show.percent(s["share"], write.locale),
            show.value(-s["lost"] or 0, "points", None, write.locale), s["reason"],
        ]
        for s in of["signals"]
    ]  # fmt: skip
    if of["score"] is None:  # where there is no score, nothing costs points of it
        return [score, Rows([[row[0], row[4]] for row in rows], ("signal", "because"), frozenset(), folds=True)]
    return [score, Rows(rows, ("signal", "points", "weight", "costs", "because"), frozenset({1, 2, 3}), folds=True)]


def _money(of: Page, write: Writing) -> list[Block]:
    levels = [month["monthly"] for month in of["months"]]
    bars = f"   {_bars(levels)} in 12 months" if any(levels) else ""
    items = [_item(item, write) for item in of["items"]]
    moved = [
        [write.day(m["happened_at"]), m["kind"], write.money(m["amount"], of["currency"], signed=True), _plans(m), m["reason"] or ""]
        for m in of["movements"]
    ]  # fmt: skip
    return [
        f"{write.money(of['monthly'], of['currency'])} a month{bars}",
        Rows(items, ("plan", "state", "price", "discount", "a month", ""), frozenset({3, 4})),
        *_first(Rows(moved[:_SHORT], right=frozenset({2})), len(moved)),
    ]


def _plans(movement: Page) -> str:
    """What it moved from and to: `basic to pro`, or the plan that it is about."""
    sides = [", ".join(movement[side]) for side in ("plans_before", "plans_after")]
    return " to ".join(dict.fromkeys(filter(None, sides)))


def _item(item: Page, write: Writing) -> list[str]:
    price = ""
    if item["unit_amount"] is not None:
        count = "" if item["quantity"] in (None, 1) else f"{write.count(item['quantity'])} × "
        every = (
            item["billing_interval"]
            if item["interval_count"] == 1
            else f"{item['interval_count']} {item['billing_interval']}s"
        )
        price = f"{count}{write.money(item['unit_amount'], item['currency'])} / {every}"
    off = write.money(-item["discount"], item["currency"]) if item["discount"] else ""
    ends = f"cancelled, ends {write.day(item['ends_at'])}" if item["is_cancelled"] else ""
    return [item["plan"], item["state"] or "", price, off, write.money(item["monthly"], item["currency"]), ends]


def _bars(levels: Sequence[float | None]) -> str:
    top = max(filter(None, levels))
    return "".join("·" if x is None else _BARS[round(x / top * (len(_BARS) - 1))] for x in levels)


def _payments(of: Page, write: Writing) -> list[Block]:
    if not of["count"]:
        return ["none"]
    back = f", {write.money(of['paid_back'], of['currency'])} of it paid back" if of["paid_back"] else ""
    recent = f"{write.money(of['net_12_months'], of['currency'])} net in 12 months"
    last = of["last"][0]
    paid = (
        f"last {last['kind']} {write.money(abs(last['amount']), last['currency'])} on {write.day(last['happened_at'])}"
    )
    return [f"{write.money(of['charged'], of['currency'])} in all{back}; {recent}; {paid}"]


def _contracts(of: Page, write: Writing) -> list[Block]:
    due = of["renewal"]
    ahead = "no contract is open"
    if due is not None:
        when = "overdue since" if due["is_overdue"] else "up for renewal on"
        ahead = f"{when} {write.day(due['ends_on'])}: {write.money(due['value'], due['currency'])}"
    rows = [
        [
            f"{write.day(c['starts_on'])} to {write.day(c['ends_on'])}",
            write.money(c["value"], c["currency"]),
            c["outcome"],
        ]
        for c in of["all"]
    ]
    return [ahead, *_first(Rows(rows[:_SHORT], right=frozenset({1})), len(rows))] if rows else ["none"]


def _usage(of: Page, write: Writing) -> list[Block]:
    if of["last_seen_on"] is None:
        return ["never seen"]
    week, month, before = (write.count(of[name]) for name in ("people_7", "people_30", "people_30_before"))
    people = (
        f"{week} {'person' if of['people_7'] == 1 else 'people'} active in 7 days, {month} in 30 (30 before: {before})"
    )
    days = f"active on {of['days_30']} of 30 days (before: {of['days_30_before']})"
    core = f"core features used: {of['core_used']} of {of['core_features']}"
    unused = f", not {', '.join(of['core_unused'])}" if of["core_used"] and of["core_unused"] else ""
    used = [f"{row['feature']} {write.count(row['events'])}" for row in of["features"][:_PEOPLE]]
    return [
        f"{people}; {days}; last seen {write.day(of['last_seen_on'])}",
        f"{core}{unused}",
        *([f"30 days: {', '.join(used)}"] if used else []),
    ]


def _tickets(of: Page, write: Writing) -> list[Block]:
    if not of["count"]:
        return ["none"]
    rows = [
        [
            write.day(t["created_at"]), t["priority"] or "", "no" if t["first_response_s"] is None else write.lasted(t["first_response_s"]),
            "open" if t["is_open"] else write.lasted(t["resolution_s"]), t["subject"] or t["topic"] or t["ticket_id"],
        ]
        for t in of["last"]
    ]  # fmt: skip
    hours = ", in business hours" if of["hours"] == "business" else ""
    return [
        f"{write.count(of['open'])} open of {write.count(of['count'])}{hours}",
        Rows(rows, ("opened", "priority", "first reply", "solved in", "about")),
    ]


def _surveys(of: Page, write: Writing) -> list[Block]:
    if not of["sent"]:
        return ["none was sent"]
    rows = [
        [
            write.day(a["answered_at"]), show.spoken(a["survey"]),
            "" if a["score"] is None else f"{write.count(a['score'])}" + (f" of {write.count(a['scale_max'])}" if a["scale_max"] else ""),
            a["stance"] or "", a["comment"] or "",
        ]
        for a in of["last"]
    ]  # fmt: skip
    return [f"{write.count(of['answered'])} of {write.count(of['sent'])} answered", Rows(rows[:_SHORT], folds=True)]


def _feedback(of: Page, write: Writing) -> list[Block]:
    rows = [[write.day(f["happened_at"]), f["origin"], f["text"] or ""] for f in of["last"]]
    return _first(Rows(rows[:_SHORT], folds=True), of["count"]) if rows else ["none"]


def _touches(of: Page, write: Writing) -> list[Block]:
    felt = of["affinity"]
    mood = f"; last felt {felt['affinity']}, on {write.day(felt['happened_at'])}" if felt else ""
    rows = [[write.day(t["happened_at"]), t["kind"], t["affinity"] or "", t["note"] or ""] for t in of["last"]]
    return [
        f"{write.count(of['count_90_days'])} in 90 days, {write.count(of['count'])} in all{mood}",
        Rows(rows[:_SHORT]),
    ]


def _onboarding(of: Page, write: Writing) -> list[Block]:
    said = (
        ("sold_at", "sold", "no sale is known"),
        ("first_value_at", "first value", "no first value yet"),
        ("launched_at", "launched", "not launched"),
    )
    blocks: list[Block] = [
        " · ".join(f"{done} {write.day(of[name])}" if of[name] else lacks for name, done, lacks in said)
    ]
    if (steps := of["steps"]) and steps["shown"]:
        open_steps = [f"{step} (of {n} people)" if n > 1 else step for step, n in Counter(steps["open"]).items()]
        waiting = f"; open: {', '.join(open_steps)}" if open_steps else ""
        blocks.append(f"{steps['completed']} of {steps['shown']} steps done{waiting}")
    return blocks


def _people(of: Page, write: Writing) -> list[Block]:
    rows = [
        [p["name"] or p["person_id"], p["role"] or "", f"last seen {write.day(p['last_seen_on'])}" if p["last_seen_on"] else "never seen"]
        for p in of["all"]
    ]  # fmt: skip
    return _first(Rows(rows[:_PEOPLE], wide=0), len(rows)) if rows else ["nobody is known"]


def _goals(of: Page, write: Writing) -> list[Block]:
    rows = [
        [
            g["name"] or g["goal_id"],
            f"{write.count(g['actual'])} of {write.count(g['target'])} {g['unit'] or ''}".strip() if g["target"] is not None else "",
            f"by {write.day(g['due_on'])}" if g["due_on"] else "", g["standing"],
        ]
        for g in of["all"]
    ]  # fmt: skip
    return _first(Rows(rows[:_SHORT], wide=0), len(rows)) if rows else ["none"]


def _referrals(of: Page, write: Writing) -> list[Block]:
    came = of["referred_by"]
    brought = [f"brought by {came['name'] or came['account_id']}"] if came else []
    rows = [
        [
            write.day(r["happened_at"]), r["kind"].replace("_", " "), r["referred_name"] or r["referred_account_id"] or "",
            f"bought {write.day(r['converted_at'])}" if r["converted_at"] else "",
        ]
        for r in of["all"]
    ]  # fmt: skip
    made = _first(Rows(rows[:_SHORT]), len(rows)) if rows else []
    return [*brought, *made] or ["none"]


def _timeline(shown: Page, write: Writing) -> list[Block]:
    rows = []
    for one in shown["timeline"]:
        amount = "" if one["amount"] is None else f": {write.money(one['amount'], one['currency'])}"
        person = f" ({one['person']})" if one["person"] else ""
        rows.append([write.day(one["happened_at"]), f"{one['what']}{amount}{person}"])
    return _first(Rows(rows), shown["happenings"], "--limit shows more")


def _first(rows: Rows, count: int, more: str = "`--format json` has more") -> list[Block]:
    """The rows, and how many there are if they are not all."""
    shown = len(rows.rows)
    return [rows, f"{shown} of {count:,} are shown: {more}"] if count > shown else [rows]


_SECTIONS: Mapping[str, Callable[[Any, Writing], list[Block]]] = {
    "health": _health,
    "money": _money,
    "payments": _payments,
    "contracts": _contracts,
    "usage": _usage,
    "tickets": _tickets,
    "surveys": _surveys,
    "feedback": _feedback,
    "touches": _touches,
    "onboarding": _onboarding,
    "people": _people,
    "goals": _goals,
    "referrals": _referrals,
}
