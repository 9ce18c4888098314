"""The company's own part: mails, calls, meetings and trainings, what customers want to reach, and who is close to us."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.sources.demo.birth import daytime, pick
from tenure.sources.demo.chance import stream, times
from tenure.sources.demo.rows import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.story import Stay, Story
    from tenure.sources.demo.world import World

_RATES = {"self-serve": 0.12, "mid-market": 0.7, "enterprise": 2.2}  # touches a month
_KINDS = {"email": 0.46, "call": 0.33, "meeting": 0.17, "webinar": 0.04}
_INBOUND = 0.3
_HAPPY, _SAD, _SILENT = 0.52, 0.4, 0.3
_NOTES = {
    "happy": ("Wants to roll it out to another team.", "Praised the boards.", "All well, no wishes."),
    "sad": ("Budget under review.", "Colleagues do not sign in any more.", "Unhappy with the open tickets."),
    "": ("Left a message.", "Sent the release notes."),
}
_GOALS = (
    ("plans published", "plans", 20, 240), ("meetings saved", "hours a month", 5, 40),
    ("projects on time", "percent", 60, 95), ("people on board", "people", 5, 60),
)  # fmt: skip
_LARGE = ("mid-market", "enterprise")
_FIRST_QUARTERS = (90, 180, 365)


def touches(seed: int, stories: Sequence[Story], world: World) -> Iterator[dict[str, str]]:
    """Rows of touches; a training comes once, in the first months."""
    number = 0
    for story in stories:
        rng = stream(seed, f"touches/{story.life.number}")
        for when, kind in _met(rng, story):
            mood = story.mood(when, world) + rng.gauss(0, 0.1)
            affinity = "" if rng.random() < _SILENT else "happy" if mood > _HAPPY else "sad" if mood < _SAD else ""
            number += 1
            yield {
                "touch_id": f"to-{number:05d}",
                "account_id": story.life.id_at(when),
                "person_id": rng.choice(story.life.people).person_id,
                "happened_at": stamp(when),
                "kind": kind,
                "direction": "inbound" if kind != "training" and rng.random() < _INBOUND else "outbound",
                "affinity": affinity,
                "note": rng.choice(_NOTES[affinity]),
            }


def _met(rng: Random, story: Story) -> list[tuple[datetime, str]]:
    met = [] if story.trained_at is None else [(story.trained_at, "training")]
    for stay in story.stays:
        if stay.bought_at is None:
            continue
        days = (stay.ends_at - stay.bought_at).days
        for _ in range(times(rng, _RATES[story.life.segment.name] * days / 30)):
            when = daytime(rng, stay.bought_at + timedelta(days=rng.uniform(0, days)))
            kind = pick(rng, _KINDS)
            if stay.bought_at < when < stay.ends_at:
                met.append((when, kind))
    return sorted(met)


def goals(seed: int, stories: Sequence[Story], world: World) -> Iterator[dict[str, str]]:
    """Rows of goals, agreed with the larger customers when they are launched."""
    number = 0
    for story in stories:
        rng = stream(seed, f"goals/{story.life.number}")
        stay = next((stay for stay in story.stays if stay.bought_at), None)
        if story.life.segment.name not in _LARGE or stay is None or stay.bought_at is None:
            continue
        for name, unit, low, high in rng.sample(_GOALS, rng.choice((1, 1, 2, 3))):
            number += 1
            target, due = rng.randint(low, high), stay.bought_at + timedelta(days=rng.choice(_FIRST_QUARTERS))
            actual, achieved = _reached(rng, story, stay, target, due)
            yield {
                "goal_id": f"go-{number:05d}",
                "account_id": story.life.account_id,
                "name": name,
                "target": str(target),
                "actual": str(actual),
                "unit": unit,
                "due_on": due.date().isoformat(),
                "achieved_at": stamp(achieved, world.closes),
            }


def _reached(rng: Random, story: Story, stay: Stay, target: int, due: datetime) -> tuple[int, datetime | None]:
    """How far the customer came, and when the goal was reached; some who reached it never wrote down when."""
    well = (
        0.25 + 0.65 * story.life.fit - (0.3 if stay.asked_at else 0.0) - (0.2 if story.stalls_at is not None else 0.0)
    )
    drawn, late, written = rng.random(), rng.uniform(-0.5, 0.25), rng.random() < 0.8  # noqa: PLR2004
    when = due + (due - stay.starts_at) * late
    if drawn < well and when < stay.ends_at:
        return target + rng.randint(0, target // 4 + 1), when if written else None
    return int(target * rng.uniform(0.1, 0.95)), None


def account_attributes(seed: int, stories: Sequence[Story], world: World) -> Iterator[dict[str, str]]:
    """Rows of account_attributes: whether someone above speaks for us there, and who looks after the account."""
    for story in stories:
        life = story.life
        if life.segment.name not in _LARGE:
            continue
        rng = stream(seed, f"attributes/{life.number}")
        for value, since in _sponsor(story):
            if since < world.closes:
                yield _attribute(life.account_id, "sponsor", value, since)
        yield _attribute(life.account_id, "care", "pooled", life.created_at)
        named = life.created_at + timedelta(days=rng.randint(60, 400))
        if rng.random() < 0.3 and named < world.closes:  # noqa: PLR2004
            yield _attribute(life.account_id, "care", "named", named)


def _sponsor(story: Story) -> Iterator[tuple[str, datetime]]:
    yield "no", story.life.created_at
    if story.sponsor:
        since, until = story.sponsor
        yield "yes", since
        if until:
            yield "no", until


def _attribute(account_id: str, name: str, value: str, valid_from: datetime) -> dict[str, str]:
    return {"account_id": account_id, "name": name, "value": value, "valid_from": stamp(valid_from), "valid_to": ""}
