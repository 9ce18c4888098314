"""Amounts that no number holds to the last digit are said to be so, and never rounded."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from duckdb import ConversionException, OutOfRangeException

from tenure.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def exact() -> Iterator[None]:
    """Runs a statement of ours.

    Raises:
        UsageError: an amount in it is too large.
    """
    try:
        yield
    except (ConversionException, OutOfRangeException) as fault:
        if not any(number in str(fault) for number in ("DECIMAL", "HUGEINT")):
            raise
        message = (
            "Some amounts add up to more than 100 trillion, which no number here holds to the last digit:"
            " if no price is mistyped, state them all in thousands."
        )
        raise UsageError(message) from fault
