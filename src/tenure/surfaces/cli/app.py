"""The command `tenure`: finds the commands, and turns every fault into one sentence and an exit code."""

from __future__ import annotations

import os
import pkgutil
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from tenure.errors import TenureError
from tenure.surfaces.cli import commands
from tenure.surfaces.cli.options import Command, general
from tenure.surfaces.cli.state import State
from tenure.surfaces.cli.words import hoisted, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

SECTIONS = ("Begin", "Ask", "Data", "Care")
DONE, UNUSABLE, INTERRUPTED = 0, 2, 130


class Tenure(click.Group):
    """The group of all commands: one module of `commands/` each, read only when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """The names of all commands, from the modules that there are."""
        return sorted(module.name.rstrip("_") for module in pkgutil.iter_modules(commands.__path__))

    def get_command(self, ctx: click.Context, cmd_name: str) -> Command | None:
        """The command of that name, None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = f"{cmd_name}_" if cmd_name == "import" else cmd_name
        command: Command = import_module(f"{commands.__name__}.{module}").COMMAND
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Options of a command may stand before it; they are moved behind it."""
        every = (self.get_command(ctx, name) for name in self.list_commands(ctx))
        return super().parse_args(ctx, hoisted(args, self.get_params(ctx), every))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands under their headings."""
        every = [c for c in (self.get_command(ctx, name) for name in self.list_commands(ctx)) if c is not None]
        width = max(len(c.name or "") for c in every)
        for heading in SECTIONS:
            section = [c for c in every if c.section == heading]
            with formatter.section(heading):
                formatter.write_dl([((c.name or "").ljust(width), c.get_short_help_str(limit=100)) for c in section])


def _version(ctx: click.Context, _param: click.Parameter, value: object) -> None:
    if value:
        from tenure import __version__

        click.echo(f"tenure {__version__}")
        ctx.exit()


@click.group(
    cls=Tenure,
    name="tenure",
    invoke_without_command=True,
    params=general(),
    epilog="Begin with `tenure demo`.",
    context_settings={"max_content_width": 110},
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.pass_context
def tenure(ctx: click.Context) -> None:
    """How long your customers will stay, why, and what to do about it."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(arguments: Sequence[str], state: State | None = None) -> int:
    """Run the words and answer the exit code; every fault has become a sentence on standard error."""
    state = state or State(debug=bool(os.environ.get("TENURE_DEBUG")))
    try:
        with tenure.make_context("tenure", list(arguments), obj=state) as ctx:
            result = tenure.invoke(ctx)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo(state.interrupted, err=True)
        return INTERRUPTED
    except click.ClickException as fault:
        click.echo(sentence(fault), err=True)
        return UNUSABLE
    except TenureError as fault:
        click.echo(" ".join(str(fault).split("\n")), err=True)
        return fault.exit_code
    return result if isinstance(result, int) else DONE


def process(arguments: Sequence[str]) -> int:
    """`run` for a whole process: with its signals, its standard streams and the faults that nobody expected."""
    state = State(debug=bool(os.environ.get("TENURE_DEBUG")))
    interrupted = False

    def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
        nonlocal interrupted
        interrupted = True
        raise KeyboardInterrupt

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, interrupt)
    # closed by whoever started us: else the next file that is opened, the store, would stand where others write to
    sys.stdout, sys.stderr = (
        stream or os.fdopen(os.open(os.devnull, os.O_WRONLY), "w") for stream in (sys.stdout, sys.stderr)
    )
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    _completion()
    try:
        return run(arguments, state)
    except BrokenPipeError:
        _close(sys.stdout)
        return DONE
    except Exception as fault:  # noqa: BLE001 - no traceback reaches a user who has not asked for it
        # The engine may answer Ctrl-C with an exception of its own.
        if interrupted:
            click.echo(state.interrupted, err=True)
            return INTERRUPTED
        if state.debug:
            import traceback

            traceback.print_exc()
        click.echo(_unexpected(fault), err=True)
        return UNUSABLE


def _unexpected(fault: Exception) -> str:
    if isinstance(fault, OSError):
        _close(sys.stdout)
        named = f" '{fault.filename}'" if fault.filename else ""
        return f"The system refused{named}: {fault.strerror or fault}."
    if "duckdb" in sys.modules:
        from tenure.library import meant

        if told := meant(fault):
            return str(told)
    said = " ".join(str(fault).split()) or "no more is known"
    return (
        f"This is a fault of Tenure, not yours ({type(fault).__name__}: {said[:300]}). "
        "Please report it with what the same command prints with --debug."
    )


def _close(stream: TextIO) -> None:
    """Nothing more can be written there; Python would try once more when it ends, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _completion() -> None:
    if instruction := os.environ.get("_TENURE_COMPLETE"):
        from click.shell_completion import shell_complete

        sys.exit(shell_complete(tenure, {}, "tenure", "_TENURE_COMPLETE", instruction))
