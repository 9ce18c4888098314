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
from tenure.predict.likelihood import flat, maximum, refuse_wide
from tenure.predict.region import bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tenure.predict.likelihood import Maximum, Vector

CUSTOMERS, LOSSES = 50, 10
"""Below so many customers that came up for renewal, or so many that left, nothing is said."""

_WHAT = "how long customers stay"
_MOST_KAPPA = 50.0
# Beyond so many discounted periods what is left is smaller than the digits of a number.
_DIGITS, _LONGEST = 25.0, 20_000


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
    renewals: Renewals

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
        return self._of(lambda mu, kappa: _new(mu, kappa, discount))

    def residual_lifetime(self, ages: Mapping[int, int], discount: float) -> float:
        """How many payments a present customer is yet to make, discounted: DERL, the mean over `ages`.

        As of just before the next renewal, of which nothing is known yet.

        Args:
            ages: How many customers have made so many renewals.
            discount: The factor per period.
        """
        return self._of(lambda mu, kappa: _present(mu, kappa, ages, discount))

    def lifetime_interval(self, discount: float) -> tuple[float, float]:
        """The 95 % interval of `lifetime`.

        Raises:
            ThinDataError: it is so wide that it says nothing.
        """
        return self._interval(lambda mu, kappa: _new(mu, kappa, discount))

    def residual_interval(self, ages: Mapping[int, int], discount: float) -> tuple[float, float]:
        """The 95 % interval of `residual_lifetime`.

        Raises:
            ThinDataError: it is so wide that it says nothing.
        """
        return self._interval(lambda mu, kappa: _present(mu, kappa, ages, discount))

    def _of(self, worth: Callable[[Vector, Vector], Vector]) -> float:
        import numpy as np

        return float(worth(np.array([self.mu]), np.array([self.kappa]))[0])

    def _interval(self, worth: Callable[[Vector, Vector], Vector]) -> tuple[float, float]:
        import numpy as np

        kept, lost = (np.array(counts, dtype=np.float64) for counts in (self.renewals.kept, self.renewals.lost))
        best, most = (kappa / (1 + kappa) for kappa in (self.kappa, _MOST_KAPPA))
        found = bounds(kept, lost, self.peak.height, best, most, worth)
        if found is None:
            raise ThinDataError(flat(_WHAT))
        refuse_wide(log(found[1] / found[0]), _WHAT)
        return found


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
    return Contracts(_chance(float(peak.point[0])), float(peak.point[1]), peak, renewals)


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


def _worths(mu: Vector, kappa: Vector, discount: float, longest: int) -> tuple[Vector, Vector]:
    """Of each (mu, kappa): the worth now of the t-th later payment, t from 0, in columns, and of all after the last column.

    That rest is taken to lose as much at each renewal as the last one does.
    """
    import numpy as np

    periods = longest + min(_LONGEST, ceil(_DIGITS / -log(discount)))
    loss = mu[:, None] / (1 + kappa[:, None] * np.arange(periods + 1, dtype=np.float64)[None, :])
    chain = np.empty((len(mu), periods + 1))
    chain[:, 0] = 1
    chain[:, 1:] = (1 - loss[:, :-1]) * discount
    worth = np.cumprod(chain, axis=1, out=chain)
    going_on = (1 - loss[:, -1]) * discount
    return worth, worth[:, -1] * going_on / (1 - going_on)


def _new(mu: Vector, kappa: Vector, discount: float) -> Vector:
    import numpy as np

    worth, rest = _worths(mu, kappa, discount, 0)
    return np.asarray(worth.sum(axis=1) + rest, dtype=np.float64)


def _present(mu: Vector, kappa: Vector, ages: Mapping[int, int], discount: float) -> Vector:
    """After m renewals: the tail from the next payment on, as of then; that it is made is not certain."""
    import numpy as np

    made = np.array(sorted(ages), dtype=np.int64)
    counts = np.array([ages[int(age)] for age in made], dtype=np.float64)
    worth, rest = _worths(mu, kappa, discount, int(made.max()) + 1)
    tail = np.cumsum(worth[:, ::-1], axis=1)[:, ::-1] + rest[:, None]
    left = tail[:, made + 1] / (worth[:, made] * discount)
    return np.asarray(left @ counts / counts.sum(), dtype=np.float64)
