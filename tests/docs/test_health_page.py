"""The page on the health score says the weights and limits that the ledgers have."""

import re
from pathlib import Path

from tenure.facts.fact import facts

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "health.md").read_text(encoding="utf-8")


def test_the_weights_are_those_of_the_ledger() -> None:
    told = {name: int(weight) for name, weight in re.findall(r"^\| (\w+) \| (\d+) \|", PAGE, re.MULTILINE)}
    text = facts()["signals"].text
    weighing = re.search(r"CASE signal (.*?) END AS BIGINT\) AS weight", text)
    assert weighing is not None
    kept = {name: int(weight) for name, weight in re.findall(r"WHEN '(\w+)' THEN (\d+)", weighing[1])}
    (rest,) = re.findall(r"ELSE (\d+)", weighing[1])
    signals = set(re.findall(r"'(\w+)' AS signal", text))
    assert told == {name: kept.get(name, int(rest)) for name in signals}
    assert sum(told.values()) == 100


def test_its_examples_are_right() -> None:
    """Each formula on the page comes to the number behind it."""
    found = re.findall(r"\(([\d ×+]+)\) / (\d+) = (\d+)", PAGE)
    assert len(found) == 2
    for terms, whole, score in found:
        marks = sum(int(weight) * int(points) for weight, points in re.findall(r"(\d+) × (\d+)", terms))
        assert int(marks / int(whole) + 0.5) == int(score)
        assert sum(int(weight) for weight, _ in re.findall(r"(\d+) × (\d+)", terms)) == int(whole)
