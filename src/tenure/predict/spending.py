"""What customers spend on a purchase: the gamma-gamma model.

A customer's purchases vary around a mean of its own as a gamma distribution of shape p; the means differ between customers
so that the scale is again a gamma distribution (q, v). What is spent does not depend on how often one buys.

P. S. Fader, B. G. S. Hardie and K. L. Lee, "RFM and CLV: using iso-value curves for customer base analysis", Journal of
Marketing Research 42 (4), 2005; "The gamma-gamma model of monetary value", 2013, by the first two.

The coordinates are the logarithms of p, of the mean p v / (q - 1), and of how much customers differ, 1 / (q - 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

from tenure.errors import ThinDataError
from tenure.predict.likelihood import maximum, variance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenure.predict.likelihood import Maximum, Vector

SPENDERS = 20
"""Below so many customers that bought again nothing is said."""

_WHAT = "what customers spend on a purchase"
# Beyond these, in logarithms: a shape or a mean of nothing, customers all alike, or so unlike that they have no mean.
_WALL, _ALIKE, _APART = 12.0, 9.0, 4.0


@dataclass(frozen=True)
class Spender:
    """A customer's purchases after the first, and what they cost on average."""

    repeats: int
    mean: float


@dataclass(frozen=True)
class Spending:
    """A fitted gamma-gamma."""

    p: float
    q: float
    v: float
    peak: Maximum

    @property
    def mean(self) -> float:
        """What an average customer spends on a purchase: p v / (q - 1)."""
        return self.p * self.v / (self.q - 1)

    def expected(self, spender: Spender) -> float:
        """What one customer spends on a purchase: its own mean, drawn towards everyone's the fewer its purchases are."""
        seen = self.p * spender.repeats
        return self.p * (self.v + spender.repeats * spender.mean) / (seen + self.q - 1)

    @property
    def log_variance(self) -> float:
        """The variance of the logarithm of `mean`, from that of the fit."""
        return variance(self.peak, lambda at: float(at[1]))


def fit(spenders: Sequence[Spender]) -> Spending:
    """The gamma-gamma that makes these purchases likeliest.

    Raises:
        ThinDataError: too few customers, all spend alike, they have no common mean, or the likelihood is flat.
    """
    import numpy as np
    from scipy.special import gammaln

    if len(spenders) < SPENDERS:
        raise ThinDataError(
            f"Too few repeat buyers: {len(spenders)} customers bought again, and {SPENDERS} are the least to tell {_WHAT}."
        )
    x = np.array([spender.repeats for spender in spenders], dtype=float)
    mean = np.array([spender.mean for spender in spenders], dtype=float)
    # Money in its own unit, so that one start and one wall suit yen as well as dinars.
    unit = float(mean.mean())
    if float(mean.std()) <= unit * 1e-9:
        raise ThinDataError(
            f"All {len(spenders)} repeat buyers spend the same, which leaves nothing to fit of {_WHAT}."
        )
    spent = mean / unit

    def height(at: Vector) -> float:
        p, q, v = _parameters(at)
        return float(np.sum(
            gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * log(v)
            + (p * x - 1) * np.log(spent) + p * x * np.log(x) - (p * x + q) * np.log(x * spent + v)
        ))  # fmt: skip

    bounds = [(-_WALL, _WALL), (-_WALL, _WALL), (-_ALIKE, _APART)]
    peak = maximum(height, [(0.0, 0.0, 0.0), (2.0, 0.0, -1.0)], bounds, _WHAT)
    peak.point[1] += log(unit)
    return Spending(*_parameters(peak.point), peak)


def _parameters(at: Vector) -> tuple[float, float, float]:
    p, mean, apart = (exp(float(value)) for value in at)
    return p, 1 + 1 / apart, mean / (apart * p)
