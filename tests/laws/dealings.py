"""Made-up payments, contracts and costs for a made-up company: refunds, orders in parts, open renewals, costs over years."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from laws.companies import CURRENCY, companies, instants, mostly
from oracle.company import Company

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn

AMOUNTS = tuple(Decimal(text) for text in ("10", "49.99", "100", "0.0001", "0", "99999.9999"))
CURRENCIES = (None, "EUR", "USD", "GBP")
IDS = ["a1", "a2", "a3", "a4", "a5"]
# The days around the cuts of months and around the changes of clocks, and some far away.
DAYS = tuple(
    date.fromisoformat(text)
    for text in (
        "2023-08-15",
        "2023-12-31",
        "2024-01-31",
        "2024-02-01",
        "2024-02-29",
        "2024-03-01",
        "2024-03-31",
        "2024-04-12",
    )
)
PEOPLE: list[Mapping[str, Any]] = [
    {"person_id": "p1", "account_id": "a1", "is_internal": True},
    {"person_id": "p2", "account_id": "a2", "is_internal": None},
]


@st.composite
def transactions(draw: DrawFn) -> list[Mapping[str, Any]]:
    """Charges, some of one order, and what is paid back."""
    return [
        {
            "transaction_id": f"t{n}",
            "account_id": draw(st.sampled_from(IDS)),
            "person_id": draw(mostly(None, "p1", "p2", "p3")),
            "happened_at": draw(instants()),
            "kind": draw(mostly("charge", "refund", "credit")),
            "amount": draw(st.sampled_from(AMOUNTS)),
            "currency": draw(st.sampled_from(CURRENCIES)),
            "is_recurring": draw(st.sampled_from((None, True, False))),
            "subscription_id": draw(st.sampled_from((None, "s0"))),
            "order_id": draw(mostly(None, "o1", "t1")),
        }
        for n in range(draw(st.integers(0, 8)))
    ]


@st.composite
def contracts(draw: DrawFn) -> list[Mapping[str, Any]]:
    """Terms that were renewed in part, beyond their value, without a word, not at all, or not yet."""
    found: list[Mapping[str, Any]] = []
    for n in range(draw(st.integers(0, 6))):
        outcome = draw(st.sampled_from(("open", "renewed", "renewed", "lost")))
        ends = draw(st.sampled_from(DAYS)) + timedelta(days=draw(st.sampled_from((0, 0, 1, 400))))
        renewed = draw(st.none() | st.sampled_from(AMOUNTS)) if outcome == "renewed" else None
        found.append(
            {
                "contract_id": f"c{n}",
                "account_id": draw(st.sampled_from(IDS)),
                "starts_on": ends - timedelta(days=365),
                "ends_on": ends,
                "value": draw(st.sampled_from(AMOUNTS)),
                "currency": draw(st.sampled_from(CURRENCIES)),
                "outcome": outcome,
                "decided_at": None if outcome == "open" else draw(st.none() | instants()),
                "renewed_value": renewed,
                "expansion_value": draw(st.none() | st.sampled_from(AMOUNTS)),
            }
        )
    return found


@st.composite
def costs(draw: DrawFn) -> list[Mapping[str, Any]]:
    """Costs of a day, of days across months, of a year and more."""
    found: list[Mapping[str, Any]] = []
    for n in range(draw(st.integers(0, 6))):
        first = draw(st.sampled_from(DAYS))
        last = first + timedelta(days=draw(st.sampled_from((0, 1, 6, 28, 30, 89, 365))))
        bucket = draw(
            st.sampled_from(
                ("acquisition", "acquisition", "goods", "support", "success", "email", "self_service", "tickets")
            )
        )
        found.append(
            {
                "cost_id": f"k{n}",
                "from_date": first,
                "to_date": last,
                "bucket": bucket,
                "amount": draw(st.sampled_from(AMOUNTS)),
                "currency": draw(st.sampled_from(CURRENCIES)),
                "account_id": draw(mostly(None, *IDS)),
                "channel": draw(st.sampled_from((None, "ads", "friends"))),
            }
        )
    return found


@st.composite
def untold(draw: DrawFn) -> list[Mapping[str, Any]]:
    """Subscriptions of which nothing is known but what they say themselves."""
    found: list[Mapping[str, Any]] = []
    for n in range(draw(st.integers(0, 3))):
        created, ends = draw(st.none() | instants()), draw(st.none() | instants())
        if created and ends and ends < created:
            created, ends = ends, created
        trial = draw(mostly(None, created))
        row = {
            "subscription_id": f"u{n}",
            "account_id": draw(st.sampled_from(IDS)),
            "created_at": created,
            "ends_at": ends,
        }
        found.append({**row, "trial_ends_at": trial + timedelta(days=7) if trial else None})
    return found


@st.composite
def trading(draw: DrawFn) -> Company:
    """A company with subscriptions and everything that is paid, signed and spent."""
    company = draw(companies())
    tables = {name: list(rows) for name, rows in company.tables.items()}
    tables["subscriptions"] = [*tables.get("subscriptions", []), *draw(untold())]
    tables["accounts"] = [
        {**row, "channel": draw(st.sampled_from((None, "ads")))} for row in tables.get("accounts", [])
    ]
    tables |= {
        "transactions": draw(transactions()),
        "contracts": draw(contracts()),
        "costs": draw(costs()),
        "people": PEOPLE,
    }
    return Company({name: rows for name, rows in tables.items() if rows}, CURRENCY)
