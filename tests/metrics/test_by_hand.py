"""Every shipped metric is what a person reckons from the same ledgers, in a made-up company that has data for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.company import write
from benchmarks.scored import asked, by_hand
from benchmarks.scoring import agree

import tenure
from tenure.catalog import shipped

if TYPE_CHECKING:
    from pathlib import Path


def test_the_scorecard_is_that_of_a_person(tmp_path: Path) -> None:
    data, store = tmp_path / "data", tmp_path / "store"
    write(data, 500)
    store.mkdir()
    (store / "tenure.toml").write_text('currency = "EUR"\n', encoding="utf-8")
    with tenure.open(store) as company:
        company.load([*data.glob("*.parquet"), *(data / "more").glob("*.parquet")])
    found, expected = asked(str(store), "1"), by_hand(str(store), "1")
    assert found.keys() == expected.keys() == {name for name, metric in shipped().items() if not metric.model}
    for name, score in found.items():
        agree(name, score["values"], expected[name]["values"])
