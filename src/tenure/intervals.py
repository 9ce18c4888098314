"""How far a number may be from the truth: 95 % intervals."""

from __future__ import annotations

from functools import lru_cache
from math import sqrt

Z = 1.959963984540054
"""The normal quantile that leaves 2.5 % on either side."""

_TAIL = 0.025
_NEGLIGIBLE = 1e-20


def wilson(count: float, n: float) -> tuple[float, float] | None:
    """Wilson's score interval of the share `count / n`; None where it is not a share of anything.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if n <= 0 or not 0 <= count <= n:
        return None
    share, weight = count / n, Z * Z / n
    centre = (share + weight / 2) / (1 + weight)
    reach = Z / (1 + weight) * sqrt(share * (1 - share) / n + weight / (4 * n))
    # Rounding must not put none, or all, outside of their own interval.
    return (max(0.0, centre - reach) if count else 0.0), (min(1.0, centre + reach) if count < n else 1.0)


def nps_interval(promoters: float, detractors: float, n: float) -> tuple[float, float] | None:
    """The adjusted Wald interval of a net promoter score of `n` answers, in points, within -100..100; None without answers.

    Three answers are added, 3/4 of them promoters and 3/4 detractors, so that few answers do not look certain.
    B. Rocks, "Interval estimation for the net promoter score", The American Statistician 70 (4), 2016.
    """
    if n <= 0 or promoters < 0 or detractors < 0 or promoters + detractors > n:
        return None
    for_us, against = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    centre = for_us - against
    reach = Z * sqrt((for_us + against - centre * centre) / (n + 3))
    return max(-100.0, 100 * (centre - reach)), min(100.0, 100 * (centre + reach))


@lru_cache(maxsize=4096)
def median_rank(n: int) -> int | None:
    """The rank j, from 1, such that the j-th smallest and the j-th largest of `n` values are the interval of their median.

    It is the largest j with P(Bin(n, 1/2) < j) at most 2.5 %; None where even the extremes are not enough, below 6 values.
    W. J. Conover, "Practical nonparametric statistics", 3rd edition 1999, section 3.2.
    """
    # Each count's probability relative to the middle one's: nothing overflows, and the far tail need not be walked.
    middle, weight = n // 2, 1.0
    weights: list[float] = []
    for count in range(middle, -1, -1):
        if weight < _NEGLIGIBLE:
            break
        weights.append(weight)
        weight *= count / (n - count + 1)
    total = 2 * sum(weights) - (weights[0] if n % 2 == 0 else 0.0)
    below = 0.0
    for distance in range(len(weights) - 1, -1, -1):
        below += weights[distance]
        if below > _TAIL * total:
            return middle - distance or None
    return None
