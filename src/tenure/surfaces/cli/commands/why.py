"""`tenure why`: why a number moved between a period and the one before.

JSON: `metric`, `title`, `unit`, `better`, `currency`, `variant`, `grain`, `timezone`, `policy`, `switches`, `where`, `missing`;
`start`, `end`, `partial` and `previous_start`, `previous_end`; `value`, `previous`, `difference`, `exact`; `formula` and its
`parts` (each `name`, `previous`, `value`); `method`: how an effect is computed. Each of the following lists adds up to the
difference: its plain `effect`s as they stand (amounts to the last decimal of the currency, all else to twelve digits), and `exact`,
which is text, to twenty decimals; `share` is that of the difference.

`movements`, of a level (else null): each `kind`, the `reason` of a loss, `effect`, `exact`, `share`; kind `rest` is what no
movement makes: exchange rates, and with --where what came and went over its edge. `breakdowns`: the one of --by, or the two
that say most; each `by`, `explains`, `has_mix` and `rows`: `segment`, `previous`, `value`, `weight_previous` and `weight` (the share in
what a ratio divides by), `mix`, `rate`, `effect`, `exact`, `share`; a `segment` of null is what no segment makes. `tried`: every
dimension with what it `explains`, 0 to 1: how far its three segments that stand out moved otherwise than their size would have it,
as a share of what moved in all, up and down. `customers` (null where no customer makes the number): `count` and `rows`, the
largest first, the others as one without an `account_id`: `account_id`, `name`, `count`, `previous`, `value`, `effect`, `exact`,
`share` and what they did `meanwhile`: `tickets` opened and `tickets_before`, `active_days` and `active_days_before`, `answers` and
`detractors` among them, `onboarding` (launched, live, not launched), `past_due`; null where nothing of that was ever loaded.

CSV: a line per row of each list, `list` and `by` beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command, question, words
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator

_EXAMPLES = """\b
Examples:
  tenure why mrr
  tenure why mrr --from 2026-04-01 --to 2026-07-01
  tenure why customers --by plan --compare year
"""


@click.command("why", cls=Command, section="Ask", epilog=_EXAMPLES)
@click.argument("metric")
@question
@click.option(
    "--limit", type=click.IntRange(1), metavar="N", default=5, show_default=True, help="How many customers, one by one."
)
@pass_state
def why(state: State, /, metric: str, *, limit: int, **asked: Any) -> None:  # noqa: ANN401 - the words of `question`
    """Say why a number moved: which segments, movements and customers make the difference, to the last digit.

    It is the last month that is over against the one before; a window is one period, unless --grain cuts it: then it is
    the last of them that is over. Without --by the two dimensions that say most are shown.
    """
    with state.open() as store:
        shown = store.why(metric, limit=limit, **words(asked)).to_dict()
        unmatched = store.unmatched(metric, **words(asked))
        locale = store.settings.locale

    def table() -> str:
        from tenure.surfaces.cli.changes import text

        return text(shown, locale)

    emit(state, data=lambda: shown, records=lambda: _records(shown), table=table)
    for sentence in unmatched:
        note(sentence)


def _records(shown: dict[str, Any]) -> Iterator[dict[str, object]]:
    head = {"metric": shown["metric"], "start": shown["start"], "end": shown["end"]}
    for one in shown["movements"] or ():
        yield {**head, "list": "movements", **one}
    for breakdown in shown["breakdowns"]:
        for row in breakdown["rows"]:
            yield {**head, "list": "segments", "by": breakdown["by"], **row}
    for row in (shown["customers"] or {"rows": ()})["rows"]:
        meanwhile = row["meanwhile"] or {}
        told = {name: value for name, value in row.items() if name != "meanwhile"}
        yield {**head, "list": "customers", **told, **{f"meanwhile.{name}": value for name, value in meanwhile.items()}}


COMMAND = why
