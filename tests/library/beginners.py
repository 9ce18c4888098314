"""A company made at random: who signed up, paid, left, came back and did things; told to the store, and kept as it is."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

FIRST, CUT = date(2023, 1, 1), date(2024, 5, 1)
EVENTS = ("signed_in", "report_made")


@dataclass
class Beginner:
    """One account: its sign-up, what it paid for as [from, to) with None for open, and its events by name."""

    name: str
    signed_up: date
    channel: str
    paid: list[tuple[date, date | None]] = field(default_factory=list)
    events: list[tuple[str, date]] = field(default_factory=list)
    first_value: date | None = None

    @property
    def joined(self) -> date | None:
        """The first day of its first price."""
        return self.paid[0][0] if self.paid else None

    def gone(self, cut: date) -> date | None:
        """When it left for the last time before `cut`; None if it is there just before."""
        spans = [(start, end) for start, end in self.paid if start < cut]
        if any(end is None or end >= cut for _, end in spans):
            return None
        return max(end for _, end in spans if end is not None)


def beginners(seed: int, count: int = 120) -> list[Beginner]:
    """So many accounts, the same for a seed."""
    draw = Random(seed)  # noqa: S311 - a story, not a secret
    made = []
    for n in range(count):
        signed_up = FIRST + timedelta(days=draw.randrange(480))
        one = Beginner(f"a{n}", signed_up, draw.choice(["ads", "word"]))
        if draw.random() < 0.8:
            start = signed_up + timedelta(days=draw.randrange(40))
            while start < CUT:
                end = None if draw.random() < 0.4 else start + timedelta(days=draw.choice([30, 31, 59, 61, 90, 181]))
                if end is not None and end >= CUT:
                    end = None
                one.paid.append((start, end))
                if end is None or draw.random() < 0.7:
                    break
                start = end + timedelta(days=draw.randrange(1, 80))
            one.paid = [span for span in one.paid if span[0] < CUT]
        for _ in range(draw.randrange(5)):
            day = signed_up + timedelta(days=draw.randrange(-5, 200))
            if day < CUT:
                one.events.append((draw.choice(EVENTS), day))
        if draw.random() < 0.5:
            value = signed_up + timedelta(days=draw.randrange(120))
            one.first_value = value if value < CUT else None
        made.append(one)
    return made


def tables(company: list[Beginner]) -> dict[str, str]:
    """The company as the CSV text of canonical tables."""
    accounts, periods, events = (
        ["account_id,created_at,channel,first_value_at"],
        ["subscription_id,account_id,starts_at,ends_at,unit_amount"],
        ["event_id,account_id,happened_at,name"],
    )
    for one in company:
        accounts.append(f"{one.name},{one.signed_up},{one.channel},{one.first_value or ''}")
        periods += [f"s-{one.name}-{n},{one.name},{a},{b or ''},10" for n, (a, b) in enumerate(one.paid)]
        events += [f"e-{one.name}-{n},{one.name},{day},{name}" for n, (name, day) in enumerate(one.events)]
    return {
        "accounts": "\n".join(accounts) + "\n",
        "subscription_periods": "\n".join(periods) + "\n",
        "events": "\n".join(events) + "\n",
    }


def month(day: date) -> int:
    """The number of its month."""
    return day.year * 12 + day.month - 1


def later(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    year, number = divmod(month(day) + months, 12)
    return date(year, number + 1, min(day.day, monthrange(year, number + 1)[1]))
