"""What people did in the product: events, in visits, on the days on which they came.

People come the more often the better the product serves them, less at weekends and around the new year, and ever less
once they have turned away. On the days of the incident the boards are slow and fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate
from typing import TYPE_CHECKING

from tenure.sources.demo.chance import stream
from tenure.sources.demo.story import TROUBLE
from tenure.sources.demo.world import PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.life import Line, Person
    from tenure.sources.demo.story import Stay, Story
    from tenure.sources.demo.world import World


@dataclass(frozen=True)
class Feature:
    """A part of the product: what is done in it, how much, for how long (seconds), and from which plan on."""

    name: str
    does: tuple[str, ...]
    weight: float
    seconds: int
    rank: int = 0


FEATURES = (
    Feature("boards", ("board_viewed", "board_viewed", "plan_published"), 5.0, 240),
    Feature("tasks", ("task_created", "task_done", "task_done"), 5.0, 60),
    Feature("calendar", ("calendar_viewed",), 2.0, 110),
    Feature("comments", ("comment_written",), 1.8, 75),
    Feature("integrations", ("calendar_connected", "file_attached"), 0.7, 90, rank=1),
    Feature("reports", ("report_viewed", "report_shared"), 1.2, 200, rank=2),
    Feature("automations", ("rule_edited",), 0.5, 300, rank=3),
)
_MOBILE = Feature("mobile", ("task_done", "comment_written"), 1.6, 45)
_INSIGHTS = Feature("insights", ("insight_viewed", "insight_viewed", "report_shared"), 2.0, 260)
_BASICS = ("boards", "tasks")
_STATES = {"trial": 1.0, "free": 0.4, "paused": 0.04}
_WEEK = (1.0, 1.08, 1.08, 1.02, 0.86, 0.16, 0.13)
_MONTHS = (0.97, 1.0, 1.02, 1.0, 0.98, 0.97, 0.86, 0.78, 1.03, 1.04, 1.04, 0.88)
_AMBITION = 0.45  # the share of days on which a keen user of a well served customer comes
_MORE, _FAILS, _FAILS_ILL = 0.8, 0.006, 0.3
_VISITS_OF_OUR_OWN, _HALF_GONE, _GUEST_DAYS = 0.5, 0.5, 30
_LAST_SECOND = 86_399


@dataclass(frozen=True)
class Day:
    """A day of the world: how many come on it, and whether the boards are ill."""

    opens: datetime
    text: str
    season: float
    is_ill: bool


@dataclass(frozen=True)
class Kit:
    """What is at hand to a visitor, as chance picks from it."""

    features: tuple[Feature, ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, features: Sequence[Feature]) -> Kit:
        """A kit of at least one feature."""
        return cls(tuple(features), tuple(accumulate(feature.weight for feature in features)))


def events(seed: int, stories: Sequence[Story], own: Sequence[Person], world: World) -> Iterator[dict[str, str]]:
    """Rows of events, numbered in the order of the accounts; those of the company's own people come last."""
    days = [_day(world.opens + timedelta(days=n), world) for n in range((world.closes - world.opens).days)]
    rows = (row for part in (_used(seed, stories, days, world), _used_by_us(seed, own, days)) for row in part)
    for number, row in enumerate(rows, start=1):
        row["event_id"] = f"ev-{number:07d}"
        yield row


def _day(opens: datetime, world: World) -> Day:
    festive = (opens.month, opens.day) >= (12, 24) or (opens.month, opens.day) == (1, 1)
    season = _WEEK[opens.weekday()] * _MONTHS[opens.month - 1] * (0.2 if festive else 1.0)
    is_ill = world.incident.date() <= opens.date() <= (world.incident + TROUBLE).date()
    return Day(opens, f"{opens:%Y-%m-%d}", season, is_ill)


def _used(seed: int, stories: Sequence[Story], days: Sequence[Day], world: World) -> Iterator[dict[str, str]]:
    for story in stories:
        rng = stream(seed, f"usage/{story.life.number}")
        liked = {f.name for f in (*FEATURES, _MOBILE, _INSIGHTS) if rng.random() < 0.25 + 0.75 * story.life.fit}
        keen = [(person, rng.betavariate(2.2, 2.2) + 0.25) for person in story.life.people]
        for stay in story.stays:
            yield from _stayed(rng, (story, stay), (liked, keen), days, world)


def _stayed(
    rng: Random, where: tuple[Story, Stay], who: tuple[set[str], list[tuple[Person, float]]],
    days: Sequence[Day], world: World,
) -> Iterator[dict[str, str]]:  # fmt: skip
    """Visits from the day after the start of the stay to its last full day; what holds for a week is settled by the week."""
    (story, stay), (liked, keen) = where, who
    first = (stay.starts_at - world.opens).days + 1
    last = min(len(days), (stay.ends_at - world.opens).days)
    served = _AMBITION * (0.3 + 0.8 * story.life.fit) * (0.6 if story.stalls_at is not None else 1.0)
    for begins in range(first, last, 7):
        line, fade = stay.line(days[begins].opens), stay.fade(days[begins].opens)
        pull = served * _STATES.get(line.state, 1.0) * (1 - 0.85 * fade)
        kit = Kit.of([*_at_hand(story, line, days[begins].opens, liked, fade, world)])
        for n in range(begins, min(last, begins + 7)):
            day, here = days[n], pull * days[n].season
            account_id = story.life.id_at(day.opens)
            for person, keenness in keen:
                if rng.random() < here * keenness and day.opens >= person.joined_at:
                    guest = person.alias and n - first <= _GUEST_DAYS and n % 3 == 0
                    yield from _visit(rng, account_id, person.alias if guest else person.person_id, day, kit)
            if "integrations" in liked and rng.random() < here * 0.3:
                second = rng.randrange(_LAST_SECOND)
                yield _event((account_id, "", ""), day, second, ("sync_run", "integrations"), 2)


def _used_by_us(seed: int, own: Sequence[Person], days: Sequence[Day]) -> Iterator[dict[str, str]]:
    """The company's own people try what they build; no number may count them."""
    rng, kit = stream(seed, "usage/own"), Kit.of(FEATURES)
    for person in own:
        for day in days[::3]:
            if rng.random() < _VISITS_OF_OUR_OWN * day.season:
                yield from _visit(rng, "", person.person_id, day, kit)


def _at_hand(story: Story, line: Line, when: datetime, liked: set[str], fade: float, world: World) -> Iterator[Feature]:
    """What an account uses: what its plan has and it likes; who turns away is soon back at the two that all have."""
    for feature in FEATURES:
        likes = feature.name in liked and fade < _HALF_GONE and feature.rank <= PLANS[line.plan].rank
        if likes or feature.name in _BASICS:
            yield feature
    if "mobile" in liked and when >= world.mobile:
        yield _MOBILE
    addons = (made for made in story.life.history if made.now.plan == "insights")
    if any(made.created_at <= when and (made.ends_at is None or when < made.ends_at) for made in addons):
        yield _INSIGHTS


def _visit(rng: Random, account_id: str, person_id: str, day: Day, kit: Kit) -> Iterator[dict[str, str]]:
    """Signing in, and some things done after it."""
    second = int(rng.triangular(18_000, 70_000, 36_000))
    who = (account_id, person_id, f"{person_id[-5:]}-{day.text}")
    yield _event(who, day, second, ("signed_in", ""), 0)
    for feature in rng.choices(kit.features, cum_weights=kit.weights, k=1 + int(rng.expovariate(_MORE))):
        seconds, fails = 1 + int(rng.expovariate(1) * feature.seconds), _FAILS
        if day.is_ill:
            sick = 1.0 if feature.name == "boards" else 0.1
            seconds, fails = int(seconds * (1 + 2 * sick)), fails + _FAILS_ILL * sick
        does = feature.does[int(rng.random() * len(feature.does))]
        yield _event(who, day, second, (does, feature.name), seconds, fails=rng.random() < fails)
        second = min(_LAST_SECOND, second + min(seconds, 900) + 5)


def _event(
    who: tuple[str, str, str], day: Day, second: int, what: tuple[str, str], seconds: int, *, fails: bool = False
) -> dict[str, str]:
    """A row of events without its number. `who`: account, person and session."""
    minute, of_minute = divmod(second, 60)
    return {
        "event_id": "",
        "account_id": who[0],
        "person_id": who[1],
        "happened_at": f"{day.text}T{minute // 60:02d}:{minute % 60:02d}:{of_minute:02d}Z",
        "name": what[0],
        "feature": what[1],
        "session_id": who[2],
        "duration_s": str(seconds),
        "is_error": "true" if fails else "false",
    }
