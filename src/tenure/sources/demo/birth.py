"""How accounts come into the world: when they sign up, who they are, how their first subscription begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from tenure.sources.demo.life import Discount, Life, Line
from tenure.sources.demo.world import BARGAINS, CHANNELS, INDUSTRIES, REGIONS, SEGMENTS, SIGNUP_SEASON, months_later

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.life import Subscription
    from tenure.sources.demo.world import World

_FIRST = (
    "Amber", "Birch", "Cedar", "Cobalt", "Copper", "Coral", "Crimson", "Dapple", "Ember", "Fallow", "Gable", "Hazel",
    "Indigo", "Ivory", "Juniper", "Kelp", "Lantern", "Larch", "Linden", "Maple", "Marble", "Meadow", "Mellow", "Moss",
    "Nettle", "Ochre", "Olive", "Opal", "Pebble", "Pepper", "Quartz", "Quiet", "Russet", "Saffron", "Sable", "Tansy",
    "Tawny", "Thistle", "Velvet", "Willow",
)  # fmt: skip
_SECOND = (
    "Anchor", "Arch", "Atelier", "Barn", "Basin", "Bay", "Bridge", "Canal", "Cove", "Crane", "Dale", "Depot", "Dock",
    "Field", "Ford", "Forge", "Gate", "Glade", "Harbour", "Hill", "Island", "Kiln", "Lane", "Loom", "Market", "Mill",
    "Orchard", "Pier", "Press", "Quarry", "Ridge", "Row", "Shore", "Spring", "Square", "Station", "Terrace", "Wharf",
    "Works", "Yard",
)  # fmt: skip
_TEST_SHARE = 0.012
_WEEKEND = 5


def pick(rng: Random, shares: Mapping[str, float]) -> str:
    """One of the names, by its share."""
    return rng.choices(tuple(shares), tuple(shares.values()))[0]


def daytime(rng: Random, day: datetime) -> datetime:
    """An instant in the waking hours of `day`."""
    return day.replace(hour=0, minute=0, second=0) + timedelta(seconds=int(rng.triangular(6, 21, 12) * 3600))


def signups(rng: Random, world: World, count: int) -> list[datetime]:
    """`count` instants of signing up in the order of time: more of them each month, fewer in August and at weekends."""
    days = [world.opens + timedelta(days=n) for n in range((world.closes - world.opens).days)]
    weights = accumulate(
        (0.5 + n / len(days)) * SIGNUP_SEASON[day.month - 1] * (0.35 if day.weekday() >= _WEEKEND else 1.0)
        for n, day in enumerate(days)
    )
    return sorted(daytime(rng, day) for day in rng.choices(days, cum_weights=list(weights), k=count))


def name(number: int) -> str:
    """An invented name, another one for each number."""
    pairs = len(_FIRST) * len(_SECOND)
    spread = number * 1087 % pairs  # 1087 has no factor in common with the pairs, so none comes twice in a round
    round_ = f" {number // pairs + 1}" if number >= pairs else ""
    return f"{_FIRST[spread // len(_SECOND)]} {_SECOND[spread % len(_SECOND)]}{round_}"


def born(rng: Random, number: int, created_at: datetime) -> Life:
    """An account that has just signed up, without a subscription."""
    segment = SEGMENTS[pick(rng, {s.name: s.share for s in SEGMENTS.values()})]
    region = pick(rng, {region: share for region, (share, _, _) in REGIONS.items()})
    return Life(
        number=number,
        account_id=f"acc-{number:05d}",
        name=name(number),
        segment=segment,
        region=region,
        industry=pick(rng, INDUSTRIES),
        channel=pick(rng, CHANNELS[segment.name]),
        currency=pick(rng, REGIONS[region][1]),
        created_at=created_at,
        fit=rng.betavariate(3, 2.4),
        is_test=rng.random() < _TEST_SHARE,
    )


def begin(rng: Random, life: Life, world: World) -> Subscription | None:
    """The first subscription: sold, on trial, or free; none where the sale is not closed before the world ends."""
    kind = life.segment
    low, high = kind.seats
    seats = round(low + (high - low) * rng.betavariate(1.6, 3.2))
    plan, interval = pick(rng, kind.plans), "year" if rng.random() < kind.yearly else "month"
    if not kind.trial_days:
        closed = daytime(rng, life.created_at + timedelta(days=rng.randint(9, 55)))
        if closed >= world.closes:
            return None
        price = world.price(plan, life.currency, interval, closed)
        return _sold(rng, life, life.subscribe(closed, Line(closed, plan, "active", seats, price, interval)))
    if rng.random() < kind.starts_free:
        return _free(rng, life, world)
    price = world.price(plan, life.currency, interval, life.created_at)
    return _trial(rng, life, world, Line(life.created_at, plan, "trial", seats, price, interval))


def _free(rng: Random, life: Life, world: World) -> Subscription | None:
    """Begins on the free plan; a quarter of them buy some months later."""
    free = Line(life.created_at, "free", "free", 1, world.price("free", "EUR", "month", life.created_at))
    made = life.subscribe(life.created_at, free)
    bought = daytime(rng, life.created_at + timedelta(days=rng.randint(20, 200)))
    if rng.random() > 0.15 + 0.25 * life.fit or bought >= world.closes:
        return None
    price = world.price("starter", life.currency, "month", bought)
    made.change(bought, "upgrade", plan="starter", state="active", quantity=rng.randint(2, 6), unit_amount=price)
    return _sold(rng, life, made)


def _trial(rng: Random, life: Life, world: World, line: Line) -> Subscription | None:
    """Begins with a trial, which is bought at its end by those whom the product fits."""
    made = life.subscribe(life.created_at, line)
    ends = life.created_at + timedelta(days=life.segment.trial_days)
    made.trial_started_at, made.trial_ends_at = life.created_at, ends
    buys = rng.random() < life.segment.converts * (0.55 + 0.8 * life.fit)
    if ends >= world.closes:
        return None
    if not buys:
        made.end(ends, "", "trial not bought")
        return None
    made.change(ends, state="active", unit_amount=world.price(line.plan, life.currency, line.interval, ends))
    return _sold(rng, life, made)


def _sold(rng: Random, life: Life, made: Subscription) -> Subscription:
    """The sale is closed: the days of onboarding follow from it, and some have bargained."""
    life.sale_closed_at = closed = made.now.starts_at
    slow = {"self-serve": 2.0, "mid-market": 9.0, "enterprise": 24.0}[life.segment.name] * (1.5 - life.fit)
    life.first_value_at = closed + timedelta(hours=round(24 * slow * rng.uniform(0.3, 1.6), 2))
    life.launched_at = life.first_value_at + timedelta(hours=round(24 * slow * rng.uniform(0.4, 2.2), 2))
    made.lines[-1] = replace(made.now, discount=_bargain(rng, made.now))
    return made


def _bargain(rng: Random, line: Line) -> Discount | None:
    """The discount of a new customer, if any: once, for some months, or for as long as it stays."""
    year = line.interval == "year"
    kind = pick(rng, BARGAINS)
    if kind == "once":
        return Discount("once", percent=15 if year else 50, ends_at=months_later(line.starts_at, 12 if year else 1))
    if kind == "repeating percent":
        return Discount("repeating", percent=20, ends_at=months_later(line.starts_at, 12 if year else 3))
    if kind == "repeating amount":
        off = 120 if year else 10
        return Discount("repeating", amount=off, ends_at=months_later(line.starts_at, 12 if year else 6))
    return Discount("forever", percent=10) if kind == "forever" else None
