"""How often customers without a contract buy, and until when: the beta-geometric / NBD model.

While a customer is active it buys at random at a rate of its own, lambda; after each purchase it is lost with a chance of
its own, p. Rates differ between customers as a gamma distribution (r, alpha), chances as a beta distribution (a, b).

P. S. Fader, B. G. S. Hardie and K. L. Lee, ""Counting your customers" the easy way: an alternative to the Pareto/NBD model",
Marketing Science 24 (2), 2005.
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

CUSTOMERS, REPEATERS = 50, 20
"""Below so many customers, or so many that bought again, nothing is said."""

_WHAT = "how often customers buy and for how long"
_WALL = 12.0


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
        return _counted(self.r, self.alpha, self.a, self.b, 0.0, time)

    def lifetime(self, discount: float) -> float:
        """How many purchases a new customer makes after its first one, each discounted by `discount` per unit of time: DET."""
        return _counted(self.r, self.alpha, self.a, self.b, -log(discount), None)

    def log_variance(self, discount: float, first: float) -> float:
        """The variance of the logarithm of `first + lifetime(discount)`, from that of the fit."""
        return variance(self.peak, lambda at: log(first + _counted(*_parameters(at), -log(discount), None)))


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
    seen, age = seen / unit, age / unit
    again = x > 0

    def height(at: Vector) -> float:
        r, alpha, a, b = (float(value) for value in np.exp(at))
        rate = gammaln(r + x) - gammaln(r) + r * log(alpha)
        chance = betaln(a, b + x) - betaln(a, b)
        alive = -(r + x) * np.log(alpha + age)
        with np.errstate(divide="ignore"):
            lost = np.where(again, log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + seen), -np.inf)
        return float(count @ (rate + chance + np.logaddexp(alive, lost)))

    starts = [(0.0, 0.0, 0.0, 0.0), (-1.0, -1.0, -0.5, 1.0), (0.5, 0.5, -1.5, 1.0)]
    peak = maximum(height, starts, [(-_WALL, _WALL)] * 4, _WHAT)
    peak.point[1] += log(unit)
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
    r, alpha, a, b = (exp(float(value)) for value in at)
    return r, alpha, a, b


def _counted(r: float, alpha: float, a: float, b: float, force: float, until: float | None) -> float:
    """The integral over time of the rate of purchases of a new customer, discounted by the force of interest `force`.

    One that buys at rate l and is lost with chance p still buys at rate l exp(-l p t) at time t; the mean of this over
    customers is (r / alpha) 2F1(r + 1, a; a + b; -t / alpha). Time is taken by its logarithm, in which it is smooth.
    """
    from scipy.integrate import quad
    from scipy.special import hyp2f1

    def rate(power: float) -> float:
        time = exp(power)
        return float(r * hyp2f1(r + 1, a, a + b, -time) * exp(-force * alpha * time) * time)

    # Outside of these the integral is smaller than its digits.
    most = log(until / alpha) if until else log(700 / (force * alpha))
    found, _ = quad(rate, min(most, 0.0) - 40, most, limit=500, epsabs=0, epsrel=1e-10)
    return float(found)
