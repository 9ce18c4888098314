"""What customers say about the company, to it and to others: comments, and referrals, of which some become customers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.sources.demo.birth import daytime, pick
from tenure.sources.demo.chance import stream, times
from tenure.sources.demo.rows import stamp
from tenure.sources.demo.words import complaint, praise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.story import Stay, Story
    from tenure.sources.demo.world import World

_ORIGINS = {"email": 0.42, "call": 0.28, "review": 0.16, "interview": 0.14}
_RATES = {"self-serve": 0.05, "mid-market": 0.13, "enterprise": 0.3}  # comments a month
_GONE = 0.55  # the share of leavers who say why
_TELLS, _VOUCHES = 0.018, 0.014  # referrals and public praise a month, of a delighted customer
_KINDS = {"review": 0.5, "testimonial": 0.22, "reference": 0.16, "case_study": 0.12}
_DELIGHTED, _HAPPY = 0.55, 0.5


def feedback(seed: int, stories: Sequence[Story], world: World) -> Iterator[dict[str, str]]:
    """Rows of feedback: comments along the way, and the last word of those who left."""
    number = 0
    for story in stories:
        rng = stream(seed, f"feedback/{story.life.number}")
        for when, origin, text in _comments(rng, story, world):
            number += 1
            yield {
                "feedback_id": f"fb-{number:05d}",
                "account_id": story.life.id_at(when),
                "person_id": story.life.people[0].person_id,
                "happened_at": stamp(when),
                "origin": origin,
                "text": text,
                "lang": story.life.people[0].locale,
            }


def _comments(rng: Random, story: Story, world: World) -> Iterator[tuple[datetime, str, str]]:
    locale, rate = story.life.people[0].locale, _RATES[story.life.segment.name]
    for stay in story.stays:
        for when in _moments(rng, stay, rate):
            happy = story.mood(when, world) + rng.gauss(0, 0.15) > _HAPPY
            reason = stay.made.end_reason if stay.asked_at else ""
            yield when, pick(rng, _ORIGINS), praise(rng, locale) if happy else complaint(rng, locale, reason)
        if stay.bought_at and stay.asked_at and rng.random() < _GONE:
            yield stay.asked_at + timedelta(minutes=3), "churn", complaint(rng, locale, stay.made.end_reason)


def _moments(rng: Random, stay: Stay, rate: float) -> list[datetime]:
    """Instants within the paid part of a stay, `rate` a month on average."""
    if stay.bought_at is None:
        return []
    days = (stay.ends_at - stay.bought_at).days
    drawn = [
        daytime(rng, stay.bought_at + timedelta(days=rng.uniform(0, days))) for _ in range(times(rng, rate * days / 30))
    ]
    return sorted(when for when in drawn if stay.bought_at < when < stay.ends_at)


def referrals(seed: int, stories: Sequence[Story], world: World) -> Iterator[dict[str, str]]:
    """Rows of referrals: each account whose channel is `referral` came by one; others came to nothing; public praise."""
    rows = [*_came(stream(seed, "referrals"), stories)]
    for story in stories:
        rng = stream(seed, f"advocacy/{story.life.number}")
        for stay in story.stays:
            for when in _moments(rng, stay, _TELLS + _VOUCHES):
                vouches = rng.random() < _VOUCHES / (_TELLS + _VOUCHES)
                if story.mood(when, world) > _DELIGHTED and not story.life.is_test:
                    rows.append(_row(story, when, pick(rng, _KINDS) if vouches else "referral"))
    rows.sort(key=lambda row: (row["happened_at"], row["account_id"]))
    for number, row in enumerate(rows, start=1):
        yield {"referral_id": f"rf-{number:05d}", **row}


def _came(rng: Random, stories: Sequence[Story]) -> Iterator[dict[str, str]]:
    """The best served of some customers of the day before is taken to have sent the new one."""
    for story in stories:
        life = story.life
        if life.channel != "referral":
            continue
        told = life.created_at - timedelta(hours=rng.randint(4, 400))
        senders = [other for other in stories[: life.number - 1] if not other.life.is_test and other.pays(told)]
        if senders:
            sender = max(rng.sample(senders, min(4, len(senders))), key=lambda other: other.life.fit)
            bought = next((stay.bought_at for stay in story.stays if stay.bought_at), None)
            yield _row(sender, told, "referral", life.account_id, bought)


def _row(
    story: Story, when: datetime, kind: str, referred: str = "", converted_at: datetime | None = None
) -> dict[str, str]:
    return {
        "account_id": story.life.id_at(when),
        "person_id": story.life.people[0].person_id,
        "happened_at": stamp(when),
        "kind": kind,
        "referred_account_id": referred,
        "converted_at": stamp(converted_at),
        "reward": "50.00" if converted_at else "",
        "currency": "EUR" if converted_at else "",
    }
