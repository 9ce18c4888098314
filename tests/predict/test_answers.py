"""`clv_predicted`, from raw rows to the answer: what the models are fitted to is counted again account by account."""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from scipy.special import hyp2f1

import tenure
from library.beginners import CUT, beginners, month, tables
from library.company import write
from tenure.config import Settings
from tenure.errors import SettingsError
from tenure.predict import contracts, purchases, spending
from tenure.predict.contracts import Renewals
from tenure.predict.purchases import Buyer
from tenure.predict.spending import Spender

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MONTH = 1.1 ** (-1 / 12)
DAY = 1.1 ** (-1 / 365)
WINDOW: dict[str, Any] = {"since": "2024-01-01", "until": str(CUT), "now": f"{CUT}T00:00:00Z"}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    made = beginners(4, 400)
    with tenure.open(settings=Settings(gross_margin=0.8)) as store:
        store.load(write(tmp_path_factory.mktemp("contracts"), **tables(made)))
        yield made, store


def test_renewals_are_counted_account_by_account(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    """By calendar months, as of each month's end; who came back is there, who left at once left at the first renewal."""
    made, store = company
    answer = store.ask("clv_predicted", **WINDOW)
    assert [row.end.month for row in answer.rows] == [2, 3, 4, 5]
    for row in answer.rows:
        cut, last = row.end.date(), month(row.end.date()) - 1
        people, paying = [], 0
        for one in made:
            if one.joined is None or one.joined >= cut:
                continue
            gone, age = one.gone(cut), last - month(one.joined)
            left = max(month(gone) - month(one.joined), 1) if gone else 0
            paying += gone is None
            people.append((left, True, 1) if gone and left <= age else (age, False, 1))
        renewals = Renewals.of(people)
        model = contracts.fit(renewals)
        assert row.parts["paying_accounts"] == paying
        assert row.parts["discounted_months"] == pytest.approx(model.lifetime(MONTH), rel=1e-6)
        assert row.value == pytest.approx(10 * 0.8 * model.lifetime(MONTH), rel=1e-6)
        assert (row.low, row.high) == pytest.approx([8 * side for side in model.lifetime_interval(MONTH)], rel=1e-5)
        assert row.n == renewals.kept[0] + renewals.lost[0]
        assert (row.parts["alpha"], row.parts["beta"]) == pytest.approx((model.alpha, model.beta), rel=1e-4)


def test_what_present_customers_are_yet_to_bring(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    made, store = company
    (row,) = store.ask("clv_predicted:residual", grain="total", **WINDOW).rows
    ages: dict[int, int] = defaultdict(int)
    for one in made:
        if one.joined is not None and one.gone(CUT) is None:
            ages[month(CUT) - 1 - month(one.joined)] += 1
    (new,) = store.ask("clv_predicted", grain="total", **WINDOW).rows
    a, b = new.parts["alpha"], new.parts["beta"]
    # The closed form of the paper: (b + m) / (a + b + m) 2F1(1, b + m + 1; a + b + m + 1; d) after m renewals.
    left = {m: (b + m) / (a + b + m) * hyp2f1(1, b + m + 1, a + b + m + 1, MONTH) for m in ages}
    months = sum(count * left[m] for m, count in ages.items()) / sum(ages.values())
    assert row.value == pytest.approx(8 * months)
    assert row.low < row.value < row.high


def test_a_segment_has_a_model_of_its_own(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    """Each channel is fitted alone, and a comparison is with what the model said then."""
    _, store = company
    window = {**WINDOW, "since": "2024-03-01"}
    rows = store.ask("clv_predicted", by="channel", compare="previous", **window).rows
    assert {row.segment for row in rows} == {"ads", "word"}
    alone = store.ask("clv_predicted", where={"channel": "ads"}, compare="previous", **window).rows
    assert [row.value for row in rows if row.segment == "ads"] == [row.value for row in alone]
    earlier = store.ask("clv_predicted", where={"channel": "ads"}, **WINDOW).rows
    assert [row.previous for row in alone] == [row.value for row in earlier[1:3]]


def test_a_running_month_is_read_as_of_the_last_that_is_over(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    _, store = company
    now = "2024-04-20T09:00:00Z"
    march, april = store.ask("clv_predicted", since="2024-03-01", until="2024-05-01", now=now).rows
    assert april.partial
    assert april.parts["discounted_months"] == march.parts["discounted_months"]


def test_a_smaller_discount_rate_is_worth_more(tmp_path: Path) -> None:
    made = write(tmp_path, **tables(beginners(4, 400)))
    found = []
    for rate in (0.05, 0.1, 0.3):
        with tenure.open(settings=Settings(discount_rate=rate)) as store:
            store.load(made)
            found.append(store.ask("clv_predicted", grain="total", **WINDOW).rows[0])
    assert [row.parts["discount_rate"] for row in found] == [0.05, 0.1, 0.3]
    values = [row.value or 0 for row in found]
    assert values[0] > values[1] > values[2] > 0
    with pytest.raises(SettingsError, match=r"10 % is 0\.1"):
        Settings(discount_rate=10)


def bought(count: int) -> tuple[str, dict[str, list[tuple[date, float]]]]:
    """Customers who buy again and again, fewer and fewer of them; as CSV, and as it is: one order of two charges, too."""
    lines, held = ["transaction_id,account_id,happened_at,kind,amount,order_id"], {}
    for n in range(count):
        start = date(2023, 1, 1) + timedelta(days=n * 7 % 300)
        own = 5 + (n * 37 % 23)
        visits = [
            (start + timedelta(days=(11 + n % 17) * k), own + (n * 13 + k * 29) % 11) for k in range(1 + n * 7 % 5)
        ]
        visits = visits if n % 3 else visits[:1]
        held[f"a{n}"] = [(day, float(amount)) for day, amount in visits]
        for k, (day, amount) in enumerate(visits):
            lines.append(f"t{n}-{k},a{n},{day}T10:00:00Z,charge,{amount - 2},o{n}-{k}")
            lines.append(f"u{n}-{k},a{n},{day}T10:05:00Z,charge,2,o{n}-{k}")
        lines.append(f"r{n},a{n},{start + timedelta(days=1)}T10:00:00Z,refund,1,")
    return "\n".join(lines) + "\n", held


def test_purchases_are_counted_account_by_account(tmp_path: Path) -> None:
    text, held = bought(300)
    with tenure.open(settings=Settings(gross_margin=0.5)) as store:
        store.load(write(tmp_path, transactions=text))
        answer = store.ask("clv_predicted", grain="total", **WINDOW)
    (row,) = answer.rows
    assert (answer.variant, answer.missing) == ("purchases", ())
    often = purchases.fit([Buyer(len(v) - 1, (v[-1][0] - v[0][0]).days, (CUT - v[0][0]).days) for v in held.values()])
    again = [v[1:] for v in held.values() if len(v) > 1]
    much = spending.fit([Spender(len(v), sum(amount for _, amount in v) / len(v)) for v in again])
    first = sum(v[0][1] for v in held.values()) / 300
    assert row.parts["later_purchases"] == pytest.approx(often.lifetime(DAY), rel=1e-4)
    assert row.parts["purchase_value"] == pytest.approx(much.mean, rel=1e-5)
    assert row.value == pytest.approx(0.5 * (first + often.lifetime(DAY) * much.mean), rel=1e-4)
    assert row.value is not None
    assert row.low is not None
    assert row.high is not None
    assert row.low < row.value < row.high
    assert row.n == 300


def test_a_refusal_is_a_value_that_is_unknown_and_a_sentence(tmp_path: Path) -> None:
    """Twelve customers say nothing of how long customers stay; the row says so, and nothing is missing."""
    lines = [f"s{n},a{n},2024-01-0{n % 9 + 1},{'2024-03-01' if n < 2 else ''},10" for n in range(12)]
    periods = "subscription_id,account_id,starts_at,ends_at,unit_amount\n" + "\n".join(lines) + "\n"
    with tenure.open() as store:
        store.load(write(tmp_path, subscription_periods=periods))
        answer = store.ask("clv_predicted", **WINDOW)
        assert [row.value for row in answer.rows] == [None] * 4
        assert answer.missing == ()
        sentence = "Too few customers: 12 came up for renewal, and 50 are the least to tell how long customers stay."
        assert answer.rows[-1].note == sentence
        assert answer.to_dict()["rows"][-1]["note"] == sentence
        assert answer.to_arrow().column("note").to_pylist()[-1] == sentence
        assert store.explain("clv_predicted", **WINDOW).to_dict()["rows"][0]["note"] == sentence
        assert answer._repr_mimebundle_()["text/html"].count(sentence) == 1
        assert "note" not in store.ask("mrr", **WINDOW).to_dict()["rows"][0]


def test_without_the_libraries_it_says_which(company: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    """Everything else is answered without them."""
    from tenure.predict.answers import said

    _, store = company
    said.cache_clear()
    monkeypatch.setitem(sys.modules, "scipy", None)
    (row,) = store.ask("clv_predicted", grain="total", **WINDOW).rows
    assert row.value is None
    assert row.note == "A prediction needs numpy and scipy, and scipy is not installed: pip install 'tenure[predict]'."
    said.cache_clear()


def test_what_stands_behind_it(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    _, store = company
    shown = store.explain("clv_predicted", **WINDOW).to_dict()
    (row,) = shown["rows"]
    assert shown["calculation"].endswith(f"= {row['value']:.4f}")
    assert {part["name"] for part in shown["parts"]} == {"closing_mrr", "paying_accounts"}
