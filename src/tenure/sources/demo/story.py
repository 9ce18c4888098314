"""How an account and the company got on: what its use, its tickets and its answers are drawn from.

The subscriptions are simulated first, so the end is known when the middle is told: who will leave turns away some weeks
before asking to cancel, and what the customer says and does in those weeks shows it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.sources.demo.chance import stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.life import Life, Line, Subscription
    from tenure.sources.demo.world import World

FIRST_VALUE = 4  # the place of the onboarding step with which the product first is of use
TROUBLE = timedelta(days=2)  # how long the incident lasts
_FADING, _SUDDEN, _SUDDEN_SHARE = timedelta(days=56), timedelta(days=4), 0.15
_GRUDGE, _EARLY = timedelta(days=30), timedelta(days=240)
_MINDS, _GOES_FIRST = 0.7, 0.6
_PAID = ("active", "past_due", "paused")
_TRAINED = {"self-serve": 0.1, "mid-market": 0.5, "enterprise": 0.8}
_SPONSORED = {"self-serve": 0.0, "mid-market": 0.6, "enterprise": 0.9}


@dataclass(frozen=True)
class Stay:
    """A time in which the account had the product: from the start of a subscription to its end, or the world's.

    `bought_at` is its first paid day, `asked_at` when the customer decided to go; the turning away starts at `fades_from`.
    """

    made: Subscription
    starts_at: datetime
    ends_at: datetime
    bought_at: datetime | None
    asked_at: datetime | None
    fades_from: datetime | None

    def fade(self, when: datetime) -> float:
        """How far the customer has turned away: 0 not at all, 1 decided to go."""
        if self.fades_from is None or self.asked_at is None or when < self.fades_from:
            return 0.0
        return min(1.0, (when - self.fades_from) / max(self.asked_at - self.fades_from, _SUDDEN / 4))

    def line(self, when: datetime) -> Line:
        """What the subscription was at an instant within the stay."""
        return next(line for line in reversed(self.made.lines) if line.starts_at <= when or line is self.made.lines[0])


@dataclass(frozen=True)
class Story:
    """An account's stays, and what else decided whether it stayed."""

    life: Life
    stays: tuple[Stay, ...]
    stalls_at: int | None  # the place of the onboarding step that was never taken
    trained_at: datetime | None
    sponsor: tuple[datetime, datetime | None] | None  # from when, and until when, someone above spoke for us there
    was_hit: bool  # minds the incident

    def stay(self, when: datetime) -> Stay | None:
        """The stay that covers an instant."""
        return next((stay for stay in self.stays if stay.starts_at <= when < stay.ends_at), None)

    def pays(self, when: datetime) -> bool:
        """Whether the account is a paying customer at an instant."""
        stay = self.stay(when)
        return bool(stay and stay.bought_at and stay.bought_at <= when and stay.line(when).state in _PAID)

    def mood(self, when: datetime, world: World) -> float:
        """How the customer feels about the company: about 0.5 in the middle, 1 delighted, below 0 angry."""
        stay = self.stay(when)
        mood = 0.15 + 0.8 * self.life.fit - 0.75 * (stay.fade(when) if stay else 0.5)
        if self.was_hit and world.incident <= when < world.incident + _GRUDGE:
            mood -= 0.22
        return mood - (0.12 if self.stalls_at is not None else 0.0) + (0.08 if self.trained_at else 0.0)


def stories(seed: int, lives: Sequence[Life], world: World) -> list[Story]:
    """One story per life, in their order; the lives learn from it when they first had value and were launched."""
    return [_story(stream(seed, f"story/{life.number}"), life, world) for life in lives]


def _story(rng: Random, life: Life, world: World) -> Story:
    stays = tuple(_stays(rng, life, world))
    bought = next((stay for stay in stays if stay.bought_at), None)
    stalls_at = _stall(rng, life, bought)
    return Story(
        life, stays, stalls_at, _training(rng, life, bought), _sponsor(rng, life, bought), was_hit=rng.random() < _MINDS
    )  # fmt: skip


def _stays(rng: Random, life: Life, world: World) -> Iterator[Stay]:
    for made in life.history:
        if made.lines[0].plan == "insights":
            continue
        starts, ends = made.lines[0].starts_at, min(made.ends_at or world.closes, world.closes)
        bought = next((line.starts_at for line in made.lines if line.state in _PAID), None)
        stay = Stay(made, starts, ends, bought, None, None)
        sudden, share = rng.random() < _SUDDEN_SHARE, rng.uniform(0.5, 0.8)
        if bought is None and made.ends_at:
            yield replace(stay, asked_at=made.ends_at, fades_from=starts + (made.ends_at - starts) * 0.15)
        elif made.cancel_requested_at and made.end_kind == "voluntary":
            asked = made.cancel_requested_at
            long = _SUDDEN if sudden else min(_FADING, (asked - starts) * share)
            yield replace(stay, asked_at=asked, fades_from=asked - long)
        else:
            yield stay


def _stall(rng: Random, life: Life, bought: Stay | None) -> int | None:
    """Some never finish their onboarding, most of all those who will soon leave: their life has no launch then."""
    place, drawn = rng.randint(2, 6), rng.random()
    if bought is None or bought.bought_at is None:
        return None
    if life.launched_at and life.launched_at >= bought.ends_at:
        life.launched_at = None
    if life.first_value_at and life.first_value_at >= bought.ends_at:
        life.first_value_at = None
    leaves = bought.asked_at is not None and bought.asked_at - bought.bought_at < _EARLY
    if drawn >= 0.02 + 0.16 * (1 - life.fit) + (0.3 if leaves else 0.0):
        return None
    life.launched_at = None
    if place <= FIRST_VALUE:
        life.first_value_at = None
    return place


def _training(rng: Random, life: Life, bought: Stay | None) -> datetime | None:
    days, drawn = rng.randint(10, 75), rng.random()
    if bought is None or bought.bought_at is None:
        return None
    when = bought.bought_at + timedelta(days=days, hours=2)
    chance = _TRAINED[life.segment.name] * (0.45 if bought.asked_at else 1.0) * (0.7 + 0.5 * life.fit)
    return when if drawn < chance and when < bought.ends_at and bought.fade(when) == 0 else None


def _sponsor(rng: Random, life: Life, bought: Stay | None) -> tuple[datetime, datetime | None] | None:
    """Who loses the sponsor is often lost some weeks later."""
    drawn, lost, early = rng.random(), rng.random(), timedelta(days=rng.randint(5, 60))
    if bought is None or bought.bought_at is None or drawn >= _SPONSORED[life.segment.name] * (0.5 + 0.7 * life.fit):
        return None
    goes = bought.fades_from - early if bought.fades_from and lost < _GOES_FIRST else None
    if goes is not None and goes <= bought.bought_at:
        return None
    return bought.bought_at, goes
