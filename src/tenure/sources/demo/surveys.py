"""What was asked and answered: NPS every quarter, CSAT after tickets, ease after tickets and onboarding; many stay silent.

A score comes from the mood of the day, so that those who will leave are mostly among the detractors.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from tenure.sources.demo.birth import daytime
from tenure.sources.demo.chance import stream
from tenure.sources.demo.rows import stamp
from tenure.sources.demo.words import complaint, praise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from tenure.sources.demo.life import Person
    from tenure.sources.demo.story import Story
    from tenure.sources.demo.support import Ticket
    from tenure.sources.demo.world import World

_QUARTER, _NPS_DAY = (2, 5, 8, 11), 12
_KNOWN_FOR = timedelta(days=30)
_ANSWERS = {"nps": 0.34, "csat": 0.4, "ces": 0.36}
_ASKED_AFTER = {"csat": 0.45, "ces": 0.15}  # the shares of solved tickets
_COMMENTS = 0.42
_HAPPY = 0.6


class Asked(NamedTuple):
    """A survey to one person, and the mood in which it is met."""

    survey: str
    survey_id: str
    account_id: str
    person: Person
    sent_at: datetime
    mood: float
    touchpoint: str
    reason: str  # what the customer is unhappy about, if so
    ticket_id: str = ""


def responses(seed: int, stories: Sequence[Story], tickets: Sequence[Ticket], world: World) -> Iterator[dict[str, str]]:
    """Rows of responses, answered or not."""
    told = {story.life.number: story for story in stories}
    asked = (*_quarterly(seed, stories, world), *_launched(stories, world), *_solved(seed, told, tickets, world))
    rng = stream(seed, "surveys/answers")
    for number, one in enumerate(asked, start=1):
        yield {"response_id": f"re-{number:06d}", **_row(rng, one, world)}


def _quarterly(seed: int, stories: Sequence[Story], world: World) -> Iterator[Asked]:
    """Everyone who has used it for a month is asked for NPS in the middle of each quarter; half of the members are spared."""
    years = range(world.opens.year, world.closes.year + 1)
    for day in (datetime(year, month, _NPS_DAY) for year in years for month in _QUARTER):  # noqa: DTZ001 - naive UTC
        rng, wave = stream(seed, f"nps/{day:%Y-%m}"), f"nps-{day.year}-q{_QUARTER.index(day.month) + 1}"
        for story in stories:
            for person in story.life.people:
                when = daytime(rng, day)
                spared = person.role == "member" and rng.random() < 0.5  # noqa: PLR2004
                if spared or when >= world.closes or when - person.joined_at < _KNOWN_FOR or not story.pays(when):
                    continue
                yield Asked("nps", wave, story.life.id_at(when), person, when, story.mood(when, world) + 0.06,
                            "relationship", _grievance(story, when, world))  # fmt: skip


def _launched(stories: Sequence[Story], world: World) -> Iterator[Asked]:
    """The owner is asked how easy it was, a day after the launch."""
    for story in stories:
        launched = story.life.launched_at
        if launched is None or not story.pays(when := launched + timedelta(days=1)) or when >= world.closes:
            continue
        yield Asked("ces", "ces-onboarding", story.life.id_at(when), story.life.people[0], when,
                    story.mood(when, world) + 0.1, "onboarding", _grievance(story, when, world))  # fmt: skip


def _solved(seed: int, told: dict[int, Story], tickets: Sequence[Ticket], world: World) -> Iterator[Asked]:
    """After a ticket is solved; the wait for the first answer and every further answer spoil the mood."""
    rng = stream(seed, "surveys/tickets")
    for ticket in tickets:
        drawn, solved = rng.random(), ticket.at("solved")
        person = next((p for p in ticket.life.people if p.person_id == ticket.person_id), None)
        survey = next((name for name, share in _ASKED_AFTER.items() if (drawn := drawn - share) < 0), None)
        if survey is None or person is None or not solved or (when := solved[-1] + timedelta(hours=2)) >= world.closes:
            continue
        replies = ticket.said("agent")
        waited = (replies[0] - ticket.created_at) / timedelta(days=1)
        mood = ticket.pleased + 0.28 - 0.1 * min(waited, 3) - 0.06 * (len(replies) - 1)
        story = told[ticket.life.number]
        reason = "support" if waited > 1 else _grievance(story, when, world)
        yield Asked(survey, f"{survey}-support", ticket.account_id, person, when, mood, "support", reason,
                    ticket.ticket_id)  # fmt: skip


def _grievance(story: Story, when: datetime, world: World) -> str:
    """What a customer complains of: the incident while it is fresh, the reason for leaving, else anything."""
    if story.was_hit and world.incident <= when < world.incident + timedelta(days=30):
        return "unreliable"
    stay = story.stay(when)
    return stay.made.end_reason if stay and stay.asked_at else ""


def _row(rng: Random, one: Asked, world: World) -> dict[str, str]:
    """One survey as a row; the earlier ease surveys had a scale of five, on which 1 was the best."""
    answered = one.sent_at + timedelta(minutes=1 + int(rng.lognormvariate(5.5, 1.6)))
    answers = rng.random() < _ANSWERS[one.survey] and answered < min(world.closes, one.sent_at + timedelta(days=21))
    mood, old = one.mood + rng.gauss(0, 0.17), one.survey == "ces" and one.sent_at < world.addon
    score, low, high = _score(one.survey, mood, old=old)
    speaks, comment = rng.random() < _COMMENTS, ""
    if answers and speaks:
        locale = one.person.locale
        comment = praise(rng, locale) if mood > _HAPPY else complaint(rng, locale, one.reason)
    return {
        "survey": one.survey,
        "survey_id": one.survey_id,
        "account_id": one.account_id,
        "person_id": one.person.person_id,
        "sent_at": stamp(one.sent_at),
        "answered_at": stamp(answered) if answers else "",
        "score": str(score) if answers else "",
        "scale_min": low,
        "scale_max": high,
        "higher_is_better": "false" if old else "true",
        "touchpoint": one.touchpoint,
        "ticket_id": one.ticket_id,
        "comment": comment,
    }


def _score(survey: str, mood: float, *, old: bool) -> tuple[int, str, str]:
    """The score for a mood, with the ends of the scale where they are not the usual ones."""
    if survey == "nps":
        return max(0, min(10, round(2.5 + 8.6 * mood))), "", ""
    if survey == "csat":
        return max(1, min(5, round(1.6 + 4.0 * mood))), "", ""
    if old:
        return max(1, min(5, round(5.4 - 4.2 * mood))), "1", "5"
    return max(1, min(7, round(1.8 + 5.6 * mood))), "", ""
