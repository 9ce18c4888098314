"""The first weeks: the steps from the sale, or the trial, to the launch; some stall at one and never go on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.sources.demo.chance import stream
from tenure.sources.demo.rows import flag, stamp
from tenure.sources.demo.story import FIRST_VALUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.story import Stay, Story

STEPS = (  # name, is required
    ("workspace_created", True), ("team_invited", True), ("data_imported", True), ("first_plan_published", True),
    ("calendar_connected", False), ("first_report_shared", True), ("review_with_us", False),
)  # fmt: skip
_LAUNCH = 6  # the place of the last required step
_SKIPPED = 0.3  # the share of optional steps that are skipped
_TOUR = "tour"


def onboarding_steps(seed: int, stories: Sequence[Story]) -> Iterator[dict[str, str]]:
    """Rows of onboarding_steps: the account's own, and for larger customers a tour for each person."""
    for story in stories:
        rng = stream(seed, f"onboarding/{story.life.number}")
        stay = next((stay for stay in story.stays if stay.bought_at), next(iter(story.stays), None))
        if stay is None or stay.made.lines[0].state == "free":
            continue
        yield from _steps(rng, story, stay)
        if story.life.segment.name == "self-serve":
            continue
        for person in story.life.people:
            shown = max(person.joined_at, stay.starts_at)
            done = rng.random() < 0.3 + 0.5 * story.life.fit
            if shown < stay.ends_at:
                end = shown + timedelta(minutes=rng.randint(3, 40))
                done = done and end < stay.ends_at
                yield _row(story, _TOUR, (0, False), shown, (shown, end if done else None), person.person_id)


def _steps(rng: Random, story: Story, stay: Stay) -> Iterator[dict[str, str]]:
    """A trial that was not bought ends somewhere in the middle; a launch ends the last required step."""
    life = story.life
    begins = life.sale_closed_at or stay.starts_at
    stops = story.stalls_at or _last(rng, story)
    value = life.first_value_at or begins + timedelta(days=rng.randint(3, 20))
    launch = max(life.launched_at or value + timedelta(days=rng.randint(2, 15)), value)
    done = begins
    for position, (step, required) in enumerate(STEPS, start=1):
        shown = done
        if position <= FIRST_VALUE:
            done = begins + (value - begins) * position / FIRST_VALUE
        else:
            done = value + (launch - value) * min(1.0, (position - FIRST_VALUE) / 2)
        started = shown + (done - shown) * rng.uniform(0.1, 0.8)
        skipped = not required and rng.random() < _SKIPPED
        if shown >= stay.ends_at:
            return
        if skipped and done < stay.ends_at and position < stops:
            yield _row(story, step, (position, required), shown, (None, None), skipped_at=done)
            continue
        reached = started < stay.ends_at and position <= stops and not (position == stops and rng.random() < 0.5)  # noqa: PLR2004
        finished = done if position < stops and done < stay.ends_at else None
        yield _row(story, step, (position, required), shown, (started if reached or finished else None, finished))
        if finished is None:
            return


def _last(rng: Random, story: Story) -> int:
    """The place of the step that is not finished, of an account that has not stalled: it left before, or had its fill."""
    life = story.life
    if life.sale_closed_at is None:
        return rng.randint(1, FIRST_VALUE + 1)
    if life.first_value_at is None:
        return FIRST_VALUE
    return len(STEPS) + 1 if life.launched_at else _LAUNCH


def _row(
    story: Story, step: str, place: tuple[int, bool], shown_at: datetime,
    taken: tuple[datetime | None, datetime | None], person_id: str = "", skipped_at: datetime | None = None,
) -> dict[str, str]:  # fmt: skip
    return {
        "account_id": story.life.account_id,
        "person_id": person_id,
        "step": step,
        "position": str(place[0]) if place[0] else "",
        "is_required": flag(place[1]),
        "shown_at": stamp(shown_at),
        "started_at": stamp(taken[0]),
        "completed_at": stamp(taken[1]),
        "skipped_at": stamp(skipped_at),
    }
