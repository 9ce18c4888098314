"""What a customer has paid, and what it has signed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenure.account.happening import Happening
from tenure.account.reader import SHOWN

if TYPE_CHECKING:
    from tenure.account.reader import Reader, Section

# A total is unknown where one of its rows has no rate.
_TOTALS = """
SELECT count(*) AS count,
    CASE WHEN count(*) = count(amount) THEN coalesce(sum(amount), 0) END AS net,
    CASE WHEN count(*) = count(amount) THEN coalesce(sum(amount) FILTER (WHERE kind = 'charge'), 0) END AS charged,
    CASE WHEN count(*) = count(amount) THEN -coalesce(sum(amount) FILTER (WHERE kind <> 'charge'), 0) END AS paid_back,
    CASE WHEN count(*) = count(amount)
        THEN coalesce(sum(amount) FILTER (WHERE happened_at >= $now - INTERVAL 1 YEAR), 0) END AS net_12_months
FROM {payments} WHERE account_id = $account AND happened_at < $now
"""
_PAYMENTS = """
SELECT transaction_id, happened_at, kind, native AS amount, currency, is_recurring FROM {payments}
WHERE account_id = $account AND happened_at < $now ORDER BY happened_at DESC, transaction_id DESC
"""
_CONTRACTS = """
SELECT t.contract_id, c.starts_on, c.ends_on, t.native AS value, t.currency, t.happened_at AS due_at,
    CASE WHEN c.decided_at >= $now THEN 'open' ELSE t.outcome END AS outcome,
    CASE WHEN c.decided_at < $now THEN c.decided_at END AS decided_at,
    CASE WHEN c.decided_at >= $now THEN NULL ELSE c.renewed_value END AS renewed_value,
    CASE WHEN c.decided_at >= $now THEN NULL ELSE c.expansion_value END AS expansion_value
FROM {terms} AS t JOIN {contracts} AS c ON c.contract_id = t.contract_id
WHERE t.account_id = $account ORDER BY c.ends_on DESC, t.contract_id
"""


def payments(reader: Reader) -> tuple[Section, list[Happening]]:
    """Totals in the company's currency, and the last payments in their own: charges positive, what was paid back negative."""
    rows = reader.rows(_PAYMENTS)
    section = {"currency": reader.settings.currency, **reader.row(_TOTALS), "last": rows[:SHOWN]}
    words = {"charge": "paid", "refund": "was paid back", "credit": "was credited"}
    told = [
        Happening(
            r["happened_at"], r["kind"], words[r["kind"]], r["transaction_id"], None, abs(r["amount"]), r["currency"]
        )
        for r in rows
    ]
    return section, told


def contracts(reader: Reader) -> tuple[Section, list[Happening]]:
    """Every contract, latest renewal first; `renewal` is the open one that comes up next, or is overdue."""
    rows = reader.rows(_CONTRACTS)
    told: list[Happening] = []
    for row in rows:
        row["is_overdue"] = row["outcome"] == "open" and row["due_at"] < reader.now and row["ends_on"] < reader.today
        if row["decided_at"] or (row["outcome"] != "open" and row["due_at"] < reader.now):
            told.append(_decided(row))
        del row["due_at"]
    renewals = [row for row in rows if row["outcome"] == "open"]
    return {"renewal": renewals[-1] if renewals else None, "all": rows}, told


def _decided(row: dict[str, Any]) -> Happening:
    renewed = row["outcome"] == "renewed"
    value = (row["value"] if row["renewed_value"] is None else row["renewed_value"]) if renewed else row["value"]
    signed = Decimal(value) + Decimal((row["expansion_value"] or 0) if renewed else 0)
    at = row["decided_at"] or row["due_at"]
    return Happening(at, "contract", f"contract {row['outcome']}", row["contract_id"], None, signed, row["currency"])
