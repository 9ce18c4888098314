"""The words of a command line: options that stand before their command, and click's faults as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tenure.errors import UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def hoisted(args: list[str], own: Sequence[click.Parameter], every: Iterable[click.Command | None]) -> list[str]:
    """The words with a command's options moved behind it: `--from D ask mrr` reads as `ask --from D mrr`.

    `own` are the options that may stay; `every` gives all commands, and is read only where a word is neither.
    """
    mine = {flag: option for option in own for flag in option.opts}
    others: dict[str, click.Parameter] | None = None
    kept: list[str] = []
    moved: list[str] = []
    rest = list(args)
    while rest and rest[0].startswith("-") and rest[0] not in ("-", "--"):
        flag, equals, _ = rest[0].partition("=")
        option, target = mine.get(flag), kept
        if option is None and flag not in ("--help", "--version"):
            if others is None:
                others = {f: o for c in every if c is not None for o in c.params for f in o.opts}
            option, target = others.get(flag), moved
            if option is None:
                return args
        valued = isinstance(option, click.Option) and not option.is_flag and not equals
        target += rest[: 2 if valued else 1]
        del rest[: 2 if valued else 1]
    return [*kept, *rest[:1], *moved, *rest[1:]] if rest else args


def sentence(fault: click.ClickException) -> str:
    """One line for a fault that click found, with the near miss and where to look."""
    ctx = fault.ctx if isinstance(fault, click.UsageError) else None
    path = ctx.command_path if ctx else "tenure"
    if isinstance(fault, click.NoSuchOption):
        known = [flag for option in ctx.command.params for flag in option.opts if flag[0] == "-"] if ctx else []
        mend = f"`{path} --help` lists them."
        return str(UnknownNameError(f"option of `{path}`", fault.option_name, known, mend))
    if isinstance(fault, click.exceptions.NoSuchCommand):
        group = ctx.command if ctx else None
        names = group.list_commands(ctx) if isinstance(group, click.Group) and ctx else []
        return str(UnknownNameError("command", fault.command_name, names, "`tenure --help` lists them."))
    said = " ".join(fault.format_message().split())
    return f"{said}{'' if said.endswith(('.', '!', '?')) else '.'} `{path} --help` says what it takes."
