"""What moved a number adds up to how far it has moved, load by load; and after each load it is what was known then."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from laws.companies import companies, policies, some
from laws.stores import NOW, load, same, store_of
from laws.test_loads import later, merged
from tenure.answer import instant
from tenure.config import Settings

if TYPE_CHECKING:
    import tenure
    from tenure.restate import Moved, Restatement

MONTHS = ("2024-01", "2024-02", "2024-03", "2024-04")
METRICS = (
    "mrr",
    "new_mrr",
    "churned_mrr",
    "fx_mrr",
    "committed_mrr",
    "customers",
    "customer_churn_rate",
    "net_revenue_retention",
)
ROWS = {"rates", "merged", "excluded", "withdrawn", "corrected", "backdated", "late"}


def chained(number: Moved) -> None:
    """The steps lead from then to now without a gap; where all are known, they add up."""
    if not number.shares:
        return
    ends = [(number.then, number.then), *((s.was, s.becomes) for s in number.shares), (number.now, number.now)]
    assert all(before[1] == after[0] for before, after in pairwise(ends)), number
    effects = [share.effect for share in number.shares]
    if None not in (number.then, number.now, *effects):
        assert sum((e for e in effects if e is not None), Decimal(0)) == (number.now or 0) - (number.then or 0)


def told_by_the_store(store: tenure.Store, told: Restatement) -> None:
    """After each load a number is what a question as of that load says, and now what a question says."""
    loads = dict(store._con.execute("SELECT load_id, loaded_at FROM meta.loads").fetchall())
    asked: dict[tuple[object, ...], dict[str | None, float | None]] = {}

    def said(number: Moved, load_id: int | None) -> float | None:
        as_of = instant(loads[load_id]) if load_id else None
        key = (number.metric, number.by, number.start, load_id)
        if key not in asked:
            words = {"since": instant(number.start), "until": instant(number.end), "as_of": as_of, "now": NOW}
            answer = store.ask(number.metric, by=number.by, **words)
            asked[key] = {row.segment: row.value for row in answer.rows}
        return asked[key].get(number.segment, 0 if number.metric != "customer_churn_rate" else None)

    for number in told.numbers:
        if number.segment is None or number.metric in ("mrr", "customers"):
            assert same(_float(number.now), said(number, None)), number
            for share, following in pairwise([*number.shares, None]):
                if share and share.load and (following is None or following.load != share.load):
                    assert same(_float(share.becomes), said(number, share.load.load_id)), number


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


@some(3)
@given(data=st.data())
def test_shares_add_up_to_the_difference(data: st.DataObject) -> None:
    company = data.draw(companies())
    with store_of(company) as store:
        for month in data.draw(st.sets(st.sampled_from(MONTHS), min_size=1)):
            store.freeze(month, *METRICS, now=NOW)
        for _ in range(data.draw(st.integers(1, 3))):
            further = data.draw(later(company))
            load(store, further)
            company = merged(company, further)
        told = store.restate(now=NOW)
        for number in told.numbers:
            chained(number)
            assert {share.cause for share in number.shares} <= ROWS
        told_by_the_store(store, told)


@some(2)
@given(data=st.data())
def test_as_of_an_instant_they_add_up_too(data: st.DataObject) -> None:
    company = data.draw(companies())
    with store_of(company) as store:
        for _ in range(2):
            further = data.draw(later(company))
            load(store, further)
            company = merged(company, further)
        (first,) = store._con.execute("SELECT min(loaded_at) FROM meta.loads").fetchone() or ()
        told = store.restate(
            "mrr", "customers", "net_revenue_retention", since=instant(first), to="2024-06-01", from_="2024-01-01"
        )
        assert not told.has_moved
        for number in told.numbers:
            chained(number)


@some(2)
@given(data=st.data())
def test_another_policy_is_told_apart_from_rows(data: st.DataObject) -> None:
    company, policy = data.draw(companies()), data.draw(policies())
    with store_of(company) as store:
        store.freeze("2024-02", "mrr", "customers", now=NOW)
        load(store, data.draw(later(company)))
        rows = {(n.metric, n.by, n.segment): n for n in store.restate(now=NOW).numbers}
        store.settings = Settings(currency=company.currency, policy=policy)
        for number in store.restate(now=NOW).numbers:
            chained(number)
            before = rows.get((number.metric, number.by, number.segment))
            by_rows = [share for share in number.shares if share.cause != "policy"]
            assert not by_rows or before is None or by_rows == list(before.shares)
