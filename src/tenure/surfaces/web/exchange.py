"""The exchange that a page asks for: its rates are looked up once for all that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.exchange import exchange as by_rates
from tenure.policy import Policy

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tenure.exchange import Exchange
    from tenure.surfaces.web.memory import Memory
    from tenure.surfaces.web.view import View


def exchange(memory: Memory, view: View) -> Exchange | None:
    """The exchange that a view asks for; None where money stays in the company's currency.

    Raises:
        UnknownNameError: no rate of the currency is known.
    """
    store, policy = memory.store, Policy(view.policy) if view.policy else memory.store.settings.policy

    def rates(currency: str) -> dict[date, Decimal]:
        asks = {"currency": currency, "policy": view.policy}
        return memory.of("rates", asks, lambda: store.rates(currency, policy=view.policy or None), lasts=True)

    return by_rates(rates, store.settings.currency, view.currency or store.settings.currency, policy)
