"""The world that the demo company lives in: its plans, price list, kinds of customers, calendar of events.

Every constant that makes the numbers believable stands here, so that a change of the story is a change of one table.
Instants are naive UTC, prices are major units of their currency for one seat (an add-on: one account) and one month.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Plan:
    """A plan of the price list: `price` in EUR; `later` is the price after the price change."""

    plan: str
    product: str
    rank: int
    price: int
    later: int
    is_free: bool = False
    is_addon: bool = False


PLANS = {
    p.plan: p
    for p in (
        Plan("free", "planner", 0, 0, 0, is_free=True),
        Plan("starter", "planner", 1, 14, 16),
        Plan("team", "planner", 2, 28, 32),
        Plan("business", "planner", 3, 44, 44),
        Plan("enterprise", "planner", 4, 62, 62),
        Plan("insights", "insights", 0, 59, 59, is_addon=True),
    )
}

PRICE_FACTORS = {"EUR": Decimal(1), "USD": Decimal("1.1"), "GBP": Decimal("0.88"), "CHF": Decimal("0.98")}
MONTHS_PER_YEARLY_PRICE = 10  # who pays by the year pays for ten months


@dataclass(frozen=True)
class Segment:
    """How one kind of customer behaves; rates are probabilities a month for a customer of middling fit."""

    name: str
    share: float
    trial_days: int
    converts: float
    starts_free: float
    yearly: float
    plans: dict[str, float]
    seats: tuple[int, int]
    leaves: float
    fails_to_pay: float
    pauses: float
    grows: float
    shrinks: float
    upgrades: float
    downgrades: float
    adds_on: float
    returns: float


SEGMENTS = {
    s.name: s
    for s in (
        Segment(
            "self-serve", 0.625, 14, 0.52, 0.22, 0.10, {"starter": 0.72, "team": 0.28}, (2, 9),
            leaves=0.038, fails_to_pay=0.026, pauses=0.007, grows=0.070, shrinks=0.016, upgrades=0.018,
            downgrades=0.006, adds_on=0.006, returns=0.13,
        ),
        Segment(
            "mid-market", 0.30, 30, 0.74, 0.04, 0.30, {"team": 0.62, "business": 0.38}, (8, 30),
            leaves=0.019, fails_to_pay=0.009, pauses=0.002, grows=0.085, shrinks=0.020, upgrades=0.012,
            downgrades=0.005, adds_on=0.016, returns=0.10,
        ),
        Segment(
            "enterprise", 0.075, 0, 1.0, 0.0, 0.72, {"business": 0.45, "enterprise": 0.55}, (20, 54),
            leaves=0.010, fails_to_pay=0.002, pauses=0.0, grows=0.080, shrinks=0.018, upgrades=0.006,
            downgrades=0.003, adds_on=0.024, returns=0.04,
        ),
    )
}  # fmt: skip

REGIONS = {  # share, currencies, locale
    "DACH": (0.42, {"EUR": 0.86, "CHF": 0.14}, "de"),
    "UK & Ireland": (0.18, {"GBP": 0.82, "EUR": 0.18}, "en"),
    "North America": (0.22, {"USD": 1.0}, "en"),
    "Southern Europe": (0.12, {"EUR": 1.0}, "es"),
    "Rest of world": (0.06, {"USD": 0.7, "EUR": 0.3}, "en"),
}
INDUSTRIES = {
    "software": 0.24, "agencies": 0.2, "retail": 0.14, "manufacturing": 0.12,
    "health": 0.1, "education": 0.1, "finance": 0.06, "public": 0.04,
}  # fmt: skip
CHANNELS = {
    "self-serve": {"organic": 0.42, "paid": 0.34, "referral": 0.16, "partner": 0.08},
    "mid-market": {"organic": 0.3, "paid": 0.26, "referral": 0.16, "partner": 0.18, "outbound": 0.1},
    "enterprise": {"outbound": 0.5, "partner": 0.26, "referral": 0.16, "organic": 0.08},
}
REASONS = {
    "too expensive": 0.28, "missing feature": 0.22, "no longer needed": 0.2,
    "went to a competitor": 0.16, "too hard to use": 0.14,
}  # fmt: skip
BARGAINS = {"": 0.83, "once": 0.05, "repeating percent": 0.06, "repeating amount": 0.02, "forever": 0.04}
SIGNUP_SEASON = (1.15, 1.05, 1.15, 1.0, 1.0, 0.92, 0.84, 0.74, 1.16, 1.12, 1.06, 0.76)  # by calendar month
CHURN_SEASON = (1.25, 1.0, 0.95, 0.95, 0.95, 1.0, 1.1, 1.05, 0.9, 0.95, 1.0, 1.15)


def months_later(start: datetime, months: int) -> datetime:
    """The same day and time `months` later; the last day of a shorter month."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class World:
    """The window of the simulation and the days on which something happened to every customer at once."""

    opens: datetime
    closes: datetime
    addon: datetime
    price_change: datetime
    incident: datetime
    migration: datetime
    mobile: datetime
    campaign: datetime

    @classmethod
    def ending(cls, until: date, months: int) -> World:
        """A world that closes before the day `until`, and opens with a month, `months` full months before its month."""
        closes = datetime.combine(until, time())
        opens = months_later(closes.replace(day=1), -months)
        recent = min(9, months // 2)
        price_change = months_later(closes.replace(day=1), -recent) + timedelta(hours=6)
        incident = months_later(closes.replace(day=1), -recent * 5 // 9) + timedelta(days=8, hours=7, minutes=40)
        migration = months_later(closes.replace(day=1), -recent // 3) + timedelta(days=13, hours=2)
        addon, mobile = opens + (closes - opens) / 3, opens + (closes - opens) / 2
        full = [months_later(opens, n) for n in range(1, months)]
        campaign = max(full, key=lambda month: (SIGNUP_SEASON[month.month - 1], month)) + timedelta(days=1, hours=8)
        return cls(opens, closes, addon, price_change, incident, migration, mobile, campaign)

    def price(self, plan: str, currency: str, interval: str, when: datetime) -> Decimal:
        """The list price of one seat for one interval, for who buys at `when`: whole units of the currency."""
        listed = PLANS[plan].later if when >= self.price_change else PLANS[plan].price
        month = (listed * PRICE_FACTORS[currency]).quantize(Decimal(1), ROUND_HALF_UP)
        return (month * (MONTHS_PER_YEARLY_PRICE if interval == "year" else 1)).quantize(Decimal("0.01"))
