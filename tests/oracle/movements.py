"""From spans to movements: what one account (or subscription) does at one settled instant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from oracle.company import Rates
    from oracle.spans import Span
    from tenure.policy import Policy


class Line(NamedTuple):
    """What a level is kept by: an item on a plan in a currency."""

    item: str
    subscription: str
    plan: str
    currency: str
    bought: datetime


Level = dict[Line, Fraction]


@dataclass(frozen=True)
class Change:
    """An instant at which a unit's level or standing changes, and what holds from it on."""

    happened: datetime
    level: Level
    kept_before: bool
    kept: bool


@dataclass(frozen=True)
class Movement:
    """`kind` is new, reactivation, churn, expansion, contraction or transfer; `deltas` are native.

    `changed` are the instants that settled into it; it happened at the last of them.
    """

    account: str
    subscription: str | None
    changed: tuple[datetime, ...]
    happened: datetime
    kind: str
    kept: bool
    deltas: Mapping[Line, Fraction]


def movements(spans: Iterable[Span], policy: Policy, rates: Rates, *, level: str) -> list[Movement]:
    """Every movement of every unit; `level` is customer or subscription."""
    units: dict[tuple[str, ...], list[Span]] = defaultdict(list)
    for span in spans:
        if span.kind in {"paying", "paused"}:
            unit = (span.account,) if level == "customer" else (span.account, span.subscription)
            units[unit].append(span)
    return [movement for unit, rows in sorted(units.items()) for movement in _of_unit(unit, rows, policy, rates)]


def changes(spans: list[Span], settle: timedelta, gap: timedelta) -> list[Change]:
    """The changes of one unit in order of time: its level by line and whether it is kept.

    A pause keeps who paid until then, or left so shortly before that it was no leaving.
    """
    found: list[Change] = []
    level: Level = {}
    kept = False
    left: datetime | None = None
    for instant in sorted({t for span in spans for t in (span.starts, span.ends)}):
        now = _level(spans, instant)
        paused = any(span.kind == "paused" and span.covers(instant) for span in spans)
        gone = instant - left if left else None
        stayed = kept or (gone is not None and (gone <= settle or gone < gap))
        keeps = bool(now) or (paused and stayed)
        if kept and not keeps:
            left = instant
        if now != level or keeps != kept:
            found.append(Change(instant, now, kept, keeps))
        level, kept = now, keeps
    return found


def _level(spans: list[Span], instant: datetime) -> Level:
    level: Level = {}
    for span in spans:
        if span.kind == "paying" and span.covers(instant):
            line = Line(span.item, span.subscription, span.plan or "(none)", span.currency, span.bought)
            level[line] = span.price
    return level


def _of_unit(unit: tuple[str, ...], spans: list[Span], policy: Policy, rates: Rates) -> list[Movement]:
    settle = timedelta(minutes=int(policy["settle_minutes"]))
    gap = timedelta(days=int(policy["reactivation_gap_days"]))
    groups: list[list[Change]] = []
    for change in changes(spans, settle, gap):
        joins = False
        if groups:
            waited = change.happened - groups[-1][-1].happened
            returns = change.kept and not change.kept_before
            joins = waited <= settle or (returns and waited < gap)
        if joins:
            groups[-1].append(change)
        else:
            groups.append([change])
    found = []
    before: Level = {}
    ever = kept = False
    for group in groups:
        last = group[-1]
        deltas = _difference(before, last.level)
        total = sum((d * rates.at(x.currency, last.happened, x.bought) for x, d in deltas.items()), Fraction(0))
        changed = tuple(change.happened for change in group)
        kind = _kind(kept, last.kept, ever, total)
        subscription = unit[1] if len(unit) > 1 else None
        found.append(Movement(unit[0], subscription, changed, last.happened, kind, last.kept, deltas))
        before, kept = last.level, last.kept
        ever = ever or kept
    return found


def _difference(before: Level, after: Level) -> Level:
    deltas = {}
    for line in before.keys() | after.keys():
        delta = after.get(line, Fraction(0)) - before.get(line, Fraction(0))
        if delta:
            deltas[line] = delta
    return deltas


def _kind(kept_before: bool, kept: bool, ever: bool, total: Fraction) -> str:  # noqa: FBT001 - a truth table reads best
    if kept and not kept_before:
        return "reactivation" if ever else "new"
    if kept_before and not kept:
        return "churn"
    if not kept or total == 0:
        return "transfer"
    return "expansion" if total > 0 else "contraction"


def by_kind(movement: Movement, rates: Rates) -> list[tuple[Line, str, Fraction]]:
    """A movement's rows in the company's currency: gives and takes cancel as transfers, in order of item ids.

    They cancel within a currency; where the policy has fixed the rates, every price is the company's from the start.
    """
    worth = {
        line: delta * rates.at(line.currency, movement.happened, line.bought)
        for line, delta in sorted(movement.deltas.items())
    }
    rows = []
    for currency in sorted({rates.kept_in(line.currency) for line in worth}):
        lines = [line for line in worth if rates.kept_in(line.currency) == currency]
        net = sum((worth[line] for line in lines), Fraction(0))
        with_net = [line for line in lines if worth[line] * net > 0]
        against = [line for line in lines if line not in with_net]
        cancelled = abs(sum((worth[line] for line in against), Fraction(0)))
        rows += [(line, "transfer", worth[line]) for line in against]
        for line in with_net:
            amount = abs(worth[line])
            moved = min(amount, cancelled)
            cancelled -= moved
            sign = 1 if net > 0 else -1
            rows.append((line, "transfer", sign * moved))
            rows.append((line, movement.kind, sign * (amount - moved)))
    return rows
