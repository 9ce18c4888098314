"""What would have to be true for a figure from outside: the readings that come nearest to it, and what each leaves over.

Every switch is set otherwise one at a time, every preset is read, and the simple reasons are looked at; combinations of a
few of them are guessed by adding up what each does alone, and those that promise most are then read in full. So every
value that is shown is a reading, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any

from tenure.algebra import exact
from tenure.policy import PRESETS, Policy
from tenure.reconcile.effects import names
from tenure.reconcile.frame import described, digits
from tenure.reconcile.reasons import Reason, native, reasons, taxed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tenure.reconcile.exact import Exact
    from tenure.reconcile.frame import Frame

LIMIT = 10
_SWITCHES_AT_ONCE = 3
_READ_IN_FULL = 8
# What each assumption beyond the first must divide the rest by, as among many combinations some are near by chance.
_WORTH = 10
_NAMED = 3
_TRIED: Mapping[str, tuple[str, ...]] = {
    "week_factor": ("52/12", "4", "4.33", "30/7"),
    "day_factor": ("365/12", "30"),
    "discounts": ("all", "forever", "none"),
    "past_due": ("counted", "churn_after:30", "churn_after:0", "churn_after:60"),
    "paused": ("zero", "churn", "counted"),
    "churn_at": ("end", "request"),
    "movement_level": ("customer", "subscription"),
    "same_period": ("count", "net"),
    "reactivation_gap_days": ("0", "30"),
    "net_churn_reactivation": ("no", "yes"),
    "fx": ("daily", "latest", "purchase"),
}
_AT_QUERY = frozenset({"same_period", "net_churn_reactivation"})
_OF_MOVEMENTS = frozenset({"movement_level", "same_period", "reactivation_gap_days", "net_churn_reactivation"})


@dataclass(frozen=True)
class Fit:
    """One reading: the switches that are set otherwise than the company's own, and at most one simple reason.

    `rest` is the figure less the value; `rest_of` names customers who pay exactly what is left over, with the sign that
    says whether they would have to be added or left out.
    """

    switches: Mapping[str, str]
    reason: Reason | None
    value: Fraction
    rest: Fraction
    presets: tuple[str, ...] = ()
    rest_of: tuple[tuple[str, Fraction, str | None], ...] = ()

    @property
    def parts(self) -> frozenset[tuple[str, str]]:
        """What is assumed, each on its own."""
        return frozenset({*self.switches.items(), *([("reason", self.reason.name)] if self.reason else [])})


@dataclass(frozen=True)
class Nearest:
    """A figure from outside, the company's own reading, and the readings by how near they come."""

    frame: Frame
    figure: Fraction
    own: Policy
    value: Exact
    fits: tuple[Fit, ...]
    rates: tuple[tuple[str, Fraction], ...] = ()

    def to_dict(self, *, limit: int = LIMIT) -> dict[str, Any]:
        """The readings as JSON, nearest first; `limit` is how many."""
        rest = None if self.value is None else self.figure - self.value
        return {
            "kind": "against",
            **self.frame.to_dict(),
            "figure": float(self.figure),
            "own": {**described(self.own), "value": self.frame.written(self.value), "exact": digits(self.value)},
            "rest": self._rest(rest),
            "rates": {currency: float(rate) for currency, rate in self.rates},
            "count": len(self.fits),
            "rows": [self._row(fit) for fit in self.fits[:limit]],
        }

    def _rest(self, rest: Exact) -> float | None:
        return self.frame.written(rest)

    def _row(self, fit: Fit) -> dict[str, Any]:
        return {
            "presets": list(fit.presets),
            "switches": dict(fit.switches),
            "reason": fit.reason.name if fit.reason else None,
            "clause": fit.reason.clause if fit.reason else None,
            "value": self.frame.written(fit.value),
            "exact": digits(fit.value),
            "rest": self._rest(fit.rest),
            "rest_of": [
                {"account_id": account, "name": name, "value": self.frame.written(value)}
                for account, value, name in fit.rest_of
            ],
        }


def nearest(frame: Frame, figure: Fraction) -> Nearest:
    """The readings of the number that come nearest to `figure`, in the unit of the answer (a share is 0..1)."""
    own = frame.answer.policy
    search = _Search(frame, figure, own)
    value = search.value({}, None)
    if value is None:
        return Nearest(frame, figure, own, None, (), tuple(search.rates()))
    return Nearest(frame, figure, own, value, tuple(search.named(_plain(frame, search.fits(value)))))


class _Search:
    """The readings of one number that have been looked at on the way to a figure."""

    def __init__(self, frame: Frame, figure: Fraction, own: Policy) -> None:
        self.frame, self.figure, self.own = frame, figure, own
        self.reasons = reasons(frame)

    def policy(self, switches: Mapping[str, str]) -> Policy:
        return Policy(self.own.preset, {**self.own.overrides, **switches})

    def value(self, switches: Mapping[str, str], reason: Reason | None) -> Exact:
        policy = self.policy(switches)
        return reason.value(policy) if reason else self.frame.readings.of(policy).value

    def fits(self, value: Fraction) -> list[Fit]:
        """Every reading that was made: the own one, single switches, reasons, presets, and the combinations worth it."""
        singles = [*self._made(({name: to}, None) for name, to in self._switches())]
        alone = [*self._made(({}, reason) for reason in self.reasons)]
        known = [Fit({}, None, value, self.figure - value), *singles, *alone]
        known += self._made((self._difference(name), None) for name in PRESETS)
        guessed = sorted(
            self._guesses(
                value, [fit for fit in singles if fit.value != value], [f for f in alone if f.value != value]
            ),
            key=lambda guess: (abs(guess[0]), len(guess[1]) + bool(guess[2])),
        )
        known += self._made((switches, reason) for _, switches, reason in guessed[:_READ_IN_FULL])
        return [*known, *self._taxed(known)]

    def named(self, fits: Sequence[Fit]) -> Iterator[Fit]:
        """The fits, of the first few and of the own reading with the customers who pay exactly what is left over."""
        is_found = self.frame.places is None or not self.frame.rounded(fits[0].rest)
        for place, fit in enumerate(fits):
            if not is_found and fit.reason is None and (place < _NAMED or not fit.parts):
                yield replace(fit, rest_of=tuple(self._payers(fit)))
            else:
                yield fit

    def rates(self) -> Iterator[tuple[str, Fraction]]:
        """Where one currency has no rate, the rate by which the number would be the figure."""
        readings = self.frame.readings
        asks = readings.question(self.own)
        parts = readings.by("currency", asks)
        values = {currency: exact(asks.measure, part) for currency, part in parts.items()}
        unknown = [currency for currency, value in values.items() if value is None]
        if len(unknown) != 1 or self.frame.answer.metric != "mrr" or self.own["fx"] != "daily":
            return
        known = sum((value for value in values.values() if value is not None), Fraction(0))
        paid = native(self.frame, unknown[0])
        if paid and (self.figure - known) / paid > 0:
            yield unknown[0], (self.figure - known) / paid

    def _switches(self) -> Iterator[tuple[str, str]]:
        """What each switch may be set to, where there is any row of which it says something."""
        for name, values in _TRIED.items():
            if self.frame.is_level and name in _OF_MOVEMENTS:
                continue
            readings = self.frame.readings
            if name in _AT_QUERY or readings.asked.as_of or readings.narrow.matters(name):
                yield from ((name, value) for value in values if value != self.own[name])

    def _difference(self, preset: str) -> dict[str, str]:
        policy = Policy(preset)
        return {name: policy[name] for name in policy.switches if policy[name] != self.own[name]}

    def _made(self, chosen: Iterable[tuple[Mapping[str, str], Reason | None]]) -> Iterator[Fit]:
        for switches, reason in chosen:
            value = self.value(switches, reason)
            if value is not None:
                yield Fit(switches, reason, value, self.figure - value)

    def _guesses(
        self, value: Fraction, singles: Sequence[Fit], alone: Sequence[Fit]
    ) -> Iterator[tuple[Fraction, dict[str, str], Reason | None]]:
        """What is left over of each combination, if its parts did together what they do alone; of those that may be worth it."""
        for count in range(_SWITCHES_AT_ONCE + 1):
            for some in combinations(singles, count):
                switches = {name: to for fit in some for name, to in fit.switches.items()}
                if len(switches) < count:
                    continue
                rest = self.figure - value - sum((fit.value - value for fit in some), Fraction(0))
                far = abs(self.figure - value) * 2 / _WORTH**count
                if count > 1 and abs(rest) * _WORTH <= far:
                    yield rest, switches, None
                for fit in alone if count else ():
                    if abs(rest - fit.value + value) <= far:
                        yield rest - fit.value + value, switches, fit.reason

    def _taxed(self, fits: Iterable[Fit]) -> Iterator[Fit]:
        if self.frame.answer.metric != "mrr":
            return
        for fit in fits:
            reason = taxed(fit.value, self.figure) if fit.reason is None else None
            if reason is not None:
                value = reason.value(self.own)
                assert value is not None  # noqa: S101 - a tax on a known amount
                yield replace(fit, reason=reason, value=value, rest=self.figure - value)

    def _payers(self, fit: Fit) -> Iterator[tuple[str, Fraction, str | None]]:
        reading = self.frame.readings.of(self.policy(fit.switches))
        rest = abs(self.frame.rounded(fit.rest))
        found = {}
        for account, parts in reading.every.items():
            value = exact(reading.measure, parts)
            if value is not None and self.frame.rounded(value) == rest:
                found[account] = value
        called = names(self.frame.readings.con, found)
        sign = 1 if fit.rest > 0 else -1
        yield from ((account, sign * value, called.get(account)) for account, value in sorted(found.items())[:_NAMED])


def _plain(frame: Frame, fits: Iterable[Fit]) -> list[Fit]:
    """Nearest first, each number once and told in the simplest way, without what is assumed for next to nothing.

    One change must bring the number nearer; each one more must leave a tenth of what is left over without it.
    A preset is one change. The presets that print a number are named at it,
    whether they read it by these switches or by others.
    """
    kept: list[Fit] = []
    for fit in sorted(fits, key=lambda fit: (_gap(frame, fit), len(fit.parts), fit.reason is not None)):
        if not any(one.value == fit.value and _is_as_simple(one, fit) for one in kept):
            kept.append(fit)
    printed = {name: frame.readings.of(Policy(name)).value for name in PRESETS}
    named = [
        replace(fit, presets=() if fit.reason else tuple(name for name in PRESETS if printed[name] == fit.value))
        for fit in kept
    ]
    return [fit for fit in named if not any(one.parts < fit.parts and _is_idle(frame, one, fit) for one in named)]


def _is_as_simple(one: Fit, fit: Fit) -> bool:
    """Whether `one` assumes less than `fit`, the same things in another strength, or a switch that says what its reason does."""
    if len(one.parts) < len(fit.parts) or (fit.reason and fit.reason.like in one.switches):
        return True
    same_reason = (one.reason and one.reason.name) == (fit.reason and fit.reason.name)
    return same_reason and one.switches.keys() == fit.switches.keys()


def _is_idle(frame: Frame, one: Fit, fit: Fit) -> bool:
    """Whether what `fit` assumes beyond `one` brings too little."""
    more = 0 if fit.presets else len(fit.parts) - max(1, len(one.parts))
    return bool(_gap(frame, one) <= _gap(frame, fit) * _WORTH**more)


def _gap(frame: Frame, fit: Fit) -> Fraction:
    return abs(fit.rest if frame.places is None else Fraction(frame.rounded(fit.rest)))
