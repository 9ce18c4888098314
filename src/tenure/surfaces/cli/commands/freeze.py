"""`tenure freeze`: keeps what a month said.

JSON: one object: `period`, `start`, `end`, `frozen_at`, `note`, `frozen` (each number: `metric`, `variant`, `by`, `segment`, `value`,
`exact`, `policy`, `switches`, `load_id`), `frozen_before` (metrics that were frozen already, and left as they are) and `unknown`
(metrics of which the data say nothing). `exact` is the value with every digit, as text; `load_id` the last load that it knows.
CSV: a line per number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """\b
Examples:
  tenure freeze 2026-06 --note "for the board"
  tenure freeze 2026-Q2 mrr net_revenue_retention
  tenure freeze 2026-06 --again
"""


@click.command("freeze", cls=Command, section="Ask", epilog=_EXAMPLES)
@click.argument("period")
@click.argument("metrics", nargs=-1, metavar="[METRIC]...")
@click.option("--note", "said", metavar="TEXT", help="Why, to be read beside the numbers.")
@click.option("--again", is_flag=True, help="Freeze what is frozen already once more, as it is now.")
@click.option("--now", metavar="INSTANT", help="What counts as now.  [default: the clock]")
@pass_state
def freeze(
    state: State, /, period: str, metrics: tuple[str, ...], *, said: str | None, again: bool, now: str | None
) -> None:
    """Keep the numbers of a period that is over, whole and by plan; `tenure restate` says whether they have moved since.

    PERIOD is a month such as 2026-06, or 2026-Q2, 2026, 2026-W23, 2026-06-30. Without METRIC: those of the overview in
    tenure.toml, or else all of money and customers.
    """
    with state.open() as store:
        done = store.freeze(period, *metrics, note=said, again=again, now=now).to_dict()
    emit(state, data=lambda: done, records=lambda: done["frozen"], table=lambda: _text(done))
    if done["frozen_before"]:
        note(
            f"Frozen before and left as it is: {_listed(done['frozen_before'])}. With --again it is frozen as it is now."
        )
    if done["unknown"]:
        note(f"The data say nothing of: {_listed(done['unknown'])}.")


def _text(done: dict[str, Any]) -> str:
    numbers = done["frozen"]
    if not numbers:
        return f"Nothing was frozen of {done['period']}.\n"
    names = {(one["metric"], one["variant"]) for one in numbers}
    what = f"{len(names):,} metric{'s' if len(names) > 1 else ''}, {len(numbers):,} number{'s' if len(numbers) > 1 else ''}"
    loads = f"as known after load {numbers[0]['load_id']}" if numbers[0]["load_id"] else "before anything was loaded"
    return f"Frozen of {done['period']}: {what}, {loads}.\n"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


COMMAND = freeze
