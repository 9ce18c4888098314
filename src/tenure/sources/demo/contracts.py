"""The terms of those who pay by the year, each with what became of it when it was up for renewal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tenure.sources.demo.chance import stream
from tenure.sources.demo.price import due
from tenure.sources.demo.rows import stamp
from tenure.sources.demo.world import months_later

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from tenure.sources.demo.life import Life, Line, Subscription
    from tenure.sources.demo.world import World

_UNSIGNED = timedelta(days=25)  # a renewal may still lie unsigned for so long


@dataclass(frozen=True)
class Term:
    """A year that was paid in advance; `following` is the line with which the next one begins, if it has begun."""

    made: Subscription
    starts_at: datetime
    ends_at: datetime
    line: Line
    following: Line | None


def terms(made: Subscription, world: World) -> Iterator[Term]:
    """The yearly terms of a subscription that have begun, in the order of time."""
    lines = [line for line in made.lines if line.interval == "year" and line.state != "trial"]
    if not lines:
        return
    first, k = lines[0].starts_at, 0
    while (opens := months_later(first, 12 * k)) < min(world.closes, made.ends_at or world.closes):
        closes = months_later(first, 12 * (k + 1))
        known = [line for line in lines if line.starts_at <= opens] or lines
        goes_on = closes < world.closes and (made.ends_at is None or made.ends_at > closes)
        after = [line for line in lines if line.starts_at <= closes]
        yield Term(made, opens, closes, known[-1], after[-1] if goes_on else None)
        k += 1


def contracts(seed: int, lives: Sequence[Life], world: World) -> Iterator[dict[str, str]]:
    """Rows of contracts; the account is the one that signed, whatever its id became."""
    number = 0
    for life in lives:
        rng = stream(seed, f"contracts/{life.number}")
        for made in life.history:
            for term in terms(made, world):
                number += 1
                yield {"contract_id": f"ct-{number:05d}", **_row(rng, life, term, world)}


def _row(rng: Random, life: Life, term: Term, world: World) -> dict[str, str]:
    value = due(term.line)
    outcome, decided, renewed, more = "open", None, None, None
    ended, days = term.made.ends_at, rng.randint(1, 40)
    unsigned = rng.random() < 0.3 and world.closes - term.ends_at < _UNSIGNED  # noqa: PLR2004
    if ended is not None and ended <= term.ends_at:
        outcome, decided = "lost", min(term.made.cancel_requested_at or ended, ended)
    elif term.following and not unsigned:
        now = due(term.following)
        outcome, decided = "renewed", term.ends_at - timedelta(days=days)
        renewed, more = min(value, now), max(Decimal(0), now - value)
    if decided and decided >= world.closes:
        outcome, decided = "open", None
    return {
        "account_id": life.account_id,
        "subscription_id": term.made.subscription_id,
        "starts_on": term.starts_at.date().isoformat(),
        "ends_on": term.ends_at.date().isoformat(),
        "value": str(value),
        "currency": life.currency,
        "outcome": outcome,
        "decided_at": stamp(decided),
        "renewed_value": "" if renewed is None else str(renewed),
        "expansion_value": "" if more is None else str(more),
    }
