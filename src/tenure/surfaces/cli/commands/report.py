"""`tenure report`: the whole scorecard.

JSON: `company`, `from`, `to`, `grain`, `period` (the one that is told: `start`, `end`, `partial`), `compare`, `timezone`, `currency`,
`hours`, `policy`, `switches`, `where`, `as_of`, `now`, `coverage`, `notes`; `metrics`, each the object of `ask` with its `family`;
`unknown`, the metrics without data, each with what is `missing`; `refused`, those of which this cannot be asked, each with `why`. CSV: a
line per metric and period, then one for each metric without a number, with `why`. With `--out`: `{"out": …, "as": …, "known": n,
"metrics": n, "bytes": n}`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command, question_of_all, words
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tenure.exchange import Exchange
    from tenure.report import Report
    from tenure.surfaces.report.content import Content

_EXAMPLES = """\b
Examples:
  tenure report
  tenure report --out scorecard.html
  tenure report --out board.pdf --grain quarter --compare year
  tenure report --out scorecard.xlsx --where plan=pro --currency USD
"""


@click.command("report", cls=Command, section="Ask", epilog=_EXAMPLES)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it to a file: .html, .pdf or .xlsx; one that is there is replaced.",
)
@click.option("--currency", metavar="CURRENCY", help="Show money in another currency, by the rates that were loaded.")
@question_of_all
@pass_state
def report(state: State, /, out: Path | None, currency: str | None, **asked: Any) -> None:  # noqa: ANN401 - the words of `question_of_all`
    """Print the whole scorecard, or write it to a file: every metric of the last full period beside the one before.

    Without dates: the last 12 full months and the running one. What is not known is named, with the file that would fill it.
    """
    from tenure.surfaces.report.files import kind_of, made, write

    kind = kind_of(out) if out else ""
    with state.open() as store:
        told = store.report(**words(asked))
        from tenure.exchange import exchange
        from tenure.surfaces.report.content import content

        own = store.settings.currency
        other = exchange(
            lambda of: store.rates(of, policy=asked["policy"]), own, own if currency is None else currency, told.policy
        )
        shown = content(told, replace(store.settings, currency=other.to) if other else store.settings, other)
    if out:
        file = made(kind, shown, told)
        write(out, file)
        _written(state, out, kind, shown, told, len(file))
    else:
        _printed(state, shown, told, other)
    for sentence in told.notes:
        note(sentence)


def _written(state: State, out: Path, kind: str, shown: Content, told: Report, size: int) -> None:
    known, every = len(told.known), len(told.entries)
    data: Mapping[str, object] = {"out": str(out), "as": kind, "known": known, "metrics": every, "bytes": size}
    emit(state, data=lambda: data, records=lambda: [data], table=lambda: f"{out}: {shown.title}\n")


def _printed(state: State, shown: Content, told: Report, other: Exchange | None) -> None:
    from tenure.surfaces.cli.scorecards import records, text

    def data() -> dict[str, Any]:
        whole = told.to_dict()
        if other:
            definitions = {metric.name: metric for metric, _ in told.known}
            whole["metrics"] = [other.converted(one, definitions[one["metric"]]) for one in whole["metrics"]]
        return whole

    emit(state, data=data, records=lambda: records(data()), table=lambda: text(shown))


COMMAND = report
