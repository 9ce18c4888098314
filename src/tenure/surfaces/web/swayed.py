"""Whether a switch of the policy bears on what a page shows: where it does not, the page says nothing of it; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.dimensions import is_swayed

if TYPE_CHECKING:
    from tenure.metric import Metric
    from tenure.surfaces.web.view import View


def sways(view: View, metric: Metric, variant: str = "") -> bool:
    """Whether a metric, or its variant, is another number under another policy: by itself, or by how the view cuts it."""
    return metric.is_swayed(variant) or any(is_swayed(name) for name in (view.by, *(name for name, _ in view.where)))
