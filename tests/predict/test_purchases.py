"""BG/NBD and gamma-gamma, against the papers' fits of CDNOW, a second program, and made-up customers."""

from __future__ import annotations

import warnings
from itertools import pairwise
from math import exp

import numpy as np
import pytest

from predict.cdnow import customers
from tenure.errors import ThinDataError
from tenure.predict import purchases, spending
from tenure.predict.purchases import Buyer, Purchases
from tenure.predict.spending import Spender, Spending

WEEK = 1.1 ** (-7 / 365.25)


def bought() -> Purchases:
    return purchases.fit([Buyer(one.repeats, one.recency, one.age) for one in customers()])


def spent() -> Spending:
    return spending.fit([Spender(one.repeats, one.mean) for one in customers() if one.repeats])


def test_the_published_fit_of_purchases() -> None:
    """P. S. Fader, B. G. S. Hardie and K. L. Lee, Marketing Science 24 (2), 2005: table 2 has .243, 4.414, .793, 2.426."""
    model = bought()
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=5e-4)


def test_the_published_fit_of_spending() -> None:
    """P. S. Fader and B. G. S. Hardie, "The gamma-gamma model of monetary value", 2013: 6.25, 3.74, 15.44."""
    model = spent()
    assert (model.p, model.q, model.v) == pytest.approx((6.25, 3.74, 15.44), abs=0.01)
    assert model.mean == pytest.approx(35.17, abs=0.01)
    # A customer whose one repeat purchase cost 10 is expected to spend more, one of 100 less.
    assert 10 < model.expected(Spender(1, 10)) < model.mean < model.expected(Spender(1, 100)) < 100


def test_a_second_program_expects_as_many_purchases() -> None:
    """The closed form of the paper, as lifetimes computes it, is the integral that is taken here."""
    customers()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from lifetimes import BetaGeoFitter

        other = BetaGeoFitter()
        rows = customers()
        other.fit([one.repeats for one in rows], [one.recency for one in rows], [one.age for one in rows])
        theirs = {weeks: float(other.expected_number_of_purchases_up_to_time(weeks)) for weeks in (1, 39, 500)}
    model = bought()
    assert {weeks: model.expected(weeks) for weeks in theirs} == pytest.approx(theirs, rel=1e-4)


def test_discounting_is_a_sum_over_weeks() -> None:
    """Purchases expected in each week, discounted at its middle, those far off by the year."""
    model = bought()
    counts = [0.0, *(model.expected(week) for week in range(1, 201))]
    near = [(b - a) * WEEK ** (week + 0.5) for week, (a, b) in enumerate(pairwise(counts))]
    decades = [200, *range(250, 3001, 50)]
    far = [
        (b - a) * WEEK**middle
        for (a, b), middle in zip(
            pairwise([model.expected(week) for week in decades]),
            [(a + b) / 2 for a, b in pairwise(decades)],
            strict=True,
        )
    ]
    assert model.lifetime(WEEK) == pytest.approx(sum(near) + sum(far), rel=2e-3)
    assert model.lifetime(WEEK) < model.lifetime(0.9999)


def test_made_up_customers_are_found_again() -> None:
    """Four thousand who buy at random and are lost by chance: the parameters come back, and so does what they will buy."""
    rng = np.random.default_rng(3)
    r, alpha, a, b = 1.2, 6.0, 0.9, 3.0
    buyers = [_buyer(rng, r, alpha, a, b) for _ in range(4000)]
    model = purchases.fit(buyers)
    assert (model.r, model.alpha) == pytest.approx((r, alpha), rel=0.15)
    assert model.a / (model.a + model.b) == pytest.approx(a / (a + b), rel=0.1)
    error = model.log_variance(WEEK) ** 0.5
    truth = Purchases(r, alpha, a, b, model.peak).lifetime(WEEK)
    assert model.lifetime(WEEK) / truth == pytest.approx(1, abs=3 * error)
    assert exp(error) < 1.1


def test_alike_customers_may_be_given_once() -> None:
    """Two of a kind are a row with count 2, and days are weeks with a rate a seventh."""
    some = [Buyer(one.repeats, one.recency, one.age) for one in customers()[:600]]
    twice = purchases.fit([*some, *some])
    counted = purchases.fit([Buyer(one.repeats, one.recency * 7, one.age * 7, 2) for one in some])
    assert counted.r == pytest.approx(twice.r, rel=1e-4)
    assert counted.alpha == pytest.approx(twice.alpha * 7, rel=1e-4)


def _buyer(rng: np.random.Generator, r: float, alpha: float, a: float, b: float) -> Buyer:
    rate, chance, age = rng.gamma(r) / alpha, rng.beta(a, b), float(rng.integers(20, 60))
    clock, repeats, last = 0.0, 0, 0.0
    while rng.random() > (chance if repeats else 0.0):
        clock += rng.exponential(1 / rate)
        if clock > age:
            break
        repeats, last = repeats + 1, clock
    return Buyer(repeats, last, age)


def test_purchases_refuse_with_a_sentence() -> None:
    with pytest.raises(ThinDataError, match="Too few customers: 49 bought, and 50 are the least"):
        purchases.fit([Buyer(1, 3, 9, 49)])
    with pytest.raises(
        ThinDataError, match="Too few repeat buyers: 19 of 519 customers bought again, and 20 are the least"
    ):
        purchases.fit([Buyer(1, 3, 9, 19), Buyer(0, 0, 9, 500)])
    with pytest.raises(ThinDataError, match="No customer seems to have been lost yet"):
        purchases.fit([Buyer(3, 9, 12, 400)])
    with pytest.raises(ThinDataError, match="The likelihood is flat"):
        purchases.fit([Buyer(0, 0, 100, 200), Buyer(50, 100, 100, 200)])


def test_spending_refuses_with_a_sentence() -> None:
    with pytest.raises(ThinDataError, match="Too few repeat buyers: 3 customers bought again"):
        spending.fit([Spender(1, 5.0)] * 3)
    with pytest.raises(ThinDataError, match="All 40 repeat buyers spend the same"):
        spending.fit([Spender(2, 5.0)] * 40)
    rng = np.random.default_rng(5)
    steep = [Spender(9, float(rng.gamma(5.0 * 9) / (9 * rng.gamma(0.6)))) for _ in range(300)]
    with pytest.raises(ThinDataError, match="The likelihood is flat"):
        spending.fit(steep)
