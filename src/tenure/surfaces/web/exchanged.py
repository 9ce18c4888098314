"""Lists and one customer in another currency than the company's, as they are shown; pure.

A row takes one rate, as a row of an answer does: a customer in a list that of today, a movement that of the last day of the
shown period, as its metrics do, a contract that of the day on which it is due, as the books do. On a customer's own page
what stands now takes today's rate and what happened that of its day; what was agreed in the shown currency stays as it was.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tenure.exchange import day_before

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tenure.exchange import Exchange

    Row = Mapping[str, Any]

RATE = "rate"


def listed(rows: Iterable[Row], other: Exchange | None, fields: Sequence[str], day: Callable[[Row], date]) -> list[Row]:
    """The rows with those amounts in the other currency, each with its `rate`; as they are where there is none.

    Args:
        rows: Of a list, their amounts in the company's currency.
        other: The exchange.
        fields: Which are amounts.
        day: The UTC day of whose rate a row is.
    """
    if other is None:
        return list(rows)
    found: list[Row] = []
    for row in rows:
        rate = other.on(day(row))
        amounts = {name: row[name] * rate for name in fields if row[name] is not None}
        found.append({**row, **amounts, RATE: rate})
    return found


def filed(rows: Iterable[Row], other: Exchange | None, fields: Sequence[str]) -> list[Row]:
    """The rows of `listed` as a file has them: the name of an amount says its currency, `amount_usd`."""
    if other is None:
        return list(rows)
    ending = other.to.lower()
    return [{f"{name}_{ending}" if name in fields else name: value for name, value in row.items()} for row in rows]


def due(row: Row) -> date:
    """The UTC day on which a contract is due."""
    return date.fromisoformat(row["due_at"][:10])


def customer(shown: Row, other: Exchange | None, today: date) -> Row:
    """What `Account.to_dict()` says, its amounts in the other currency; those of a currency without a rate stay in it."""
    if other is None:
        return shown
    found = {**shown, "timeline": [_at(one, other, ("amount",), one["happened_at"]) for one in shown["timeline"]]}
    money, contracts, payments = (shown[name] for name in ("money", "contracts", "payments"))
    if money is not None:
        found["money"] = _now(money, other, ("monthly",), today) | {
            "items": [_now(one, other, ("unit_amount", "discount", "monthly"), today) for one in money["items"]],
            "months": [
                _worth({**one, "currency": money["currency"]}, other, ("monthly",), day_before(one["end"]))
                for one in money["months"]
            ],
        }
    if contracts is not None:
        found["contracts"] = {
            "renewal": contracts["renewal"]
            and _at(contracts["renewal"], other, ("value",), contracts["renewal"]["ends_on"]),
            "all": [_at(one, other, ("value",), one["ends_on"]) for one in contracts["all"]],
        }
    if payments is not None:
        totals = _now(payments, other, ("charged", "paid_back", "net_12_months"), today)
        found["payments"] = totals | {
            "last": [_at(one, other, ("amount",), one["happened_at"]) for one in payments["last"]]
        }
    return found


def _now(row: Row, other: Exchange, fields: Sequence[str], today: date) -> dict[str, Any]:
    return _worth(row, other, fields, today)


def _at(row: Row, other: Exchange, fields: Sequence[str], when: str) -> dict[str, Any]:
    return _worth(row, other, fields, date.fromisoformat(when[:10]))


def _worth(row: Row, other: Exchange, fields: Sequence[str], day: date) -> dict[str, Any]:
    """A row whose amounts are of its `currency`, at the rate of a day."""
    rate = other.between(row["currency"], day)
    if rate is None:
        return dict(row)
    amounts = {name: row[name] * rate for name in fields if row.get(name) is not None}
    return {**row, **amounts, "currency": other.to}
