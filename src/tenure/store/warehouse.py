"""What of this store was made in a warehouse and brought home by `tenure sync`, and what stayed there.

`meta.warehouse(name, said)` holds JSON: `held` is what stands here since the last sync that was complete, `kept` what the
next one needs to know of the warehouse, `run` one that was begun and not ended. Written only by `tenure.sync`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from tenure.errors import WarehouseError
from tenure.store.layout import literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.policy import Policy


@dataclass(frozen=True)
class Broken:
    """Rows of a table of the warehouse that break a rule: how many, and the SELECT there that finds them."""

    table: str
    rule: str
    column: str
    rows: int
    select: str


@dataclass(frozen=True)
class Held:
    """The last sync that was complete.

    `rows` are those of each canonical table in the warehouse, `home` the tables that came home themselves. `whole` and
    `coarse` are the ledgers that came home, with their fingerprints by the place where they stand: row by row, or added up by
    day and `dimensions`. `left` stayed there. `years` are the first and the last that anything there speaks of. `broken` are
    the rows of which no ledger was made, `sizes` the rows of ledgers that were too large to come when they were first made.
    """

    load_id: int
    rows: Mapping[str, int]
    home: tuple[str, ...]
    whole: Mapping[str, str]
    coarse: Mapping[str, str]
    left: tuple[str, ...]
    dimensions: tuple[str, ...]
    years: tuple[int, int]
    broken: tuple[Broken, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)

    @property
    def away(self) -> frozenset[str]:
        """The canonical tables whose rows are in the warehouse alone."""
        return frozenset(self.rows).difference(self.home)

    @property
    def brought(self) -> frozenset[str]:
        """The names of the ledgers that this store cannot make by itself."""
        places = (*self.whole, *self.coarse)
        return frozenset(place.rpartition(".")[2] for place in places) | frozenset(self.left)

    @property
    def lacking(self) -> frozenset[str]:
        """The names of the ledgers that did not come home row by row."""
        return frozenset(place.rpartition(".")[2] for place in self.coarse) | frozenset(self.left)


def held(con: DuckDBPyConnection) -> Held | None:
    """What stands here since the last sync; None in a store that was never synced."""
    said = told(con, "held")
    if said is None:
        return None
    lists = {name: tuple(said[name]) for name in ("home", "left", "dimensions", "years")}
    return Held(**{**said, **lists, "broken": tuple(Broken(**one) for one in said.get("broken", ()))})


def lacking(con: DuckDBPyConnection) -> frozenset[str]:
    """The names of the ledgers that cannot be had here row by row."""
    now = held(con)
    return now.lacking if now else frozenset()


def away(con: DuckDBPyConnection) -> frozenset[str]:
    """The canonical tables whose rows are in the warehouse alone: nothing can be said of them here."""
    now = held(con)
    return now.away if now else frozenset()


def brought(con: DuckDBPyConnection, table: str, ledgers: Iterable[str]) -> bool:
    """Whether the rows of a table are in the warehouse, and these ledgers came home from it row by row."""
    now = held(con)
    return now is not None and bool(now.rows.get(table)) and not now.lacking.intersection(ledgers)


def hold(con: DuckDBPyConnection, now: Held) -> None:
    """Writes what stands here now; within the transaction that changes it."""
    tell(con, "held", asdict(now))


def told(con: DuckDBPyConnection, name: str) -> Any:  # noqa: ANN401 - JSON
    """What was written under a name; None where nothing was."""
    row = con.execute(f"SELECT said FROM meta.warehouse WHERE name = {literal(name)}").fetchone()
    return None if row is None else json.loads(row[0])


def tell(con: DuckDBPyConnection, name: str, said: object) -> None:
    """Writes something under a name; None takes it away."""
    con.execute(f"DELETE FROM meta.warehouse WHERE name = {literal(name)}")
    if said is not None:
        con.execute(f"INSERT INTO meta.warehouse VALUES ({literal(name)}, {literal(json.dumps(said, default=str))})")


def check(
    now: Held, settings: Settings, policy: Policy, name: str, place: str, mark: str, *, coarse: bool
) -> None:  # fmt: skip
    """Whether a ledger that only the warehouse can make stands here as it is wanted.

    Raises:
        WarehouseError: it does not; the sentence says what brings it.
    """
    if now.whole.get(place) == mark or (coarse and now.coarse.get(place) == mark):
        return
    if name in now.left or now.coarse.get(place) == mark:
        raise WarehouseError(finer(now, name))
    if policy.overrides or policy.preset == settings.policy.preset:
        message = (
            f"The settings, or the switches of this question, give '{name}' other rows, which only the warehouse can make:"
            " write them in tenure.toml and run `tenure sync`."
        )
        raise WarehouseError(message)
    message = (
        f"Under the policy '{policy.preset}' the ledger '{name}' has other rows, which only the warehouse can make:"
        f" `tenure sync --policy {policy.preset}` brings them."
    )
    raise WarehouseError(message)


def finer(now: Held, name: str, why: str = "This") -> str:
    """The sentence on a ledger that did not come home row by row."""
    rows = f" ({now.sizes[name]:,} rows)" if name in now.sizes else ""
    return f"{why} needs the ledger '{name}' row by row, which was too large to come home{rows}: `tenure sync --whole {name}` brings it."


def refuse_past(con: DuckDBPyConnection, what: str) -> None:
    """What a store that is synced cannot do, since it never had the raw rows.

    Raises:
        WarehouseError: it is synced.
    """
    if told(con, "held") is not None:
        message = (
            f"{what} needs the raw rows as they were, which are in the warehouse and not in this store: leave it out."
        )
        raise WarehouseError(message)
