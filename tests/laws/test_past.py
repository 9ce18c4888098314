"""What was known at an instant is what a store says that was told nothing since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tenure
from laws.companies import companies, policies, some
from laws.stores import ask, load, store_of
from laws.test_loads import later, merged
from tenure.answer import instant

if TYPE_CHECKING:
    from oracle.company import Company
    from tenure.policy import Policy

Said = dict[tuple[str, str], list[tuple[object, ...]]]


def said(store: tenure.Store, policy: Policy | None, as_of: str | None = None) -> Said:
    """What a few metrics are by account and by plan."""
    return {
        (metric, by): [
            (row.start, row.segment, row.value) for row in ask(store, metric, policy, by=by, as_of=as_of).rows
        ]
        for metric in ("mrr", "churned_mrr", "customer_churn_rate")
        for by in ("account", "plan")
    }


@some(4)
@given(data=st.data())
def test_as_of_each_load_it_is_the_store_of_then(data: st.DataObject) -> None:
    company: Company = data.draw(companies())
    policy = data.draw(policies())
    with store_of(company) as store:
        known = []
        for _ in range(data.draw(st.integers(1, 2))):
            known.append((_last(store), company))
            further = data.draw(later(company))
            load(store, further)
            company = merged(company, further)
        told = [(said(store, None, at), said(store, policy, at)) for at, _ in known]
        assert said(store, None, _last(store)) == said(store, None)
    for (_, then), (own, other) in zip(known, told, strict=True):
        with store_of(then) as fresh:
            assert own == said(fresh, None)
            assert other == said(fresh, policy)


def test_before_the_first_load_nothing_is_known() -> None:
    with tenure.open() as store:
        load(store, {"accounts": [{"account_id": "a"}]})
        answer = store.ask("customers", as_of="2020-01-01", since="2019-01-01", until="2019-02-01")
        assert answer.missing == ("subscription_periods",)
        assert [row.value for row in answer.rows] == [None]


def test_what_counts_as_now_is_then() -> None:
    """A window after the instant has not begun."""
    with tenure.open() as store, pytest.raises(tenure.TenureError, match="after now"):
        store.ask("customers", as_of="2020-01-01", since="2020-01-02", until="2020-02-01")


def _last(store: tenure.Store) -> str:
    row = store._con.execute("SELECT max(loaded_at) FROM meta.loads").fetchone()
    assert row is not None
    return instant(row[0])
