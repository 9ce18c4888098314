"""`tenure cohorts`: how those who began together stay.

JSON: `{"kind": …, "grain": …, "by": …, "partial": …, "policy": …, "rows": [{"cohort": start, "size": n, "values":
[1.0, 0.94]}]}`; `values[k]` is what is left at the end of the k-th later period, as a share; `partial`: the last period
still runs; with `--by` each row has its `segment`. CSV: one line per cohort and period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.grid import Grid
from tenure.surfaces.cli.options import GRAINS, Command, Word
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("retention", "revenue")


@click.command("cohorts", cls=Command, section="Ask", epilog="tenure cohorts retention --grain quarter")
@click.argument("kind", type=Word("kind of cohorts", KINDS), metavar="|".join(KINDS))
@click.option("--grain", type=Word("grain", GRAINS[:-1]), default="month", show_default=True,
              help="How long a period is.")  # fmt: skip
@click.option("--by", metavar="DIM", help="A triangle per value of a dimension.")
@pass_state
def cohorts(state: State, kind: str, grain: str, by: str | None) -> None:
    """Show customers by their first paying period: the share that still pays in each later one.

    `retention` counts customers, `revenue` what they pay. Those who return count.
    """
    with state.open() as store:
        made = store.cohorts(kind, grain=grain, by=by).to_dict()
        locale, timezone = store.settings.locale, store.settings.timezone
    emit(state, data=lambda: made, records=lambda: _records(made), table=lambda: _triangle(made, locale, timezone))


def _records(made: dict[str, Any]) -> Iterator[dict[str, object]]:
    for row in made["rows"]:
        for period, value in enumerate(row["values"]):
            yield {**{k: v for k, v in row.items() if k != "values"}, "period": period, "value": value}


def _triangle(made: dict[str, Any], locale: str, timezone: str) -> str:
    from tenure import show

    rows = made["rows"]
    later = [str(n) for n in range(max((len(row["values"]) for row in rows), default=0))]
    segment = ["segment"] if any(row.get("segment") is not None for row in rows) else []
    lines = []
    for row in rows:
        shares = [show.value(v, "share", None, locale) for v in row["values"]]
        cohort = show.period({"start": row["cohort"]}, made["grain"], timezone, locale)
        size = show.value(row["size"], "count", None, locale)
        lines.append([cohort, *(str(row[name]) for name in segment), size, *shares, *[""] * (len(later) - len(shares))])
    return Grid(["cohort", *segment, "size", *later], lines, frozenset({"size", *later})).text()


COMMAND = cohorts
