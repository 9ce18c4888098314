"""The laws that hold in every store: checked, and shown as findings where they do not.

A finding is a value: a law, how often it is broken, and the first few places. Money is compared exactly, in the
currency that it stands in; what is converted is compared to a millionth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.store import facts, warehouse
from tenure.store.layout import excluded_id, key_text, literal
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings

_SHOWN = 5

# Each law is a query for what breaks it. `{...}` are ledgers.
_LAWS = {
    "movements add up to the change of level, currency by currency and day by day, with what rates moved": """
        WITH days AS (
            SELECT CAST(happened_at AS DATE) AS day, valued_in, sum(worth) AS worth, sum(amount) AS amount FROM {revenue} GROUP BY ALL
        ), grid AS (
            SELECT r.day, r.currency AS valued_in, r.rate, coalesce(d.worth, 0) AS worth, coalesce(d.amount, 0) AS amount,
                lag(r.rate, 1, r.rate) OVER (PARTITION BY r.currency ORDER BY r.day) AS last_rate
            FROM {rates} AS r LEFT JOIN (
                SELECT least(greatest(day, (SELECT min(day) FROM {rates})), (SELECT max(day) FROM {rates})) AS day, valued_in,
                    sum(worth) AS worth, sum(amount) AS amount FROM days GROUP BY ALL
            ) AS d ON d.day = r.day AND d.valued_in = r.currency
        ), levels AS (
            SELECT *, sum(worth) OVER w AS level, sum(amount) OVER w AS moved,
                CAST(sum(worth) OVER w - worth AS DOUBLE) * CAST(rate - last_rate AS DOUBLE) AS revalued
            FROM grid WINDOW w AS (PARTITION BY valued_in ORDER BY day)
        ), closed AS (
            SELECT day, valued_in, CAST(level AS DOUBLE) * CAST(rate AS DOUBLE) AS level,
                CAST(moved AS DOUBLE) + sum(revalued) OVER (PARTITION BY valued_in ORDER BY day) AS made
            FROM levels
        )
        SELECT day || ' ' || valued_in || ': ' || level || ' is not ' || made FROM closed
        WHERE abs(level - made) > 1e-6 * greatest(1, abs(level))
    """,
    "transfers within a movement add up to nothing": """
        SELECT account_id || ' at ' || happened_at FROM {revenue} WHERE kind = 'transfer'
        GROUP BY account_id, unit_id, movement, happened_at HAVING abs(sum(amount)) > 1e-6
    """,
    "items and customers add up to the same total, account by account": """
        WITH items AS (SELECT account_id, valued_in, sum(worth) AS worth FROM {revenue} GROUP BY ALL),
        owners AS (SELECT account_id, valued_in, sum(worth) AS worth FROM {customers} GROUP BY ALL)
        SELECT coalesce(i.account_id, o.account_id) FROM items AS i FULL JOIN owners AS o
            ON o.account_id = i.account_id AND o.valued_in = i.valued_in
        WHERE coalesce(i.worth, 0) <> coalesce(o.worth, 0)
    """,
    "an account is a customer once or not at all": """
        SELECT account_id || ' at ' || happened_at FROM (
            SELECT account_id, happened_at, sum(sum(accounts)) OVER (PARTITION BY account_id ORDER BY movement, happened_at) AS held,
                sum(sum(paying)) OVER (PARTITION BY account_id ORDER BY movement, happened_at) AS paying
            FROM {customers} GROUP BY account_id, movement, happened_at
        ) WHERE held NOT IN (0, 1) OR paying NOT IN (0, 1) OR paying > held
    """,
    "every account is in exactly one state": """
        SELECT account_id || ' at ' || happened_at FROM (
            SELECT account_id, happened_at, sum(sum(accounts)) OVER (PARTITION BY account_id ORDER BY happened_at) AS states
            FROM {states} GROUP BY account_id, happened_at
        ) WHERE states <> 1
    """,
    "those who pay are those whose state is paying": """
        SELECT account_id FROM (
            SELECT account_id, sum(paying) AS paying, 0 AS states FROM {customers} GROUP BY account_id
            UNION ALL SELECT account_id, 0, sum(accounts) FROM {states} WHERE state = 'paying' GROUP BY account_id
        ) GROUP BY account_id HAVING sum(paying) <> sum(states)
    """,
    "every currency that is paid in has a rate": """
        SELECT DISTINCT currency || ': nothing in fx_rates says what it is worth' FROM {item_changes}
        WHERE currency NOT IN (SELECT currency FROM {rates})
    """,
    "of two periods of one item the earlier one ends before the later one begins": """
        SELECT subscription_id || '/' || item_id || ': the period of ' || starts_at || ' is ended by that of ' || next FROM (
            SELECT *, lead(starts_at) OVER (PARTITION BY account_id, subscription_id, item_id ORDER BY starts_at) AS next
            FROM subscription_periods
        ) WHERE next < ends_at OR (next IS NOT NULL AND ends_at IS NULL)
    """,
    "a subscription ends when its last period does": """
        SELECT s.subscription_id || ': ends at ' || coalesce(CAST(s.ends_at AS VARCHAR), 'no time') || ', its periods at '
            || coalesce(CAST(p.ends_at AS VARCHAR), 'no time')
        FROM subscriptions AS s JOIN (
            SELECT subscription_id, CASE WHEN bool_or(ends_at IS NULL) THEN NULL ELSE max(ends_at) END AS ends_at
            FROM subscription_periods GROUP BY subscription_id
        ) AS p ON p.subscription_id = s.subscription_id
        WHERE s.ends_at IS NOT NULL AND s.ends_at IS DISTINCT FROM p.ends_at
    """,
    "every row that came in was accepted, a duplicate or quarantined": """
        SELECT 'load ' || load_id || ', ' || table_name FROM meta.load_tables WHERE rows_in <> accepted + duplicate + quarantined
    """,
}


@dataclass(frozen=True)
class Finding:
    """One law: how often it is broken, and the first few places."""

    law: str
    count: int
    places: tuple[str, ...]


@dataclass(frozen=True)
class Diagnosis:
    """Every law that was checked; `ok` says that none is broken."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether all laws hold."""
        return not any(finding.count for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """The laws as JSON."""
        return {
            "ok": self.ok,
            "laws": [
                {"law": f.law, "holds": f.count == 0, "count": f.count, "places": list(f.places)} for f in self.findings
            ],
        }


def diagnose(con: DuckDBPyConnection, settings: Settings) -> Diagnosis:
    """Checks every law on the store, under its own policy."""
    return Diagnosis(tuple(_findings(con, settings)))


def _findings(con: DuckDBPyConnection, settings: Settings) -> Iterator[Finding]:
    places = facts.ensure(con, settings, None, ("revenue", "customers", "states"))
    for law, sql in _LAWS.items():
        yield _finding(con, law, sql.format(**places))
    for table in TABLES.values():
        key = ", ".join(f'"{column}"' for column in table.key)
        broken = f"SELECT concat_ws('/', {key}) FROM rows.{table.name} WHERE replaced_at IS NULL GROUP BY {key} HAVING count(*) > 1"
        found = _finding(con, f"a key of {table.name} stands for one row", broken)
        if found.count:
            yield found
    yield _unmatched(con)
    differing = {name: count for name, count in facts.rows_differing(con, settings).items() if count}
    yield Finding(
        "the ledgers are the ones that the raw rows make",
        sum(differing.values()),
        tuple(f"{name}: {count} rows differ" for name, count in differing.items()),
    )


def _unmatched(con: DuckDBPyConnection) -> Finding:
    """Exclusions that leave nothing out. An account may be known by its id alone, so that one is not looked for."""
    places: list[str] = []
    away = warehouse.away(con)
    for (name,) in con.execute("SELECT DISTINCT table_name FROM exclusions WHERE table_name <> 'accounts'").fetchall():
        if name in away:
            continue
        named = f"SELECT x.id FROM exclusions AS x WHERE x.table_name = {literal(name)}"
        if name in TABLES:
            keys = f"SELECT {key_text(TABLES[name], 'r')} FROM rows.{name} AS r WHERE r.replaced_at IS NULL"
            named += f" AND {excluded_id(TABLES[name])} NOT IN ({keys})"
        places += [f"{name}: {row[0]}" for row in con.execute(named).fetchall()]
    return Finding("every exclusion names a row", len(places), tuple(places[:_SHOWN]))


def _finding(con: DuckDBPyConnection, law: str, sql: str) -> Finding:
    places = [str(row[0]) for row in con.execute(sql).fetchall()]
    return Finding(law, len(places), tuple(places[:_SHOWN]))
