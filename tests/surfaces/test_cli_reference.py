"""The reference is what the commands say of themselves."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from surfaces.shell import tenure
from tenure.surfaces.cli.app import SECTIONS
from tenure.surfaces.cli.app import tenure as group
from tenure.surfaces.cli.reference import page

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"
NAMES = group.list_commands(click.Context(group))


def test_the_reference_is_up_to_date() -> None:
    assert find_spec("tenure.surfaces.cli.reference")
    assert REFERENCE.read_text(encoding="utf-8") == page(), (
        "python -m tenure.surfaces.cli.reference > docs/reference/commands.md"
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_command_helps_and_is_documented(name: str) -> None:
    said = tenure(name, "--help")
    assert said.code == 0
    assert said.out.startswith(f"Usage: tenure {name} ")
    assert f"\n### {name}\n" in REFERENCE.read_text(encoding="utf-8")
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.section in SECTIONS


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_does(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert not [p.name for p in command.params if isinstance(p, click.Option) and not p.help]
