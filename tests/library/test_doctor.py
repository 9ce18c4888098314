"""The doctor finds what breaks a law, and nothing where none is broken."""

from pathlib import Path

from library.company import PERIODS, small, write


def _broken(store: object) -> dict[str, int]:
    return {f.law: f.count for f in store.doctor().findings if f.count}  # type: ignore[attr-defined]


def test_all_laws_hold(tmp_path: Path) -> None:
    """On a store that only loads have written to."""
    assert _broken(small(tmp_path)) == {}


def test_a_ledger_that_was_tampered_with(tmp_path: Path) -> None:
    """A lost row breaks the sum of movements, the sum by account, and the comparison with the raw rows."""
    store = small(tmp_path)
    assert store.doctor().ok
    store._con.execute("DELETE FROM facts.revenue WHERE account_id = 'bob' AND kind = 'churn'")
    broken = " ".join(_broken(store))
    assert "same total" in broken
    assert "ledgers" in broken


def test_a_state_too_many(tmp_path: Path) -> None:
    """An account in two states at once."""
    store = small(tmp_path)
    assert store.doctor().ok
    store._con.execute("INSERT INTO facts.states SELECT account_id, happened_at, 'trial', 1 FROM facts.states LIMIT 1")
    assert any("one state" in law for law in _broken(store))


def test_periods_that_overlap_and_subscriptions_that_disagree(tmp_path: Path) -> None:
    """They are accepted, and listed."""
    store = small(tmp_path)
    store.load(
        write(
            tmp_path / "more",
            subscription_periods=PERIODS
            + "    s9,eve,pro,2024-01-01,2024-03-01,10,EUR\n    s9,eve,pro,2024-02-01,2024-04-01,20,EUR\n",
            subscriptions="subscription_id,account_id,ends_at\ns9,eve,2024-03-15\n",
        )
    )
    broken = _broken(store)
    assert sum("earlier one ends" in law for law in broken) == 1
    assert sum("when its last period does" in law for law in broken) == 1


def test_a_currency_without_a_rate(tmp_path: Path) -> None:
    """It is named by the doctor, and what depends on it is unknown, not 0; what does not is known."""
    store = small(tmp_path)
    francs = "subscription_id,account_id,starts_at,unit_amount,currency\nx,x,2024-03-15,5,CHF\n"
    store.load(write(tmp_path / "more", subscription_periods=francs))
    assert any("has a rate" in law for law in _broken(store))
    answer = store.ask("mrr", since="2024-02-01", until="2024-04-01")
    assert [row.value for row in answer.rows] == [240, None]
    assert answer.missing == ("CHF",)
    assert store.ask("mrr", since="2024-03-01", until="2024-04-01", where={"currency": "EUR"}).rows[0].value == 180
    assert store.ask("new_mrr", since="2024-03-01", until="2024-04-01").rows[0].value is None
    assert store.ask("expansion_mrr", since="2024-03-01", until="2024-04-01").rows[0].value == 30
    for fx in ("latest", "purchase"):
        answer = store.ask("mrr", since="2024-02-01", until="2024-04-01", switches={"fx": fx})
        assert answer.rows[1].value is None, fx
