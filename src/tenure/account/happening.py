"""What happened to one customer: a line of its timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal


@dataclass(frozen=True)
class Happening:
    """One line: when (naive UTC), of which kind, what in words, and who or how much where that is known.

    `about` is the id of the row that says so. `amount` is in major units of `currency`, signed as the words say it.
    """

    happened_at: datetime
    kind: str
    what: str
    about: str | None = None
    person: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
