"""The ledgers of another policy, of those accounts alone on which it can differ from the company's own.

A switch says something only of some rows: how a pause is read, only of accounts that were paused. A reading of all
accounts is then the company's own, less what it has of these, and what the other policy makes of them. So nothing is built
that is not needed, and nothing is left behind in the store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from tenure.facts.fact import INPUTS, facts, fingerprints, parameters, statement
from tenure.policy import SWITCHES, Policy
from tenure.store.facts import values_of
from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings

# Beyond this share of the accounts a ledger of all of them, which is kept, is the better one.
_MANY = 0.3
_FEW = 50
_EVERY = "TRUE"
# Of which rows `p` each switch says something; an account has all of them or none, under whatever ids it is known.
_SAYS = {
    "week_factor": "p.billing_interval = 'week'",
    "day_factor": "p.billing_interval = 'day'",
    "discounts": "p.discount_percent > 0 OR p.discount_amount > 0",
    "past_due": "p.state = 'past_due'",
    "paused": "p.state = 'paused'",
    "churn_at": "p.subscription_id IN (SELECT subscription_id FROM subscriptions WHERE cancel_requested_at IS NOT NULL)",
    "movement_level": "p.owner IN (SELECT owner FROM ({periods}) GROUP BY owner HAVING count(DISTINCT subscription_id) > 1)",
    "same_period": "FALSE",
    "reactivation_gap_days": "p.owner IN (SELECT owner FROM ({periods}) GROUP BY owner HAVING count(*) > 1)",
    "net_churn_reactivation": "FALSE",
    "fx": "p.currency <> {currency}",
}
_PERIODS = """
SELECT p.*, coalesce(r.root_id, p.account_id) AS owner
FROM subscription_periods AS p LEFT JOIN facts.account_roots AS r ON r.account_id = p.account_id
"""


@dataclass(frozen=True)
class Narrow:
    """What is made of some accounts under other policies than the store's own."""

    con: DuckDBPyConnection
    settings: Settings
    own: Policy
    _matters: dict[str, bool] = field(default_factory=dict)

    def marks(self, policy: Policy, ledgers: Iterable[str]) -> tuple[str, ...]:
        """The same for two policies under which these ledgers have the same rows."""
        found = fingerprints(parameters(policy, self.settings))
        return tuple(found[ledger] for ledger in ledgers)

    def plain(self, policy: Policy) -> Policy:
        """The policy, read as the own one wherever no row can tell the two apart."""
        idle = {s: self.own[s] for s in SWITCHES if policy[s] != self.own[s] and not self.matters(s)}
        return Policy(policy.preset, {**policy.overrides, **idle}) if idle else policy

    def matters(self, switch: str) -> bool:
        """Whether there is any row of which the switch says something."""
        if switch not in self._matters:
            row = self.con.execute(f"SELECT 1 FROM ({_PERIODS}) AS p WHERE {self._says(switch)} LIMIT 1").fetchone()
            self._matters[switch] = row is not None
        return self._matters[switch]

    def choose(self, policy: Policy) -> int | None:
        """Fills the temporary table `narrow` with the accounts on which the policy may differ, under all their ids.

        How many they are; None if they are so many that nothing is won.
        """
        switches = [name for name in SWITCHES if policy[name] != self.own[name]]
        says = " OR ".join(f"({self._says(name)})" for name in switches) or "FALSE"
        self.con.execute(f"""
            CREATE OR REPLACE TEMP TABLE narrow AS
            WITH whole AS (SELECT DISTINCT p.owner AS account_id FROM ({_PERIODS}) AS p WHERE {says})
            SELECT account_id FROM whole
            UNION SELECT account_id FROM facts.account_roots WHERE root_id IN (FROM whole)
        """)
        row = self.con.execute("""
            SELECT (SELECT count(*) FROM narrow), (SELECT approx_count_distinct(account_id) FROM subscription_periods)
        """).fetchone()
        chosen, every = row or (0, 0)
        return None if chosen > max(_FEW, _MANY * every) else int(chosen)

    def make(self, policy: Policy, ledgers: Iterable[str]) -> dict[str, str]:
        """Makes the ledgers of a policy, with all that they read, of the chosen accounts; says where they are."""
        values = values_of(self.con, policy, self.settings)
        places = {name: f"facts.{name}" for name in INPUTS}
        for name in self._with_below(ledgers):
            sql = statement(facts()[name], values, tables=places, touched="temp.narrow")
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE narrow_{name} AS {sql}")
            places[name] = f"temp.narrow_{name}"
        return places

    def keep(self, tables: Mapping[str, str], ledgers: Iterable[str]) -> dict[str, str]:
        """The ledgers that stand, of the chosen accounts; says where they are."""
        for name in ledgers:
            sql = f"FROM {tables[name]} WHERE account_id IN (FROM temp.narrow)"
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE narrow_{name} AS {sql}")
        return {**tables, **{name: f"temp.narrow_{name}" for name in ledgers}}

    def drop(self) -> None:
        """Lets go of everything that was made."""
        for name in ("narrow", *(f"narrow_{ledger}" for ledger in facts())):
            self.con.execute(f"DROP TABLE IF EXISTS temp.{name}")

    @cached_property
    def begins(self) -> datetime | None:
        """Before this nothing happens under any policy."""
        row = self.con.execute("SELECT min(starts_at) FROM subscription_periods").fetchone()
        return row[0] if row else None

    @cached_property
    def is_rated(self) -> bool:
        """Whether every currency that is named has a rate."""
        row = self.con.execute("""
            SELECT 1 FROM subscription_periods WHERE currency IS NOT NULL AND currency NOT IN (SELECT currency FROM facts.rates) LIMIT 1
        """).fetchone()
        return row is None

    def _says(self, switch: str) -> str:
        return _SAYS.get(switch, _EVERY).format(currency=literal(self.settings.currency), periods=_PERIODS)

    def _with_below(self, ledgers: Iterable[str]) -> list[str]:
        wanted: set[str] = set()
        waiting = list(ledgers)
        while waiting:
            name = waiting.pop()
            if name in facts() and name not in wanted:
                wanted.add(name)
                waiting += facts()[name].reads
        return [name for name in facts() if name in wanted]
