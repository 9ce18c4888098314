"""Streams of chance: each part of a life draws from its own, so that a part that is added leaves the others as they were."""

from __future__ import annotations

import math
from random import Random


def stream(seed: int, name: str) -> Random:
    """The stream of a name: the same numbers for a seed, whatever else is drawn."""
    return Random(f"{seed}/{name}")  # noqa: S311 - a simulation, no secret


def times(rng: Random, rate: float) -> int:
    """How often a thing happens that happens `rate` times on average, each time by itself (Poisson, after Knuth)."""
    limit, count, product = math.exp(-rate), 0, rng.random()
    while product > limit:
        count, product = count + 1, product * rng.random()
    return count
