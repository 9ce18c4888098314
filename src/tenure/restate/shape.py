"""What a restatement says: each number then and now, and step by step what lies between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.answer import instant, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from tenure.restate.numbers import Exact

CAUSES: Mapping[str, str] = {
    "currency": "another currency",
    "definition": "another definition",
    "unexplained": "unexplained: `tenure doctor`",
    "rates": "exchange rates",
    "merged": "accounts merged",
    "excluded": "exclusions",
    "withdrawn": "rows withdrawn",
    "corrected": "rows corrected",
    "backdated": "rows backdated",
    "late": "late rows",
    "policy": "another policy",
    "time": "time that went by",
}
"""Why a number moves, in the order in which it is told, as a person reads it."""


@dataclass(frozen=True)
class Changed:
    """One raw row that a load wrote, replaced or withdrew; `columns` are those of a replaced row that differ: was and becomes.

    `begins_at` is naive UTC, or a plain day where the table has only that.
    """

    table: str
    key: str
    account_id: str | None
    begins_at: date | None
    change: str
    columns: Mapping[str, tuple[str | None, str | None]]

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "table": self.table, "key": self.key, "account_id": self.account_id,
            "begins_at": plain(self.begins_at), "change": self.change,
            "columns": {name: {"was": was, "becomes": becomes} for name, (was, becomes) in self.columns.items()},
        }  # fmt: skip


@dataclass(frozen=True)
class LoadInfo:
    """One load: when it was done, and from which source."""

    load_id: int
    loaded_at: datetime
    source: str


@dataclass(frozen=True)
class Share:
    """One step from then to now: its cause, the load that brought it, and `count` rows of which the first are shown."""

    cause: str
    load: LoadInfo | None
    was: Exact
    becomes: Exact
    count: int = 0
    rows: tuple[Changed, ...] = ()

    @property
    def effect(self) -> Exact:
        """What the step adds; None where the number is unknown on one side of it, or in another currency."""
        return None if self.cause == "currency" else difference(self.was, self.becomes)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "cause": self.cause,
            "load_id": self.load.load_id if self.load else None,
            "loaded_at": instant(self.load.loaded_at) if self.load else None,
            "source": self.load.source if self.load else None,
            "was": number(self.was),
            "becomes": number(self.becomes),
            "effect": number(self.effect),
            "exact": text(self.effect),
            "count": self.count,
            "rows": [row.to_dict() for row in self.rows],
        }


@dataclass(frozen=True)
class Moved:
    """One number then and now; the effects of its shares add up to the difference, exactly, wherever all of them are known.

    `currency_then` is what an amount was printed in; where it is no longer the company's, then and now have no difference.
    """

    metric: str
    title: str
    unit: str
    currency: str | None
    variant: str | None
    period: str
    grain: str
    start: datetime
    end: datetime
    by: str | None
    segment: str | None
    then: Exact
    now: Exact
    policy: str
    switches: Mapping[str, str]
    frozen_at: datetime | None = None
    note: str | None = None
    shares: tuple[Share, ...] = ()
    currency_then: str | None = None

    @property
    def has_moved(self) -> bool:
        """Whether it is another number now."""
        return self.then != self.now or self.currency_then != self.currency

    @property
    def difference(self) -> Exact:
        """From then to now; None where one of them is unknown, or in another currency."""
        return difference(self.then, self.now) if self.currency_then == self.currency else None

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "metric": self.metric, "title": self.title, "unit": self.unit, "currency": self.currency,
            "currency_then": self.currency_then, "variant": self.variant,
            "period": self.period, "grain": self.grain, "start": instant(self.start), "end": instant(self.end),
            "by": self.by, "segment": self.segment, "policy": self.policy, "switches": dict(self.switches),
            "frozen_at": instant(self.frozen_at) if self.frozen_at else None, "note": self.note, "moved": self.has_moved,
            "then": number(self.then), "now": number(self.now), "difference": number(self.difference),
            "exact": {"then": text(self.then), "now": text(self.now), "difference": text(self.difference)},
            "shares": [share.to_dict() for share in self.shares],
        }  # fmt: skip


@dataclass(frozen=True)
class Restatement:
    """Numbers of the past then and now: those that were frozen, or (`is_frozen` false) as of the instant `since`."""

    is_frozen: bool
    since: datetime | None
    timezone: str
    numbers: tuple[Moved, ...]

    @property
    def has_moved(self) -> bool:
        """Whether a frozen number has moved."""
        return self.is_frozen and any(number.has_moved for number in self.numbers)

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "kind": "frozen" if self.is_frozen else "since",
            "since": instant(self.since) if self.since else None,
            "timezone": self.timezone,
            "moved": sum(one.has_moved for one in self.numbers),
            "count": len(self.numbers),
            "numbers": [one.to_dict() for one in self.numbers],
        }


def difference(was: Exact, becomes: Exact) -> Exact:
    """From one number to another; None where one of them is unknown."""
    return None if was is None or becomes is None else becomes - was


def number(value: Exact) -> float | None:
    """As a number of JSON."""
    return None if value is None else int(value) if value == value.to_integral_value() else float(value)


def text(value: Exact) -> str | None:
    """With every digit, and none that says nothing."""
    return None if value is None else format(value.normalize(), "f")
