"""`tenure restate`: what past months said then and say now.

JSON: one object: `kind` (`frozen`, or `since`: as of an instant), `since`, `timezone`, `moved` and `count` (of numbers), `numbers`.
Each number has `metric`, `title`, `unit`, `currency`, `currency_then` (in which it was printed), `variant`, `period`, `grain`,
`start`, `end`, `by`, `segment`, `policy`, `switches`, `frozen_at`, `note`, `moved` (whether it is another one now), `then`, `now`,
`difference`, `exact` (these three with every digit, as text) and `shares`, whose effects add up to the difference exactly.

A share has `cause`, `load_id`, `loaded_at`, `source`, `was`, `becomes`, `effect`, `exact`, `count` (of rows) and `rows`, the latest
first: each `table`, `key`, `account_id`, `begins_at` (an instant, or a day where the table has days), `change` (new, corrected,
withdrawn) and `columns` (of a corrected row: by column what it `was` and `becomes`). The causes of a load are applied in this
order: rates, merged, excluded, withdrawn, corrected, backdated, late. Without a load are: currency, definition, policy, time (of
metrics that depend on now), unexplained. `effect` is null where the number was unknown before or after, or in another currency.

CSV: a line per share of a number that has moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXAMPLES = """\b
Examples:
  tenure restate
  tenure restate mrr --from 2026-01-01
  tenure restate mrr customers --since 2026-07-05
"""
_HEAD = ("metric", "variant", "period", "by", "segment", "then", "now", "difference")
_SHARE = ("cause", "load_id", "loaded_at", "source", "effect", "exact", "count")


@click.command("restate", cls=Command, section="Ask", epilog=_EXAMPLES)
@click.argument("metrics", nargs=-1, metavar="[METRIC]...")
@click.option(
    "--since",
    metavar="INSTANT",
    help="Compare with what was known then, whatever is frozen.  [default: the frozen months]",
)
@click.option("--from", "from_", metavar="DATE", help="Only periods that begin then or later.")
@click.option("--to", metavar="DATE", help="Only periods that end by then.")
@click.option(
    "--limit", type=click.IntRange(0), default=5, metavar="N", help="How many rows of each share.  [default: 5]"
)
@click.option("--now", metavar="INSTANT", help="What counts as now.  [default: the clock]")
@pass_state
def restate(state: State, /, metrics: tuple[str, ...], **asked: Any) -> int:  # noqa: ANN401 - the words of `Store.restate`
    """Say what frozen months said then and say now, and which loads and rows moved them; exit with 1 if one has moved.

    Where nothing is frozen, or with --since: the last twelve months, as of that instant (or before the last load) and now.
    """
    with state.open() as store:
        shown = store.restate(*metrics, **asked).to_dict()
        locale = store.settings.locale

    def table() -> str:
        from tenure.surfaces.cli.restatements import text

        return text(shown, locale)

    emit(state, data=lambda: shown, records=lambda: _records(shown), table=table)
    return int(shown["kind"] == "frozen" and shown["moved"] > 0)


def _records(shown: dict[str, Any]) -> Iterator[dict[str, object]]:
    for one in shown["numbers"]:
        if one["moved"]:
            for share in one["shares"]:
                yield {name: one[name] for name in _HEAD} | {name: share[name] for name in _SHARE}


COMMAND = restate
