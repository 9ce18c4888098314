"""The Kaplan-Meier curve, against published tables and laws."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.survival import curve

# Weeks of remission under 6-mercaptopurine: E. J. Freireich et al., Blood 21, 1963; D. G. Kleinbaum and M. Klein, "Survival
# analysis", table 2.2. The intervals are those that Stata and R print on the log-log scale.
RELAPSED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
REMISSION = [(float(week), True, 1) for week in RELAPSED] + [(float(week), False, 1) for week in CENSORED]
PUBLISHED = {
    6: (21, 3, 0.8571, 0.0764, 0.6197, 0.9516),
    7: (17, 1, 0.8067, 0.0869, 0.5631, 0.9228),
    10: (15, 1, 0.7529, 0.0963, 0.5032, 0.8894),
    13: (12, 1, 0.6902, 0.1068, 0.4316, 0.8491),
    16: (11, 1, 0.6275, 0.1141, 0.3675, 0.8049),
    22: (7, 1, 0.5378, 0.1282, 0.2678, 0.7468),
    23: (6, 1, 0.4482, 0.1346, 0.1881, 0.6801),
}


def test_the_remission_of_leukemia_is_as_published() -> None:
    drawn = curve(REMISSION)
    assert [step.time for step in drawn.steps] == list(PUBLISHED)
    for step, published in zip(drawn.steps, PUBLISHED.values(), strict=True):
        found = (step.at_risk, step.left, step.share, step.error, step.low, step.high)
        assert found == pytest.approx(published, abs=6e-5)


def test_nothing_is_known_after_the_longest_stay() -> None:
    drawn = curve(REMISSION)
    assert drawn.at(5.9) is not None
    before, later = drawn.at(22.5), drawn.at(35.1)
    assert before is not None
    assert before.share == pytest.approx(0.5378, abs=1e-4)
    assert later is None
    assert curve([]).at(1) is None


def test_with_everybody_gone_the_share_is_nothing() -> None:
    drawn = curve([(1, True, 3), (2, True, 1)])
    assert [(step.share, step.low, step.high) for step in drawn.steps][-1] == (0, 0, 0)
    later = drawn.at(5)
    assert later is not None
    assert later.share == 0


stays = st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.integers(1, 4)), min_size=1, max_size=30)


@given(stays)
def test_laws(rows: list[tuple[int, bool, int]]) -> None:
    """It only falls, stands within its interval, and the share is the product over everyone's times, one by one."""
    drawn = curve([(float(time), over, count) for time, over, count in rows])
    people = [(time, over) for time, over, count in rows for _ in range(count)]
    last = 1.0
    for step in drawn.steps:
        assert 0 <= step.low <= step.share + 1e-12 <= step.high + 2e-12 <= 1 + 3e-12
        assert step.share < last
        last = step.share
        product = 0.0
        for when in sorted({time for time, over in people if over and time <= step.time}):
            there = sum(time >= when for time, _ in people)
            gone = sum(over and time == when for time, over in people)
            product += log(1 - gone / there) if gone < there else float("-inf")
        assert step.share == pytest.approx(exp(product), abs=1e-12)


@given(stays)
def test_without_anyone_censored_it_is_a_plain_share(rows: list[tuple[int, bool, int]]) -> None:
    drawn = curve([(float(time), True, count) for time, _, count in rows])
    everybody = sum(count for _, _, count in rows)
    for step in drawn.steps:
        assert step.share == pytest.approx(sum(count for time, _, count in rows if time > step.time) / everybody)
