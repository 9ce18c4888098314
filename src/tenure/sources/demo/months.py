"""What can happen to a paying customer in a month: one small function per event, tried in their order.

A month is one step of the subscription's own calendar: the k-th begins k months after the first paid day. An event
returns whether it took the month, so that no two events of one subscription fall together.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.sources.demo.birth import daytime, pick
from tenure.sources.demo.life import Line
from tenure.sources.demo.world import CHURN_SEASON, PLANS, REASONS, months_later

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.life import Life, Subscription
    from tenure.sources.demo.world import World

_YEAR = 12


@dataclass(frozen=True)
class Step:
    """The k-th month of a subscription: it runs from `opens` to `closes`."""

    life: Life
    made: Subscription
    world: World
    rng: Random
    k: int
    opens: datetime
    closes: datetime

    @property
    def may_end(self) -> bool:
        """Whether the paid term ends with this month."""
        return self.made.now.interval == "month" or self.k % _YEAR == _YEAR - 1

    @property
    def renews(self) -> bool:
        """Whether a further paid term begins with this month."""
        return self.k > 0 and (self.made.now.interval == "month" or self.k % _YEAR == 0)

    def later(self) -> datetime:
        """An instant within the month."""
        return daytime(self.rng, self.opens + timedelta(days=self.rng.randint(2, 26)))

    def change(self, when: datetime, reason: str, **new: object) -> None:
        """Changes the subscription, unless the world ends before."""
        if when < self.world.closes:
            self.made.change(when, reason, **new)


def discount_runs_out(step: Step) -> bool:
    """A discount that was given once or for some months ends with its term."""
    off = step.made.now.discount
    if off and off.ends_at and off.ends_at <= step.opens:
        step.change(step.opens, "discount", discount=None)
    return False


def price_rises(step: Step) -> bool:
    """With the first term after the price change the new price holds; half of the customers trim seats against it."""
    line = step.made.now
    listed = step.world.price(line.plan, step.life.currency, line.interval, step.opens)
    rises = step.opens >= step.world.price_change and step.renews and PLANS[line.plan].later > PLANS[line.plan].price
    if not rises or listed <= line.unit_amount:
        return False
    seats = line.quantity
    if seats > 2 and step.rng.random() < 0.9 - 0.3 * step.life.fit:  # noqa: PLR2004 - nobody trims two seats
        seats = max(2, round(seats * step.rng.uniform(0.45, 0.72)))
    step.change(step.opens, "price" if seats == line.quantity else "seats", unit_amount=listed, quantity=seats)
    return True


def _leaves(step: Step) -> float:
    """The probability of leaving at the end of this month (of the whole year's term, for who pays by the year)."""
    young = 0.5 + 2.3 * 0.7**step.k
    hazard = step.life.segment.leaves * young * (1.75 - 1.5 * step.life.fit) * CHURN_SEASON[step.closes.month - 1]
    if step.world.price_change <= step.opens < months_later(step.world.price_change, 1):
        hazard *= 1.5
    if step.world.incident <= step.opens < months_later(step.world.incident, 1):
        hazard *= 3.0
    return min(0.9, hazard * (_YEAR * 0.75 if step.made.now.interval == "year" else 1))


def cancels(step: Step) -> bool:
    """Asks to cancel within the month, and leaves when what is paid for has run out."""
    if not step.may_end or step.rng.random() >= _leaves(step):
        return False
    requested = step.later()
    if requested >= step.world.closes:
        return True
    hit = step.world.incident <= step.opens < months_later(step.world.incident, 1)
    reasons = {**REASONS, "unreliable": 0.6} if hit else REASONS
    step.made.cancel_requested_at = requested
    step.made.end(step.closes, "voluntary", pick(step.rng, reasons))
    return True


def fails_to_pay(step: Step) -> bool:
    """A charge fails; two thirds pay within some weeks, the others are lost against their will."""
    if not step.renews or step.rng.random() >= step.life.segment.fails_to_pay:
        return False
    step.change(step.opens, "dunning", state="past_due")
    lost = step.rng.random() < 0.34  # noqa: PLR2004 - the share that never pays
    resolved = daytime(step.rng, step.opens + timedelta(days=24 if lost else step.rng.randint(2, 20)))
    if resolved >= step.world.closes:
        step.made.busy_until = resolved
    elif lost:
        step.made.end(resolved, "involuntary", "payment failed")
    else:
        step.change(resolved, "paid", state="active")
    return True


def pauses(step: Step) -> bool:
    """Pauses for one to three months, and goes on."""
    if not step.renews or step.made.now.interval == "year" or step.rng.random() >= step.life.segment.pauses:
        return False
    months = step.rng.randint(1, 3)
    resumes = months_later(step.opens, months)
    step.change(step.opens, "pause", state="paused")
    step.change(resumes, "resume", state="active")
    step.made.busy_until = resumes
    return True


def seats_change(step: Step) -> bool:
    """More people come to use it, or fewer: the better it fits, the more."""
    kind, line, fit = step.life.segment, step.made.now, step.life.fit
    drawn, grows = step.rng.random(), kind.grows * (0.35 + 1.2 * fit)
    if drawn < grows:
        seats = line.quantity + max(1, round(line.quantity * step.rng.uniform(0.06, 0.3)))
    elif drawn < grows + kind.shrinks * (1.6 - 1.2 * fit) and line.quantity > 1:
        seats = line.quantity - max(1, round(line.quantity * step.rng.uniform(0.08, 0.35)))
    else:
        return False
    step.change(step.later(), "seats", quantity=seats)
    return True


def plan_changes(step: Step) -> bool:
    """One plan up or down; the discount stays."""
    kind, line, drawn = step.life.segment, step.made.now, step.rng.random()
    rank = PLANS[line.plan].rank
    if drawn < kind.upgrades:
        reason, rank = "upgrade", rank + 1
    elif drawn < kind.upgrades + kind.downgrades:
        reason, rank = "downgrade", rank - 1
    else:
        return False
    plan = next((p.plan for p in PLANS.values() if p.rank == rank and rank > 0), None)
    when = step.later()
    if plan is None:
        return False
    step.change(when, reason, plan=plan, unit_amount=step.world.price(plan, step.life.currency, line.interval, when))
    return True


def interval_changes(step: Step) -> bool:
    """Some who pay by the month decide for the year, and its two months for nothing."""
    line = step.made.now
    if line.interval == "year" or step.k < 3 or line.discount or step.rng.random() >= 0.006:  # noqa: PLR2004
        return False
    price = step.world.price(line.plan, step.life.currency, "year", step.opens)
    step.change(step.opens, "interval", interval="year", unit_amount=price)
    return True


def adds_on(step: Step) -> bool:
    """Buys the add-on, once it is there, as a second subscription beside the first."""
    wanted = step.rng.random() < step.life.segment.adds_on * 2 * step.life.fit
    if (
        not wanted
        or step.opens < step.world.addon
        or any(s.now.plan == "insights" and not s.ends_at for s in step.life.subscriptions)
    ):
        return False
    when = step.later()
    if when < step.world.closes:
        price = step.world.price("insights", step.life.currency, "month", when)
        step.life.subscribe(when, Line(when, "insights", "active", 1, price, reason="addon"), "-insights")
    return True


EVENTS: tuple[Callable[[Step], bool], ...] = (
    discount_runs_out, price_rises, fails_to_pay, cancels, pauses,
    interval_changes, plan_changes, seats_change, adds_on,
)  # fmt: skip
ADDON_EVENTS: tuple[Callable[[Step], bool], ...] = (cancels,)


def live(life: Life, made: Subscription, world: World, rng: Random) -> None:
    """Lets a subscription live from its first paid day to its end, or to the end of the world."""
    first, k, year_from = made.now.starts_at, 0, 0
    while made.ends_at is None and (opens := months_later(first, k)) < world.closes:
        step = Step(life, made, world, rng, k - year_from, opens, months_later(first, k + 1))
        interval = made.now.interval
        if made.busy_until is None or made.busy_until <= opens:
            any(event(step) for event in (ADDON_EVENTS if made.now.plan == "insights" else EVENTS))
        if made.now.interval != interval:
            year_from = k
        k += 1
    if made.now.plan != "insights":
        _end_addons(life, made)


def _end_addons(life: Life, made: Subscription) -> None:
    """An add-on does not outlive what it was added to."""
    for addon in life.subscriptions:
        if made.ends_at and addon.now.plan == "insights" and not addon.ends_at:
            addon.cancel_requested_at = made.cancel_requested_at
            addon.end(made.ends_at, made.end_kind, made.end_reason)


def return_once(life: Life, made: Subscription, world: World, rng: Random) -> Subscription | None:
    """A customer who left may come back after some months, under a new subscription and at today's price."""
    if made.ends_at is None or made.end_reason == "trial not bought" or rng.random() >= life.segment.returns:
        return None
    back = daytime(rng, made.ends_at + timedelta(days=rng.randint(25, 210)))
    if back >= world.closes:
        return None
    was = made.now
    price = world.price(was.plan, life.currency, "month", back)
    seats = max(1, round(was.quantity * rng.uniform(0.5, 1.1)))
    return life.subscribe(back, replace(Line(back, was.plan, "active", seats, price), reason="return"))
