"""Why two tools print two MRRs of the same rows: a coupon, a pause, a payment that is late, and what stands outside all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

import tenure
from library.company import write
from tenure.config import Settings
from tenure.errors import UnknownNameError, UsageError
from tenure.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenure.library import Store

# At the end of March: ada pays 80 (100 less a coupon of 20 that runs out), bob is paused (60), cyd's charge failed on
# 1 February (50), dee pays 180 dollars (200 less 10 % for ever; the dollar is at 1.1), eve pays 33 1/3 a month (a year at
# 400). fay is on trial at 30, the test account would pay 77, gus pays 12 and has cancelled for May.
PERIODS = """
    subscription_id,account_id,starts_at,ends_at,state,unit_amount,billing_interval,discount_amount,discount_percent,discount_duration,currency
    s1,ada,2024-01-01,,active,100,month,20,,repeating,EUR
    s2,bob,2024-01-01,2024-03-10,active,60,month,,,,EUR
    s2,bob,2024-03-10,,paused,60,month,,,,EUR
    s3,cyd,2024-01-01,2024-02-01,active,50,month,,,,EUR
    s3,cyd,2024-02-01,,past_due,50,month,,,,EUR
    s4,dee,2024-01-01,,active,200,month,,10,forever,USD
    s5,eve,2024-01-01,,active,400,year,,,,EUR
    s6,fay,2024-03-01,,trial,30,month,,,,EUR
    s7,tst,2024-01-01,,active,77,month,,,,EUR
    s8,gus,2024-01-01,2024-05-01,active,12,month,,,,EUR
"""
SUBSCRIPTIONS = """
    subscription_id,account_id,cancel_requested_at,ends_at
    s8,gus,2024-03-20,2024-05-01
"""
RATES = """
    day,currency,rate
    2024-01-01,USD,0.9
    2024-03-05,USD,1.1
"""
ACCOUNTS = """
    account_id,name,is_test
    ada,Ada Ltd,
    bob,Bob & Sons,
    tst,Trying things out,true
"""
EVE = Fraction("33.3333")  # a price is rounded once, to four places
OWN = 80 + 0 + 50 + 180 * Fraction("1.1") + EVE + 12
NOW = "2024-06-01"
MARCH: dict[str, Any] = {"at": "2024-03-31", "now": NOW}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with tenure.open(":memory:", settings=Settings(currency="EUR")) as opened:
        folder = tmp_path_factory.mktemp("company")
        opened.load(
            write(folder, subscription_periods=PERIODS, fx_rates=RATES, accounts=ACCOUNTS, subscriptions=SUBSCRIPTIONS)
        )
        yield opened


def test_a_coupon_that_two_tools_read_differently(store: Store) -> None:
    """Stripe subtracts only discounts without an end: ada is at 100 there."""
    bridge = store.reconcile("mrr", "tenure", "stripe", **MARCH)
    assert (bridge.before, bridge.after, bridge.difference) == (OWN, OWN + 20, Fraction(20))
    (step,) = bridge.steps
    assert (step.switch, step.was, step.becomes, step.effect) == ("discounts", "all", "forever", Fraction(20))
    assert [(s.account_id, s.effect, s.name) for s in step.shares or ()] == [("ada", Fraction(20), "Ada Ltd")]


def test_a_pause_a_late_payment_and_two_discounts_each_have_their_step(store: Store) -> None:
    """In the order of the policy table: 20 for ada and 22 for dee, 50 less for cyd, 60 more for bob."""
    b = Policy("paddle_classic", {"past_due": "churn_after:30", "paused": "counted", "fx": "latest"})
    bridge = store.reconcile("mrr", "tenure", b, **MARCH)
    effects = {"discounts": 42, "past_due": -50, "paused": 60, "fx": 0}
    assert [(step.switch, step.effect) for step in bridge.steps] == [(s, Fraction(e)) for s, e in effects.items()]
    assert [(s.account_id, s.effect) for s in bridge.steps[0].shares or ()] == [
        ("dee", Fraction(22)),
        ("ada", Fraction(20)),
    ]
    assert bridge.after == OWN + 52
    assert [step.switch for step in bridge.moving] == ["discounts", "past_due", "paused"]

    shown = bridge.to_dict(limit=1)
    assert (shown["a"]["value"], shown["b"]["value"], shown["difference"]) == (373.33, 425.33, 52)
    assert shown["a"]["exact"] == "373.3333"
    assert shown["unmoved"] == ["fx"]
    assert len(shown["same"]) == 8
    first = shown["steps"][0]
    assert [(c["account_id"], c["effect"], c["count"]) for c in first["customers"]] == [("dee", 22, 1), (None, 20, 1)]
    assert sum(c["share"] for c in first["customers"]) == pytest.approx(1)
    assert [step["switch"] for step in bridge.to_dict(every=True)["steps"]] == ["discounts", "past_due", "paused", "fx"]


def test_lines_add_up_as_they_are_written(store: Store) -> None:
    """A third of a cent here and there is never lost: each line is what the rounded level changes by."""
    bridge = store.reconcile(
        "arr", Policy("tenure", {"discounts": "none"}), Policy("tenure", {"fx": "purchase"}), **MARCH
    )
    shown = bridge.to_dict()
    cents = [round(step["effect"] * 100) for step in shown["steps"]]
    assert round(shown["a"]["value"] * 100) + sum(cents) == round(shown["b"]["value"] * 100)


def test_a_rate_is_split_among_the_customers_that_move_it(store: Store) -> None:
    """Bob's pause is a loss where it is churn: one of six is lost; nobody else has a part in it."""
    asked = {"since": "2024-03-01", "until": "2024-04-01", "now": NOW}
    bridge = store.reconcile("customer_churn_rate", "tenure", Policy("tenure", {"paused": "churn"}), **asked)
    assert (bridge.before, bridge.after) == (Fraction(0), Fraction(1, 6))
    assert [(s.account_id, s.effect) for s in bridge.steps[0].shares or ()] == [("bob", Fraction(1, 6))]
    late = store.reconcile("customer_churn_rate", "tenure", Policy("tenure", {"past_due": "churn_after:0"}), **asked)
    assert (late.difference, late.steps[0].shares) == (Fraction(0), ())


def test_a_ratio_of_two_amounts_is_split_exactly(store: Store) -> None:
    """ARPA, when cyd does not pay: (0 - 50 + arpa) / 4, and the rest is nobody's."""
    bridge = store.reconcile("arpa", "tenure", "baremetrics", **MARCH)
    assert bridge.before == OWN / 5
    assert bridge.after == (OWN - 50) / 4
    assert [(s.account_id, s.effect) for s in bridge.steps[0].shares or ()] == [("cyd", (-50 + OWN / 5) / 4)]


def test_all_presets_side_by_side(store: Store) -> None:
    """Each preset's number by hand; on the left the company's own."""
    found = store.presets("mrr", policy="baremetrics", **MARCH)
    assert found.value == OWN - 50
    purchase = 180 * (Fraction("0.9") - Fraction("1.1"))
    assert dict(found.readings) == {
        "tenure": OWN, "chartmogul": OWN, "stripe": OWN + 20, "profitwell": OWN + purchase, "baremetrics": OWN - 50,
        "recurly": OWN, "chargebee": OWN + 20, "polar": OWN + 60, "paddle_classic": OWN + 42,
    }  # fmt: skip
    rows = {row["preset"]: row for row in found.to_dict()["rows"]}
    assert rows["stripe"]["difference"] == 70
    assert rows["stripe"]["switches"] == {"discounts": "forever", "past_due": "counted"}
    assert rows["polar"]["note"].startswith("Not reproduced")


FIGURES = {
    "a preset": (OWN + 20, {"discounts": "forever"}, None),
    "two switches": (OWN - 50 + 60, {"past_due": "churn_after:30", "paused": "counted"}, None),
    "a tax": (OWN * Fraction("1.19"), {}, "tax"),
    "trials": (OWN + 30, {}, "trials"),
    "a year's figure": (OWN * 12, {}, "yearly"),
    "what is cancelled for later": (OWN - 12, {"churn_at": "request"}, None),
    "test accounts": (OWN + 77, {}, "test_accounts"),
    "a currency left out": (OWN - 198, {}, "without_USD"),
    "a currency without its rate": (OWN - 18, {}, "unconverted_USD"),
    "a switch and a reason": (OWN + 60 + 30, {"paused": "counted"}, "trials"),
}


@pytest.mark.parametrize("name", FIGURES)
def test_what_would_have_to_be_true_for_a_figure(store: Store, name: str) -> None:
    figure, switches, reason = FIGURES[name]
    written = str(round(Decimal(figure.numerator) / figure.denominator, 2))
    found = store.nearest(written, "mrr", **MARCH)
    exactly = [
        (dict(fit.switches), fit.reason and fit.reason.name) for fit in found.fits if abs(fit.rest) < Fraction(1, 100)
    ]
    assert (switches, reason) in exactly, exactly
    assert found.fits[0].rest == min((fit.rest for fit in found.fits), key=abs)


def test_what_is_left_over_may_be_one_customer(store: Store) -> None:
    """No switch and no reason leaves out eve alone: what the own reading has too much is what she pays."""
    found = store.nearest(str(float(OWN - EVE)), "mrr", **MARCH)
    (own,) = [fit for fit in found.fits if not fit.parts]
    assert [(account, value) for account, value, _ in own.rest_of] == [("eve", -EVE)]


def test_a_figure_of_another_day(store: Store) -> None:
    """On 10 March bob pauses: the level of the day before has his 60 in it."""
    found = store.nearest(str(round(float(OWN + 60), 2)), "mrr", at="2024-03-10", now=NOW)
    exactly = [fit.reason.name for fit in found.fits if fit.reason and abs(fit.rest) < Fraction(1, 100)]
    assert "a_day_earlier" in exactly


def test_a_currency_without_a_rate_says_which_rate_it_would_need(tmp_path: Path) -> None:
    """No number is known then; 180 dollars would be what the figure has beyond the rest."""
    with tenure.open(":memory:", settings=Settings(currency="EUR")) as store:
        store.load(write(tmp_path, subscription_periods=PERIODS))
        known = 80 + 50 + EVE + 12 + 77
        found = store.nearest(str(float(known + 180 * Fraction("1.2"))), "mrr", **MARCH)
        assert (found.value, found.fits, found.rates) == (None, (), (("USD", Fraction("1.2")),))
        bridge = store.reconcile("mrr", "tenure", "stripe", **MARCH)
        shown = bridge.to_dict()
        assert (shown["missing"], shown["difference"], shown["steps"]) == (["USD"], None, [])


def test_the_window_is_the_last_full_month(store: Store) -> None:
    """The last change that was loaded is of May: April is over, and so it is by --to alone."""
    assert store.reconcile("mrr", "tenure", "stripe", now=NOW).to_dict()["end"] == "2024-05-01T00:00:00Z"
    shown = store.reconcile("new_mrr", "tenure", "stripe", until="2024-02-01", now=NOW).to_dict()
    assert (shown["start"], shown["end"]) == ("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")
    assert (shown["a"]["value"], shown["b"]["value"]) == (397.33, 417.33)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"metric": "new_mrr", "at": "2024-03-31"}, "counted over a window"),
        ({"at": "2024-03-31", "since": "2024-03-01"}, "one or the other"),
        ({"by": "plan"}, "--where instead of --by"),
        ({"metric": "nps"}, "needs responses"),
        ({"metric": "clv_predicted"}, "predicted"),
    ],
)
def test_what_cannot_be_reconciled_says_why(store: Store, words: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        store.reconcile(words.pop("metric", "mrr"), "tenure", "stripe", **words)


def test_an_unknown_preset_names_the_near_miss(store: Store) -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'stripe'"):
        store.reconcile("mrr", "tenure", "strype")


def test_a_bridge_of_what_was_known_then(tmp_path: Path) -> None:
    """Before the second load ada had a coupon; it is no reason for a difference any more, and was one then."""
    with tenure.open(":memory:", settings=Settings(currency="EUR")) as store:
        store.load(write(tmp_path / "1", subscription_periods=PERIODS, fx_rates=RATES))
        known = datetime.now(UTC).isoformat()
        later = "\n".join(line.replace(",20,,repeating", ",,,") for line in PERIODS.splitlines())
        store.load(write(tmp_path / "2", subscription_periods=later))
        assert store.reconcile("mrr", "tenure", "stripe", **MARCH).difference == 0
        then = store.reconcile("mrr", "tenure", "stripe", as_of=known, **MARCH)
        assert then.difference == 20
        assert [share.account_id for share in then.steps[0].shares or ()] == ["ada"]


@pytest.mark.soak
def test_every_number_of_the_catalogue_is_bridged(store: Store) -> None:
    """What a policy says nothing of has no difference; all else has the two numbers that `ask` gives."""
    window = {"since": "2024-03-01", "until": "2024-04-01", "now": NOW}
    for name, metric in store.metrics.items():
        if metric.model or set(metric.needs) - {"subscription_periods", "subscriptions", "accounts"}:
            continue
        bridge = store.reconcile(name, "recurly", "profitwell", **window)
        for preset, value in (("recurly", bridge.before), ("profitwell", bridge.after)):
            (row,) = store.ask(name, policy=preset, grain="total", **window).rows
            assert (row.value is None) == (value is None), name
            assert value is None or float(value) == pytest.approx(row.value), name
        assert all(
            s.effect == sum(c.effect for c in s.shares) for s in bridge.steps if s.shares and s.effect is not None
        )
