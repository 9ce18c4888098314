"""What was paid: a charge at the beginning of each paid interval, things that were bought once, money given back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from tenure.sources.demo.birth import daytime
from tenure.sources.demo.chance import stream
from tenure.sources.demo.price import due
from tenure.sources.demo.rows import flag, stamp
from tenure.sources.demo.world import months_later

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.life import Life, Line, Subscription
    from tenure.sources.demo.story import Story
    from tenure.sources.demo.world import World

_REFUNDED, _APOLOGY = 0.012, Decimal("0.1")
_PACKAGES = {"self-serve": (0.03, 90), "mid-market": (0.3, 690), "enterprise": (0.75, 2400)}
_AGAIN = 0.012  # a month: templates and workshops bought later
_WARES = (49, 120, 120, 390)


class Paid(NamedTuple):
    """A row of transactions to be."""

    when: datetime
    kind: str
    amount: Decimal
    recurring: bool
    bill: str = ""
    order: str = ""


def transactions(seed: int, stories: Sequence[Story], world: World) -> Iterator[dict[str, str]]:
    """Rows of transactions; a purchase of several things is several rows of one order."""
    number = 0
    for story in stories:
        rng, life = stream(seed, f"billing/{story.life.number}"), story.life
        paid = [one for made in life.history for one in _charges(rng, story, made, world)]
        paid += _bought_once(rng, story, world)
        for one in sorted(paid, key=lambda one: (one.when, one.bill, one.order, one.amount)):
            if one.when >= world.closes or not one.amount:
                continue
            number += 1
            yield {
                "transaction_id": f"tr-{number:06d}",
                "account_id": life.id_at(one.when),
                "person_id": "" if one.recurring else life.people[0].person_id,
                "happened_at": stamp(one.when),
                "kind": one.kind,
                "amount": str(one.amount),
                "currency": life.currency,
                "is_recurring": flag(one.recurring),
                "subscription_id": one.bill,
                "order_id": one.order,
            }


def _charges(rng: Random, story: Story, made: Subscription, world: World) -> Iterator[Paid]:
    """Charges of a subscription, and what is given back: a few by goodwill, a tenth to those whom the incident hit."""
    life = story.life
    for when, line in _dues(made, world):
        amount, bill = due(line), life.bill_at(made, when)
        yield Paid(when, "charge", amount, recurring=True, bill=bill)
        drawn, days = rng.random(), rng.randint(1, 14)
        if drawn < _REFUNDED:
            back = amount if drawn < _REFUNDED / 2 else (amount / 2).quantize(Decimal("0.01"))
            yield Paid(when + timedelta(days=days), "refund", back, recurring=True, bill=bill)
        elif story.was_hit and line.interval == "month" and timedelta(0) < world.incident - when < timedelta(days=28):
            apology = (amount * _APOLOGY).quantize(Decimal("0.01"))
            yield Paid(world.incident + timedelta(days=6), "credit", apology, recurring=True, bill=bill)


def _dues(made: Subscription, world: World) -> Iterator[tuple[datetime, Line]]:
    """When an interval was paid, and the line that was in force; unpaid is what is in dunning until it is paid."""
    paying = [line for line in made.lines if line.state in ("active", "past_due", "paused")]
    if not paying:
        return
    ends, first, k = min(world.closes, made.ends_at or world.closes), paying[0].starts_at, 0
    while (opens := months_later(first, k)) < ends:
        at = max(n for n, line in enumerate(paying) if line.starts_at <= opens)
        line, switched = paying[at], next((n for n in paying if n.interval != paying[0].interval), None)
        if switched and opens >= switched.starts_at:
            begun = (opens.year - switched.starts_at.year) * 12 + opens.month - switched.starts_at.month
        else:
            begun = k
        is_due = line.interval == "month" or begun % 12 == 0
        if is_due and line.state == "active":
            yield opens, line
        elif is_due and line.state == "past_due" and at + 1 < len(paying):
            yield paying[at + 1].starts_at, paying[at + 1]
        k += 1


def _bought_once(rng: Random, story: Story, world: World) -> Iterator[Paid]:
    """A package of onboarding and its travel costs with the sale; wares of the shop along the way."""
    life: Life = story.life
    share, price = _PACKAGES[life.segment.name]
    if life.sale_closed_at is None or life.sale_closed_at >= world.closes:
        return
    order = f"or-{life.number:05d}"
    if rng.random() < share:
        sold = life.sale_closed_at + timedelta(hours=1)
        yield Paid(sold, "charge", Decimal(price), recurring=False, order=order)
        if rng.random() < 0.3:  # noqa: PLR2004 - trainers who come to the customer
            yield Paid(sold, "charge", Decimal(price) / 4, recurring=False, order=order)
    for stay in story.stays:
        for n in range((stay.ends_at - stay.starts_at).days // 30):
            if rng.random() < _AGAIN * (0.4 + life.fit) and stay.bought_at:
                when = daytime(rng, stay.bought_at + timedelta(days=30 * n + rng.randint(0, 29)))
                ware = Decimal(rng.choice(_WARES))
                if when < stay.ends_at:
                    yield Paid(when, "charge", ware, recurring=False, order=f"{order}-{n}")
