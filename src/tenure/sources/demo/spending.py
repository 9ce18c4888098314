"""What the company spent, by month: on winning customers, by channel, and on keeping them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tenure.sources.demo.chance import stream
from tenure.sources.demo.price import due
from tenure.sources.demo.world import PRICE_FACTORS, months_later

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.story import Story
    from tenure.sources.demo.world import World

_PER_CUSTOMER = {"organic": 160, "paid": 520, "referral": 90, "partner": 610, "outbound": 4200}
_FLOOR = {"organic": 2600, "paid": 1800, "referral": 150, "partner": 700, "outbound": 4500}
_KEEPING = {"support": (2400, 9.5), "success": (1900, 11.0), "email": (180, 0.35), "self_service": (650, 0.8)}
_TICKETS = 6.5  # tools and overtime for each ticket
_GOODS = 0.18  # hosting, as a share of what is billed for the month
_FOR_ONE = 900  # a customer's own project, for the largest ones, in the month of the sale


class Month(NamedTuple):
    """A month of the world: how many were won by channel, how many paid, what they paid, how many tickets came."""

    starts: datetime
    ends: datetime
    won: Counter[str]
    paying: int
    billed: float
    tickets: int


def costs(seed: int, stories: Sequence[Story], tickets: Sequence[datetime], world: World) -> Iterator[dict[str, str]]:
    """Rows of costs, in the company's currency. `tickets`: when each was opened. The running month is a part of one."""
    rng, number = stream(seed, "costs"), 0
    for month in _months(stories, tickets, world):
        share = (month.ends - month.starts) / (months_later(month.starts, 1) - month.starts)
        for bucket, channel, account_id, amount in (*_of(rng, month, share), *_projects(rng, stories, month)):
            number += 1
            yield {
                "cost_id": f"co-{number:05d}",
                "from_date": month.starts.date().isoformat(),
                "to_date": (month.ends - timedelta(days=1)).date().isoformat(),
                "bucket": bucket,
                "amount": f"{amount:.2f}",
                "currency": "EUR",
                "account_id": account_id,
                "channel": channel,
            }


def _of(rng: Random, month: Month, share: float) -> Iterator[tuple[str, str, str, float]]:
    for channel, floor in _FLOOR.items():
        spent = floor * share + _PER_CUSTOMER[channel] * month.won[channel]
        yield "acquisition", channel, "", spent * rng.uniform(0.85, 1.15)
    for bucket, (floor, each) in _KEEPING.items():
        yield bucket, "", "", (floor + each * month.paying) * share * rng.uniform(0.92, 1.08)
    yield "tickets", "", "", _TICKETS * month.tickets * rng.uniform(0.95, 1.05)
    yield "goods", "", "", _GOODS * month.billed * share * rng.uniform(0.97, 1.03)


def _projects(rng: Random, stories: Sequence[Story], month: Month) -> Iterator[tuple[str, str, str, float]]:
    for story in stories:
        sold = story.life.sale_closed_at
        if story.life.segment.name == "enterprise" and sold and month.starts <= sold < month.ends:
            yield "success", "", story.life.account_id, _FOR_ONE * rng.uniform(0.6, 1.8)


def _months(stories: Sequence[Story], tickets: Sequence[datetime], world: World) -> Iterator[Month]:
    asked = Counter((when.year, when.month) for when in tickets)
    starts = world.opens
    while starts < world.closes:
        ends = min(months_later(starts, 1), world.closes)
        won, paying, billed = Counter[str](), 0, 0.0
        for story in stories:
            bought = next((stay.bought_at for stay in story.stays if stay.bought_at), None)
            if bought and starts <= bought < ends:
                won[story.life.channel] += 1
            if story.pays(ends - timedelta(seconds=1)):
                paying, billed = paying + 1, billed + _monthly(story, ends - timedelta(seconds=1))
        yield Month(starts, ends, won, paying, billed, asked[starts.year, starts.month])
        starts = months_later(starts, 1)


def _monthly(story: Story, when: datetime) -> float:
    """What the main subscription brings a month, in the company's currency at the price list's own rates."""
    stay = story.stay(when)
    if stay is None:
        return 0.0
    line = stay.line(when)
    return float(due(line) / PRICE_FACTORS[story.life.currency]) / (12 if line.interval == "year" else 1)
