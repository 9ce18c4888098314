"""How often customers without a contract buy, and until when: the beta-geometric / NBD model.

While a customer is active it buys at random at a rate of its own, lambda; after each purchase it is lost with a chance of
its own, p. Rates differ between customers as a gamma distribution (r, alpha), chances as a beta distribution (a, b).

P. S. Fader, B. G. S. Hardie and K. L. Lee, ""Counting your customers" the easy way: an alternative to the Pareto/NBD model",
Marketing Science 24 (2), 2005.

The coordinates are the logarithms of the mean rate r / alpha and of how much rates differ, 1 / r; the logit of the mean chance
a / (a + b), and the logarithm of how much chances differ, 1 / (a + b). So a company whose customers are alike has its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

from tenure.errors import ThinDataError
from tenure.predict.likelihood import maximum, variance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tenure.predict.likelihood import Maximum, Vector

CUSTOMERS, REPEATERS = 50, 20
"""Below so many customers, or so many that bought again, nothing is said."""

_WHAT = "how often customers buy and for how long"
# Beyond these, in logarithms: a rate of nothing or without end, customers all alike, or each wholly one way or the other.
_WALL, _ALIKE, _APART = 12.0, 7.0, 6.0
_NODES = 128


@dataclass(frozen=True)
class Buyer:
    """`count` customers alike: purchases after the first, when the last was and how long ago the first, in the same unit."""

    repeats: int
    recency: float
    age: float
    count: int = 1


@dataclass(frozen=True)
class Purchases:
    """A fitted BG/NBD; the rate is per unit of the buyers' time."""

    r: float
    alpha: float
    a: float
    b: float
    peak: Maximum

    def expected(self, time: float) -> float:
        """How many purchases a new customer makes within a `time` above 0 after its first one, which is not counted."""
        import numpy as np

        def counted(rate: Vector, chance: Vector) -> Vector:
            lost = np.maximum(rate * chance * time, 1e-300)
            return rate * time * -np.expm1(-lost) / lost

        return _mean((self.r, self.alpha, self.a, self.b), counted)

    def lifetime(self, discount: float) -> float:
        """How many purchases a new customer makes after its first one, each discounted by `discount` per unit of time: DET."""
        return _later((self.r, self.alpha, self.a, self.b), -log(discount))

    def log_variance(self, discount: float) -> float:
        """The variance of the logarithm of `lifetime(discount)`, from that of the fit."""
        return variance(self.peak, lambda at: log(_later(_parameters(at), -log(discount))))


def fit(buyers: Sequence[Buyer]) -> Purchases:
    """The BG/NBD that makes these purchases likeliest.

    Raises:
        ThinDataError: too few customers, or of those who bought again, or the likelihood is flat.
    """
    import numpy as np
    from scipy.special import betaln, gammaln

    _check(buyers)
    x = np.array([buyer.repeats for buyer in buyers], dtype=float)
    seen = np.array([buyer.recency for buyer in buyers], dtype=float)
    age = np.array([buyer.age for buyer in buyers], dtype=float)
    count = np.array([buyer.count for buyer in buyers], dtype=float)
    # Time in its own unit, so that one start and one wall suit hours as well as years.
    unit = float((age @ count) / count.sum())
    # There are far fewer counts and times than customers: what depends on one alone is reckoned once for each.
    counts, of_count = np.unique(x, return_inverse=True)
    ages, of_age = np.unique(age / unit, return_inverse=True)
    again = x > 0
    lasts, of_last = np.unique(seen[again] / unit, return_inverse=True)
    repeats, of_repeat = np.maximum(counts, 1), of_count[again]

    def height(at: Vector) -> float:
        r, alpha, a, b = _parameters(at)
        known = gammaln(r + counts) - gammaln(r) + r * log(alpha) + betaln(a, b + counts) - betaln(a, b)
        after = -np.log(alpha + ages)[of_age] * (r + x)
        lost = (log(a) - np.log(b + repeats - 1))[of_repeat] - (r + x[again]) * np.log(alpha + lasts)[of_last]
        after[again] = np.logaddexp(after[again], lost)
        # Not a matrix product: its library would wake threads that wait for one another on a busy machine.
        return float(np.sum(count * (known[of_count] + after)))

    starts = [(0.0, 0.0, -1.0, 0.0), (0.0, 1.5, -1.0, -1.0), (1.5, -1.0, 0.0, 0.0)]
    peak = maximum(height, starts, [(-_WALL, _WALL), (-_ALIKE, _APART), (-_WALL, _WALL), (-_ALIKE, _APART)], _WHAT)
    if peak.point[2] <= -_WALL:
        raise ThinDataError(f"No customer seems to have been lost yet, which does not tell {_WHAT}.")
    peak.point[0] -= log(unit)
    return Purchases(*_parameters(peak.point), peak)


def _check(buyers: Sequence[Buyer]) -> None:
    customers = sum(buyer.count for buyer in buyers)
    again = sum(buyer.count for buyer in buyers if buyer.repeats)
    if customers < CUSTOMERS:
        raise ThinDataError(f"Too few customers: {customers} bought, and {CUSTOMERS} are the least to tell {_WHAT}.")
    if again < REPEATERS:
        raise ThinDataError(
            f"Too few repeat buyers: {again} of {customers} customers bought again, "
            f"and {REPEATERS} are the least to tell {_WHAT}."
        )


def _parameters(at: Vector) -> tuple[float, float, float, float]:
    rate, unlike, chance, apart = exp(float(at[0])), exp(float(at[1])), 1 / (1 + exp(-float(at[2]))), exp(float(at[3]))
    return 1 / unlike, 1 / (unlike * rate), chance / apart, (1 - chance) / apart


def _mean(at: tuple[float, float, float, float], counted: Callable[[Vector, Vector], Vector]) -> float:
    """The mean over customers of what is counted for a rate and a chance, by quadrature over their quantiles.

    The closed forms go through 2F1, which is lost in rounding where customers are nearly alike. The nodes crowd towards both
    ends, where quantiles run away.
    """
    import numpy as np
    from scipy.special import betaincinv, gammainccinv, gammaincinv

    r, alpha, a, b = at
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    near, far = (nodes + 1) / 2, (1 - nodes) / 2
    weights = weights / 2 * 30 * near**2 * far**2
    below, above = near**3 * (10 - 15 * near + 6 * near**2), far**3 * (10 - 15 * far + 6 * far**2)
    rates = np.where(near < far, gammaincinv(r, below), gammainccinv(r, above)) / alpha
    chances = betaincinv(a, b, below)
    return float(weights @ counted(rates[:, None], chances[None, :]) @ weights)


def _later(at: tuple[float, float, float, float], force: float) -> float:
    """Purchases after the first, discounted by the force of interest: l / (force + l p), the integral of l exp(-(l p + force) t)."""
    return _mean(at, lambda rate, chance: rate / (force + rate * chance))
