"""Cohorts: accounts by the period in which they began, and what became of them in each later one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from tenure.answer import instant
from tenure.calendar import periods
from tenure.cohorts import activation, paying
from tenure.cohorts.staying import staying
from tenure.cohorts.triangle import shown, unknown
from tenure.errors import UnknownNameError, UsageError
from tenure.query import Asked, fitting, now_of, policy_of, question
from tenure.window import default_window

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.cohorts.triangle import Cohort
    from tenure.config import Settings
    from tenure.policy import Policy
    from tenure.selection import Question

KINDS = ("retention", "revenue", "activation", "survival")


@dataclass(frozen=True)
class Cohorts:
    """A triangle. `partial`: the last period still runs, so the last value of each row may yet move, or is not known.

    `milestone`, or the name of an `event`, says of `activation` what was done for the first time. `everyone` are the
    curves of `survival` over all cohorts, one per segment. `missing` are the tables for want of which nothing is known.
    """

    kind: str
    grain: str
    by: str | None
    partial: bool
    policy: Policy
    rows: tuple[Cohort, ...]
    sql: str
    everyone: tuple[Cohort, ...] = ()
    milestone: str | None = None
    event: str | None = None
    missing: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The triangle in the shape of INTERFACES, with what only some kinds have."""
        shown: dict[str, Any] = {
            "kind": self.kind,
            "grain": self.grain,
            "by": self.by,
            "partial": self.partial,
            "policy": self.policy.preset,
            "missing": list(self.missing),
        }
        if self.kind == "activation":
            shown |= {"event": self.event} if self.event is not None else {"milestone": self.milestone}
        shown["rows"] = [self._row(row) for row in self.rows]
        return shown | ({"all": [self._row(row) for row in self.everyone]} if self.kind == "survival" else {})

    def _row(self, row: Cohort) -> dict[str, Any]:
        began = {"cohort": instant(row.start)} if row.start else {}
        sure = {"low": list(row.low), "high": list(row.high)} if row.low else {}
        segment = {"segment": row.segment} if self.by else {}
        return began | {"size": row.size, "values": list(row.values)} | sure | segment


def cohorts(
    con: DuckDBPyConnection,
    settings: Settings,
    kind: str,
    asked: Asked,
    milestone: str | None = None,
    event: str | None = None,
) -> Cohorts:
    """The triangle of a kind.

    `retention`: members who pay at the end of their k-th later period / members; who returned counts.
    `revenue`: what the members pay then / what they paid at the end of the first period, at that instant's rates.
    `activation`: accounts by the period of their sign-up: the share that has reached `milestone` (`active`, the default,
    `value`, `launch`, `paying`), or did `event`, for the first time by the end of the k-th later period.
    `survival`: the share of customers still there k periods after each of them joined (Kaplan-Meier), with its interval.

    Raises:
        UnknownNameError: there is no such kind, dimension, grain, milestone or event.
        UsageError: a grain without periods, or words that do not go together.
    """
    _check(kind)
    if asked.grain == "total":
        message = "Cohorts need periods: ask for a grain from hour to year."
        raise UsageError(message)
    if kind != "activation" and (milestone or event):
        message = f"A milestone or an event is what 'activation' is about, and '{kind}' is not: leave it out."
        raise UsageError(message)
    if milestone and event:
        message = f"Ask for the milestone '{milestone}' or for the event '{event}', not for both."
        raise UsageError(message)
    policy = policy_of(settings, asked)
    now = now_of(settings, asked)
    needs = ("events" if event else activation.NEEDS.get(milestone or "active", "accounts"),)
    counted = replace(activation.COUNTED, needs=needs) if kind == "activation" else paying.COUNTED
    probe = question(con, settings, counted, policy, replace(asked, grain="total", by=None, where={}), now)
    reached = activation.firsts(con, probe, milestone or "active", event) if kind == "activation" else ""
    last = activation.reach(con, reached) if reached else None
    asks = question(con, settings, counted, policy, _whole(settings, asked, probe, last, now), now)
    match kind:
        case "activation":
            made = activation.activation(con, asks, reached)
        case "survival":
            made = staying(con, asks, asked.grain)
        case _:
            made = paying.paying(con, asks, kind)
    slots = shown(asks)
    partial = bool(slots) and slots[-1].period.partial
    named = None if event or kind != "activation" else milestone or "active"
    rows = tuple(unknown(row) for row in made.rows) if asks.missing else made.rows
    return Cohorts(
        kind, asked.grain, asked.by, partial, policy, rows, made.sql, made.everyone, named, event, asks.missing
    )


def fitting_kind(con: DuckDBPyConnection, settings: Settings, kind: str) -> list[str]:
    """The names of the dimensions that a kind of cohorts can be broken down by.

    Raises:
        UnknownNameError: there is no such kind.
    """
    _check(kind)
    return fitting(con, settings, activation.COUNTED if kind == "activation" else paying.COUNTED)


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise UnknownNameError("kind of cohorts", kind, KINDS, f"There are {', '.join(KINDS[:-1])} and {KINDS[-1]}.")


def _whole(settings: Settings, asked: Asked, probe: Question, reached: datetime | None, now: datetime) -> Asked:
    """The question with its window: from the first beginning to the end of the period of the last change."""
    if asked.since and asked.until:
        return asked
    first, last = probe.coverage
    last = max((at for at in (last, reached) if at), default=None)
    begins, _ = default_window(first, last, now, "total", settings.zone, settings.week_start)
    until = min(now, last) if last else now
    never = datetime.max  # noqa: DTZ901 - instants are naive UTC
    ends, opens = (
        periods(day, day + timedelta(days=800), asked.grain, settings.zone, settings.week_start, never)[0]
        for day in (until, begins)
    )
    return replace(
        asked,
        since=asked.since or instant(opens.whole_opens),
        until=asked.until or instant(max(ends.whole_closes, opens.whole_closes)),
    )
