"""The billing migration: one night some accounts move to a new system, and get new ids there.

Nothing changes for those customers: the old subscription ends at the instant at which the new one begins, at the same
price. Only `account_links` tell that both ids are one customer; without them it looks like churn and new business.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.life import Life, Subscription

_QUIET = timedelta(days=1)


def _crosses(made: Subscription, when: datetime) -> bool:
    """Whether the subscription pays on both sides of the night, without a change of its own near it."""
    edges = [edge for line in made.lines for edge in (line.starts_at, line.ends_at) if edge]
    around = [line for line in made.lines if line.starts_at < when and (line.ends_at is None or line.ends_at > when)]
    return bool(around) and around[0].state == "active" and all(abs(edge - when) > _QUIET for edge in edges)


def move(rng: Random, lives: Sequence[Life], when: datetime, count: int) -> list[Life]:
    """Moves up to `count` customers on `when`; returns those moved."""
    able = [
        life
        for life in lives
        if not life.is_test
        and any(_crosses(s, when) for s in life.subscriptions)
        and all(_crosses(s, when) for s in life.subscriptions if s.ends_at is None or s.ends_at > when - _QUIET)
    ]
    chosen = sorted(rng.sample(able, min(count, len(able))), key=lambda life: life.number)
    for life in chosen:
        life.moved_to, life.moved_at = f"mv-{life.number:05d}", when
        life.unmoved, life.subscriptions = life.subscriptions, list(_moved(life, when))
    return chosen


def _moved(life: Life, when: datetime) -> Iterable[Subscription]:
    for made in life.subscriptions:
        if made.created_at >= when:
            made.account_id = life.moved_to
        if not _crosses(made, when):
            yield made
            continue
        cut = next(n for n, line in enumerate(made.lines) if line.ends_at is None or line.ends_at > when)
        yield replace(
            made,
            lines=[*made.lines[:cut], replace(made.lines[cut], ends_at=when)],
            cancel_requested_at=None, ends_at=when, end_kind="", end_reason="migrated",
        )  # fmt: skip
        yield replace(
            made,
            subscription_id="mv" + made.subscription_id,
            account_id=life.moved_to,
            created_at=when,
            trial_started_at=None,
            trial_ends_at=None,
            lines=[replace(made.lines[cut], starts_at=when, reason="migration"), *made.lines[cut + 1 :]],
        )
