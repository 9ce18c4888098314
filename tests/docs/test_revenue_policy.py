"""The page on the revenue policy names every switch, its default and values, and every preset, as the code has them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tenure.policy import PRESETS, SWITCHES

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "revenue-policy.md").read_text(encoding="utf-8")
PRESET_ROW = re.compile(r"^\| `(\w+)` \|([^|]*)\|", re.MULTILINE)


@pytest.mark.parametrize("switch", SWITCHES)
def test_each_switch_has_its_section_with_its_default_first(switch: str) -> None:
    default = SWITCHES[switch].default
    assert re.search(rf"^### .*`{switch}` = {re.escape(default)}", PAGE, re.MULTILINE)
    for value in SWITCHES[switch].values:
        if value.isalpha():
            assert f"`{value}`" in PAGE.split(f"`{switch}` = ", 1)[1].split("###")[0]


def test_the_presets_differ_as_the_page_says() -> None:
    rows = {name: dict(re.findall(r"`(\w+) = ([\w:]+)`", switches)) for name, switches in PRESET_ROW.findall(PAGE)}
    assert rows == {name: dict(preset.switches) for name, preset in PRESETS.items()}
