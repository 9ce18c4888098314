"""Who a customer is: name, attributes, where it came from, what it is now and since when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tenure.account.happening import Happening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tenure.account.reader import Reader, Section
    from tenure.account.whom import Whom

_TOLD = ("name", "parent_account_id", "channel", "currency")


def profile(reader: Reader, customer: Whom) -> tuple[Section, list[Happening]]:
    """The section, and what the account's own rows say has happened to it."""
    own = reader.rows("""
        SELECT account_id, name, parent_account_id, channel, currency, attributes, created_at, closed_at
        FROM rows.accounts WHERE {holds} AND account_id IN (SELECT unnest($members))
        ORDER BY account_id <> $account, account_id
    """)
    state, since = (None, None) if customer.left_out else _state(reader)
    created, closed = _first(reader, own, "created_at"), _first(reader, own, "closed_at")
    section = {
        "account_id": reader.account_id,
        **{name: next((row[name] for row in own if row[name] is not None), None) for name in _TOLD},
        "also_known_as": list(customer.members[1:]),
        "left_out": customer.left_out,
        "attributes": _attributes(reader, own),
        "created_at": created,
        "closed_at": closed,
        "customer_since": None if customer.left_out else _joined(reader),
        "state": state,
        "state_since": since,
        "children": _children(reader),
    }
    told = [Happening(created, "account", "signed up")] if created else []
    told += [Happening(closed, "account", "closed the account")] if closed else []
    return section, told + ([] if customer.left_out else list(_turns(reader)))


def _first(reader: Reader, own: list[dict[str, Any]], column: str) -> datetime | None:
    return min((row[column] for row in own if row[column] is not None and row[column] < reader.now), default=None)


def _state(reader: Reader) -> tuple[str | None, datetime | None]:
    found = reader.rows("""
        SELECT state, happened_at FROM {states} WHERE account_id = $account AND accounts = 1 AND happened_at < $now
        ORDER BY happened_at DESC LIMIT 1
    """)
    return (found[0]["state"], found[0]["happened_at"]) if found else (None, None)


def _joined(reader: Reader) -> datetime | None:
    sql = "SELECT min(happened_at) AS since FROM {customers} WHERE account_id = $account AND kind = 'new' AND happened_at < $now"
    since: datetime | None = reader.row(sql)["since"]
    return since


def _turns(reader: Reader) -> Iterator[Happening]:
    """What movements of money do not tell: trials, free plans and pauses."""
    words = {"trial": "began a trial", "free": "is on a free plan", "paused": "paused"}
    sql = "SELECT happened_at, state FROM {states} WHERE account_id = $account AND accounts = 1 AND happened_at < $now"
    for row in reader.rows(sql):
        if row["state"] in words:
            yield Happening(row["happened_at"], "state", words[row["state"]])


def _attributes(reader: Reader, own: list[dict[str, Any]]) -> dict[str, str]:
    """By name as it is asked for: those of the account's row, and over them those whose history is known, as of now."""
    found: dict[str, str] = json.loads(next((row["attributes"] for row in own if row["attributes"]), "{}"))
    dated = reader.rows("""
        SELECT name, value FROM (
            SELECT name, value, valid_to, row_number() OVER (PARTITION BY name ORDER BY valid_from DESC, account_id <> $account) AS place
            FROM {account_attributes} WHERE account_id IN (SELECT unnest($members)) AND valid_from < $now
        ) WHERE place = 1 AND (valid_to IS NULL OR valid_to >= $now)
    """)
    merged = found | {row["name"]: row["value"] for row in dated}
    return {name: value for name, value in sorted(merged.items()) if value is not None}


def _children(reader: Reader) -> list[str]:
    sql = "SELECT account_id FROM {accounts} WHERE parent_account_id IN (SELECT unnest($members)) ORDER BY account_id"
    return [row["account_id"] for row in reader.rows(sql)]
