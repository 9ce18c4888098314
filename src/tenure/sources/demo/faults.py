"""Rows with the mistakes that real exports have: each is set aside when it is loaded, with the reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.sources.demo.rows import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.sources.demo.world import World


def faults(world: World, periods: list[dict[str, str]]) -> Mapping[str, list[dict[str, str]]]:
    """Bad rows by table: seven in all. `periods` are the good ones, of which the bad ones are variations."""
    begun, year = world.opens + timedelta(days=40, hours=9), world.opens.year + 1
    good = {**dict.fromkeys(periods[0], ""), "plan": "team", "starts_at": stamp(begun), "state": "active",
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
            {**good, "subscription_id": f"sub-hand-{n}", "account_id": periods[n]["account_id"], **slip}
            for n, slip in enumerate(wrong, start=1)
        ],
        "fx_rates": [{"day": begun.date().isoformat(), "currency": "SEK", "rate": "0"}],  # not published that day
        "people": [nobody],
    }
