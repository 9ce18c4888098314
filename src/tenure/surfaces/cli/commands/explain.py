"""`tenure explain`: the rows behind one number.

JSON: one object for one number, an array of them for several, with `--by` one for each segment: the answer, with one row, and
`definition`, `formula`, `calculation` (the formula with its values),
`policy_in_force` (every switch with its value), `sql`, and `parts`: for each leaf of the formula its `name`, `value`,
`ledger`, `meaning`, `total`, the `count` of its ledger rows, the first of them as `rows`, and as `raw` the loaded rows
behind these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command, question, words
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@click.command("explain", cls=Command, section="Ask", epilog="tenure explain mrr --from 2024-03-01 --to 2024-04-01")
@click.argument("metric")
@question
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", default=20, show_default=True, help="How many rows to show."
)
@pass_state
def explain(state: State, /, metric: str, *, limit: int, **asked: Any) -> None:  # noqa: ANN401 - the words of `question`
    """Show the rows behind one number, the policy in force, the formula with its values, the statement.

    It is the number of the whole window, unless --grain says otherwise; with --by, that of each segment.
    """
    with state.open() as store:
        every = [one.to_dict() for one in store.explanations(metric, limit=limit, **words(asked))]
        unmatched = store.unmatched(metric, **words(asked))
        locale = store.settings.locale

    def table() -> str:
        from tenure.surfaces.cli.explanations import text

        return "\n".join(text(shown, locale) for shown in every)

    emit(state, data=lambda: every[0] if len(every) == 1 else every, records=lambda: _records(every), table=table)
    for sentence in unmatched:
        note(sentence)


def _records(every: Sequence[dict[str, Any]]) -> Iterator[dict[str, object]]:
    for shown in every:
        segment = {"segment": shown["rows"][0]["segment"]} if shown["by"] else {}
        for part in shown["parts"]:
            for row in part["rows"]:
                yield {**segment, "part": part["name"], "ledger": part["ledger"], **row}


COMMAND = explain
