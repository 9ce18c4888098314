"""From spans to movements: what one account (or subscription) does at one settled instant."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from oracle.company import Rates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from oracle.spans import Span
    from tenure.policy import Policy


class Line(NamedTuple):
    """What a level is kept by: an item on a plan in a currency."""

    item: str
    subscription: str
    plan: str
    currency: str
    bought: datetime


class Amounts(NamedTuple):
    """A month's value in the line's own currency: what is paid, and the list price of the same."""

    price: Fraction
    listed: Fraction


Level = dict[Line, Amounts]
NOTHING = Amounts(Fraction(0), Fraction(0))


@dataclass(frozen=True)
class Change:
    """An instant at which a unit's level or standing changes, and what holds from it on."""

    happened: datetime
    level: Level
    kept_before: bool
    kept: bool


@dataclass(frozen=True)
class Movement:
    """`deltas` are native; `kind` is new, reactivation, churn, expansion, contraction or transfer."""

    account: str
    happened: datetime
    kind: str
    kept: bool
    deltas: Mapping[Line, Amounts]


def movements(spans: Iterable[Span], policy: Policy, rates: Rates, *, level: str) -> list[Movement]:
    """Every movement of every unit; `level` is customer or subscription."""
    units: dict[tuple[str, ...], list[Span]] = defaultdict(list)
    for span in spans:
        if span.kind in {"paying", "paused"}:
            unit = (span.account,) if level == "customer" else (span.account, span.subscription)
            units[unit].append(span)
    return [movement for unit, rows in sorted(units.items()) for movement in _of_unit(unit[0], rows, policy, rates)]


def changes(spans: list[Span]) -> list[Change]:
    """The changes of one unit in order of time: its level by line and whether it is kept."""
    found: list[Change] = []
    level: Level = {}
    kept = False
    for instant in sorted({t for span in spans for t in (span.starts, span.ends)}):
        now = _level(spans, instant)
        paused = any(span.kind == "paused" and span.covers(instant) for span in spans)
        keeps = bool(now) or (paused and kept)
        if now != level or keeps != kept:
            found.append(Change(instant, now, kept, keeps))
        level, kept = now, keeps
    return found


def _level(spans: list[Span], instant: datetime) -> Level:
    level: Level = {}
    for span in spans:
        if span.kind == "paying" and span.covers(instant):
            line = Line(span.item, span.subscription, span.plan or "(none)", span.currency, span.bought)
            level[line] = Amounts(span.price, span.listed)
    return level


def _of_unit(account: str, spans: list[Span], policy: Policy, rates: Rates) -> list[Movement]:
    settle = timedelta(minutes=int(policy["settle_minutes"]))
    gap = timedelta(days=int(policy["reactivation_gap_days"]))
    groups: list[list[Change]] = []
    for change in changes(spans):
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
        total = sum((d.price * rates.at(x.currency, last.happened, x.bought) for x, d in deltas.items()), Fraction(0))
        found.append(Movement(account, last.happened, _kind(kept, last.kept, ever, total), last.kept, deltas))
        before, kept = last.level, last.kept
        ever = ever or kept
    return found


def _difference(before: Level, after: Level) -> Level:
    deltas = {}
    for line in before.keys() | after.keys():
        old, new = before.get(line, NOTHING), after.get(line, NOTHING)
        if old != new:
            deltas[line] = Amounts(new.price - old.price, new.listed - old.listed)
    return deltas


def _kind(kept_before: bool, kept: bool, ever: bool, total: Fraction) -> str:  # noqa: FBT001 - a truth table reads best
    if kept and not kept_before:
        return "reactivation" if ever else "new"
    if kept_before and not kept:
        return "churn"
    if not kept or total == 0:
        return "transfer"
    return "expansion" if total > 0 else "contraction"


def by_kind(movement: Movement) -> list[tuple[Line, str, Fraction]]:
    """A movement's native price rows: in each currency gives and takes cancel as transfers, in order of item ids."""
    rows = []
    for currency in sorted({line.currency for line in movement.deltas}):
        lines = sorted(line for line in movement.deltas if line.currency == currency)
        net = sum((movement.deltas[line].price for line in lines), Fraction(0))
        with_net = [line for line in lines if movement.deltas[line].price * net > 0]
        against = [line for line in lines if line not in with_net]
        cancelled = abs(sum((movement.deltas[line].price for line in against), Fraction(0)))
        rows += [(line, "transfer", movement.deltas[line].price) for line in against]
        for line in with_net:
            amount = abs(movement.deltas[line].price)
            moved = min(amount, cancelled)
            cancelled -= moved
            sign = 1 if net > 0 else -1
            rows.append((line, "transfer", sign * moved))
            rows.append((line, movement.kind, sign * (amount - moved)))
    return rows
