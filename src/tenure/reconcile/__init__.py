"""Why two readings of the same rows differ: from one policy to another, all presets at once, or to a figure from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.reconcile.bridge import LIMIT, Bridge, Share, Step, bridge
from tenure.reconcile.frame import Frame, frame
from tenure.reconcile.nearest import Fit, Nearest, nearest
from tenure.reconcile.presets import Presets, presets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings
    from tenure.metric import Metric
    from tenure.policy import Policy
    from tenure.query import Asked

__all__ = [
    "LIMIT", "Bridge", "Fit", "Frame", "Nearest", "Presets", "Share", "Step", "bridge", "frame", "nearest", "presets", "reconcile",
]  # fmt: skip


def reconcile(
    con: DuckDBPyConnection,
    settings: Settings,
    known: Mapping[str, Metric],
    metric: str,
    asked: Asked,
    a: Policy,
    b: Policy,
    day: str | None = None,
) -> Bridge:
    """The bridge from reading `a` to reading `b` of one metric; see `tenure.reconcile.frame.frame` for the rest."""
    return bridge(frame(con, settings, known, metric, asked, day), a, b)
