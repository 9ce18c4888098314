"""The part of a store that is read row by row, as `tenure.library.Store` has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure.calendar import parse_instant
from tenure.query import Asked, now_of, policy_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from threading import RLock
    from decimal import Decimal

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings


class Shelf:
    """Lists of what a store holds; whoever has them has a connection, its lock and the company's settings."""

    settings: Settings
    _con: DuckDBPyConnection
    _lock: RLock

    def customers(
        self, *, now: str | date | None = None, policy: str | None = None, switches: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Everybody who is or was a customer, a row each; see `tenure.lists.customers`."""
        from tenure.lists.customers import customers

        words = Asked(now=now, policy=policy, switches=switches or {})
        with self._lock:
            return customers(self._con, self.settings, policy_of(self.settings, words), now_of(self.settings, words))

    def movements(
        self,
        since: str | date,
        until: str | date,
        *,
        policy: str | None = None,
        switches: Mapping[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        """Who came, grew, shrank, left and returned; see `tenure.lists.movements`."""
        from tenure.lists.movements import movements

        read = policy_of(self.settings, Asked(policy=policy, switches=switches or {}))
        with self._lock:
            return movements(self._con, self.settings, read, *self._window(since, until))

    def releases(self, since: str | date, until: str | date) -> list[dict[str, Any]]:
        """What we changed ourselves between two instants; see `tenure.lists.releases`."""
        from tenure.lists.releases import releases

        with self._lock:
            return releases(self._con, *self._window(since, until))

    def holdings(self) -> dict[str, list[dict[str, Any]]]:
        """What was loaded, and how far each table reaches; see `tenure.lists.loads`."""
        from tenure.lists.loads import holdings

        with self._lock:
            return holdings(self._con)

    @property
    def latest_load(self) -> int:
        """The number of the last load, 0 where there was none: as long as it stays, so does every answer."""
        with self._lock:
            row = self._con.execute("SELECT coalesce(max(load_id), 0) FROM meta.loads").fetchone()
        return int(row[0]) if row else 0

    def _window(self, since: str | date, until: str | date) -> tuple[datetime, datetime]:
        return parse_instant(since, self.settings.zone), parse_instant(until, self.settings.zone)
    def currencies(self) -> list[str]:
        """The currencies that money can be shown in: the company's, and those that a rate was loaded of."""
        from tenure.lists.exchange import rated

        with self._lock:
            return rated(self._con, self.settings)

    def rates(self, currency: str, *, policy: str | None = None) -> dict[date, Decimal]:
        """What one unit of a currency was worth in the company's, by UTC day; see `tenure.lists.exchange`."""
        from tenure.lists.exchange import rates

        with self._lock:
            return rates(self._con, self.settings, policy_of(self.settings, Asked(policy=policy)), currency)

