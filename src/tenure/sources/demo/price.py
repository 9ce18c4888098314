"""What a line of a subscription costs for one interval, after its discount."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenure.sources.demo.life import Line

_CENT = Decimal("0.01")


def due(line: Line) -> Decimal:
    """The amount in the line's currency, to the cent: percent off first, then the amount, never below nothing."""
    whole, off = line.quantity * line.unit_amount, line.discount
    if off:
        whole = whole * (100 - off.percent) / 100 - off.amount
    return max(Decimal(0), whole).quantize(_CENT, ROUND_HALF_UP)
