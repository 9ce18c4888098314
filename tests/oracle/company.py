"""The canonical rows of a made-up company, as plain lists of dicts, and who of them counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from decimal import Decimal

KEYS = {
    "accounts": ("account_id",),
    "plans": ("plan",),
    "subscriptions": ("subscription_id",),
    "subscription_periods": ("subscription_id", "item_id", "starts_at"),
    "account_links": ("account_id", "same_as"),
    "events": ("event_id",),
    "fx_rates": ("day", "currency"),
    "people": ("person_id",),
    "person_links": ("person_id", "same_as"),
    "transactions": ("transaction_id",),
    "contracts": ("contract_id",),
    "costs": ("cost_id",),
    "onboarding_steps": ("account_id", "person_id", "step"),
}


@dataclass(frozen=True)
class Company:
    """Typed rows by table (instants naive UTC, days dates, numbers Decimal or int) and the company's currency."""

    tables: Mapping[str, Sequence[Mapping[str, Any]]]
    currency: str = "USD"

    def rows(self, table: str) -> Iterator[Mapping[str, Any]]:
        """The rows of a table that no exclusion names."""
        out = {str(x["id"]) for x in self.tables.get("exclusions", ()) if x["table_name"] == table}
        for row in self.tables.get(table, ()):
            if key_text(table, row) not in out:
                yield row

    def roots(self) -> dict[str, str]:
        """Every linked account's surviving account, chains followed to their end."""
        step = {row["account_id"]: row["same_as"] for row in self.rows("account_links")}
        roots = {}
        for account in step:
            end, seen = account, {account}
            while end in step and step[end] not in seen:
                end = step[end]
                seen.add(end)
            roots[account] = end
        return roots

    def left_out(self) -> set[str]:
        """Test accounts and excluded ones, by their own id."""
        excluded = {str(x["id"]) for x in self.tables.get("exclusions", ()) if x["table_name"] == "accounts"}
        return excluded | {row["account_id"] for row in self.rows("accounts") if row.get("is_test")}


def key_text(table: str, row: Mapping[str, Any]) -> str:
    """A row's key as an exclusion writes it, joined by '/'."""
    parts = []
    for column in KEYS[table]:
        value = row.get(column)
        if value is None and column == "item_id":
            value = row["subscription_id"]
        parts.append(str(value))
    return "/".join(parts)


def exact(value: Decimal | float | str | None, default: int = 0) -> Fraction:
    """A cell as an exact number; `default` where it is empty."""
    if value is None:
        return Fraction(default)
    if isinstance(value, float):
        value = str(value)
    return Fraction(value)


@dataclass(frozen=True)
class Rates:
    """What one unit of a currency is worth in the company's, under the policy's switch `fx`."""

    company: Company
    reading: str

    def at(self, currency: str, instant: datetime, bought: datetime) -> Fraction:
        """The rate on the UTC day of `instant`; `bought` is when the item that it prices first began."""
        if currency == self.company.currency:
            return Fraction(1)
        day = {"daily": instant.date(), "latest": date.max, "purchase": bought.date()}[self.reading]
        known = sorted((r["day"], exact(r["rate"])) for r in self.company.rows("fx_rates") if r["currency"] == currency)
        if not known:
            message = f"there is no rate of {currency} at all"
            raise LookupError(message)
        rate = known[0][1]
        for since, value in known:
            if since <= day:
                rate = value
        return rate

    def kept_in(self, currency: str) -> str:
        """The currency that a level is kept in: the row's own, or the company's where the policy fixes a rate."""
        return currency if self.reading == "daily" else self.company.currency
