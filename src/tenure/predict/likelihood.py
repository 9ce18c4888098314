"""The maximum of a likelihood, and how sure its place is.

A model gives its log-likelihood over coordinates in which it has no walls near its maximum: logarithms of what is above 0.
The variance of what follows from it is the delta method's (A. W. van der Vaart, "Asymptotic statistics", 1998, chapter 3): a
bootstrap would say nearly the same for hundreds of fits in place of one, and another number each time it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log
from typing import TYPE_CHECKING

from tenure.errors import ExtraMissingError, ThinDataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Vector = NDArray[np.float64]
    Bounds = Sequence[tuple[float, float]]

_STEP = 1e-4
# A slope as steep as this, for each unit of log-likelihood, is no summit.
_FLAT = 1e-5
# An interval that goes to ten times where it begins says nothing.
_WIDEST = 10.0


@dataclass(frozen=True)
class Maximum:
    """Where a likelihood is highest: the coordinates, their covariance, and the log-likelihood there."""

    point: Vector
    covariance: Vector
    height: float


def maximum(height: Callable[[Vector], float], starts: Sequence[Sequence[float]], bounds: Bounds, what: str) -> Maximum:
    """The highest point of a log-likelihood within bounds.

    Args:
        height: The log-likelihood; it must also be known a little beyond the bounds.
        starts: Points to begin from, one after the other until a summit is reached.
        bounds: The least and the most of each coordinate. At its least a coordinate may be true, at its most the data
            do not hold it.
        what: What the model is about, as the end of a sentence on data that cannot carry it.

    Raises:
        ThinDataError: no summit is found, or the likelihood is flat there.
    """
    import numpy as np
    from scipy.optimize import minimize

    def depth(point: Vector) -> float:
        found = -height(point)
        return found if isfinite(found) else 1e12

    def slope(point: Vector) -> Vector:
        return _slope(depth, point)

    least, most = np.array(bounds).T
    options = {"maxiter": 500, "ftol": 1e-12, "gtol": 1e-6}
    for start in starts:
        best = minimize(depth, np.array(start), jac=slope, bounds=bounds, method="L-BFGS-B", options=options)
        point, bottom = np.asarray(best.x, dtype=np.float64), float(best.fun)
        inside = (point > least) & (point < most)
        is_steep = bool(np.any((np.abs(slope(point)) > _FLAT * max(1.0, abs(bottom))) & inside))
        if not is_steep and bool(np.all(point < most)):
            return Maximum(point, _covariance(depth, point, ~inside, what), -bottom)
    raise ThinDataError(flat(what))


def variance(peak: Maximum, log_value: Callable[[Vector], float]) -> float:
    """The variance of a function of the coordinates at the maximum."""
    slope = _slope(log_value, peak.point)
    return float(slope @ peak.covariance @ slope)


def refuse_wide(width: float, what: str) -> None:
    """Raises a sentence where an interval, from the logarithm of its low end to that of its high one, leaves all open.

    Raises:
        ThinDataError: it does.
    """
    if not width < log(_WIDEST):
        raise ThinDataError(flat(what))


def need_libraries() -> None:
    """Raises a sentence where the libraries of this room are not installed.

    Raises:
        ExtraMissingError: they are not.
    """
    try:
        import numpy as np
        import scipy  # noqa: F401 - only whether it is there
    except ImportError as fault:
        message = (
            f"A prediction needs numpy and scipy, and {fault.name} is not installed: pip install 'tenure[predict]'."
        )
        raise ExtraMissingError(message) from fault
    del np


def flat(what: str) -> str:
    """The sentence on data that do not tell `what`."""
    return f"The likelihood is flat: many values fit these data alike, so they do not tell {what}."


def _slope(function: Callable[[Vector], float], point: Vector) -> Vector:
    import numpy as np

    steps = np.eye(len(point)) * _STEP
    slopes = [(function(point + step) - function(point - step)) / (2 * _STEP) for step in steps]
    return np.array(slopes, dtype=np.float64)


def _covariance(depth: Callable[[Vector], float], point: Vector, walled: NDArray[np.bool_], what: str) -> Vector:
    """The inverse of the curvature; where it bends the wrong way beyond a wall, that coordinate is taken as known."""
    import numpy as np

    steps = np.eye(len(point)) * _STEP
    bend = np.array([(_slope(depth, point + step) - _slope(depth, point - step)) / (2 * _STEP) for step in steps])
    bend = (bend + bend.T) / 2
    for free in (np.ones(len(point), dtype=bool), ~walled):
        part = bend[np.ix_(free, free)]
        if bool(np.all(np.isfinite(part))) and float(np.min(np.linalg.eigvalsh(part))) > _FLAT:
            whole: Vector = np.zeros(bend.shape)
            whole[np.ix_(free, free)] = np.linalg.inv(part)
            return whole
    raise ThinDataError(flat(what))
