"""Options that more than one command takes, and a choice that names the near miss."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tenure.surfaces.cli.state import FORMATS, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Decorated = TypeVar("Decorated", bound=Callable[..., object])

GRAINS = ("hour", "day", "week", "month", "quarter", "year", "total")


class Word(click.Choice[str]):
    """One of a few words. `kind` names what they are in the sentence for another word."""

    def __init__(self, kind: str, words: Sequence[str]) -> None:
        super().__init__(words)
        self.kind = kind

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ARG002
        """`value`, if it is one of the words.

        Raises:
            UnknownNameError: it is not; the sentence lists them.
        """
        if value in self.choices:
            return str(value)
        from tenure.errors import UnknownNameError

        where = f" for {param.opts[0]}" if param is not None and param.opts[0].startswith("-") else ""
        raise UnknownNameError(self.kind, str(value), self.choices, f"The words{where} are {', '.join(self.choices)}.")


def _remember(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value is not None and param.name is not None:
        setattr(ctx.ensure_object(State), param.name, value)


def general() -> list[click.Parameter]:
    """The options of every command, fresh ones for each."""
    store = click.Path(file_okay=False, path_type=Path)
    return [
        click.Option(["--store"], type=store, metavar="DIR", callback=_remember, expose_value=False,
                     help="The store's folder.  [default: $TENURE_STORE, else ./tenure-store]"),
        click.Option(["--format"], type=Word("format", FORMATS), callback=_remember, expose_value=False,
                     help="How results are written.  [default: table]"),
        click.Option(["--debug"], is_flag=True, flag_value=True, default=None, callback=_remember, expose_value=False,
                     help="Show the traceback of an unexpected fault."),
    ]  # fmt: skip


class Command(click.Command):
    """A command that takes the common options too. `section` is its heading in `tenure --help`."""

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:  # noqa: ANN401 - click's own words
        super().__init__(*args, **kwargs)
        self.section = section
        self.params += general()

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The words as click reads them; its faults always know of which command they are."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as fault:
            fault.ctx = fault.ctx or ctx
            raise


def _pairs(option: str) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], list[tuple[str, str]]]:
    def split(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> list[tuple[str, str]]:
        from tenure.errors import UsageError

        for value in values:
            if not value.partition("=")[0] or "=" not in value:
                message = f"'{value}' is not what {option} takes: write a name, '=' and a value."
                raise UsageError(message)
        return [(name.strip(), text) for name, _, text in (value.partition("=") for value in values)]

    return split


where = click.option("--where", multiple=True, metavar="DIM=VALUE", callback=_pairs("--where"),
                     help="Only these; the same DIM again means or, another one and.")  # fmt: skip
policy_switches = click.option("--set", "switches", multiple=True, metavar="SWITCH=VALUE", callback=_pairs("--set"),
                               help="One switch of the policy, otherwise.")  # fmt: skip

_BY = click.option("--by", metavar="DIM", help="One row per value of a dimension, such as plan or an attribute.")
_QUESTION = (
    click.option("--from", "since", metavar="DATE", help="Where the window begins."),
    click.option("--to", "until", metavar="DATE", help="Where the window ends; this instant is not in it."),
    click.option("--grain", type=Word("grain", GRAINS), help="How long a period is; total: the whole window.  "
                 "[default: month]"),
    _BY,
    where,
    click.option("--compare", type=Word("comparison", ("previous", "year")), help="Beside each value, the one "
                 "of the period before or of the same period a year before."),
    click.option("--policy", metavar="PRESET", help="Read recurring revenue as another tool does."),
    policy_switches,
    click.option("--hours", type=Word("clock", ("calendar", "business")), help="Which hours a duration counts."),
    click.option("--as-of", metavar="INSTANT", help="Only what was loaded by then."),
    click.option("--now", metavar="INSTANT", help="What counts as now.  [default: the clock]"),
)  # fmt: skip


def question(function: Decorated) -> Decorated:
    """The options of a question, in the order of the documentation; they arrive as the words of `Store.ask`."""
    for option in reversed(_QUESTION):
        function = option(function)
    return function


def question_of_all(function: Decorated) -> Decorated:
    """The options of a question about every metric: those of `question` but for `--by`."""
    for option in reversed([one for one in _QUESTION if one is not _BY]):
        function = option(function)
    return function


def words(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The options of `question` as the words of `Store.ask`; None is what was not said."""
    return {**asked, "switches": dict(asked["switches"])}
