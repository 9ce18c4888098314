"""Bridges are exact: the steps add up to the difference, the customers to each step, and every reading is the one that `ask` gives."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from laws.companies import companies, policies, some
from laws.stores import NOW, same, store_of
from oracle.numbers import Oracle
from tenure.policy import PRESETS, SWITCHES, Policy
from tenure.reconcile import narrow

if TYPE_CHECKING:
    from oracle.company import Company
    from tenure.library import Store
    from tenure.reconcile import Bridge

PAIRS = tuple(combinations(PRESETS, 2))
METRICS = (
    "mrr", "arr", "new_mrr", "churned_mrr", "contraction_mrr", "fx_mrr", "committed_mrr", "list_mrr", "customers",
    "churned_customers", "customer_churn_rate", "net_mrr_churn_rate", "net_revenue_retention", "arpa", "quick_ratio",
)  # fmt: skip
WINDOWS = (("2024-01-01", "2024-02-01"), ("2024-02-01", "2024-03-01"), ("2024-03-01", "2024-04-01"))
CENT = Fraction(1, 100)


def bridged(store: Store, metric: str, a: Policy, b: Policy, window: tuple[str, str]) -> Bridge:
    return store.reconcile(metric, a, b, since=window[0], until=window[1], now=NOW)


def asked(store: Store, metric: str, policy: Policy, window: tuple[str, str]) -> float | None:
    words = {"policy": policy.preset, "switches": dict(policy.overrides), "grain": "total", "now": NOW}
    (row,) = store.ask(metric, since=window[0], until=window[1], **words).rows
    return row.value


def check(bridge: Bridge, a: Policy, b: Policy) -> None:
    """The steps are the switches that differ, in the table's order, and everything adds up without a rest."""
    assert [step.switch for step in bridge.steps] == [name for name in SWITCHES if a[name] != b[name]]
    levels = [bridge.before, *(step.after for step in bridge.steps)]
    assert [step.before for step in bridge.steps] == levels[:-1]
    assert levels[-1] == bridge.after
    if None not in levels:
        assert sum(step.effect or 0 for step in bridge.steps) == bridge.difference
    for step in bridge.steps:
        if step.shares is not None and step.effect is not None:
            assert sum(share.effect for share in step.shares) == step.effect
            sizes = [abs(share.effect) for share in step.shares]
            assert sizes == sorted(sizes, reverse=True)
            assert 0 not in sizes


def check_written(bridge: Bridge) -> None:
    """What is shown of money adds up to the cent as it stands, whatever is cut off."""
    shown = bridge.to_dict(limit=1)
    if shown["difference"] is None or any(step["effect"] is None for step in shown["steps"]):
        return
    cents = [round(step["effect"] * 100) for step in shown["steps"]]
    assert sum(cents) == round(shown["difference"] * 100)
    assert round(shown["a"]["value"] * 100) + sum(cents) == round(shown["b"]["value"] * 100)
    for step in shown["steps"]:
        assert sum(round(one["effect"] * 100) for one in step["customers"]) == round(step["effect"] * 100)


@some(2)
@given(company=companies(), window=st.sampled_from(WINDOWS))
def test_every_pair_of_presets_is_bridged_exactly(company: Company, window: tuple[str, str]) -> None:
    with store_of(company) as store:
        for a, b in PAIRS:
            bridge = bridged(store, "mrr", Policy(a), Policy(b), window)
            check(bridge, Policy(a), Policy(b))
            check_written(bridge)
            for preset, value in ((a, bridge.before), (b, bridge.after)):
                assert value is not None
                assert value == Oracle(company, Policy(preset)).level(bridge.frame.closes)
        for preset in PRESETS:
            value = bridged(store, "mrr", Policy(preset), Policy(preset), window).before
            assert same(asked(store, "mrr", Policy(preset), window), value)


@some(8)
@given(company=companies(), a=policies(), b=policies(), own=policies(), data=st.data())
def test_any_two_readings_of_any_number_are_bridged_exactly(
    company: Company, a: Policy, b: Policy, own: Policy, data: st.DataObject
) -> None:
    """Whatever the store's own policy is: a reading through the accounts that it can move is the reading of them all."""
    metric, window = data.draw(st.sampled_from(METRICS)), data.draw(st.sampled_from(WINDOWS))
    with store_of(company, policy=own) as store, pytest.MonkeyPatch.context() as patch:
        if data.draw(st.booleans()):  # as in a company of which too much would have to be read otherwise
            patch.setattr(narrow, "_FEW", -1)
            patch.setattr(narrow, "_MANY", -1)
        bridge = bridged(store, metric, a, b, window)
        check(bridge, a, b)
        for policy, value in ((a, bridge.before), (b, bridge.after)):
            assert same(asked(store, metric, policy, window), value), f"{metric} under {policy}"
        for step in bridge.steps:
            assert (step.shares is None) == (step.before is None or step.after is None), metric


@some(6)
@given(company=companies(), own=policies(), window=st.sampled_from(WINDOWS))
def test_presets_side_by_side_are_what_each_answers(company: Company, own: Policy, window: tuple[str, str]) -> None:
    with store_of(company, policy=own) as store:
        found = store.presets("mrr", since=window[0], until=window[1], now=NOW)
        assert [name for name, _ in found.readings] == list(PRESETS)
        for name, value in found.readings:
            assert value == Oracle(company, Policy(name)).level(found.frame.closes)
        assert found.value == Oracle(company, own).level(found.frame.closes)


@some(6)
@given(company=companies(), preset=st.sampled_from(sorted(PRESETS)), window=st.sampled_from(WINDOWS))
def test_the_figure_of_a_preset_is_found(company: Company, preset: str, window: tuple[str, str]) -> None:
    """What another tool prints is met to the cent by some reading; what is left over is the rest of each."""
    with store_of(company) as store:
        since, until = window
        figure = dict(store.presets("mrr", since=since, until=until, now=NOW).readings)[preset]
        assert figure is not None
        found = store.nearest(str(round(float(figure), 2)), "mrr", since=since, until=until, now=NOW)
        assert abs(found.fits[0].rest) <= CENT
        assert all(fit.value + fit.rest == found.figure for fit in found.fits)
        rests = [abs(fit.rest) for fit in found.fits]
        assert all(one <= other + CENT for one, other in pairwise(rests))
