"""The page docs/reference/commands.md, made from the commands themselves: `python -m tenure.surfaces.cli.reference`."""

from __future__ import annotations

import inspect
import re
import sys
from typing import TYPE_CHECKING

import click

from tenure.surfaces.cli.app import SECTIONS, tenure
from tenure.surfaces.cli.options import general

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.surfaces.cli.options import Command

_HEAD = """# Commands

<!-- Made by `python -m tenure.surfaces.cli.reference > docs/reference/commands.md`; a test compares. -->

`tenure [--store DIR] COMMAND …`: results go to standard output, progress and notes to standard error. Options may stand
anywhere. Exit codes: 0 done; 1 finished, but something needs a person (a doctor's finding, rows set aside under
`--strict`); 2 the words are off or the input is unusable, with one sentence why; 130 interrupted.

Every command takes:
"""


def page() -> str:
    """The whole page as Markdown."""
    ctx = click.Context(tenure, info_name="tenure")
    every = [c for c in (tenure.get_command(ctx, name) for name in tenure.list_commands(ctx)) if c is not None]
    lines = [_HEAD, *_options(general())]
    for heading in SECTIONS:
        lines += ["", f"## {heading}"]
        for command in (c for c in every if c.section == heading):
            lines += ["", *_command(command, ctx)]
    return "\n".join(lines) + "\n"


def _command(command: Command, parent: click.Context) -> Iterator[str]:
    ctx = click.Context(command, info_name=command.name, parent=parent)
    yield f"### {command.name}"
    yield ""
    yield f"`{' '.join([ctx.command_path, *command.collect_usage_pieces(ctx)])}`"
    yield ""
    yield inspect.cleandoc(command.help or "")
    shared = {option.name for option in general()}
    own = [option for option in command.params if option.name not in shared and isinstance(option, click.Option)]
    if own:
        yield ""
        yield from _options(own)
    if command.epilog:
        yield ""
        lines = re.sub(r"\\b\n|Examples:\n", "", command.epilog).strip().splitlines()
        yield "\n".join(f"    {line.strip()}" for line in lines)
    shape = inspect.cleandoc(sys.modules[str(command.callback.__module__)].__doc__ or "").partition("\n\n")[2]
    if shape:
        yield ""
        yield shape


def _options(options: list[click.Parameter] | list[click.Option]) -> Iterator[str]:
    yield "| option | |"
    yield "|---|---|"
    for option in options:
        ctx = click.Context(click.Command("tenure"))
        written, meaning = option.get_help_record(ctx) or ("", "")
        yield f"| `{written.replace('|', chr(92) + '|')}` | {meaning.replace('|', chr(92) + '|')} |"


if __name__ == "__main__":
    sys.stdout.write(page())
