"""Payments, purchases, contracts, costs and lifetimes of a made-up company, read by hand in exact fractions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from oracle.company import Rates, exact
from oracle.numbers import Oracle, over
from oracle.reading import local
from oracle.spans import END_OF_TIME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from oracle.company import Company
    from tenure.policy import Policy

Row = dict[str, Any]
Number = Fraction | None
KEEPING = {"support", "success", "email", "self_service", "tickets"}
MONTH = Fraction(365, 12)


@dataclass(frozen=True)
class Window:
    """`[opens, closes)` in naive UTC, its length in months, the six months before it, and what counts as now."""

    opens: datetime
    closes: datetime
    months: Fraction
    before: tuple[tuple[datetime, datetime], ...]
    now: datetime


class Dealings:
    """The rows of each ledger as dicts, and the numbers of a window."""

    def __init__(self, company: Company, policy: Policy, zone: ZoneInfo, margin: Number = None) -> None:
        self.company, self.zone, self.margin = company, zone, margin
        self.oracle = Oracle(company, policy)
        self.rates = Rates(company, policy["fx"])
        self.roots, self.out = company.roots(), company.left_out()
        self.paid = self._payments()
        self.bought = self._purchases()
        self.terms = self._terms()
        self.spent = self._spending()
        self.lives = self._lifespans()

    # -- rows ---------------------------------------------------------------------------------------------------

    def _rows(self, table: str) -> list[tuple[str, Row]]:
        """Whose they are, and the rows of all who count."""
        at_home = {
            person["person_id"]
            for person in self.company.rows("people")
            if person.get("is_internal") or self.out & {person["account_id"], self.roots.get(person["account_id"])}
        }
        found = []
        for row in self.company.rows(table):
            account = row.get("account_id") or ""
            root = self.roots.get(account, account)
            if not self.out & {account, root} and row.get("person_id") not in at_home:
                found.append((root, dict(row)))
        return found

    def _midnight(self, day: Any) -> datetime:  # noqa: ANN401 - a date
        return local(datetime.combine(day, time()), self.zone)

    def _value(self, native: Fraction, row: Row, instant: datetime) -> Number:
        try:
            return native * self.rates.at(row.get("currency") or self.company.currency, instant, instant)
        except LookupError:
            return None

    def _payments(self) -> list[Row]:
        found = []
        for account, row in self._rows("transactions"):
            native = exact(row["amount"]) * (1 if row["kind"] == "charge" else -1)
            recurs = row.get("is_recurring")
            if recurs is None:
                recurs = row.get("subscription_id") is not None
            value = self._value(native, row, row["happened_at"])
            found.append({**row, "account_id": account, "native": native, "amount": value, "is_recurring": recurs})
        return found

    def _purchases(self) -> list[Row]:
        orders: dict[tuple[str, bool, str], list[Row]] = {}
        for row in self.paid:
            if row["kind"] == "charge":
                order = row.get("order_id")
                key = (row["account_id"], order is not None, order or row["transaction_id"])
                orders.setdefault(key, []).append(row)
        found = []
        for (account, is_order, name), rows in orders.items():
            first = min(row["happened_at"] for row in rows)
            values = [row["amount"] for row in rows]
            amount = None if None in values else sum(values, Fraction(0))
            found.append(
                {
                    "account_id": account,
                    "purchase_id": name,
                    "is_order": is_order,
                    "happened_at": first,
                    "amount": amount,
                }
            )
        found.sort(key=lambda row: (row["happened_at"], row["purchase_id"], row["is_order"]))
        seen: Counter[str] = Counter()
        firsts: dict[str, datetime] = {}
        for row in found:
            seen[row["account_id"]] += 1
            row["nth"] = seen[row["account_id"]]
            row["first_at"] = firsts.setdefault(row["account_id"], row["happened_at"])
        return found

    def _terms(self) -> list[Row]:
        found = []
        for account, row in self._rows("contracts"):
            due = exact(row["value"])
            kept = added = Fraction(0)
            if row["outcome"] == "renewed":
                told = row.get("renewed_value")
                kept = due if told is None else exact(told)
                added = exact(row.get("expansion_value"))
            instant = self._midnight(row["ends_on"])
            amounts = {
                "due_amount": due,
                "renewed_amount": min(kept, due),
                "expansion_amount": added + max(kept - due, Fraction(0)),
            }
            valued = {name: self._value(native, row, instant) for name, native in amounts.items()}
            found.append({**row, "account_id": account, "happened_at": instant, **valued})
        return found

    def _spending(self) -> list[Row]:
        channels = {row["account_id"]: row.get("channel") for row in self.company.rows("accounts")}
        found = []
        for account, row in self._rows("costs"):
            count = (row["to_date"] - row["from_date"]).days + 1
            whole, gone = exact(row["amount"]) * 10_000, 0
            for n in range(1, count + 1):
                upto = floor(whole * n / count)
                native, gone = Fraction(upto - gone, 10_000), upto
                instant = self._midnight(row["from_date"] + timedelta(days=n - 1))
                channel = row.get("channel") or channels.get(account) or "(none)"
                value = self._value(native, row, instant)
                day = {"account_id": account, "happened_at": instant, "native": native, "amount": value}
                found.append({**row, **day, "channel": channel})
        return found

    def _lifespans(self) -> list[Row]:
        spans: dict[tuple[str, str], list[tuple[datetime, datetime]]] = {}
        for span in self.oracle.spans:
            if span.kind in {"paying", "paused"}:
                spans.setdefault((span.account, span.subscription), []).append((span.starts, span.ends))
        found = [(account, min(a for a, _ in some), max(b for _, b in some)) for (account, _), some in spans.items()]
        told = {row["subscription_id"] for row in self.company.rows("subscription_periods")}
        for account, row in self._rows("subscriptions"):
            if row["subscription_id"] not in told and row.get("created_at") and row.get("ends_at"):
                begins = max(row["created_at"], row.get("trial_ends_at") or row["created_at"])
                found.append((account, begins, row["ends_at"]))
        return [
            {"account_id": account, "started_at": begins, "ended_at": ends}
            for account, begins, ends in found
            if begins < ends < END_OF_TIME
        ]

    # -- numbers ------------------------------------------------------------------------------------------------

    def numbers(self, window: Window) -> Mapping[str, Number]:
        """Every number of a window by metric id; money of which some has no rate is None."""
        return {**self._sales(window), **self._renewals(window), **self._values(window)}

    def _sales(self, window: Window) -> dict[str, Number]:
        paid, bought = self._within(self.paid, window), self._within(self.bought, window)
        buyers = {row["account_id"] for row in bought}
        known = {row["account_id"] for row in bought if row["first_at"] < window.opens}
        ever = Counter(row["account_id"] for row in self.bought if row["happened_at"] < window.closes)
        revenue = total(paid)
        return {
            "revenue": revenue,
            "recurring_revenue_share": ratio(total([row for row in paid if row["is_recurring"]]), revenue),
            "average_purchase_value": ratio(total(bought), Fraction(len(bought))),
            "purchase_frequency": ratio(over(Fraction(len(bought)), Fraction(len(buyers))), window.months),
            "rebuy_rate": over(Fraction(len(known)), Fraction(len(buyers))),
            "repeat_purchase_ratio": over(Fraction(sum(n > 1 for n in ever.values())), Fraction(len(ever))),
        }

    def _renewals(self, window: Window) -> dict[str, Number]:
        due = self._within(self.terms, window)
        done = [
            row
            for row in due
            if row["outcome"] == "renewed" and (row.get("decided_at") or row["happened_at"]) <= window.now
        ]
        value, kept, added = total(due, "due_amount"), total(done, "renewed_amount"), total(done, "expansion_amount")
        return {
            "renewals_due": Fraction(len(due)),
            "renewals_due_value": value,
            "renewal_rate": over(Fraction(len(done)), Fraction(len(due))),
            "gross_renewal_rate": ratio(kept, value),
            "net_renewal_rate": ratio(None if kept is None or added is None else kept + added, value),
        }

    def _values(self, window: Window) -> dict[str, Number]:
        oracle, spent = self.oracle, self._within(self.spent, window)
        customers = [Fraction(len(oracle.kept(instant))) for instant in (window.opens, window.closes)]
        new = sum(m.kind == "new" for m in oracle.customers if window.opens <= m.happened < window.closes)
        arpa = over(oracle.level(window.closes), Fraction(len(oracle.native(window.closes))))
        lifespan, sales = self._lifespan(window.closes), self._sales(window)
        clv = product(sales["average_purchase_value"], sales["purchase_frequency"], lifespan)
        cac = ratio(total([row for row in spent if row["bucket"] == "acquisition"]), Fraction(new))
        month, life = product(arpa, self._margin(window)), product(arpa, lifespan)
        keeping, costs, revenue = (
            total([row for row in spent if row["bucket"] in KEEPING]),
            total(spent),
            sales["revenue"],
        )
        payback = ratio(cac, month)
        return {
            "clv": clv,
            "clv_by_churn": ratio(month, self._mean_churn(window)),
            "clv_net": None if life is None or cac is None else life - cac,
            "customer_base_value": product(customers[1], life),
            "customer_base_value:by_purchases": product(customers[1], clv),
            "cac": cac,
            "clv_to_cac": ratio(clv, cac),
            "clv_to_cac:by_churn": ratio(ratio(month, self._mean_churn(window)), cac),
            "cac_payback": product(payback, MONTH * 86_400),
            "retention_cost": keeping,
            "retention_cost_per_customer": ratio(keeping, sum(customers, Fraction(0)) / 2),
            "customer_profit": None if revenue is None or costs is None else revenue - costs,
        }

    def _within(self, rows: list[Row], window: Window) -> list[Row]:
        return [row for row in rows if window.opens <= row["happened_at"] < window.closes]

    def _lifespan(self, closes: datetime) -> Number:
        """The mean life in months of what had ended at or before `closes`."""
        ended = [row["ended_at"] - row["started_at"] for row in self.lives if row["ended_at"] <= closes]
        seconds = Fraction(sum(life // timedelta(seconds=1) for life in ended))
        return ratio(over(seconds, Fraction(len(ended))), 86_400 * MONTH)

    def _margin(self, window: Window) -> Number:
        if self.margin is not None:
            return self.margin
        goods = total([row for row in self._within(self.spent, window) if row["bucket"] == "goods"])
        revenue = total(self._within(self.paid, window))
        if goods is None or revenue is None:
            return None
        return 1 - goods / revenue if revenue else Fraction(1)

    def _mean_churn(self, window: Window) -> Number:
        shares = [self.oracle.numbers(opens, closes)["customer_churn_rate"] for opens, closes in window.before]
        known = [share for share in shares if share is not None]
        return sum(known, Fraction(0)) / len(known) if known else None


def total(rows: list[Row], column: str = "amount") -> Number:
    """The sum; unknown where one of them is."""
    values = [row[column] for row in rows]
    return None if None in values else sum(values, Fraction(0))


def ratio(above: Number, below: Number) -> Number:
    """A ratio; unknown over nothing, or where either side is."""
    return None if above is None or below is None else over(above, below)


def product(*numbers: Number) -> Number:
    """Of numbers that are all known."""
    found = Fraction(1)
    for number in numbers:
        if number is None:
            return None
        found *= number
    return found
