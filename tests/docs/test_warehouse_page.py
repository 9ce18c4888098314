"""The page on warehouses: its settings are read, its commands are there, its lists are complete."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tenure.config import load_settings
from tenure.engines import COMPILED, KINDS
from tenure.engines.mappings import mapping, names
from tenure.surfaces.cli.app import tenure
from tenure.sync.views import WATERMARKS, named

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "warehouse.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("block", re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
def test_its_settings_are_read(block: str, tmp_path: Path) -> None:
    (tmp_path / "tenure.toml").write_text(block, encoding="utf-8")
    settings = load_settings(tmp_path).warehouse
    assert settings.url.partition(":")[0] in KINDS
    assert named(settings, "postgres").keys() >= settings.tables.keys()


def test_it_lists_every_mapping_and_what_it_gives() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\w, ]+) \|$", PAGE, re.MULTILINE)
    assert rows == [(name, ", ".join(sorted(mapping(name, "duckdb")))) for name in names()]


def test_it_names_every_engine_and_watermark() -> None:
    schemes = set(re.findall(r"`(\w+)://", PAGE))
    assert {KINDS[scheme].module for scheme in schemes} == {kind.module for kind in KINDS.values()}
    assert all(name in PAGE for name in COMPILED.values())
    assert all(f"`{name}`" in PAGE for name in WATERMARKS)


def test_its_commands_are_there() -> None:
    lines = re.findall(r"^\$ tenure (.*)$", PAGE, re.MULTILINE)
    assert len(lines) == 4
    for line in lines:
        name, *words = shlex.split(line)
        command = tenure.get_command(click.Context(tenure), name)
        assert command is not None
        known = {opt for param in command.params for opt in param.opts}
        assert {word for word in words if word.startswith("--")} <= known
