"""How a chart looks: the role of each colour, the dashes of segments, its size on the page."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PALETTE: Mapping[str, str] = MappingProxyType(
    {
        "line": "#3a45c9",
        "gain-1": "#3540bf",
        "gain-2": "#7585ec",
        "gain-3": "#b5c0f9",
        "loss-1": "#f0b06a",
        "loss-2": "#c4570d",
        "neutral": "#8b919d",
        "segment-1": "#3441c4",
        "segment-2": "#d07a12",
        "segment-3": "#1b8f8a",
        "segment-4": "#a3348c",
        "segment-5": "#6f7684",
        "segment-6": "#78a1f0",
        "target": "#6a7181",
        "text": "#686f7d",
        "grid": "#8d93a033",
        "axis": "#8d93a1",
        "band": "#8d93a000",
        "hatch": "#8d93a01c",
        "release": "#7b8190",
        "paper": "#ffffff",
    }
)
DASHES: tuple[tuple[int, ...], ...] = ((1, 0), (6, 3), (2, 2), (8, 2, 2, 2), (1, 0), (4, 2))
"""Segments differ by dash as well as by colour, in this order."""


@dataclass(frozen=True)
class Look:
    """How a chart lies on its page: its size in pixels, whether it carries its own legend, the period in focus.

    With `names`, each line of several carries its name at its end.
    """

    width: int | str = 560
    height: int = 240
    legend: bool = True
    locale: str = "en_US"
    focus: int | None = None
    names: bool = False


NOTEBOOK = Look()
