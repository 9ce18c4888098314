"""How far a number may be from the truth: 95 % intervals."""

from __future__ import annotations

from math import sqrt

Z = 1.959963984540054
"""The normal quantile that leaves 2.5 % on either side."""


def wilson(count: float, n: float) -> tuple[float, float] | None:
    """Wilson's score interval of the share `count / n`; None where it is not a share of anything.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if n <= 0 or not 0 <= count <= n:
        return None
    share, weight = count / n, Z * Z / n
    centre = (share + weight / 2) / (1 + weight)
    reach = Z / (1 + weight) * sqrt(share * (1 - share) / n + weight / (4 * n))
    return max(0.0, centre - reach), min(1.0, centre + reach)
