"""What reached the books after the month was printed: a late invoice, and a price that was entered wrong.

The rows are a load of their own, the only one after the first; nothing of the first is another one for it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tenure.sources.demo.rows import stamp
from tenure.sources.demo.world import PLANS

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = dict[str, str]

PRINTED = (
    "mrr",
    "customers",
    "new_mrr",
    "expansion_mrr",
    "contraction_mrr",
    "churned_mrr",
    "net_revenue_retention",
    "revenue",
)
"""The metrics of the printed month."""
NOTE = "as the board saw it"
_SEATS, _DISCOUNT = 3, Decimal("0.9")
_BOOKED_ON, _LATEST = timedelta(days=11, hours=9), timedelta(days=27)


def printed_month(until: date | None = None) -> date:
    """The first day of the last month that is over at `until`, the first day that is not in the books; else today."""
    end = until or datetime.now(UTC).date()
    return (end.replace(day=1) - timedelta(days=1)).replace(day=1)


def late(tables: Mapping[str, list[Row]], month: date) -> dict[str, list[Row]]:
    """The later rows by table: in `month` a customer had bought an add-on, and a price was not what was agreed.

    Args:
        tables: The company's, as they were loaded first.
        month: The first day of the month that was printed.
    """
    opens = datetime.combine(month, time())
    tests = {row["account_id"] for row in tables["accounts"] if row["is_test"] == "true"}
    priced = [row for row in tables["subscription_periods"] if _counts(row, opens) and row["account_id"] not in tests]
    if not priced:
        return {}
    # One that changed in the month itself, if there is one: then no earlier month moves.
    wrong = max(priced, key=lambda row: (row["starts_at"] >= stamp(opens), _weight(row)))
    buyer = max(
        priced,
        key=lambda row: (row["currency"] == "EUR", row is not wrong, row["starts_at"] < stamp(opens), _weight(row)),
    )
    price = Decimal(PLANS["insights"].price)
    booked, bill = stamp(opens + _BOOKED_ON), f"{buyer['subscription_id']}-late"
    bought = {
        **dict.fromkeys(buyer, ""), "subscription_id": bill, "account_id": buyer["account_id"], "plan": "insights",
        "starts_at": booked, "state": "active", "quantity": str(_SEATS), "unit_amount": str(price),
        "billing_interval": "month", "currency": buyer["currency"], "change_reason": "addon",
    }  # fmt: skip
    agreed = str((Decimal(wrong["unit_amount"]) * _DISCOUNT).quantize(Decimal("0.01")))
    found = {"subscription_periods": [bought, {**wrong, "unit_amount": agreed}]}
    if tables["transactions"]:
        invoice = {
            **dict.fromkeys(tables["transactions"][0], ""), "transaction_id": "tr-late", "account_id": buyer["account_id"],
            "happened_at": booked, "kind": "charge", "amount": str(price * _SEATS), "currency": buyer["currency"],
            "is_recurring": "true", "subscription_id": bill,
        }  # fmt: skip
        found["transactions"] = [invoice]
    return found


def _weight(row: Row) -> tuple[Decimal, str]:
    """What the row comes to in a month."""
    return Decimal(row["unit_amount"]) * Decimal(row["quantity"]), row["subscription_id"]


def _counts(row: Row, opens: datetime) -> bool:
    """Whether a customer paid that row's price for a plan all through the end of the month, and still does."""
    is_plan = row["plan"] in PLANS and not PLANS[row["plan"]].is_free and not PLANS[row["plan"]].is_addon
    return (
        is_plan
        and row["state"] == "active"
        and not row["ends_at"]
        and row["billing_interval"] == "month"
        and not row["subscription_id"].startswith("sub-hand")
        and row["starts_at"] < stamp(opens + _LATEST)
    )
