"""The row rules that many tables share, each made for its columns. An empty cell breaks none of them."""

from __future__ import annotations

from tenure.tables.schema import Check

_AMOUNT_LIMIT = 100_000_000_000  # sums in ten-thousandths of a month stay far from the end of a 128-bit integer


def not_negative(column: str, hint: str = "") -> Check:
    """`column` >= 0; `hint` says where a negative one belongs instead."""
    return Check(f"{column}_not_negative", column, f"{column} >= 0", f"{column} must not be negative{hint}.")


def amount(column: str, hint: str = "") -> tuple[Check, Check]:
    """Money that is neither negative nor beyond what can be added up exactly."""
    limit = Check(
        f"{column}_below_limit", column, f"{column} < {_AMOUNT_LIMIT}", f"{column} must be below 100 billion."
    )
    return not_negative(column, hint), limit


def in_order(first: str, second: str) -> Check:
    """`second` is not before `first`; the same instant is good."""
    return Check(
        f"{second}_not_before_{first}", second, f"{second} >= {first}", f"{second} must not be before {first}."
    )


def differ(column: str, other: str) -> Check:
    """The row does not link a thing with itself."""
    return Check(f"{column}_differs", column, f"{column} <> {other}", f"{column} must differ from {other}.")
