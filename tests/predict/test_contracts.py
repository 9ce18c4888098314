"""The shifted beta-geometric, against the paper that made it, its own formulas, and made-up customers."""

from __future__ import annotations

import re
from itertools import pairwise
from math import exp, log

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar
from scipy.special import betaln, hyp2f1

from tenure.errors import ThinDataError
from tenure.predict.contracts import Contracts, Renewals, fit

# Of a thousand customers who began together, how many were still there each year: P. S. Fader and B. G. S. Hardie, "How to
# project customer retention", 2007, table 1. The first seven renewals are fitted, the next five are foretold.
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
HIGH_END = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
CALIBRATED = 8
YEAR = 1 / 1.1
MONTH = 1.1 ** (-1 / 12)


def renewals(survivors: list[int]) -> Renewals:
    """What a cohort that began together went through."""
    return Renewals(tuple(survivors[1:]), tuple(a - b for a, b in pairwise(survivors)))


def fitted(survivors: list[int]) -> Contracts:
    return fit(renewals(survivors[:CALIBRATED]))


@pytest.mark.parametrize(
    ("survivors", "alpha", "beta", "height"), [(REGULAR, 0.704, 1.182, -1680.3), (HIGH_END, 0.668, 3.806, -1611.2)]
)
def test_the_published_fits(survivors: list[int], alpha: float, beta: float, height: float) -> None:
    model = fitted(survivors)
    assert model.alpha == pytest.approx(alpha, abs=5e-4)
    assert model.beta == pytest.approx(beta, abs=5e-4)
    assert model.peak.height == pytest.approx(height, abs=0.05)


@pytest.mark.parametrize("survivors", [REGULAR, HIGH_END])
def test_it_foretells_the_years_that_it_has_not_seen(survivors: list[int]) -> None:
    """The paper's point: after twelve years the projected share is that of the company, within two points."""
    model = fitted(survivors)
    for year in range(CALIBRATED, len(survivors)):
        assert model.survival(year) == pytest.approx(survivors[year] / 1000, abs=0.02)


def test_the_likelihood_is_that_of_the_paper() -> None:
    """Through the beta function: ln P(T = t) = ln B(alpha + 1, beta + t - 1) - ln B(alpha, beta)."""
    model = fitted(REGULAR)
    alpha, beta = model.alpha, model.beta
    assert alpha is not None
    assert beta is not None
    lost = [a - b for a, b in pairwise(REGULAR[:CALIBRATED])]
    height = sum(n * (betaln(alpha + 1, beta + t - 1) - betaln(alpha, beta)) for t, n in enumerate(lost, 1))
    height += REGULAR[CALIBRATED - 1] * (betaln(alpha, beta + CALIBRATED - 1) - betaln(alpha, beta))
    assert model.peak.height == pytest.approx(height)


@pytest.mark.parametrize("discount", [YEAR, MONTH])
def test_lifetimes_are_the_closed_forms(discount: float) -> None:
    """DEL = 2F1(1, beta; alpha + beta; d); DERL after m renewals = (beta + m) / (alpha + beta + m) 2F1(1, beta + m + 1; …)."""
    model = fitted(HIGH_END)
    a, b = model.alpha, model.beta
    assert a is not None
    assert b is not None
    assert model.lifetime(discount) == pytest.approx(hyp2f1(1, b, a + b, discount), rel=1e-9)
    derl = {m: (b + m) / (a + b + m) * hyp2f1(1, b + m + 1, a + b + m + 1, discount) for m in (0, 3, 40)}
    for made, worth in derl.items():
        assert model.residual_lifetime({made: 7}, discount) == pytest.approx(worth, rel=1e-9)
    assert model.residual_lifetime({0: 1, 40: 3}, discount) == pytest.approx((derl[0] + 3 * derl[40]) / 4, rel=1e-9)
    # Of the first payment, which is certain, and those that a customer is then yet to make.
    assert model.lifetime(discount) == pytest.approx(1 + discount * derl[0], rel=1e-9)


def test_several_cohorts_are_one_likelihood() -> None:
    """Who came later was seen for fewer renewals: stays of 1 and 2 periods that end, of 2 and 3 that go on, and one of none."""
    found = Renewals.of([(1, True, 5), (2, True, 3), (2, False, 7), (3, False, 11), (0, False, 99)])
    assert found == Renewals((3 + 7 + 11, 7 + 11, 11), (5, 3, 0))


def test_customers_who_are_all_alike() -> None:
    """Every renewal loses a tenth: kappa is 0, there is no alpha, and the lifetime is that of a constant churn."""
    kept = [1000 * 0.9**t for t in range(8)]
    model = fit(Renewals(tuple(round(n) for n in kept[1:]), tuple(round(n / 10) for n in kept[:-1])))
    assert model.kappa == pytest.approx(0, abs=1e-3)
    assert model.mu == pytest.approx(0.1, abs=2e-3)
    assert model.lifetime(MONTH) == pytest.approx(1 / (1 - 0.9 * MONTH), rel=0.02)


def test_customers_who_leave_later_rather_than_sooner() -> None:
    """The loss grows with every renewal, which no mixture gives: the best is that all are alike, with an interval."""
    model = fit(Renewals((950, 880, 780, 650), (50, 70, 100, 130)))
    assert (model.kappa, model.alpha, model.beta) == (0, None, None)
    assert model.mu == pytest.approx(350 / (350 + 3260), rel=1e-4)
    low, high = model.lifetime_interval(MONTH)
    assert low < model.lifetime(MONTH) < high


def test_the_interval_is_that_of_the_likelihood_ratio() -> None:
    """At its ends the best of all curves with just that lifetime is 1.92 below the best of all; the walk is told again."""
    model = fitted(REGULAR)
    seen = renewals(REGULAR[:CALIBRATED])

    def height(alpha: float, beta: float) -> float:
        lost = sum(n * (betaln(alpha + 1, beta + t) - betaln(alpha, beta)) for t, n in enumerate(seen.lost))
        return float(lost + seen.kept[-1] * (betaln(alpha, beta + len(seen.kept)) - betaln(alpha, beta)))

    for end in model.lifetime_interval(MONTH):

        def beneath(log_alpha: float, end: float = end) -> float:
            alpha = exp(log_alpha)
            beta = brentq(lambda b: float(hyp2f1(1, b, alpha + b, MONTH)) - end, 1e-3, 1e3)
            return -height(alpha, beta)

        best = -minimize_scalar(beneath, bounds=(log(0.2), log(3)), method="bounded").fun
        assert model.peak.height - best == pytest.approx(1.9207, abs=0.01)


@pytest.mark.parametrize(
    ("customers", "alpha", "beta"), [(400, 0.8, 6.0), pytest.param(80, 3.0, 60.0, marks=pytest.mark.soak)]
)
def test_the_interval_holds_what_is_true(customers: int, alpha: float, beta: float) -> None:
    """Of 60 made-up companies about 57 intervals hold the lifetime that made them, few customers or nearly alike ones too."""
    rng = np.random.default_rng(7)
    periods = 18
    truth = float(hyp2f1(1, beta, alpha + beta, MONTH))
    held = 0
    for _ in range(60):
        chance = rng.beta(alpha, beta, customers)
        stay = rng.geometric(chance)
        seen = rng.integers(1, periods + 1, customers)
        rows = [(int(min(a, b)), bool(a <= b), 1) for a, b in zip(stay, seen, strict=True)]
        low, high = fit(Renewals.of(rows)).lifetime_interval(MONTH)
        held += low <= truth <= high
    assert 53 <= held <= 60


def test_the_more_customers_the_surer() -> None:
    """The same shares of a hundred, and of ten thousand, times as many: the interval shrinks as the root of that."""
    seen = renewals(REGULAR[:CALIBRATED])
    widths = []
    for times in (1, 100, 10_000):
        model = fit(Renewals(tuple(n * times for n in seen.kept), tuple(n * times for n in seen.lost)))
        low, high = model.lifetime_interval(MONTH)
        assert low < model.lifetime(MONTH) < high
        widths.append(log(high / low))
    assert widths[0] / widths[1] == pytest.approx(10, rel=0.05)
    assert widths[1] / widths[2] == pytest.approx(10, rel=0.05)


@pytest.mark.parametrize(
    ("kept", "lost", "sentence"),
    [
        ((), (), "Too few customers: 0 came up for renewal"),
        ((20, 10), (9, 10), "Too few customers: 29 came up for renewal, and 50 are the least"),
        ((0,), (60,), "No renewals: all 60 customers left at their first one"),
        ((40,), (20,), "No customer came up for a second renewal"),
        ((97, 95), (2, 1), "Too few losses: 3 of 99 customers left, and 10 are the least"),
        ((50, 50), (50, 0), "The likelihood is flat"),
    ],
)
def test_it_refuses_with_a_sentence(kept: tuple[int, ...], lost: tuple[int, ...], sentence: str) -> None:
    with pytest.raises(ThinDataError, match=re.escape(sentence)):
        fit(Renewals(kept, lost)).lifetime_interval(MONTH)


def test_a_smaller_discount_is_worth_more() -> None:
    model = fitted(REGULAR)
    worths = [model.lifetime((1 + yearly) ** (-1 / 12)) for yearly in (0.01, 0.05, 0.1, 0.5)]
    assert worths == sorted(worths, reverse=True)
    assert log(worths[0]) > log(worths[-1])
