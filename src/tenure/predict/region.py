"""How far a lifetime may be from the truth: the range that it has over all models that fit nearly as well as the best.

The interval of the likelihood ratio: all (mu, kappa) whose log-likelihood is at most 1.92 below the highest, which is half the
95 % point of chi-square with one degree (D. J. Venzon and S. H. Moolgavkar, "A method for computing profile-likelihood-based
confidence intervals", Applied Statistics 37, 1988). The delta method would be quicker, but it misses where few customers have
left: their lifetimes lean far to one side, and kappa stands at its wall. The curve has two parameters, so that the region can
simply be walked through: no bootstrap is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenure.predict.likelihood import Vector

_BELOW = 1.920729410347062
_ROWS, _HALVINGS = 40, 45


def bounds(
    kept: Vector, lost: Vector, height: float, best: float, most: float, worth: Callable[[Vector, Vector], Vector]
) -> tuple[float, float] | None:
    """The least and the most of `worth` over the region; None where the region has no end.

    Args:
        kept: How many renewed at each renewal.
        lost: How many left.
        height: The highest log-likelihood.
        best: kappa / (1 + kappa) where it is highest.
        most: The most that this may be.
        worth: The value for each of a row of (mu, kappa); it falls with mu.
    """
    import numpy as np

    before = np.arange(len(kept), dtype=np.float64)
    # From the best outwards by halves, so that the region is met however small it is; then ever finer rows over it.
    steps = np.append(0.5 ** np.arange(_ROWS, dtype=np.float64), 0.0)
    spread = np.unique(np.concatenate([best - best * steps, best + (most - best) * steps]))
    found = (0.0, 0.0)
    for _ in range(3):
        kappa = spread / (1 - spread)
        scale = 1 + kappa[:, None] * before[None, :]

        def rises(mu: Vector, scale: Vector = scale) -> Vector:
            return _slope(mu, scale, kept, lost)

        summit = _crossing(rises, np.zeros(len(kappa)), np.ones(len(kappa)))
        inside = _height(summit, scale, kept, lost) >= height - _BELOW
        if not inside.any():
            return None
        rows = np.flatnonzero(inside)
        if spread[rows[-1]] >= most:
            return None
        scale, peak, kappa = scale[inside], summit[inside], kappa[inside]

        def above(mu: Vector, scale: Vector = scale) -> Vector:
            return _height(mu, scale, kept, lost) - height + _BELOW

        high = _crossing(above, peak, np.ones(len(peak)))
        low = _crossing(lambda mu: -above(mu), np.zeros(len(peak)), peak)
        found = float(np.min(worth(high, kappa))), float(np.max(worth(low, kappa)))
        spread = np.linspace(spread[max(rows[0] - 1, 0)], spread[min(rows[-1] + 1, len(spread) - 1)], _ROWS)
        spread = np.unique(np.append(spread, best))
    return found


def _crossing(function: Callable[[Vector], Vector], low: Vector, high: Vector) -> Vector:
    """Where a function that is above 0 at `low` and below at `high` crosses it, for each of a row, by halving."""
    import numpy as np

    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        is_above = function(middle) > 0
        low, high = np.where(is_above, middle, low), np.where(is_above, high, middle)
    return (low + high) / 2


def _height(mu: Vector, scale: Vector, kept: Vector, lost: Vector) -> Vector:
    import numpy as np

    loss = mu[:, None] / scale
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.where(lost > 0, lost * np.log(loss), 0.0) + np.where(kept > 0, kept * np.log1p(-loss), 0.0)
    return np.asarray(found.sum(axis=1), dtype=np.float64)


def _slope(mu: Vector, scale: Vector, kept: Vector, lost: Vector) -> Vector:
    import numpy as np

    with np.errstate(divide="ignore"):
        found = (lost / mu[:, None] - np.where(kept > 0, kept / (scale - mu[:, None]), 0.0)).sum(axis=1)
    return np.asarray(found, dtype=np.float64)
