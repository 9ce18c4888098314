"""The line beside a figure: inline SVG without axes, in the colour of the text around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence


def sparkline(values: Sequence[float | None], focus: int, width: int = 120, height: int = 30) -> Markup:
    """A line without axes over `values`, broken where one is unknown, with a dot on the one in focus."""
    known = [v for v in values if v is not None]
    if len(known) < 2:  # noqa: PLR2004 - one point makes no line
        return Markup()
    low, high = min(known), max(known)
    edge, step = 4, (width - 8) / max(len(values) - 1, 1)

    def place(n: int, v: float) -> str:
        return f"{edge + n * step:.1f},{height - edge - (v - low) / ((high - low) or 1) * (height - 2 * edge):.1f}"

    strokes, pen = "", "M"
    for n, v in enumerate(values):
        strokes, pen = (strokes, "M") if v is None else (strokes + pen + place(n, v), "L")
    here = values[focus] if focus < len(values) else None
    # a stroke of no length with round ends: a dot that stays round however wide the tile is
    dot = f'<path class="dot" d="M{place(focus, here)}h0"/>' if here is not None else ""
    return Markup(  # noqa: S704 - made of numbers only
        f'<svg class="spark" viewBox="0 0 {width} {height}" preserveAspectRatio="none" aria-hidden="true" '
        f'focusable="false"><path d="{strokes}"/>{dot}</svg>'
    )
