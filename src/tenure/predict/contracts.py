"""How long contracts last: the shifted beta-geometric distribution.

Each customer renews with a chance of its own, the same each time; the chances differ between customers as a beta
distribution. Those who leave easily leave first, so that those who remain renew more and more often.

P. S. Fader and B. G. S. Hardie, "How to project customer retention", Journal of Interactive Marketing 21 (1), 2007; for the
residual lifetime "Customer-base valuation in a contractual setting", Marketing Science 29 (1), 2010.

The coordinates are the share lost at the first renewal, mu = alpha / (alpha + beta), and how much customers differ,
kappa = 1 / (alpha + beta): the share lost at the t-th renewal is then mu / (1 + kappa (t - 1)). At kappa = 0 all customers
are alike and every renewal loses the same share; the likelihood goes on smoothly through it, and a company may stand there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, log
from typing import TYPE_CHECKING

from tenure.errors import ThinDataError
from tenure.predict.likelihood import interval, maximum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tenure.predict.likelihood import Maximum, Vector

CUSTOMERS, LOSSES = 50, 10
"""Below so many customers that came up for renewal, or so many that left, nothing is said."""

_WHAT = "how long customers stay"
_MOST_KAPPA = 50.0
# Beyond so many discounted periods what is left is smaller than the digits of a number.
_DIGITS, _LONGEST = 25.0, 300_000


@dataclass(frozen=True)
class Renewals:
    """How many renewed (`kept`) and how many left (`lost`) at each renewal: the first stands at 0."""

    kept: tuple[int, ...]
    lost: tuple[int, ...]

    @classmethod
    def of(cls, customers: Iterable[tuple[int, bool, int]]) -> Renewals:
        """From (periods, whether they left at the last of them, how many customers); 0 periods say nothing."""
        rows = [row for row in customers if row[0] > 0]
        longest = max((periods for periods, _, _ in rows), default=0)
        kept, lost = [0] * longest, [0] * longest
        for periods, left, count in rows:
            for renewal in range(periods - left):
                kept[renewal] += count
            if left:
                lost[periods - 1] += count
        return cls(tuple(kept), tuple(lost))


@dataclass(frozen=True)
class Contracts:
    """A fitted shifted beta-geometric; `mu` and `kappa` as of the module."""

    mu: float
    kappa: float
    peak: Maximum

    @property
    def alpha(self) -> float | None:
        """The first parameter of the beta distribution; None where all customers are alike, and it is beyond bounds."""
        return self.mu / self.kappa if self.kappa else None

    @property
    def beta(self) -> float | None:
        """The second one."""
        return (1 - self.mu) / self.kappa if self.kappa else None

    def survival(self, renewals: int) -> float:
        """The share of new customers that is still there after so many renewals."""
        share = 1.0
        for renewal in range(1, renewals + 1):
            share *= 1 - _loss(self.mu, self.kappa, renewal)
        return share

    def lifetime(self, discount: float) -> float:
        """How many payments a new customer makes, each discounted by the factor `discount` per period: DEL.

        Sum over t >= 0 of S(t) discount^t = 2F1(1, beta; alpha + beta; discount), the first one in full.
        """
        return _payments(self.mu, self.kappa, discount, [0])[0]

    def residual_lifetime(self, ages: Mapping[int, int], discount: float) -> float:
        """How many payments a present customer is yet to make, discounted: DERL, the mean over `ages`.

        As of just before the next renewal, of which nothing is known yet.

        Args:
            ages: How many customers have made so many renewals.
            discount: The factor per period.
        """
        return _residual(self.mu, self.kappa, ages, discount)

    def lifetime_interval(self, discount: float) -> tuple[float, float]:
        """The 95 % interval of `lifetime`.

        Raises:
            ThinDataError: it is so wide that it says nothing.
        """
        return self._interval(lambda mu, kappa: _payments(mu, kappa, discount, [0])[0])

    def residual_interval(self, ages: Mapping[int, int], discount: float) -> tuple[float, float]:
        """The 95 % interval of `residual_lifetime`.

        Raises:
            ThinDataError: it is so wide that it says nothing.
        """
        return self._interval(lambda mu, kappa: _residual(mu, kappa, ages, discount))

    def _interval(self, value: Callable[[float, float], float]) -> tuple[float, float]:
        def log_value(at: Vector) -> float:
            mu, kappa = _chance(float(at[0])), float(at[1])
            if kappa >= 0:
                return log(value(mu, kappa))
            # Beyond the wall a renewal far off would be none: the slope goes on as it is before it.
            return 2 * log(value(mu, 0.0)) - log(value(mu, -kappa))

        return interval(self.peak, log_value, _WHAT)


def fit(renewals: Renewals) -> Contracts:
    """The shifted beta-geometric that makes these renewals likeliest.

    Raises:
        ThinDataError: too few customers or losses, nobody renewed, nobody came up twice, or the likelihood is flat.
    """
    import numpy as np

    _check(renewals)
    kept, lost = np.array(renewals.kept, dtype=float), np.array(renewals.lost, dtype=float)
    before = np.arange(len(kept), dtype=float)

    def height(at: Vector) -> float:
        loss = _chance(float(at[0])) / (1 + at[1] * before)
        if bool(np.any((loss <= 0) | (loss >= 1))):
            return -np.inf
        return float(lost @ np.log(loss) + kept @ np.log1p(-loss))

    first = (lost[0] + 0.5) / (lost[0] + kept[0] + 1)
    start = log(first / (1 - first))
    peak = maximum(height, [(start, 0.1), (start, 1.0)], [(-15.0, 15.0), (0.0, _MOST_KAPPA)], _WHAT)
    return Contracts(_chance(float(peak.point[0])), float(peak.point[1]), peak)


def _check(renewals: Renewals) -> None:
    kept, lost = renewals.kept, renewals.lost
    customers = kept[0] + lost[0] if kept else 0
    if customers < CUSTOMERS:
        raise ThinDataError(
            f"Too few customers: {customers} came up for renewal, and {CUSTOMERS} are the least to tell {_WHAT}."
        )
    if not sum(kept):
        raise ThinDataError(
            f"No renewals: all {customers} customers left at their first one, which does not tell {_WHAT}."
        )
    if len(kept) == 1:
        raise ThinDataError(f"No customer came up for a second renewal, and the first one alone does not tell {_WHAT}.")
    if sum(lost) < LOSSES:
        raise ThinDataError(
            f"Too few losses: {sum(lost)} of {customers} customers left, and {LOSSES} are the least to tell {_WHAT}."
        )


def _chance(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def _loss(mu: float, kappa: float, renewal: int) -> float:
    return mu / (1 + kappa * (renewal - 1))


def _payments(mu: float, kappa: float, discount: float, made: Iterable[int]) -> dict[int, float]:
    """By renewals made: the discounted payments from that renewal's on, its own in full.

    Backwards from where nothing is left to tell: D(n) = 1 + (1 - loss at n + 1) discount D(n + 1).
    """
    wanted = set(made)
    last = max(wanted) + min(_LONGEST, ceil(_DIGITS / -log(discount)))
    worth = 1 / (1 - (1 - _loss(mu, kappa, last + 1)) * discount)
    found = {}
    for renewal in range(last, -1, -1):
        if renewal in wanted:
            found[renewal] = worth
        if renewal:
            worth = 1 + (1 - mu / (1 + kappa * (renewal - 1))) * discount * worth
    return found


def _residual(mu: float, kappa: float, ages: Mapping[int, int], discount: float) -> float:
    worth = _payments(mu, kappa, discount, [made + 1 for made in ages])
    total = sum(count * (1 - _loss(mu, kappa, made + 1)) * worth[made + 1] for made, count in ages.items())
    return total / sum(ages.values())
