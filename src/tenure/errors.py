"""Every error that a user can cause: one class per remedy, one sentence each. Imports nothing of the house.

A fault in a *row* is not an error: it is a value (see `tenure.store.quarantine`). An error here means that the user's
words, or a whole input, cannot be used; the command line prints the sentence and exits with `exit_code`.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class TenureError(Exception):
    """What a user can mend. `str(error)` is one sentence that says what is wrong and how to mend it."""

    exit_code = 2


_LONGEST = 60


def cut(text: str) -> str:
    """What somebody wrote, as a sentence repeats it: the beginning is enough to know it by."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


class UnknownNameError(TenureError):
    """A name that is not among the known ones: says the near miss and where to see them all."""

    def __init__(self, kind: str, name: str, known: Iterable[str], mend: str) -> None:
        self.kind, self.name, self.known = kind, name, sorted(known)
        lower = {one.lower(): one for one in self.known}
        near = get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
        hint = f" Did you mean '{lower[near[0]]}'?" if near else ""
        article = "an" if kind[0] in "aeiou" else "a"
        super().__init__(f"'{cut(name)}' is not {article} {kind} that is known here.{hint} {mend}")


class UsageError(TenureError):
    """The words of a question or a command do not go together, or a value cannot be read."""


class SettingsError(TenureError):
    """Something in `tenure.toml` cannot be used."""


class InputError(TenureError):
    """A whole input cannot be used: no such file, nothing in it, not text, not a table."""


class StoreMissingError(TenureError):
    """There is no store where one was looked for."""


class StoreBusyError(TenureError):
    """Another process owns the store."""


class StoreVersionError(TenureError):
    """The store was written by another version of Tenure."""


class StorageError(TenureError):
    """The disk is full, or the store's folder cannot be written."""


class ThinDataError(TenureError):
    """The data cannot carry a model: too few customers, or too little has happened to them."""


class ExtraMissingError(TenureError):
    """What was asked needs a library that is not installed."""


class WarehouseError(TenureError):
    """An engine cannot be reached, does not let us in, or lacks the table, column, type or right that was asked for."""
