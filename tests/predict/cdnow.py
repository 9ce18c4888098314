"""The sample of the CDNOW company that the papers fit: 2,357 customers over 39 weeks of 1997, from the lifetimes package.

Read as a file: the package itself warns about the pandas of today.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

FILE = "cdnow_customers_summary_with_transactions.csv"


@dataclass(frozen=True)
class Customer:
    """Purchases after the first; weeks from the first to the last and to the end; the mean of the repeats in dollars."""

    repeats: int
    recency: float
    age: float
    mean: float


@cache
def customers() -> tuple[Customer, ...]:
    """All of them; skips with a sentence where the package is not installed, which is a failure in CI."""
    package = find_spec("lifetimes")
    if package is None or not package.submodule_search_locations:
        sentence = "the sample of CDNOW comes with the package lifetimes, which is not installed: make test installs it"
        if os.environ.get("CI"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    path = Path(package.submodule_search_locations[0]) / "datasets" / FILE
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Customer(int(row["x"]), float(row["t_x"]), float(row["T"]), float(row["zbar"]))
            for row in csv.DictReader(lines)
        )
