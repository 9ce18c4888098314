"""Tickets, backlog and help once more: a ticket's history walked event by event, business time counted minute by minute."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

Row = dict[str, Any]
Tables = dict[str, list[Row]]
SOLVED = {"solved", "resolved", "closed"}
MINUTE = timedelta(minutes=1)
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Hours:
    """When the company works: stretches of minutes since local midnight by weekday, Monday first."""

    zone: str
    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[date] = frozenset()

    def between(self, start: datetime, end: datetime) -> int:
        """The business seconds from one whole second to a later one, both naive UTC."""
        found, minute = 0, start.replace(second=0)
        while minute < end:
            if is_open(self, minute):
                found += int((min(end, minute + MINUTE) - max(start, minute)).total_seconds())
            minute += MINUTE
        return found


@cache
def is_open(hours: Hours, minute: datetime) -> bool:
    """Whether the minute that begins at a naive UTC instant is worked."""
    wall = minute.replace(tzinfo=UTC).astimezone(ZoneInfo(hours.zone))
    since_midnight = wall.hour * 60 + wall.minute
    works = any(opens <= since_midnight < closes for opens, closes in hours.week[wall.weekday()])
    return works and wall.date() not in hours.holidays


@dataclass
class Who:
    """Whose a row is, and whether it counts."""

    accounts: Mapping[str, Row]
    people: Mapping[str, Row]
    account_links: Mapping[str, str] = field(default_factory=dict)
    person_links: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, Sequence[Row]]) -> Who:
        """Read from the tables; links are single ones, no chains."""
        return cls(
            {row["account_id"]: row for row in tables.get("accounts", ())},
            {row["person_id"]: row for row in tables.get("people", ())},
            {row["account_id"]: row["same_as"] for row in tables.get("account_links", ())},
            {row["person_id"]: row["same_as"] for row in tables.get("person_links", ())},
        )

    def person(self, row: Row) -> str | None:
        named: str | None = row.get("person_id")
        return self.person_links.get(named, named) if named is not None else None

    def account(self, row: Row) -> str:
        own = row.get("account_id")
        if own is None and row.get("person_id") is not None:
            own = self.people.get(self.person(row) or "", {}).get("account_id")
        return self.account_links.get(own, own) if own else ""

    def counts(self, row: Row) -> bool:
        person = self.people.get(self.person(row) or "", {})
        accounts = [row.get("account_id"), person.get("account_id")]
        return not person.get("is_internal") and not any(
            self.accounts.get(a or "", {}).get("is_test") for a in accounts
        )


def whole(instant: datetime) -> datetime:
    """Down to the whole second."""
    return instant.replace(microsecond=0)


def histories(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[Row]]:
    """The events of each ticket in their order, none before its creation."""
    created = {ticket["ticket_id"]: ticket["created_at"] for ticket in tables["tickets"]}
    found: dict[str, list[Row]] = {ticket: [] for ticket in created}
    for event in tables.get("ticket_events", ()):
        if event["ticket_id"] in found:
            when = max(event["happened_at"], created[event["ticket_id"]])
            found[event["ticket_id"]].append({**event, "happened_at": when})
    for events in found.values():
        events.sort(key=lambda event: (event["happened_at"], event["seq"]))
    return found


def talk(ticket: Row, events: Sequence[Row]) -> Row:
    """The first reply, and how often either side wrote after the opening."""
    said = [event for event in events if event["kind"] in {"reply", "note"}]
    if not said:
        return {name: ticket.get(name) for name in ("first_reply_at", "agent_replies", "customer_replies")}
    found: Row = {"first_reply_at": None, "agent_replies": 0, "customer_replies": 0}
    is_first = True
    for event in said:
        if (
            event["kind"] == "note"
            or event.get("is_public") is False
            or event.get("actor") not in {"agent", "customer"}
        ):
            continue
        soon = event["happened_at"] - ticket["created_at"] < timedelta(seconds=15)
        opening = is_first and (event["actor"] == "customer" or soon)
        is_first = False
        if opening:
            continue
        if event["actor"] == "customer":
            found["customer_replies"] += 1
        else:
            found["agent_replies"] += 1
            found["first_reply_at"] = found["first_reply_at"] or event["happened_at"]
    return found


def told(ticket: Row) -> Row:
    """The solutions as the ticket's own columns have them."""
    first, last, closed, reopens = (ticket.get(n) for n in ("first_solved_at", "solved_at", "closed_at", "reopens"))
    status = ticket.get("status")
    is_solved = status.lower() in SOLVED if status is not None else bool(first or last or closed)
    end = last or (first if not reopens else None) or closed or first
    begun = first or last
    if reopens is None:
        again = (begun is not None and end is not None and begun < end) or (not is_solved and end is not None)
        reopens = int(again)
    return {"is_solved": is_solved, "first": begun, "end": end, "reopens": reopens, "reopened_at": None}


def solutions(ticket: Row, events: Sequence[Row]) -> Row:
    """When it was solved, first and last, and opened again."""
    own = told(ticket)
    steps = [event for event in events if event["kind"] == "status" and event.get("to_status") is not None]
    if steps:
        came = (steps[0].get("from_status") or "").lower() in SOLVED
        found: Row = {"is_solved": came, "first": None, "end": None, "reopens": 0, "reopened_at": None}
        for step in steps:
            now = step["to_status"].lower() in SOLVED
            if now and not found["is_solved"]:
                found["first"] = found["first"] or step["happened_at"]
                found["end"] = step["happened_at"]
            if found["is_solved"] and not now:
                found["reopens"] += 1
                found["reopened_at"] = found["reopened_at"] or step["happened_at"]
            found["is_solved"] = now
        found["first"] = (own["first"] if came else None) or found["first"]
        own = {**found, "end": found["end"] or own["end"]}
    solved_at = own["end"] if own["is_solved"] else None
    return {
        "is_solved": int(own["is_solved"]), "solved_at": solved_at, "first_solved_at": own["first"] or solved_at,
        "reopens": own["reopens"], "reopened_at": own["reopened_at"],
    }  # fmt: skip


def cases(tables: Mapping[str, Sequence[Row]], hours: Hours) -> list[Row]:
    """Every ticket that counts, as the ledger has it."""
    who, events, found = Who.of(tables), histories(tables), []
    for ticket in tables["tickets"]:
        if not who.counts(ticket):
            continue
        happened = events[ticket["ticket_id"]]
        row = {
            "account_id": who.account(ticket), "person_id": who.person(ticket), "ticket_id": ticket["ticket_id"],
            "happened_at": ticket["created_at"], "ticket_channel": ticket.get("channel"),
            "reported_first_contact": ticket.get("first_contact_resolved"),
            **{n: ticket.get(n) for n in ("topic", "feature", "priority", "sla_due_at", "is_avoidable")},
            **talk(ticket, happened), **solutions(ticket, happened),
        }  # fmt: skip
        for name, end in (
            ("first_reply", "first_reply_at"),
            ("first_resolution", "first_solved_at"),
            ("resolution", "solved_at"),
        ):
            row[f"{name}_s"], row[f"{name}_business_s"] = None, None
            if row[end] is not None:
                start, stop = whole(ticket["created_at"]), whole(row[end])
                row[f"{name}_s"] = int((stop - start).total_seconds())
                row[f"{name}_business_s"] = hours.between(start, stop)
        due = row["sla_due_at"]
        row["sla_met"] = None if due is None else row["solved_at"] is not None and row["solved_at"] <= due
        found.append(row)
    return found


def open_at(tables: Mapping[str, Sequence[Row]], rows: Iterable[Row], instant: datetime) -> int:
    """How many tickets are open just before an instant."""
    events, count = histories(tables), 0
    for row in rows:
        if row["happened_at"] >= instant:
            continue
        steps = [e for e in events[row["ticket_id"]] if e["kind"] == "status" and e.get("to_status") is not None]
        if steps:
            past = [step for step in steps if step["happened_at"] < instant]
            count += not past or past[-1]["to_status"].lower() not in SOLVED
        else:
            count += not row["is_solved"] or (row["solved_at"] is not None and row["solved_at"] >= instant)
    return count


def help_sessions(tables: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Every visit to help that counts, as the ledger has it."""
    who, found = Who.of(tables), []
    tickets = [ticket for ticket in tables.get("tickets", ()) if who.counts(ticket)]
    for session in tables.get("help_sessions", ()):
        if not who.counts(session):
            continue
        account, person, when = who.account(session), who.person(session), session["happened_at"]
        asked = [
            ticket for ticket in tickets
            if who.account(ticket) == account and (person is None or who.person(ticket) == person)
            and when <= ticket["created_at"] < when + DAY
        ]  # fmt: skip
        says = session.get("resolved")
        silent = session.get("ticket_id") is None and says is None
        resolved: bool | None = False if session.get("ticket_id") is not None else says
        if silent and (account or person):
            resolved = not asked
        found.append(
            {
                "account_id": account,
                "person_id": person,
                "session_id": session["session_id"],
                "happened_at": when,
                "help_channel": session.get("channel"),
                "is_resolved": resolved,
                "known_at": when + DAY if silent else when,
            }
        )
    return found
