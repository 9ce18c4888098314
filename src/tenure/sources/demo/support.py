"""What customers asked the support for, and what happened then: tickets with their histories.

New customers ask most, so do those whom the product serves badly; the incident brings a wave. Agents work on weekdays;
a bot answers chats at once, and its answers are not those of a human.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from tenure.sources.demo.birth import daytime, pick
from tenure.sources.demo.chance import stream, times
from tenure.sources.demo.rows import flag, stamp
from tenure.sources.demo.story import TROUBLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.life import Life
    from tenure.sources.demo.story import Stay, Story
    from tenure.sources.demo.world import World

_RATES = {"self-serve": 0.34, "mid-market": 0.85, "enterprise": 2.1}  # tickets a month of a customer of middling fit
_CHANNELS = {"email": 0.46, "chat": 0.31, "form": 0.17, "phone": 0.06}
_PRIORITIES = {"low": 0.22, "normal": 0.56, "high": 0.17, "urgent": 0.05}
_SLA_HOURS = {"low": 120, "normal": 72, "high": 24, "urgent": 8}
_FIRST_HOURS = {"low": 5.0, "normal": 2.0, "high": 0.8, "urgent": 0.3}
_WAVE = 0.34  # the share of customers who write during the incident
_SOLVED_AT_ONCE, _REOPENED, _UNKNOWN, _NAMELESS = 0.6, 0.07, 0.02, 0.05
_OPENS, _CLOSES, _SATURDAY = 7, 17, 5  # hours in UTC
_LEFT_OPEN = timedelta(days=4)  # a solved ticket is closed when nobody has said anything for so long


@dataclass(frozen=True)
class Topic:
    """What tickets are about: their titles, the features that they may name, and how often nobody needed to ask."""

    name: str
    share: float
    avoidable: float
    features: tuple[str, ...]
    subjects: tuple[str, ...]


TOPICS = {
    t.name: t
    for t in (
        Topic("how-to", 0.27, 0.62, ("boards", "tasks", "calendar", "reports", "automations"),
              ("How do I copy a board?", "Where do I find the archive?", "Can a task repeat every week?")),
        Topic("billing", 0.17, 0.3, ("",), ("Question about our invoice", "Please change the billing address",
              "Charged twice?")),
        Topic("access", 0.15, 0.7, ("",), ("Cannot sign in", "A colleague needs access", "The reset mail never came")),
        Topic("bug", 0.16, 0.04, ("boards", "tasks", "calendar", "comments", "reports"),
              ("Tasks vanish after moving", "The calendar shows the wrong day", "Comments appear twice")),
        Topic("integration", 0.11, 0.15, ("integrations",), ("The calendar does not connect", "Files do not attach")),
        Topic("performance", 0.06, 0.05, ("boards",), ("Boards load slowly", "The board does not open at all")),
        Topic("wish", 0.08, 0.1, ("reports", "automations", "boards"), ("Could reports be sent by mail?",
              "We miss dependencies between tasks", "A dark mode, please")),
    )
}  # fmt: skip


class Turn(NamedTuple):
    """One row of ticket_events."""

    when: datetime
    kind: str
    actor: str
    is_public: bool
    before: str = ""
    after: str = ""


@dataclass
class Ticket:
    """A ticket; `turns` are in the order of time and none lies behind the world's end. `pleased` is 0..1."""

    ticket_id: str
    life: Life
    account_id: str
    person_id: str
    created_at: datetime
    channel: str
    topic: Topic
    feature: str
    priority: str
    is_avoidable: bool
    pleased: float
    assignees: int = 1
    turns: list[Turn] = field(default_factory=list)

    def at(self, after: str) -> list[datetime]:
        """When its status became `after`."""
        return [turn.when for turn in self.turns if turn.after == after]

    def said(self, actor: str) -> list[datetime]:
        """When `actor` wrote something that the customer saw."""
        return [turn.when for turn in self.turns if turn.kind == "reply" and turn.actor == actor and turn.is_public]


def tickets(seed: int, stories: Sequence[Story], world: World) -> list[Ticket]:
    """All tickets in the order of the accounts."""
    made: list[Ticket] = []
    for story in stories:
        rng = stream(seed, f"support/{story.life.number}")
        for stay in story.stays:
            for when, ill in _asked(rng, story, stay, world):
                ticket = _opened(rng, story, when, world, ill=ill)
                ticket.ticket_id = f"tk-{len(made) + 1:06d}"
                turns = _conversation(rng, ticket, slow=2.5 if ill else 1.0)
                ticket.turns = [turn for turn in turns if turn.when < world.closes]
                made.append(ticket)
    return made


def _asked(rng: Random, story: Story, stay: Stay, world: World) -> Iterator[tuple[datetime, bool]]:
    """When the account asked for something, and whether it was for the incident."""
    for n in range((stay.ends_at - stay.starts_at).days // 7 + 1):
        begins = stay.starts_at + timedelta(days=7 * n)
        rate = _RATES[story.life.segment.name] * (1.5 - story.life.fit) * (2.2 if n < 6 else 1.0) * 7 / 30  # noqa: PLR2004
        if stay.line(begins).state in ("free", "paused"):
            rate *= 0.25
        rate *= 1 + 0.8 * stay.fade(begins)
        for _ in range(times(rng, rate)):
            when = daytime(rng, begins + timedelta(days=rng.randint(0, 6)))
            if when.weekday() >= _SATURDAY and rng.random() < 0.7:  # noqa: PLR2004
                when += timedelta(days=2)
            if stay.starts_at < when < stay.ends_at:
                yield when, False
    hit = rng.random() < _WAVE * (1.3 if story.was_hit else 0.3)
    when = world.incident + timedelta(minutes=20 + int(rng.triangular(0, TROUBLE.total_seconds() / 60, 300)))
    if hit and stay.starts_at < when < stay.ends_at and story.pays(when):
        yield when, True


def _opened(rng: Random, story: Story, when: datetime, world: World, *, ill: bool) -> Ticket:
    life = story.life
    topic = TOPICS["performance" if ill else pick(rng, {t.name: t.share for t in TOPICS.values()})]
    priority = pick(rng, {"normal": 0.2, "high": 0.5, "urgent": 0.3} if ill else _PRIORITIES)
    drawn = rng.random()
    here = [person for person in life.people if person.joined_at <= when] or life.people[:1]
    pleased = 0.55 * rng.random() + 0.5 * story.mood(when, world)
    return Ticket(
        ticket_id="",
        life=life,
        account_id="" if drawn < _UNKNOWN + _NAMELESS else life.id_at(when),
        person_id="" if drawn < _UNKNOWN else rng.choice(here).person_id,
        created_at=when,
        channel=pick(rng, _CHANNELS),
        topic=topic,
        feature=rng.choice(topic.features),
        priority=priority,
        is_avoidable=rng.random() < topic.avoidable,
        pleased=pleased,
    )


def _at_work(rng: Random, when: datetime) -> datetime:
    """The instant itself, if agents are at work, or early on their next day."""
    if when.weekday() < _SATURDAY and _OPENS <= when.hour < _CLOSES:
        return when
    days = 0 if when.weekday() < _SATURDAY and when.hour < _OPENS else 1
    if when.weekday() + days >= _SATURDAY:
        days += 7 - when.weekday() - days
    opens = (when + timedelta(days=days)).replace(hour=_OPENS, minute=0, second=0)
    return opens + timedelta(seconds=rng.randint(120, 7200))


def _conversation(rng: Random, ticket: Ticket, slow: float) -> Iterator[Turn]:
    """The ticket's turns, from its opening to its closing."""
    when, public = ticket.created_at, True
    yield Turn(when, "reply", "customer", public)
    if ticket.channel in ("chat", "form"):
        yield Turn(when + timedelta(seconds=rng.randint(2, 9)), "reply", "bot", public)
    yield Turn(when + timedelta(seconds=rng.randint(20, 240)), "assign", "system", is_public=False)
    hours = _FIRST_HOURS[ticket.priority] * slow * (0.15 if ticket.channel in ("chat", "phone") else 1.0)
    when = _at_work(rng, when + timedelta(seconds=300 + int(hours * 3600 * rng.lognormvariate(0, 0.8))))
    if rng.random() < 0.3:  # noqa: PLR2004 - agents who ask a colleague first
        yield Turn(when - timedelta(seconds=rng.randint(10, 40)), "note", "agent", is_public=False)
    if rng.random() < 0.15:  # noqa: PLR2004
        ticket.assignees += 1
        yield Turn(when - timedelta(seconds=5), "assign", "agent", is_public=False)
    yield Turn(when, "reply", "agent", public)
    status, easy = "new", _SOLVED_AT_ONCE + 0.25 * ticket.is_avoidable - (0.3 if slow > 1 else 0.0)
    while rng.random() > easy:
        yield Turn(when + timedelta(seconds=5), "status", "agent", public, status, "pending")
        when += timedelta(seconds=int(3600 * 9 * rng.lognormvariate(0, 0.9)))
        yield Turn(when, "reply", "customer", public)
        yield Turn(when + timedelta(seconds=1), "status", "system", public, "pending", "open")
        status, when = "open", _at_work(rng, when + timedelta(seconds=300 + int(hours * 3600 * rng.expovariate(0.8))))
        yield Turn(when, "reply", "agent", public)
    yield from _solved(rng, when, status, reopens=rng.random() < _REOPENED * (2.2 if slow > 1 else 1.0))


def _solved(rng: Random, when: datetime, status: str, *, reopens: bool) -> Iterator[Turn]:
    when += timedelta(seconds=rng.randint(5, 600))
    yield Turn(when, "status", "agent", is_public=True, before=status, after="solved")
    if reopens:
        when += timedelta(seconds=rng.randint(3600, int(_LEFT_OPEN.total_seconds()) - 3600))
        yield Turn(when, "reply", "customer", is_public=True)
        yield Turn(when + timedelta(seconds=1), "status", "system", is_public=True, before="solved", after="open")
        when = _at_work(rng, when + timedelta(seconds=int(3600 * 4 * rng.lognormvariate(0, 0.7))))
        yield Turn(when, "reply", "agent", is_public=True)
        when += timedelta(seconds=60)
        yield Turn(when, "status", "agent", is_public=True, before="open", after="solved")
    yield Turn(when + _LEFT_OPEN, "status", "system", is_public=True, before="solved", after="closed")


def ticket_rows(made: Sequence[Ticket]) -> Iterator[dict[str, str]]:
    """Rows of tickets, with what a help desk reports of their histories."""
    for ticket in made:
        solved, replies = ticket.at("solved"), ticket.said("agent")
        reopens = sum(turn.before == "solved" and turn.after == "open" for turn in ticket.turns)
        yield {
            "ticket_id": ticket.ticket_id,
            "account_id": ticket.account_id,
            "person_id": ticket.person_id,
            "created_at": stamp(ticket.created_at),
            "channel": ticket.channel,
            "topic": ticket.topic.name,
            "feature": ticket.feature,
            "priority": ticket.priority,
            "status": next((turn.after for turn in reversed(ticket.turns) if turn.after), "new"),
            "first_reply_at": stamp(replies[0] if replies else None),
            "first_solved_at": stamp(solved[0] if solved else None),
            "solved_at": stamp(solved[-1] if solved else None),
            "closed_at": stamp(max(ticket.at("closed"), default=None)),
            "reopens": str(reopens),
            "agent_replies": str(len(replies)),
            "customer_replies": str(len(ticket.said("customer")) - 1),
            "assignees": str(ticket.assignees),
            "sla_due_at": stamp(ticket.created_at + timedelta(hours=_SLA_HOURS[ticket.priority])),
            "is_avoidable": flag(ticket.is_avoidable),
            "first_contact_resolved": flag(len(replies) == 1 and not reopens) if solved else "",
            "subject": ticket.topic.subjects[int(ticket.ticket_id[3:]) % len(ticket.topic.subjects)],
        }


def ticket_event_rows(made: Sequence[Ticket]) -> Iterator[dict[str, str]]:
    """Rows of ticket_events; the first turn of a ticket is its opening."""
    for ticket in made:
        for seq, turn in enumerate(ticket.turns, start=1):
            yield {
                "ticket_id": ticket.ticket_id,
                "seq": str(seq),
                "happened_at": stamp(turn.when),
                "kind": turn.kind,
                "actor": turn.actor,
                "is_public": flag(turn.is_public),
                "from_status": turn.before,
                "to_status": turn.after,
            }


def exclusions(made: Sequence[Ticket]) -> Iterator[dict[str, str]]:
    """Tickets from nobody that an agent has called spam since: one in fifty of them."""
    for ticket in [ticket for ticket in made if not ticket.person_id][::50]:
        yield {"table_name": "tickets", "id": ticket.ticket_id, "reason": "spam"}
