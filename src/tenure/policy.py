"""What counts as recurring revenue: the switches on which the field disagrees, and the presets of known tools.

A preset is a set of switches; a single switch overrides it. Those that only matter when a question is asked
(`same_period`, `net_churn_reactivation`) make no other ledgers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from tenure.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NUMBER = r"[0-9]{1,6}"
_FACTOR = r"(?!0+(\.0+)?(/|$))[0-9]{1,6}(\.[0-9]{1,6})?(/0{0,5}[1-9][0-9]{0,5})?"  # neither 0 nor over 0


@dataclass(frozen=True)
class Switch:
    """One disagreement: `values` are patterns in the order of the documentation, `default` the reading of Tenure."""

    name: str
    meaning: str
    default: str
    values: tuple[str, ...]
    at_query: bool = False

    @property
    def takes(self) -> tuple[str, ...]:
        """The values that it takes, as a person reads them; a pattern stands as DAYS or as what it matches."""
        span = "MINUTES" if self.name.endswith("minutes") else "DAYS"
        return tuple(v.replace(_FACTOR, "a number or a fraction").replace(_NUMBER, span) for v in self.values)

    def check(self, value: str) -> str:
        """`value`, if the switch takes it.

        Raises:
            UsageError: it does not; the sentence lists what it takes.
        """
        if any(re.fullmatch(pattern, value) for pattern in self.values):
            return value
        message = f"The switch '{self.name}' does not take '{value}': it takes {', '.join(self.takes)}."
        raise UsageError(message)


SWITCHES: Mapping[str, Switch] = MappingProxyType(
    {
        s.name: s
        for s in (
            Switch("week_factor", "weeks in a month", "52/12", (_FACTOR,)),
            Switch("day_factor", "days in a month", "365/12", (_FACTOR,)),
            Switch("discounts", "which discounts are subtracted", "all", ("all", "forever", "none")),
            Switch("past_due", "what an unpaid subscription is", "counted", ("counted", f"churn_after:{_NUMBER}")),
            Switch("paused", "what a paused subscription is", "zero", ("zero", "churn", "counted")),
            Switch("churn_at", "when a cancelled subscription is lost", "end", ("end", "request")),
            Switch("movement_level", "whose first and last payment counts", "customer", ("customer", "subscription")),
            Switch("same_period", "left and returned within one period", "count", ("count", "net"), at_query=True),
            Switch("reactivation_gap_days", "a shorter gap is no churn", "0", (_NUMBER,)),
            Switch("settle_minutes", "changes that follow within it are one movement", "60", (_NUMBER,)),
            Switch("net_churn_reactivation", "returns subtracted from net churn", "no", ("no", "yes"), at_query=True),
            Switch("fx", "at which rate foreign money is read", "daily", ("daily", "latest", "purchase")),
        )
    }
)


@dataclass(frozen=True)
class Preset:
    """The switches in which a known tool differs from Tenure, and what of it they do not reproduce."""

    name: str
    note: str
    switches: Mapping[str, str] = field(default_factory=dict)


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        p.name: p
        for p in (
            Preset("tenure", "The reading of this house."),
            Preset(
                "chartmogul",
                "Not reproduced: its own exclusions of single invoices and its rounding of days of a plan's change.",
                {"same_period": "net", "net_churn_reactivation": "yes"},
            ),
            Preset(
                "stripe",
                "Not reproduced: daily snapshots taken in UTC, and changes that cancel out within one day.",
                {"discounts": "forever"},
            ),
            Preset(
                "profitwell",
                "Not reproduced: its handling of credit notes and of delinquent customers' grace days.",
                {"paused": "churn", "same_period": "net", "fx": "purchase"},
            ),
            Preset(
                "baremetrics",
                "Not reproduced: its option to leave out failed charges at once.",
                {"past_due": "churn_after:30"},
            ),
            Preset(
                "recurly",
                "Not reproduced: usage-based add-ons, which it estimates.",
                {"day_factor": "30", "paused": "churn", "movement_level": "subscription"},
            ),
            Preset(
                "chargebee",
                "Not reproduced: its site settings on taxes, non-recurring add-ons and metered items.",
                {"discounts": "forever"},
            ),
            Preset(
                "polar",
                "Not reproduced: its rounding of every price to whole cents.",
                {"week_factor": "4", "day_factor": "30", "paused": "counted"},
            ),
            Preset(
                "paddle_classic",
                "Not reproduced: its conversion at the rate of each payment's payout.",
                {"discounts": "none"},
            ),
        )
    }
)


@dataclass(frozen=True)
class Policy:
    """One reading of recurring revenue: a preset with single switches set otherwise."""

    preset: str = "tenure"
    overrides: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        if self.preset not in PRESETS:
            raise UnknownNameError("policy preset", self.preset, PRESETS, f"The presets are {', '.join(PRESETS)}.")
        for name, value in self.overrides.items():
            if name not in SWITCHES:
                raise UnknownNameError("policy switch", name, SWITCHES, f"The switches are {', '.join(SWITCHES)}.")
            SWITCHES[name].check(value)

    def __getitem__(self, switch: str) -> str:
        return self.overrides.get(switch) or PRESETS[self.preset].switches.get(switch) or SWITCHES[switch].default

    @property
    def switches(self) -> dict[str, str]:
        """Every switch with its value, in the order of the policy table."""
        return {name: self[name] for name in SWITCHES}

    def factor(self, unit: str) -> Fraction:
        """How many weeks or days (`unit`) a month has, exactly."""
        over, _, under = self[f"{unit}_factor"].partition("/")
        return Fraction(over) / Fraction(under or 1)
