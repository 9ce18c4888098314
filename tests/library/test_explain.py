"""One number opens into its rows, its policy, its formula and its SQL."""

from pathlib import Path

import pytest

from library.company import small
from tenure.errors import UsageError


def test_a_ratio_opens_into_its_parts(tmp_path: Path) -> None:
    """One of three opening customers left: the formula with its values, and the raw rows behind."""
    shown = small(tmp_path).explain("customer_churn_rate", since="2024-03-01", until="2024-04-01").to_dict()
    assert shown["formula"] == "churned / opening_accounts"
    assert shown["calculation"] == "1 / 3 = 0.3333"
    assert shown["policy_in_force"]["paused"] == "zero"
    churned, opening = shown["parts"]
    assert (churned["value"], churned["count"], opening["value"], opening["count"]) == (1, 1, 3, 3)
    assert churned["rows"][0]["account_id"] == "bob"
    assert [(row["subscription_id"], row["ends_at"]) for row in churned["raw"]] == [("s2", "2024-03-20T00:00:00Z")]
    assert "FROM facts.customers" in shown["sql"]


def test_the_rows_add_up_to_the_part(tmp_path: Path) -> None:
    """Every part that is a sum is the sum of its rows, foreign money at its rate."""
    store = small(tmp_path)
    shown = store.explain("fx_mrr", since="2024-03-01", until="2024-04-01", limit=100).to_dict()
    parts = {part["name"]: part for part in shown["parts"]}
    moved = next(part for name, part in parts.items() if part["meaning"] == "rows inside the period")
    assert moved["value"] == pytest.approx(sum(row["amount"] for row in moved["rows"]))
    for part in parts.values():
        if part is not moved:
            assert part["value"] == pytest.approx(sum(row["standing"] * row["rate"] for row in part["rows"]))
    assert shown["rows"][0]["value"] == pytest.approx(100 * (1.1 - 0.9))


def test_a_segment_is_explained_by_its_own_rows(tmp_path: Path) -> None:
    """A row of an answer by plan explains that plan: the switch of plan and the loss, not the other plan's."""
    answer = small(tmp_path).ask("customer_churn_rate", since="2024-03-01", until="2024-04-01", by="plan")
    row = next(i for i, row in enumerate(answer.rows) if row.segment == "pro")
    shown = answer.explain(row=row).to_dict()
    assert shown["calculation"] == "1 / 2 = 0.5"
    assert {r["account_id"] for r in shown["parts"][1]["rows"]} == {"bob", "cyd"}


def test_retention_shows_each_account(tmp_path: Path) -> None:
    """NRR is made of what each account changed by, at the opening's rates."""
    shown = small(tmp_path).explain("net_revenue_retention", since="2024-03-01", until="2024-04-01").to_dict()
    changed = {row["account_id"]: row["change_at_opening_rate"] for row in shown["parts"][1]["rows"]}
    assert changed == {"ada": 30, "bob": pytest.approx(-90)}
    assert shown["rows"][0]["value"] == pytest.approx((50 + 90 + 100 + 30 - 90) / (50 + 90 + 100))


def test_several_numbers_are_not_explained_at_once(tmp_path: Path) -> None:
    """The sentence says how to ask for one."""
    with pytest.raises(UsageError, match=r"3 numbers .* --grain total"):
        small(tmp_path).explain("mrr", since="2024-01-01", until="2024-04-01", grain="month")
