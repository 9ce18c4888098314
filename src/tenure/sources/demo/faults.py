"""Rows with the mistakes that real exports have: each is set aside when it is loaded, with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.sources.demo.rows import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.sources.demo.world import World


def faults(world: World, good: Mapping[str, list[dict[str, str]]]) -> Mapping[str, list[dict[str, str]]]:
    """Bad rows by table: a few of each kind of mistake. `good` are the tables, of whose rows they are variations."""
    return {**_of_money(world, good["subscription_periods"]), **_of_support(world, good)}


def _of_support(world: World, good: Mapping[str, list[dict[str, str]]]) -> Mapping[str, list[dict[str, str]]]:
    """Variations of each table's first row, if it has one, under another key.

    Events have none: a file with a bad row is read twice, and theirs is by far the longest.
    """
    slips = {
        "tickets": ("ticket_id", ({"first_reply_at": "1970-01-01T00:00:00Z"}, {"reopens": "often"})),
        "responses": ("response_id", ({"survey": "nps", "score": "11", "answered_at": stamp(world.closes)},)),
        "transactions": ("transaction_id", ({"amount": "-28.00", "kind": "charge"},)),
        "costs": ("cost_id", ({"bucket": "coffee"},)),
    }
    return {
        name: [{**good[name][0], key: f"hand-{n}", **slip} for n, slip in enumerate(bad, start=1)]
        for name, (key, bad) in slips.items()
        if good[name]
    }


def _of_money(world: World, periods: list[dict[str, str]]) -> Mapping[str, list[dict[str, str]]]:
    begun, year = world.opens + timedelta(days=40, hours=9), world.opens.year + 1
    plain = {**dict.fromkeys(periods[0], ""), "plan": "team", "starts_at": stamp(begun), "state": "active",
            "quantity": "3", "unit_amount": "28.00", "billing_interval": "month", "currency": "EUR"}  # fmt: skip
    nobody = {
        "person_id": "",
        "account_id": periods[0]["account_id"],
        "email": "info@example.com",
        "role": "member",
        "created_at": stamp(begun),
        "is_internal": "false",
        "locale": "de",
    }
    wrong = (
        {"unit_amount": "-28.00", "change_reason": "credit"},  # a credit note, booked as a price
        {"ends_at": stamp(begun - timedelta(days=30))},  # start and end exchanged
        {"currency": "EUO"},  # a slip of the finger
        {"starts_at": f"{year}-02-31"},  # made by a spreadsheet that adds a month to 31 January
        {"unit_amount": "1.280,00"},  # written with a decimal comma
    )
    return {
        "subscription_periods": [
            {**plain, "subscription_id": f"sub-hand-{n}", "account_id": periods[n]["account_id"], **slip}
            for n, slip in enumerate(wrong, start=1)
        ],
        "fx_rates": [{"day": begun.date().isoformat(), "currency": "SEK", "rate": "0"}],  # not published that day
        "people": [nobody],
    }
