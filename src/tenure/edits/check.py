"""What a file of edits would change, before it does: customers, MRR and movements, line by line and in all."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenure import catalog
from tenure.answer import instant
from tenure.calendar import parse_instant
from tenure.edits.lines import KEYS, Line
from tenure.edits.naming import accounts, named
from tenure.edits.stored import SOURCE, patch
from tenure.query import Asked, ask, given, question
from tenure.statement import statement
from tenure.store.layout import literal
from tenure.store.supposed import supposed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from duckdb import DuckDBPyConnection

    from tenure.answer import Row
    from tenure.config import Settings
    from tenure.edits.stored import Patch
    from tenure.selection import Question

_LEDGERS = ("revenue", "customers")
_MOVEMENTS = """
SELECT account_id, strftime(happened_at AT TIME ZONE 'UTC' AT TIME ZONE {zone}, '%Y-%m') AS month, kind, count(DISTINCT movement)
FROM {customers} WHERE kind IN ('new', 'reactivation', 'churn') GROUP BY ALL
"""
Movements = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Standing:
    """Some customers at the end of the last month, and their joining, returning and leaving in all months."""

    customers: int
    mrr: Decimal
    movements: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Checked:
    """One line: whether it is `new`, `changed`, `there`, `withdrawn`, or held by another source; what it names; what it changes.

    `before` and `now` are of all customers that it is about, which other lines may be about too; None where it is about no revenue.
    """

    line: Line
    standing: str
    rows: int
    fault: str | None
    before: Standing | None
    now: Standing | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "line": self.line.number or None,
            **self.line.to_dict(),
            "standing": self.standing,
            "names": self.rows,
            "fault": self.fault,
            "effect": _effect(self.before, self.now),
        }


@dataclass(frozen=True)
class Check:
    """A file of edits, looked through. `before` and `now` are the whole company at the end of the last month that is over."""

    lines: tuple[Checked, ...]
    patch: Patch
    before: Standing
    now: Standing
    month: Row
    currency: str
    timezone: str

    @property
    def faults(self) -> list[Checked]:
        """The lines that name nothing."""
        return [one for one in self.lines if one.fault and one.standing != "withdrawn"]

    def to_dict(self) -> dict[str, Any]:
        """As JSON; the shape is told by `tenure.surfaces.cli.commands.edits`."""
        return {
            "lines": [one.to_dict() for one in self.lines],
            "start": instant(self.month.start),
            "end": instant(self.month.end),
            "currency": self.currency,
            "timezone": self.timezone,
            "effect": _effect(self.before, self.now),
            "faults": len(self.faults),
        }


def check(con: DuckDBPyConnection, settings: Settings, lines: Sequence[Line], asked: Asked) -> Check:
    """What the edits would change. The store stays as it is."""
    found = patch(con, lines)
    now = parse_instant(asked.now, settings.zone) if asked.now else datetime.now(UTC).replace(tzinfo=None)
    month = _month(con, settings, asked)
    ours = _standing_of(con, settings, month, now, None)
    instead = {table: [line.row() for line in found.mine if line.stored_in == table] for table in KEYS}
    with supposed(con, settings, settings.policy, _LEDGERS, instead, SOURCE) as places:
        theirs = _standing_of(con, settings, month, now, places)
        roots = _roots(con, "facts.account_roots"), _roots(con, places["account_roots"])
    every = [(line, _where(found, line)) for line in lines] + [(line, "withdrawn") for line in found.withdrawn]
    about = [accounts(con, line) for line, _ in every]
    groups = _groups(about, roots)
    checked = []
    names = named(con, [line for line, _ in every])
    for (line, standing), mine, (rows, fault) in zip(every, about, names, strict=True):
        sides: tuple[Standing | None, Standing | None] = (None, None)
        if mine:
            group = groups[mine[0]]
            sides = _sum(ours, {roots[0].get(a, a) for a in group}), _sum(theirs, {roots[1].get(a, a) for a in group})
        checked.append(Checked(line, standing, rows, fault, *sides))
    return Check(
        tuple(checked), found, _sum(ours, ours), _sum(theirs, theirs), month, settings.currency, settings.timezone
    )


def _where(found: Patch, line: Line) -> str:
    held = dict(found.held)
    if line in held:
        return f"held by {held[line]}"
    return "new" if line in found.added else "changed" if line in found.changed else "there"


def _month(con: DuckDBPyConnection, settings: Settings, asked: Asked) -> Row:
    """The last month that is over."""
    rows = ask(con, settings, catalog.shipped(), "mrr", replace(asked, grain="month", by=None, where={})).rows
    return next((row for row in reversed(rows) if not row.partial), rows[-1])


def _standing_of(
    con: DuckDBPyConnection, settings: Settings, month: Row, now: datetime, places: Mapping[str, str] | None
) -> dict[str, Standing]:
    """Every customer; where `places` are given, of the ledgers that stand there."""
    amounts, counts = (_by_account(con, settings, name, month, now, places) for name in ("mrr", "customers"))
    asks = _question(con, settings, "customers", month, now)
    ledger = (places or asks.tables)["customers"]
    moved: dict[str, Movements] = defaultdict(dict)
    for account, when, kind, count in con.execute(
        _MOVEMENTS.format(zone=literal(settings.timezone), customers=ledger)
    ).fetchall():
        moved[account][when, kind] = count
    return {
        account: Standing(int(counts.get(account, 0)), amounts.get(account, Decimal(0)), moved.get(account, {}))
        for account in {*amounts, *counts, *moved}
    }


def _question(con: DuckDBPyConnection, settings: Settings, name: str, month: Row, now: datetime) -> Question:
    metric = catalog.shipped()[name]
    reading = metric.reading(None, given(settings, settings.policy, "calendar", now))
    asked = Asked(since=instant(month.start), until=instant(month.end), grain="month", by="account")
    return question(con, settings, reading, settings.policy, asked, now)


def _by_account(
    con: DuckDBPyConnection, settings: Settings, name: str, month: Row, now: datetime, places: Mapping[str, str] | None
) -> dict[str, Decimal]:
    asks = _question(con, settings, name, month, now)
    found = con.execute(statement(replace(asks, tables={**asks.tables, **(places or {})})))
    names = [column[0] for column in found.description]
    segment, value = names.index("segment"), names.index("value")
    return {row[segment]: Decimal(row[value] or 0) for row in found.fetchall()}


def _roots(con: DuckDBPyConnection, place: str) -> dict[str, str]:
    return dict(con.execute(f"SELECT account_id, root_id FROM {place}").fetchall())


def _groups(about: Iterable[Sequence[str]], roots: Sequence[Mapping[str, str]]) -> dict[str, set[str]]:
    """For each account that an edit is about, all that are one with it before or after, or stand in an edit with it."""
    groups: dict[str, set[str]] = {}

    def join(*ids: str) -> None:
        whole = set().union(*(groups.get(one, {one}) for one in ids))
        groups.update(dict.fromkeys(whole, whole))

    for mine in about:
        if mine:
            join(*mine)
    for side in roots:
        for account, root in side.items():
            if account in groups or root in groups:
                join(account, root)
    return groups


def _sum(standing: Mapping[str, Standing], accounts: Iterable[str]) -> Standing:
    some = [standing[account] for account in accounts if account in standing]
    moved: dict[tuple[str, str], int] = defaultdict(int)
    for one in some:
        for key, count in one.movements.items():
            moved[key] += count
    return Standing(sum(one.customers for one in some), sum((one.mrr for one in some), Decimal(0)), dict(moved))


def _effect(before: Standing | None, now: Standing | None) -> dict[str, Any] | None:
    if before is None or now is None:
        return None
    keys = sorted({*before.movements, *now.movements})
    moved = [
        {
            "month": month,
            "kind": kind,
            "before": before.movements.get((month, kind), 0),
            "after": now.movements.get((month, kind), 0),
        }
        for month, kind in keys
        if before.movements.get((month, kind), 0) != now.movements.get((month, kind), 0)
    ]
    return {
        "customers_before": before.customers,
        "customers_after": now.customers,
        "mrr_before": float(before.mrr),
        "mrr_after": float(now.mrr),
        "movements": moved,
    }
