"""One number as each known tool would print it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.policy import PRESETS, SWITCHES, Policy
from tenure.reconcile.frame import described, digits

if TYPE_CHECKING:
    from tenure.reconcile.exact import Exact
    from tenure.reconcile.frame import Frame


@dataclass(frozen=True)
class Presets:
    """The company's own reading, and beside it that of every preset."""

    frame: Frame
    own: Policy
    value: Exact
    readings: tuple[tuple[str, Exact], ...]

    def to_dict(self) -> dict[str, Any]:
        """The table as JSON: a row per preset, with the switches in which it differs from the company's own policy."""
        return {
            "kind": "presets",
            **self.frame.to_dict(),
            "own": {**described(self.own), "value": self.frame.written(self.value), "exact": digits(self.value)},
            "rows": [self._row(name, value) for name, value in self.readings],
        }

    def _row(self, name: str, value: Exact) -> dict[str, Any]:
        policy = Policy(name)
        difference = None
        if value is not None and self.value is not None:
            difference = next(self.frame.steps(self.value, [value - self.value]))
        return {
            "preset": name,
            "value": self.frame.written(value),
            "exact": digits(value),
            "difference": difference,
            "switches": {switch: policy[switch] for switch in SWITCHES if policy[switch] != self.own[switch]},
            "note": PRESETS[name].note,
        }


def presets(frame: Frame) -> Presets:
    """The number under every preset, in the order of the documentation."""
    own, of = frame.answer.policy, frame.readings.of
    return Presets(frame, own, of(own).value, tuple((name, of(Policy(name)).value) for name in PRESETS))
