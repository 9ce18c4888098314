"""Whatever moves a number, its parts add up to the change to the last digit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure
from laws.companies import companies, policies, some
from laws.stores import NOW, same, store_of
from tenure.algebra import Leaf, exact
from tenure.catalog import shipped
from tenure.config import Settings
from tenure.errors import UsageError
from tenure.sources import demo
from tenure.why.split import Sides, UnknownPartError, split

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from oracle.company import Company
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.why import Why
    from tenure.why.split import Parts

WINDOWS = (
    {"since": "2024-02-01", "until": "2024-03-01"},
    {"since": "2024-03-01", "until": "2024-04-01"},
    {"since": "2024-03-05", "until": "2024-04-12"},
    {"since": "2024-01-01", "until": "2024-07-01", "grain": "month"},
)
SPRING = {"since": "2026-03-01", "until": "2026-05-01", "now": "2026-06-01"}
REFUSALS = ("median", "quantile", "is not made of", "says nothing of")
OF_MONEY = {"subscription_periods", "accounts", "plans", "fx_rates", "subscriptions"}


def is_sum_or_ratio(metric: Metric) -> bool:
    """Whether every part of it is a sum or a count of what these companies have."""
    leaves = [node for node in metric.measure.walk() if isinstance(node, Leaf)]
    return all(leaf.total.startswith(("sum(", "count(")) for leaf in leaves) and any(
        n in OF_MONEY for n in metric.needs
    )


METRICS = sorted(name for name, metric in shipped().items() if metric.model is None and is_sum_or_ratio(metric))


def test_there_are_many_such_metrics() -> None:
    assert len(METRICS) > 35
    assert {"mrr", "net_revenue_retention", "customer_churn_rate", "arpa", "quick_ratio", "clv_net"} <= set(METRICS)


def adds_up(found: Why) -> None:
    """Every list adds up: as it is computed, and as it is written."""
    change = found.change
    if change is None:
        return
    if found.moved is not None:
        assert sum(one.effect for one in found.moved) == change
    for one in (*found.tried, *([found.customers.found] if found.customers else [])):
        effects = one.split.effects.values()
        assert sum(effect.whole for effect in effects) + one.split.beside == change, one.by
        assert one.split.has_mix or not any(effect.mix for effect in effects)
    told = found.to_dict()
    lists = [
        told["movements"],
        *(one["rows"] for one in told["breakdowns"]),
        (told["customers"] or {"rows": None})["rows"],
    ]
    for rows in lists:
        if rows is not None:
            assert sum((Decimal(row["exact"]) for row in rows), Decimal(0)) == Decimal(told["exact"])
            written = sum((Fraction(str(row["effect"])) for row in rows), Fraction(0))
            assert written == Fraction(str(told["difference"]))
    for one in told["breakdowns"]:
        for row in one["rows"] if one["has_mix"] else ():
            if row["segment"] is not None:
                assert Fraction(str(row["mix"])) + Fraction(str(row["rate"])) == Fraction(str(row["effect"]))


@some(8)
@given(
    company=companies(),
    policy=policies(),
    window=st.sampled_from(WINDOWS),
    compare=st.sampled_from(("previous", "year")),
    turn=st.integers(0, 3),
)
def test_parts_add_up(company: Company, policy: Policy, window: dict[str, str], compare: str, turn: int) -> None:
    with store_of(company) as store:
        for metric in METRICS[turn::4]:
            words = {
                "policy": policy.preset,
                "switches": dict(policy.overrides),
                "compare": compare,
                "now": NOW,
                **window,
            }
            try:
                found = store.why(metric, limit=2, **words)
            except UsageError as refusal:
                assert "is not made of what single customers" in str(refusal)  # noqa: PT017 - a refusal is one of the answers
                continue
            adds_up(found)
            answer = store.ask(metric, **{"grain": "total", **words})
            (row,) = [one for one in answer.rows if one.start == found.row.start]
            assert same(row.previous, found.before), metric
            assert same(row.value, found.now), metric


def test_parts_of_every_other_metric_add_up(tmp_path: Path) -> None:
    """Of tickets, answers, usage and all else, in a company that has them; in a currency with a rate for each day."""
    demo.write(tmp_path, demo.company(accounts=30, months=6, until=date(2026, 6, 1)))
    told = 0
    with tenure.open(":memory:", settings=Settings(currency="EUR", timezone="Europe/Berlin")) as store:
        store.load(tmp_path)
        for name, metric in shipped().items():
            if name in METRICS or metric.model is not None:
                continue
            for asked in (name, *(f"{name}:{variant}" for variant in list(metric.variants)[:1])):
                try:
                    found = store.why(asked, by="segment", limit=2, **SPRING)
                except UsageError as refusal:
                    if not any(word in str(refusal) for word in REFUSALS):
                        raise
                    continue
                adds_up(found)
                told += found.customers is not None
    assert told > 30


@some(4)
@given(company=companies())
def test_customers_of_a_segment_add_up_to_it(company: Company) -> None:
    """What a customer does to a number does not depend on how it is cut; a channel never changes here."""
    with store_of(company) as store:
        for metric in ("mrr", "net_revenue_retention", "gross_mrr_churn_rate", "arpa"):
            found = store.why(metric, by="channel", since="2024-03-01", until="2024-04-01", now=NOW)
            if not found.customers or not found.tried:
                continue
            customers = sum(effect.whole for effect in found.customers.found.split.effects.values())
            segments = sum(effect.whole for effect in found.tried[0].split.effects.values())
            assert customers + found.customers.found.split.beside == segments + found.tried[0].split.beside


NUMBERS = st.integers(-5, 20).map(Fraction)
AMOUNTS = st.dictionaries(st.sampled_from("abcd"), st.tuples(*[NUMBERS] * 4), min_size=1)


@given(amounts=AMOUNTS)
def test_mix_and_rate_of_a_ratio_are_kitagawa_s(amounts: dict[str, tuple[Fraction, ...]]) -> None:
    """By the formula itself, from the segments' numerators and denominators."""
    measure = shipped()["arpa"].measure
    over, under = (leaf.name for leaf in measure.walk() if isinstance(leaf, Leaf))

    def parts(above: Iterable[Fraction], below: Iterable[Fraction]) -> Parts:
        return {over: sum(above, Fraction(0)), under: sum(below, Fraction(0))}

    whole = [parts((a[i] for a in amounts.values()), (a[i + 1] for a in amounts.values())) for i in (0, 2)]
    segments = {name: (parts([a[0]], [a[1]]), parts([a[2]], [a[3]])) for name, a in amounts.items()}
    sides = Sides(whole[0], whole[1], segments)
    before, now = (exact(measure, side) for side in whole)
    if before is None or now is None:
        with pytest.raises(UnknownPartError):
            split(measure, sides)
        return
    found = split(measure, sides)
    assert sum(effect.whole for effect in found.effects.values()) == now - before
    d_before, d_now = (side[under] or Fraction(1) for side in whole)
    for name, (n0, d0, n1, d1) in amounts.items():
        if d0 and d1:
            w0, w1, r0, r1 = d0 / d_before, d1 / d_now, n0 / d0, n1 / d1
            assert found.effects[name].rate == (r1 - r0) * (w0 + w1) / 2
            assert found.effects[name].mix == (w1 - w0) * ((r0 + r1) / 2 - (before + now) / 2)
