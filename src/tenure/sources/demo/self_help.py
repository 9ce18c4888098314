"""Help that people found by themselves, or looked for in vain before they wrote to the support."""

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
    from tenure.sources.demo.support import Ticket
    from tenure.sources.demo.world import World

_CHANNELS = {"articles": 0.66, "bot": 0.22, "community": 0.09, "webinar": 0.03}
_RATE = 0.32  # a month of one person
_LOOKED_FIRST = 0.3  # the share of tickets before which somebody looked for help
_SAID = {"true": 0.4, "false": 0.14, "": 0.46}  # most say nothing on leaving


def help_sessions(
    seed: int, stories: Sequence[Story], tickets: Sequence[Ticket], world: World
) -> Iterator[dict[str, str]]:
    """Rows of help_sessions: first those that ended in a ticket (some name it), then the others."""
    rng = stream(seed, "help/tickets")
    for ticket in tickets:
        if ticket.person_id and rng.random() < _LOOKED_FIRST:
            when = ticket.created_at - timedelta(seconds=rng.randint(120, 7200))
            named = rng.random() < 0.6  # noqa: PLR2004
            yield {
                "session_id": f"hs-{ticket.ticket_id}",
                "account_id": ticket.account_id,
                "person_id": ticket.person_id,
                "happened_at": stamp(max(when, world.opens)),
                "channel": pick(rng, _CHANNELS),
                "resolved": "false" if named else "",
                "ticket_id": ticket.ticket_id if named else "",
            }
    number = 0
    for story in stories:
        rng = stream(seed, f"help/{story.life.number}")
        for stay in story.stays:
            for when in _looked(rng, story, stay):
                number += 1
                here = [person for person in story.life.people if person.joined_at <= when]
                yield {
                    "session_id": f"hs-{number:06d}",
                    "account_id": story.life.id_at(when),
                    "person_id": rng.choice(here).person_id if here else "",
                    "happened_at": stamp(when),
                    "channel": pick(rng, _CHANNELS),
                    "resolved": pick(rng, _SAID),
                    "ticket_id": "",
                }


def _looked(rng: Random, story: Story, stay: Stay) -> Iterator[datetime]:
    for n in range((stay.ends_at - stay.starts_at).days // 30 + 1):
        begins = stay.starts_at + timedelta(days=30 * n)
        for _ in range(times(rng, _RATE * len(story.life.people) * (1.8 if n == 0 else 1.0))):
            when = daytime(rng, begins + timedelta(days=rng.randint(0, 29)))
            if stay.starts_at < when < stay.ends_at:
                yield when
