"""`tenure cohorts`: what becomes of those who began together.

JSON: `{"kind": …, "grain": …, "by": …, "partial": …, "policy": …, "missing": […], "rows": [{"cohort": start, "size": n,
"values": [1.0, 0.94]}]}`; `values[k]` is what is left at the end of the k-th later period, as a share; of `activation` what was
done by then, of `survival` what is left k periods after each customer's own joining. null: not enough time has gone by. `partial`:
the last period still runs; with `--by` each row has its `segment`. `survival` has `low` and `high` beside `values`, and `all`:
the curves over all cohorts. `missing`: the tables for want of which nothing is known. `activation` says its `milestone` or its
`event`. CSV: one line per cohort and period.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.grid import Grid
from tenure.surfaces.cli.options import GRAINS, Command, Word
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = ("retention", "revenue", "activation", "survival")
MILESTONES = ("active", "value", "launch", "paying")


@click.command("cohorts", cls=Command, section="Ask", epilog="tenure cohorts retention --grain quarter")
@click.argument("kind", type=Word("kind of cohorts", KINDS), metavar="|".join(KINDS))
@click.option("--grain", type=Word("grain", GRAINS[:-1]), default="month", show_default=True,
              help="How long a period is.")  # fmt: skip
@click.option("--by", metavar="DIM", help="A triangle per value of a dimension.")
@click.option("--milestone", type=Word("milestone", MILESTONES), metavar="|".join(MILESTONES),
              help="activation: what is done for the first time.  [default: active]")  # fmt: skip
@click.option("--event", metavar="NAME", help="activation: an event that is done for the first time.")
@click.option("--as-of", metavar="INSTANT", help="Only what was loaded by then.")
@click.option("--now", metavar="INSTANT", help="What counts as now.  [default: the clock]")
@pass_state
def cohorts(state: State, /, kind: str, **asked: str | None) -> None:
    """Show those who began in one period: what is left of them, or what they have done, in each later one.

    `retention` counts customers that still pay, `revenue` what they pay; those who return count. `survival` is the share
    of customers still there so many periods after each joined, with its interval. `activation` takes accounts by their
    sign-up: the share that was active, saw value, launched or paid for the first time, or did an event.
    """
    with state.open() as store:
        made = store.cohorts(kind, **asked).to_dict()
        locale, timezone = store.settings.locale, store.settings.timezone
    emit(state, data=lambda: made, records=lambda: _records(made), table=lambda: _triangle(made, locale, timezone))
    if made["missing"]:
        note(
            f"Unknown for want of {', '.join(made['missing'])}: `tenure import` loads it, `tenure tables` says how it looks."
        )


def _records(made: dict[str, Any]) -> Iterator[dict[str, object]]:
    for row in (*made["rows"], *({"cohort": None, **one} for one in made.get("all", ()))):
        lists = {"value": row["values"]} | {name: row[name] for name in ("low", "high") if name in row}
        said = {name: value for name, value in row.items() if not isinstance(value, list)}
        for period, values in enumerate(zip(*lists.values(), strict=True)):
            yield {**said, "period": period, **dict(zip(lists, values, strict=True))}


def _triangle(made: dict[str, Any], locale: str, timezone: str) -> str:
    from tenure import show

    rows = [*made["rows"], *made.get("all", ())]
    later = [str(n) for n in range(max((len(row["values"]) for row in rows), default=0))]
    segment = ["segment"] if any(row.get("segment") is not None for row in rows) else []
    lines = []
    for row in rows:
        shares = [show.value(v, "share", None, locale) for v in row["values"]]
        start = row.get("cohort")
        cohort = show.period({"start": start}, made["grain"], timezone, locale) if start else "all"
        size = show.value(row["size"], "count", None, locale)
        lines.append([cohort, *(str(row[name]) for name in segment), size, *shares, *[""] * (len(later) - len(shares))])
    return Grid(["cohort", *segment, "size", *later], lines, frozenset({"size", *later})).text()


COMMAND = cohorts
