"""Made-up tickets: histories that contradict their columns, replies within the second, clocks that change underneath."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from oracle.support import Hours
from tenure.config import BusinessHours, Settings

Row = dict[str, Any]
Tables = dict[str, list[Row]]

# Around the changes of clocks of Berlin and New York, a holiday, and the cuts of months.
BASES = tuple(
    datetime.fromisoformat(text)
    for text in (
        "2024-02-29T22:50", "2024-03-08T21:55:30", "2024-03-10T05:00", "2024-03-29T15:59:59.999999", "2024-03-30T22:14:59",
        "2024-03-31T00:29:30.500000", "2024-04-01T07:00", "2024-04-30T16:45", "2024-10-26T23:59:59", "2024-10-27T00:10",
        "2024-11-01T20:40:01", "2024-11-03T05:59:59.123456",
    )
)  # fmt: skip
GAPS = (
    timedelta(0), timedelta(microseconds=1), timedelta(seconds=14), timedelta(seconds=15), timedelta(seconds=59), timedelta(minutes=15),
    timedelta(minutes=61, seconds=7),
    timedelta(hours=6), timedelta(hours=23, minutes=59), timedelta(hours=24), timedelta(days=2, hours=5), timedelta(days=7),
)  # fmt: skip
STATUSES = ("new", "open", "pending", "Solved", "solved", "resolved", "closed")
WEEKS = (
    BusinessHours().week,
    (
        *(((480, 720), (765, 1050)),) * 5,
        ((600, 840),),
        ((0, 360),),
    ),  # a break at noon; at night on the days when clocks change
    ((), ((540, 1020),), (), ((0, 1440),), (), ((1320, 1440),), ((0, 1440),)),
)
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata")


@dataclass(frozen=True)
class Company:
    """The rows and when the company works."""

    tables: Tables
    hours: Hours

    @property
    def settings(self) -> Settings:
        """The settings that say so; periods are cut in UTC."""
        return Settings(business_hours=BusinessHours(self.hours.week, self.hours.holidays, self.hours.zone))


def maybe(chance: Random, *values: object) -> Any:  # noqa: ANN401 - one of the values
    """One of the values, or, as often as any two of them, none."""
    return chance.choice((None, None, *values))


def steps(chance: Random, count: int, since: datetime) -> list[datetime]:
    """Instants in their order from `since` on."""
    found = []
    for _ in range(count):
        since += chance.choice(GAPS)
        found.append(since)
    return found


def ticket(chance: Random, name: str) -> Row:
    created = chance.choice(BASES) + chance.choice(GAPS)
    reply, first, last, closed = steps(chance, 4, created)
    return {
        "ticket_id": name, "account_id": maybe(chance, "a1", "a2", "a3", "a4"), "person_id": maybe(chance, "p1", "p2", "p3", "p4", "p9"),
        "created_at": created, "status": maybe(chance, *STATUSES), "first_reply_at": maybe(chance, reply),
        "first_solved_at": maybe(chance, first), "solved_at": maybe(chance, last), "closed_at": maybe(chance, closed),
        "reopens": maybe(chance, 0, 1, 2), "agent_replies": maybe(chance, 0, 1, 1, 2), "customer_replies": maybe(chance, 0, 1),
        "sla_due_at": maybe(chance, reply, last, last, closed), "is_avoidable": maybe(chance, True, False),
        "first_contact_resolved": maybe(chance, True, False), "topic": maybe(chance, "bug", "billing"), "feature": maybe(chance, "reports"),
        "priority": maybe(chance, "high"), "channel": maybe(chance, "chat", "email"),
    }  # fmt: skip


def events(chance: Random, of: Row) -> list[Row]:
    """A history, sometimes out of order, sometimes before the ticket, sometimes of one kind only."""
    kinds = chance.choice((("reply", "note"), ("status",), ("reply", "note", "status", "assign"), ("note", "assign")))
    count = chance.choice((0, 1, 3, 6))
    times = steps(chance, count, of["created_at"] - chance.choice((timedelta(0), timedelta(0), timedelta(minutes=5))))
    if chance.random() < 0.2:
        chance.shuffle(times)
    found = []
    for seq, when in enumerate(times, 1):
        kind = chance.choice(kinds)
        row: Row = {"ticket_id": of["ticket_id"], "seq": seq, "happened_at": when, "kind": kind}
        row["actor"] = chance.choice(("agent", "agent", "customer", "bot", "system", None))
        row["is_public"] = maybe(chance, True, False) if kind in {"reply", "note"} else None
        row["from_status"] = maybe(chance, *STATUSES) if kind == "status" else None
        row["to_status"] = chance.choice((*STATUSES, None)) if kind == "status" else None
        found.append(row)
    return found


def session(chance: Random, name: str) -> Row:
    return {
        "session_id": name, "account_id": maybe(chance, "a1", "a2", "a3"), "person_id": maybe(chance, "p1", "p2", "p3", "p4"),
        "happened_at": chance.choice(BASES) + chance.choice(GAPS), "channel": maybe(chance, "articles", "bot"),
        "resolved": maybe(chance, True, False), "ticket_id": chance.choice((None, None, None, "t1")),
    }  # fmt: skip


def tables(chance: Random, first: int = 0, count: int = 30) -> Tables:
    tickets = [ticket(chance, f"t{n}") for n in range(first, first + count)]
    return {
        "tickets": tickets,
        "ticket_events": [event for one in tickets for event in events(chance, one)],
        "help_sessions": [session(chance, f"h{n}") for n in range(first, first + count)],
        "accounts": [{"account_id": "a1"}, {"account_id": "a3", "is_test": True}],
        "people": [
            {"person_id": "p1", "account_id": "a1"}, {"person_id": "p2", "account_id": None},
            {"person_id": "p3", "account_id": chance.choice(("a2", "a3", None))},
            {"person_id": "p4", "account_id": "a1", "is_internal": True},
        ],
        "account_links": chance.choice(([], [{"account_id": "a4", "same_as": "a1"}])),
        "person_links": chance.choice(([], [{"person_id": "p9", "same_as": "p2"}])),
    }  # fmt: skip


def companies() -> st.SearchStrategy[Company]:
    """Some tickets and visits to help, in one of three zones."""
    return st.integers(0, 1_000_000).map(company)


def company(seed: int) -> Company:
    """The same one for a seed."""
    chance = Random(seed)  # noqa: S311 - a made-up company, not a secret
    hours = Hours(
        chance.choice(ZONES), chance.choice(WEEKS), frozenset(chance.choice(((), (date(2024, 4, 1), date(2024, 3, 8)))))
    )
    return Company(tables(chance), hours)


def later(known: Company, seed: int) -> tuple[Tables, Company]:
    """A further load (new tickets, a few old ones told otherwise, an event more, other people), and all rows after it."""
    chance = Random(seed)  # noqa: S311 - as above
    fresh = tables(chance, first=25, count=10)
    for name in ("accounts", "people", "account_links", "person_links"):
        fresh[name] = fresh[name] if chance.random() < 0.5 and not known.tables[name] else []
    old = chance.choice(known.tables["tickets"])
    more = {
        "ticket_id": old["ticket_id"],
        "seq": 99,
        "happened_at": old["created_at"] + timedelta(days=3),
        "kind": "status",
    }
    fresh["ticket_events"] = [
        *fresh["ticket_events"],
        {**more, "actor": "agent", "to_status": chance.choice(("open", "solved"))},
    ]
    if chance.random() < 0.5:
        fresh["people"] = [
            {"person_id": "p1", "account_id": chance.choice(("a1", "a2")), "is_internal": chance.choice((True, False))}
        ]
    keys = {
        "tickets": ("ticket_id",), "ticket_events": ("ticket_id", "seq"), "help_sessions": ("session_id",), "accounts": ("account_id",),
        "people": ("person_id",), "account_links": ("account_id", "same_as"), "person_links": ("person_id", "same_as"),
    }  # fmt: skip
    merged = {
        name: list({tuple(row[key] for key in keys[name]): row for row in (*known.tables[name], *fresh[name])}.values())
        for name in keys
    }
    return fresh, Company(merged, known.hours)
