"""The part of a store that is read row by row, as `tenure.library.Store` has it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from tenure.calendar import parse_instant
from tenure.query import Asked, policy_of
from tenure.words import read_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from decimal import Decimal
    from pathlib import Path
    from threading import RLock

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.store.views import Views


class Shelf:
    """Lists of what a store holds; whoever has them has a connection, its lock and the company's settings."""

    settings: Settings
    folder: Path | None
    _con: DuckDBPyConnection
    _lock: RLock

    @cached_property
    def views(self) -> Views:
        """The saved views of the dashboard."""
        from tenure.store.views import Views

        return Views(self.folder)

    def customers(self, **asked: object) -> list[dict[str, Any]]:
        """Everybody who is or was a customer, a row each; see `tenure.lists.customers`.

        The words are `by`, `where`, `policy`, `switches` and `now`, as of `Store.ask`.
        """
        from tenure.lists.customers import customers

        with self._lock:
            return customers(self._con, self.settings, read_words(asked))

    def movements(self, since: str | date, until: str | date, **asked: object) -> list[dict[str, Any]]:
        """Who came, grew, shrank, left and returned; see `tenure.lists.movements`. The words are `where`, `policy` and `switches`."""
        from tenure.lists.movements import movements

        with self._lock:
            return movements(self._con, self.settings, read_words(asked), *self._window(since, until))

    def renewals(self, **asked: object) -> list[dict[str, Any]]:
        """Every contract and what becomes of it; see `tenure.lists.renewals`. The words are those of `customers`."""
        from tenure.lists.renewals import renewals

        with self._lock:
            return renewals(self._con, self.settings, read_words(asked))

    def voices(self, since: str | date, until: str | date, **asked: object) -> list[dict[str, Any]]:
        """What customers said between two instants; see `tenure.lists.voices`. The words are those of `customers`."""
        from tenure.lists.voices import voices

        with self._lock:
            return voices(self._con, self.settings, read_words(asked), *self._window(since, until))

    def list_dimensions(self, name: str) -> list[str]:
        """What the rows of `customers`, `movements`, `renewals` or `voices`, or a kind of `cohorts`, can be filtered and broken down by.

        Raises:
            UnknownNameError: there is no such list.
        """
        from tenure.cohorts import fitting_kind
        from tenure.lists.chosen import dimensions
        from tenure.lists.voices import LEDGERS

        ledgers = {
            "customers": ("customers",),
            "movements": ("revenue",),
            "renewals": ("terms",),
            "voices": LEDGERS,
        }.get(name)
        with self._lock:
            if ledgers is None:
                return fitting_kind(self._con, self.settings, name)
            found = [dimensions(self._con, self.settings, ledger) for ledger in ledgers]
        return list(dict.fromkeys(one for names in found for one in names))

    def releases(self, since: str | date, until: str | date) -> list[dict[str, Any]]:
        """What we changed ourselves between two instants; see `tenure.lists.releases`."""
        from tenure.lists.releases import releases

        with self._lock:
            return releases(self._con, *self._window(since, until))

    def search(self, text: str, *, limit: int = 12) -> list[dict[str, Any]]:
        """Customers by a part of their name or id; see `tenure.lists.search`."""
        from tenure.lists.search import search

        with self._lock:
            return search(self._con, self.settings, text, limit)

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """What accounts are called, of those that have a name."""
        from tenure.lists.names import names

        with self._lock:
            return names(self._con, self.settings, ids)

    def event_names(self) -> list[str]:
        """The names of what people did, the most frequent first."""
        from tenure.lists.events import event_names

        with self._lock:
            return event_names(self._con)

    def currencies(self) -> list[str]:
        """The currencies that money can be shown in: the company's, and those that a rate was loaded of."""
        from tenure.lists.rates import rated

        with self._lock:
            return rated(self._con, self.settings)

    def rates(self, currency: str, *, policy: str | None = None) -> dict[date, Decimal]:
        """What one unit of a currency was worth in the company's, by UTC day; see `tenure.lists.rates`."""
        from tenure.lists.rates import rates

        with self._lock:
            return rates(self._con, self.settings, policy_of(self.settings, Asked(policy=policy)), currency)

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
