"""`tenure ask`: numbers.

JSON: one object for one metric, an array of them for several; `--sql`: `{"metric": …, "sql": …}`. The object has
`metric`, `title`, `unit`, `better`, `currency`, `variant`, `grain`, `timezone`, `hours`, `policy`, `switches`, `by`,
`where`, `missing`, `target`, `coverage` and `rows`; each row `start`, `end`, `partial`, `segment`, `value`, `parts`,
`n`, `low`, `high`, and with `--compare` also `previous`, `change`, `change_kind`. CSV: one line per row, a column
`parts.NAME` per part. Instants are UTC, shares 0..1, durations seconds, money major units; unknown is null or empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command, question, words
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Sequence

_EXAMPLES = """\b
Examples:
  tenure ask mrr
  tenure ask mrr customers --from 2024-01-01 --to 2025-01-01 --grain quarter
  tenure ask mrr --by plan --compare year
  tenure ask mrr --where plan=pro --policy chartmogul --set paused=counted
"""


@click.command("ask", cls=Command, section="Ask", epilog=_EXAMPLES)
@click.argument("metrics", nargs=-1, required=True, metavar="METRIC...")
@question
@click.option("--sql", is_flag=True, help="Print the statement that answers, instead of the answer.")
@pass_state
def ask(state: State, /, metrics: tuple[str, ...], *, sql: bool, **asked: Any) -> None:  # noqa: ANN401 - the words of `question`
    """Ask for one or several metrics; METRIC may be metric:variant.

    Without dates: the last 12 full months and the running one. `tenure metrics` lists what can be asked.
    """
    with state.open() as store:
        answers = [store.ask(metric, **words(asked)) for metric in metrics]
        unmatched = dict.fromkeys(said for metric in metrics for said in store.unmatched(metric, **words(asked)))
        locale = store.settings.locale
    if sql:
        _statements(state, metrics, [answer.sql for answer in answers])
        return
    from tenure.surfaces.cli.answers import records, remarks, text

    shaped = [answer.to_dict() for answer in answers]
    emit(state, data=lambda: shaped[0] if len(shaped) == 1 else shaped, records=lambda: records(shaped),
         table=lambda: text(shaped, locale))  # fmt: skip
    if state.format == "table":
        for remark in remarks(shaped):
            note(remark)
    for sentence in unmatched:
        note(sentence)


def _statements(state: State, metrics: Sequence[str], statements: Sequence[str]) -> None:
    rows = [{"metric": m, "sql": s} for m, s in zip(metrics, statements, strict=True)]
    text = "".join(f"-- {row['metric']}\n{row['sql'].rstrip().rstrip(';')};\n" for row in rows)
    emit(state, data=lambda: rows[0] if len(rows) == 1 else rows, records=lambda: rows, table=lambda: text)


COMMAND = ask
