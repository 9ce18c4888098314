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
class Tile:
    """One number: its metric, and how what it rests on is said."""

    metric: str
    basis: str = ""


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

    tiles: tuple[Tile, ...]
    movements_title: str
    movements_note: str
    movements: tuple[Movement, ...]
    lines: tuple[Line, ...]
    cohorts_title: str
    cohorts: tuple[CohortKind, ...]
    not_offered: tuple[str, ...]

    def with_tiles(self, metrics: tuple[str, ...]) -> Overview:
        """This page with the tiles that a company named; those that it has in common keep their words."""
        known = {tile.metric: tile for tile in self.tiles}
        tiles = tuple(known.get(name, Tile(name)) for name in metrics)
        return replace(self, tiles=tiles) if tiles else self

    def of_those(self, metrics: Collection[str]) -> Overview:
        """This page with the tiles of these metrics alone; with all of them where none is left."""
        tiles = tuple(tile for tile in self.tiles if tile.metric in metrics)
        return replace(self, tiles=tiles) if tiles else self


@cache
def shipped() -> Overview:
    """The page that comes with Tenure."""
    data: dict[str, Any] = tomllib.loads(files(__package__).joinpath("overview.toml").read_text("utf-8"))
    return Overview(
        tiles=tuple(Tile(**tile) for tile in data["tile"]),
        movements_title=data["movements"]["title"],
        movements_note=data["movements"]["note"],
        movements=tuple(Movement(**one) for one in data["movements"]["series"]),
        lines=tuple(Line(**line) for line in data["line"]),
        cohorts_title=data["cohorts"]["title"],
        cohorts=tuple(CohortKind(**kind) for kind in data["cohorts"]["kinds"]),
        not_offered=tuple(data["segments"]["not_offered"]),
    )


@cache
def beside(page: str) -> tuple[Tile, ...]:
    """The numbers at the top of another page."""
    data: dict[str, Any] = tomllib.loads(files(__package__).joinpath("overview.toml").read_text("utf-8"))
    return tuple(Tile(**tile) for tile in data["pages"][page])
