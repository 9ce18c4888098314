"""Exchange rates against the company's currency: a random walk that is drawn back to where it came from."""

from __future__ import annotations

import math
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenure.sources.demo.world import World

_LEVELS = {"CHF": (1.03, 0.0028), "GBP": (1.17, 0.0034), "USD": (0.92, 0.0045)}  # long-run rate, daily volatility
_PULL = 0.008
_WEEKEND = 5


def rates(seed: int, world: World) -> list[dict[str, str]]:
    """Rows of fx_rates for every working day of the window, as central banks publish them, six decimals."""
    rows = []
    for currency, (level, volatility) in _LEVELS.items():
        rng, distance = Random(f"{seed}/rates/{currency}"), 0.0  # noqa: S311 - a simulation, no secret
        for n in range((world.closes - world.opens).days):
            day = world.opens + timedelta(days=n)
            if day.weekday() >= _WEEKEND:
                continue
            distance += rng.gauss(0, volatility) - _PULL * distance
            rate = f"{level * math.exp(distance):.6f}"
            rows.append({"day": day.date().isoformat(), "currency": currency, "rate": rate})
    return rows
