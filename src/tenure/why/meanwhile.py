"""What some customers did in a period, beside the period before: what they asked, said, used, reached and owed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.calendar import parse_instant
from tenure.store import facts, past, warehouse
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.why.sides import Compared

# For each column: the tables without which nobody can know it, and the statement.
_BOTH = """
SELECT account_id, count({counted}) FILTER (happened_at >= $opens AND happened_at < $closes) AS {name},
    count({counted}) FILTER (happened_at >= $opened AND happened_at < $closed) AS {name}_before
FROM {{{ledger}}} WHERE account_id IN (SELECT unnest($accounts)) GROUP BY account_id
"""
_READ: Mapping[str, tuple[str, str]] = {
    "tickets": ("tickets", _BOTH.format(ledger="cases", name="tickets", counted="*")),
    "active_days": ("events", _BOTH.format(ledger="account_activity", name="active_days", counted="*")),
    "answers": (
        "responses",
        """
        SELECT account_id, count(*) AS answers, coalesce(sum(is_detractor), 0) AS detractors
        FROM {answers} WHERE is_answered = 1 AND happened_at >= $opens AND happened_at < $closes
            AND account_id IN (SELECT unnest($accounts)) GROUP BY account_id
        """,
    ),
    "onboarding": (
        "accounts",
        """
        SELECT account_id, CASE WHEN launched_at >= $opens AND launched_at < $closes THEN 'launched'
            WHEN launched_at < $opens THEN 'live' ELSE 'not launched' END AS onboarding
        FROM {launches} WHERE happened_at < $closes AND account_id IN (SELECT unnest($accounts))
        """,
    ),
    "past_due": (
        "subscription_periods",
        """
        SELECT coalesce(r.root_id, p.account_id) AS account_id, TRUE AS past_due
        FROM {subscription_periods} AS p LEFT JOIN {account_roots} AS r ON r.account_id = p.account_id
        WHERE p.state = 'past_due' AND p.starts_at < $closes AND (p.ends_at IS NULL OR p.ends_at > $opens)
            AND coalesce(r.root_id, p.account_id) IN (SELECT unnest($accounts)) GROUP BY ALL
        """,
    ),
}
_LEDGERS = ("cases", "account_activity", "answers", "launches", "states")
_NOTHING: Mapping[str, Mapping[str, Any]] = {
    "tickets": {"tickets": 0, "tickets_before": 0},
    "active_days": {"active_days": 0, "active_days_before": 0},
    "answers": {"answers": 0, "detractors": 0},
    "onboarding": {"onboarding": None},
    "past_due": {"past_due": False},
}


def meanwhile(compared: Compared, accounts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What each of the accounts did; of what nothing was ever loaded there is None.

    Tickets opened and days active, each beside the period before; answers to surveys, and how many of them are
    detractors; `onboarding`: launched in the period, live before it, or sold and not launched; whether anything was past due.
    """
    before, period = compared.periods
    said: dict[str, object] = {
        "accounts": list(accounts),
        "opens": period.opens,
        "closes": period.closes,
        "opened": before.opens,
        "closed": before.closes,
    }
    places = _places(compared)
    told: dict[str, dict[str, Any]] = {account: {} for account in accounts}
    for name, (table, sql) in _READ.items():
        known = _is_loaded(compared, places, table, [one for one in _LEDGERS if f"{{{one}}}" in sql])
        nothing = _NOTHING[name] if known else dict.fromkeys(_NOTHING[name])
        for one in told.values():
            one.update(nothing)
        if not known:
            continue
        used = {key: value for key, value in said.items() if f"${key}" in sql}
        found = compared.con.execute(sql.format(**places), used)
        names = [column[0] for column in found.description]
        for values in found.fetchall():
            row = dict(zip(names, values, strict=True))
            told[row.pop("account_id")].update({key: _whole(value) for key, value in row.items()})
    return told


def _places(compared: Compared) -> Mapping[str, str]:
    """Where tables and ledgers are: as they are, or as they were known at the instant that is asked for."""
    con, settings, policy = compared.con, compared.settings, compared.policy
    if compared.asked.as_of is None:
        return {name: name for name in TABLES} | facts.ensure(
            con, settings, policy, set(_LEDGERS) - warehouse.lacking(con)
        )
    return past.ensure(con, settings, policy, _LEDGERS, parse_instant(compared.asked.as_of, settings.zone))


def _is_loaded(compared: Compared, places: Mapping[str, str], table: str, ledgers: list[str]) -> bool:
    if ledgers and warehouse.brought(compared.con, table, ledgers):
        return True
    return compared.con.execute(f"SELECT 1 FROM {places[table]} LIMIT 1").fetchone() is not None  # our own names


def _whole(value: Any) -> Any:  # noqa: ANN401 - whatever the database gives
    return value if isinstance(value, str | bool) or value is None else int(value)
