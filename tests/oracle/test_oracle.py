"""The oracle itself agrees with the numbers that the field prints."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from oracle.numbers import Oracle
from oracle.reading import company, windows
from tenure.policy import Policy
from worked.cases import Case, cases, faults

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES = sorted((Path(__file__).parent.parent / "worked").glob("*.yaml"))
CASES = [case for path in FILES for case in cases(path) if "subscription_periods" in case.tables and not case.loads]
KNOWN = [case for case in CASES if not any("missing" in str(ask["expect"]) for ask in case.asks)]
NOT_MINE = {"by", "where", "compare", "now"}


def answered(case: Case, ask: Mapping[str, Any]) -> dict[str, Any] | None:
    """The answer of the oracle in the shape of the command line's; None where it does not know the metric."""
    settings = tomllib.loads(case.settings)
    zone = ZoneInfo(settings.get("timezone", "UTC"))
    switches = {name: str(value) for name, value in ask.get("set", {}).items()}
    own = settings.get("policy", {})
    policy = Policy(ask.get("policy", own.get("preset", "tenure")), switches)
    oracle = Oracle(company(case.tables, zone, settings.get("currency", "USD")), policy)
    rows = []
    for before, opens, closes in windows(ask["from"], ask["to"], ask["grain"], zone):
        numbers = oracle.numbers(opens, closes, before)
        if ask["metric"] not in numbers:
            return None
        value = numbers[ask["metric"]]
        rows.append({"start": f"{opens.isoformat()}Z", "value": None if value is None else float(value)})
    return {"rows": rows, "missing": []}


@pytest.mark.parametrize("case", KNOWN, ids=lambda case: case.id)
def test_the_oracle_knows_the_worked_examples(case: Case) -> None:
    for ask in case.asks:
        if NOT_MINE & ask.keys() or ask["grain"] == "hour":
            continue
        expect = ask["expect"]
        if isinstance(expect, dict):
            expect = {key: expect[key] for key in ("value", "series", "tol", "sum", "rows") if key in expect}
        answer = answered(case, ask)
        if answer is not None and expect != {}:
            assert faults(answer, expect) == [], f"{case.id}: {ask}"
