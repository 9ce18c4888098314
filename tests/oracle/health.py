"""How a customer fares at an instant, told from the raw rows; and a made-up ward of customers to tell it of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from math import floor
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from oracle.company import Company

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Row = dict[str, Any]
ZONE = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
NEW_YEAR = datetime(2024, 1, 1, 9)  # noqa: DTZ001 - instants are naive UTC
WEIGHTS = {"usage": 40, "answer": 25, "payment": 15, "tickets": 10, "launch": 10}


def ward(seed: int, accounts: int) -> Company:
    """Customers of one subscription each, with all that their health is told from, over nine months."""
    chance = Random(seed)  # noqa: S311 - a made-up company, not a secret
    tables: dict[str, list[Row]] = {
        name: [] for name in ("accounts", "subscriptions", "subscription_periods", "events", "responses", "tickets")
    }
    for name in (f"a{n}" for n in range(accounts)):
        for table, rows in _rows(chance, name):
            tables[table] += rows
    return Company(tables)


def _rows(chance: Random, name: str) -> Iterator[tuple[str, list[Row]]]:
    def some(days: int = 240) -> datetime:
        return NEW_YEAR + chance.randrange(days) * DAY

    def perhaps(often: float) -> datetime | None:
        return some() if chance.random() < often else None

    sold = perhaps(0.5)
    yield (
        "accounts",
        [
            {
                "account_id": name,
                "sale_closed_at": sold,
                "launched_at": sold + chance.choice((10, 30, 31, 90, 120)) * DAY
                if sold and chance.random() < 0.7
                else None,
                "closed_at": perhaps(0.1),
            }
        ],
    )
    begins, late = some(120), chance.choice((0, 10, 20))
    lines = [begins, begins + 40 * DAY, begins + (40 + late) * DAY]
    ends = lines[2] + 60 * DAY if chance.random() < 0.4 else None
    base = {
        "subscription_id": f"s-{name}",
        "account_id": name,
        "plan": chance.choice(("basic", "pro")),
        "unit_amount": chance.choice((10, 20, 50)),
    }
    states = [("active", lines[0], lines[1]), ("past_due", lines[1], lines[2]), ("active", lines[2], ends)]
    yield "subscription_periods", [{**base, "state": s, "starts_at": a, "ends_at": b} for s, a, b in states if a != b]
    asked = ends - 30 * DAY if ends and chance.random() < 0.6 else None
    yield "subscriptions", [{"subscription_id": f"s-{name}", "account_id": name, "cancel_requested_at": asked}]
    first, last, often = chance.randrange(200), chance.randrange(20, 250), chance.random()
    days = [
        d
        for d in range(first, last)
        if chance.random() < often * (1 if d < (first + last) / 2 else chance.choice((0.3, 1, 1.2)))
    ]
    hours = [NEW_YEAR + d * DAY + timedelta(hours=chance.choice((0, 14, 14.5, 15))) for d in days]
    yield (
        "events",
        [
            {"event_id": f"e-{name}-{n}", "account_id": name, "happened_at": at, "name": "x"}
            for n, at in enumerate(hours)
        ],
    )
    answers = [
        (some(), *chance.choice((("nps", 0, 10), ("csat", 1, 5), ("ces", 1, 7))))
        for _ in range(chance.choice((0, 0, 1, 2, 3)))
    ]
    yield (
        "responses",
        [
            {
                "response_id": f"r-{name}-{n}",
                "survey": survey,
                "account_id": name,
                "answered_at": at,
                "score": chance.randint(low, high),
                "higher_is_better": chance.random() < 0.8,
            }
            for n, (at, survey, low, high) in enumerate(answers)
        ],
    )
    opened = [some() for _ in range(chance.choice((0, 0, 1, 3, 6)))]
    yield (
        "tickets",
        [
            {
                "ticket_id": f"t-{name}-{n}",
                "account_id": name,
                "created_at": at,
                "solved_at": at + chance.choice((1, 20, 60)) * DAY if chance.random() < 0.8 else None,
            }
            for n, at in enumerate(opened)
        ],
    )


@dataclass(frozen=True)
class Ward:
    """A company's rows by account; `left` is when each account has left, as far as it has."""

    company: Company
    left: Mapping[str, datetime | None]

    def of(self, table: str, account: str) -> list[Mapping[str, Any]]:
        return [row for row in self.company.tables[table] if row["account_id"] == account]

    def signals(self, account: str, instant: datetime) -> dict[str, int]:
        """What is known just before an instant, each from 0 to 100."""
        told = {
            "usage": usage([row["happened_at"] for row in self.of("events", account)], instant),
            "answer": answer(self.of("responses", account), instant),
            "payment": self._payment(account, instant),
            "tickets": tickets(self.of("tickets", account), instant),
            "launch": self._launch(account, instant),
        }
        return {name: points for name, points in told.items() if points is not None}

    def _payment(self, account: str, instant: datetime) -> int | None:
        due = [row for row in self.of("subscription_periods", account) if row["state"] == "past_due"]
        return 0 if any(row["starts_at"] < instant <= row["ends_at"] for row in due) else None

    def _launch(self, account: str, instant: datetime) -> int | None:
        (row,) = self.of("accounts", account)
        over = min(at for at in (row["launched_at"], self.left.get(account), datetime.max) if at)  # noqa: DTZ901 - naive UTC
        if row["sale_closed_at"] is None or over < instant:
            return None
        waited = instant - row["sale_closed_at"]
        return None if waited <= 30 * DAY else 50 if waited <= 90 * DAY else 0

    def score(self, account: str, instant: datetime) -> int | None:
        """0 to 100, halves up; None where neither usage nor an answer is known."""
        told = self.signals(account, instant)
        if not {"usage", "answer"} & told.keys():
            return None
        mean = Fraction(
            sum(WEIGHTS[name] * points for name, points in told.items()), sum(WEIGHTS[name] for name in told)
        )
        return floor(mean + Fraction(1, 2))


def usage(events: Sequence[datetime], instant: datetime) -> int | None:
    """Active days of the last four full weeks in per cent of the four before, as known just before an instant."""
    days = {at.replace(tzinfo=UTC).astimezone(ZONE).date() for at in events}
    monday = (instant - timedelta(microseconds=1)).replace(tzinfo=UTC).astimezone(ZONE).date()
    monday -= timedelta(days=monday.weekday())
    if datetime.combine(monday, time(), ZONE).astimezone(UTC).replace(tzinfo=None) >= instant:
        monday -= timedelta(days=7)
    if not days or monday < _week(min(days)) + timedelta(days=35):
        return None
    later = sum(timedelta(0) < monday - day <= timedelta(days=28) for day in days)
    sooner = sum(timedelta(days=28) < monday - day <= timedelta(days=56) for day in days)
    if not later:
        return 0
    return min(100, 100 * later // sooner) if sooner else 100


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def answer(responses: Sequence[Mapping[str, Any]], instant: datetime) -> int | None:
    """The last answer of the 180 days before, in per cent of its scale, rounded down."""
    given = sorted((row["answered_at"], row["response_id"], row) for row in responses if row["answered_at"] < instant)
    if not given or given[-1][0] + 180 * DAY < instant:
        return None
    row = given[-1][2]
    low, high = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}[row["survey"]]
    good: int = row["score"] - low if row["higher_is_better"] else high - row["score"]
    return 100 * good // (high - low)


def tickets(rows: Sequence[Mapping[str, Any]], instant: datetime) -> int | None:
    """100 less a quarter for each open one."""
    waiting = sum(row["created_at"] < instant and not (row["solved_at"] and row["solved_at"] < instant) for row in rows)
    return max(0, 100 - 25 * waiting) if waiting else None
