"""The bridge between two readings of the same rows: the switches toggled one by one, each step exact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tenure.policy import SWITCHES, Policy
from tenure.reconcile.effects import effects, names
from tenure.reconcile.frame import described, digits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenure.reconcile.exact import Exact, Reading
    from tenure.reconcile.frame import Frame

LIMIT = 5


@dataclass(frozen=True)
class Share:
    """What one customer does to a step; the effects of all customers of a step add up to it exactly."""

    account_id: str
    effect: Fraction
    name: str | None


@dataclass(frozen=True)
class Step:
    """One switch toggled, with those before it in the policy table already as in the second reading.

    `shares` has every customer whose part is not 0, the largest first; None where no single customer makes the number, or where it is
    unknown.
    """

    switch: str
    was: str
    becomes: str
    before: Exact
    after: Exact
    shares: tuple[Share, ...] | None

    @property
    def effect(self) -> Exact:
        """What the step changes the number by."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def moves(self) -> bool:
        """Whether anything differs: the number, whether it is known, or what some customers make of it."""
        return self.before != self.after or bool(self.shares)


@dataclass(frozen=True)
class Bridge:
    """Two readings of one number and the way from the first to the second. The steps add up to the difference exactly."""

    frame: Frame
    a: Policy
    b: Policy
    before: Exact
    after: Exact
    steps: tuple[Step, ...]

    @property
    def difference(self) -> Exact:
        """The second reading less the first."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def moving(self) -> tuple[Step, ...]:
        """The steps that change something."""
        return tuple(step for step in self.steps if step.moves)

    def to_dict(self, *, limit: int = LIMIT, every: bool = False) -> dict[str, Any]:
        """The bridge as JSON; with `every`, the steps that change nothing too. `limit` is how many customers each shows."""
        shown = self.steps if every else self.moving
        effects_shown = self._effects(shown)
        return {
            "kind": "bridge",
            **self.frame.to_dict(),
            "a": {**described(self.a), "value": self.frame.written(self.before), "exact": digits(self.before)},
            "b": {**described(self.b), "value": self.frame.written(self.after), "exact": digits(self.after)},
            "difference": self._difference(),
            "exact": digits(self.difference),
            "steps": [self._step(step, effect, limit) for step, effect in zip(shown, effects_shown, strict=True)],
            "unmoved": [step.switch for step in self.steps if not step.moves],
            "same": [name for name in SWITCHES if self.a[name] == self.b[name]],
        }

    def _difference(self) -> float | None:
        if self.before is None or self.difference is None:
            return None
        return next(self.frame.steps(self.before, [self.difference]))

    def _effects(self, steps: tuple[Step, ...]) -> Iterator[float | None]:
        for step in steps:
            if step.before is None or step.effect is None:
                yield None
            else:
                yield next(self.frame.steps(step.before, [step.effect]))

    def _step(self, step: Step, effect: float | None, limit: int) -> dict[str, Any]:
        return {
            "switch": step.switch,
            "meaning": SWITCHES[step.switch].meaning,
            "was": step.was,
            "becomes": step.becomes,
            "effect": effect,
            "exact": digits(step.effect),
            "after": self.frame.written(step.after),
            "count": None if step.shares is None else len(step.shares),
            "customers": self._customers(step, limit),
        }

    def _customers(self, step: Step, limit: int) -> list[dict[str, Any]] | None:
        """The largest, and the others as one line without an id; written so that they add up to the step."""
        if step.before is None or step.shares is None:
            return None
        first, others = step.shares[:limit], step.shares[limit:]
        rest = sum((share.effect for share in others), Fraction(0))
        sizes = [share.effect for share in first] + ([rest] if others else [])
        told = [{"account_id": s.account_id, "name": s.name, "count": 1} for s in first]
        told += [{"account_id": None, "name": None, "count": len(others)}] if others else []
        return [
            {
                **one,
                "effect": written,
                "exact": digits(size),
                "share": float(size / step.effect) if step.effect else None,
            }
            for one, size, written in zip(told, sizes, self.frame.steps(step.before, sizes), strict=True)
        ]


def bridge(frame: Frame, a: Policy, b: Policy) -> Bridge:
    """The way from reading `a` to reading `b`, switch by switch in the order of the policy table."""
    policy, steps = a, []
    first = last = frame.readings.of(a)
    for name in SWITCHES:
        if a[name] == b[name]:
            continue
        policy = Policy(policy.preset, {**policy.overrides, name: b[name]})
        reading = frame.readings.of(policy)
        steps.append(Step(name, a[name], b[name], last.value, reading.value, _shares(frame, last, reading)))
        last = reading
    return Bridge(frame, a, b, first.value, last.value, tuple(steps))


def _shares(frame: Frame, before: Reading, after: Reading) -> tuple[Share, ...] | None:
    if before.key == after.key and before.value is not None:
        return ()
    found = effects(before, after)
    if found is None:
        return None
    called: Mapping[str, str] = names(frame.readings.con, found)
    shares = (Share(account, effect, called.get(account)) for account, effect in found.items())
    return tuple(sorted(shares, key=lambda share: (-abs(share.effect), share.account_id)))
