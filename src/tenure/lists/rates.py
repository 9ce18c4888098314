"""What money of the company's currency is worth in another one, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.errors import UnknownNameError
from tenure.store import facts
from tenure.store.layout import literal

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy


def rated(con: DuckDBPyConnection, settings: Settings) -> list[str]:
    """The currencies that a rate was loaded of, and the company's own, in alphabetical order."""
    found = con.execute("SELECT DISTINCT currency FROM fx_rates WHERE rate > 0").fetchall()
    return sorted({row[0] for row in found} | {settings.currency})


def rates(con: DuckDBPyConnection, settings: Settings, policy: Policy, currency: str) -> dict[date, Decimal]:
    """What one unit of `currency` was worth in the company's, by UTC day, without gaps from the first known to the last.

    Raises:
        UnknownNameError: no rate of it is known.
    """
    known = rated(con, settings)
    if currency not in known:
        mend = f"Rates are known of {', '.join(known)}; `tenure template fx_rates` writes the file that tells others."
        raise UnknownNameError("currency", currency, known, mend)
    place = facts.ensure(con, settings, policy, {"revenue"})["rates"]
    found = con.execute(f"SELECT day, rate FROM {place} WHERE currency = {literal(currency)} ORDER BY day").fetchall()
    return dict(found)
