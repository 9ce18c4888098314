"""Which customer is meant: by an id, the name of an account, or the e-mail of one of its people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenure.errors import UnknownNameError, UsageError, cut
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

_NEAR = 0.75  # Jaro-Winkler: beyond this a reader sees the likeness
_MEND = "An account is asked for by its id, its name or the e-mail of one of its people."


@dataclass(frozen=True)
class Whom:
    """One customer: the surviving id, all ids that it has or had (that one first), why it is left out of every number."""

    account_id: str
    members: tuple[str, ...]
    left_out: str | None


def whom(con: DuckDBPyConnection, asked: str, places: Mapping[str, str]) -> Whom:
    """The customer that is meant, as far as `places` know it. An id wins over a name, a name over an e-mail.

    Raises:
        UnknownNameError: nobody is called so; the sentence names who is called nearly so.
        UsageError: several are called so; the sentence names their ids.
    """
    found = [_root(con, asked, places)] if _is_id(con, asked, places) else _called(con, asked, places)
    if not found:
        raise UnknownNameError("account", asked, (), f"{_near(con, asked, places)}{_MEND}")
    if len(found) > 1:
        message = f"'{cut(asked)}' may be one of {len(found)} accounts: ask for {' or '.join(found[:5])}."
        raise UsageError(message)
    linked = con.execute(
        f"SELECT account_id FROM {places['account_roots']} WHERE root_id = $root AND account_id <> $root ORDER BY account_id",
        {"root": found[0]},
    ).fetchall()
    members = (found[0], *(row[0] for row in linked))
    return Whom(found[0], members, _left_out(con, members, places))


def _is_id(con: DuckDBPyConnection, asked: str, places: Mapping[str, str]) -> bool:
    """Whether any row names the account: one that is missing from its own table is known by its id."""
    owned = [name for name, table in TABLES.items() if any(column.name == "account_id" for column in table.columns)]
    # Our own names; what is quickest to look through goes first, and what stops at the first row found may be spared events.
    raw = [f"rows.{name} WHERE {places['holds']} AND" for name in sorted(owned, key="events".__eq__)]
    asks = (f"SELECT 1 FROM {one} account_id = $asked LIMIT 1" for one in [f"{places['account_roots']} WHERE", *raw])
    return any(con.execute(sql, {"asked": asked}).fetchone() for sql in asks)


def _root(con: DuckDBPyConnection, account_id: str, places: Mapping[str, str]) -> str:
    row = con.execute(
        f"SELECT root_id FROM {places['account_roots']} WHERE account_id = $account", {"account": account_id}
    ).fetchone()
    return str(row[0]) if row else account_id


def _called(con: DuckDBPyConnection, asked: str, places: Mapping[str, str]) -> list[str]:
    for sql in (
        f"SELECT account_id FROM rows.accounts WHERE {places['holds']} AND lower(name) = lower($asked)",
        f"SELECT p.account_id FROM {places['people']} AS p WHERE p.account_id IS NOT NULL AND lower(p.email) = lower($asked)",
    ):
        if found := con.execute(sql, {"asked": asked.strip()}).fetchall():
            return sorted({_root(con, row[0], places) for row in found})
    return []


def _near(con: DuckDBPyConnection, asked: str, places: Mapping[str, str]) -> str:
    """A question whether somebody else is meant, or nothing."""
    row = con.execute(
        f"""
        WITH known AS (
            SELECT account_id, name FROM rows.accounts WHERE {places["holds"]}
            UNION SELECT account_id, NULL FROM rows.subscription_periods
            WHERE {places["holds"]} AND account_id NOT IN (SELECT account_id FROM rows.accounts)
        )
        SELECT account_id, name, greatest(jaro_winkler_similarity(lower(account_id), lower($asked)),
            coalesce(jaro_winkler_similarity(lower(name), lower($asked)), 0)) AS nearness
        FROM known ORDER BY nearness DESC, account_id LIMIT 1
        """,
        {"asked": asked.strip()},
    ).fetchone()
    if row is None or row[2] < _NEAR:
        return ""
    named = f" ({row[1]})" if row[1] else ""
    return f"Did you mean '{row[0]}'{named}? "


def _left_out(con: DuckDBPyConnection, members: tuple[str, ...], places: Mapping[str, str]) -> str | None:
    """Why no number counts the customer: `test` or `excluded`; None where every number does."""
    given = {"members": list(members)}
    is_out = con.execute(
        f"SELECT 1 FROM {places['account_roots']} WHERE is_left_out AND account_id IN (SELECT unnest($members))", given
    ).fetchone()
    if not is_out:
        return None
    excluded = con.execute(
        f"SELECT 1 FROM {places['exclusions']} WHERE table_name = 'accounts' AND id IN (SELECT unnest($members))", given
    ).fetchone()
    return "excluded" if excluded else "test"
