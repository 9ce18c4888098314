"""Intervals are the published ones, and keep to what they promise."""

from __future__ import annotations

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.intervals import median_rank, nps_interval, wilson


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [(5, 100, 0.02154, 0.11175), (8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0)],
)
def test_a_share_of_a_sample(count: int, n: int, low: float, high: float) -> None:
    assert wilson(count, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("promoters", "detractors", "n", "low", "high"), [(74, 12, 100, 46.72, 73.67), (10, 5, 20, -11.72, 55.19)]
)
def test_a_net_promoter_score(promoters: int, detractors: int, n: int, low: float, high: float) -> None:
    assert nps_interval(promoters, detractors, n) == pytest.approx((low, high), abs=0.01)


def test_what_is_no_score_has_no_interval() -> None:
    assert nps_interval(0, 0, 0) is None
    assert nps_interval(3, 3, 5) is None


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_a_score_turned_round_has_the_interval_turned_round(promoters: int, passives: int, detractors: int) -> None:
    """Promoters and detractors exchanged: the same interval with its signs exchanged, within -100 and 100."""
    n = promoters + passives + detractors
    found, turned = nps_interval(promoters, detractors, n), nps_interval(detractors, promoters, n)
    if n == 0:
        assert found is None
        return
    assert found is not None
    assert turned is not None
    assert -100 <= found[0] < found[1] <= 100
    assert turned == pytest.approx((-found[1], -found[0]))


def test_a_score_is_the_surer_the_more_answered() -> None:
    widths = [high - low for low, high in (nps_interval(5 * k, 2 * k, 10 * k) or (0, 0) for k in (1, 4, 16, 64))]
    assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize(
    ("n", "rank"), [(6, 1), (8, 1), (9, 2), (10, 2), (15, 4), (20, 6), (25, 8), (30, 10), (50, 18), (100, 40)]
)
def test_the_printed_ranks_of_a_median(n: int, rank: int) -> None:
    """M. J. Campbell and M. J. Gardner, "Calculating confidence intervals for some non-parametric analyses", 1988."""
    assert median_rank(n) == rank


@pytest.mark.parametrize("n", range(6))
def test_few_values_say_nothing_of_the_median(n: int) -> None:
    assert median_rank(n) is None


def test_the_ranks_are_exact() -> None:
    """Against whole numbers: the rank's tail is at most 2.5 %, the next one's is more."""
    for n in (*range(6, 120), 999, 1000, 2501):
        rank = median_rank(n)
        assert rank is not None
        tail = sum(comb(n, count) for count in range(rank))
        assert Fraction(tail, 2**n) <= Fraction(1, 40) < Fraction(tail + comb(n, rank), 2**n)


def test_the_rank_of_many_values_is_the_normal_one() -> None:
    """n/2 - 1.96 sqrt(n)/2, to within one value, also where no power of two can be written down."""
    for n in (10_000, 1_000_001, 30_000_000):
        rank = median_rank(n)
        assert rank is not None
        assert abs(rank - (n / 2 - 1.959963984540054 * n**0.5 / 2)) <= 1
