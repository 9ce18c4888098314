"""What the overview shows: read from `overview.toml` beside this file, its tiles replaced by the company's own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Movement:
    """One kind of movement in the chart of them all; `tone` is a role of `tenure.charts.PALETTE`."""

    metric: str
    title: str
    sign: int
    tone: str


@dataclass(frozen=True)
class Line:
    """One metric over time, with a sentence about it."""

    metric: str
    note: str = ""


@dataclass(frozen=True)
class CohortKind:
    """One triangle of cohorts."""

    kind: str
    title: str
    note: str
    members: str


@dataclass(frozen=True)
class Overview:
    """The page as data."""

    tiles: tuple[str, ...]
    movements_title: str
    movements_note: str
    movements: tuple[Movement, ...]
    lines: tuple[Line, ...]
    cohorts_title: str
    cohorts: tuple[CohortKind, ...]
    not_offered: tuple[str, ...]

    def with_tiles(self, metrics: tuple[str, ...]) -> Overview:
        """This page with the tiles that a company named."""
        return replace(self, tiles=metrics) if metrics else self

    def of_those(self, metrics: Collection[str]) -> Overview:
        """This page with the tiles of these metrics alone; with all of them where none is left."""
        return self.with_tiles(tuple(name for name in self.tiles if name in metrics))


@cache
def shipped() -> Overview:
    """The page that comes with Tenure."""
    data: dict[str, Any] = tomllib.loads(files(__package__).joinpath("overview.toml").read_text("utf-8"))
    return Overview(
        tiles=tuple(data["tiles"]),
        movements_title=data["movements"]["title"],
        movements_note=data["movements"]["note"],
        movements=tuple(Movement(**one) for one in data["movements"]["series"]),
        lines=tuple(Line(**line) for line in data["line"]),
        cohorts_title=data["cohorts"]["title"],
        cohorts=tuple(CohortKind(**kind) for kind in data["cohorts"]["kinds"]),
        not_offered=tuple(data["segments"]["not_offered"]),
    )


@cache
def beside(page: str) -> tuple[str, ...]:
    """The numbers at the top of another page."""
    data: dict[str, Any] = tomllib.loads(files(__package__).joinpath("overview.toml").read_text("utf-8"))
    return tuple(data["pages"][page])
