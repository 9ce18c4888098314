"""One measured figure: its values, what they are held against, and the line that says so."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Figure:
    """Repeated measurements in one unit and their goal: at most `goal`, or at least, where more is better."""

    name: str
    values: Sequence[float]
    goal: float
    unit: str = "x"
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool:
        """Whether the median is on the right side of the goal."""
        middle = median(self.values)
        return middle >= self.goal if self.at_least else middle <= self.goal

    def line(self) -> str:
        """One line: name, median, smallest and largest, goal, verdict, and what it was measured against."""
        middle, low, high = (f"{value:.4g}" for value in (median(self.values), min(self.values), max(self.values)))
        goal = f"{'>=' if self.at_least else '<='} {self.goal:g} {self.unit}"
        spread = f"({low} .. {high}, {len(self.values)} times)"
        verdict = "met" if self.met else "MISSED"
        return f"{self.name:<44}{middle:>8} {self.unit:<3} {spread:<30}{goal:>11}  {verdict:<7} {self.note}".rstrip()
