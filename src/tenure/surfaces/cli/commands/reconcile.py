"""`tenure reconcile`: why two readings of the same rows differ.

JSON: one object; `kind` says which of three. Every one has `metric`, `title`, `unit`, `currency`, `variant`, `start`, `end`,
`is_level` (it depends on `end` alone), `timezone`, `where`, `missing`. Amounts are written to the last decimal of their currency,
so that lines add up as they stand; `exact` has every digit, as text.

`bridge`, of two policies: `a` and `b` (each `policy`, `switches`, `value`, `exact`), `difference`, `exact`, `steps`, `unmoved`
(switches that differ and change nothing) and `same` (switches that do not differ). Each step has `switch`, `meaning`, `was`, `becomes`,
`effect`, `exact`, `after` (the number with this step and those before it), `count` (of customers behind it) and
`customers`: the largest, and the others as one without an `account_id`; each `account_id`, `name`, `count`, `effect`,
`exact` and `share` of the step. `customers` is null where no single customer makes the number.

`presets`: `own` (the company's own policy, as `a`) and `rows`: per preset `preset`, `value`, `exact`, `difference` from the own one,
`switches` in which it differs from it, and the `note` on what it does not reproduce.

`against`, of a figure from outside: `figure`, `own`, `rest` (the figure less the own reading), `rates` (the rate that a currency
without one would need), `count` and `rows`, nearest first: `switches` set otherwise than the own policy, `reason` and its
`clause`, `value`, `exact`, `rest`, `presets` that print the same, and `rest_of`: customers who pay exactly what is left over, with
`account_id`, `name` and `value`.

CSV: a line per customer of a step, per preset, or per reading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command, policy_switches, where
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenure.library import Store

_DIGITS = 15  # no company has more before its decimal point, or means more behind it
_EXAMPLES = """\b
Examples:
  tenure reconcile
  tenure reconcile --policy tenure --policy stripe
  tenure reconcile customers --policy recurly --from 2026-01-01 --to 2026-04-01
  tenure reconcile --against 12500 --at 2026-06-30
"""


@click.command("reconcile", cls=Command, section="Ask", epilog=_EXAMPLES)
@click.argument("metric", required=False)
@click.option("--policy", "policies", multiple=True, metavar="PRESET",
              help="A reading; twice, from the first to the second; once, from the store's own to it.")  # fmt: skip
@policy_switches
@click.option("--presets", is_flag=True, help="All presets side by side; so it is where no reading is named.")
@click.option(
    "--against",
    metavar="FIGURE",
    help="A figure from outside, such as 12500, or 5.2% for a share: what comes nearest to it.",
)
@click.option("--from", "since", metavar="DATE", help="Where the window begins.")
@click.option(
    "--to",
    "until",
    metavar="DATE",
    help="Where the window ends; this instant is not in it.  [default: the last full month]",
)
@click.option(
    "--at", metavar="DATE", help="The end of that day, or an instant, instead of a window; for levels such as mrr."
)
@where
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    help="How many customers of each step, or readings.  [default: 5, or 10]",
)
@click.option("--all", "every", is_flag=True, help="The switches that change nothing as lines of their own too.")
@click.option("--as-of", metavar="INSTANT", help="Only what was loaded by then.")
@click.option("--now", metavar="INSTANT", help="What counts as now.  [default: the clock]")
@pass_state
def reconcile(
    state: State, /, metric: str | None, *, policies: tuple[str, ...], switches: list[tuple[str, str]], presets: bool, against: str | None,
    limit: int | None, every: bool, **asked: Any,  # noqa: ANN401 - the words of `Store.ask`
) -> None:  # fmt: skip
    """Say why two readings of one number differ, to the cent, and which customers make the difference.

    Two policies: their switches are toggled one by one. A figure of another tool's: what would have to be true for it.
    METRIC is mrr if it is not given. `--set` is a part of the last reading.
    """
    if metric is not None:
        asked["metric"] = metric
    with state.open() as store:
        if against is not None:
            shown = _against(store, against, policies, switches, limit, asked)
        elif presets or not (policies or switches):
            shown = _presets(store, policies, switches, asked)
        else:
            shown = _bridge(store, policies, switches, asked, limit, every)
        said = {name: asked[name] for name in ("where", "as_of", "now")}
        unmatched = store.unmatched(shown["metric"], **said)
        locale = store.settings.locale

    def table() -> str:
        from tenure.surfaces.cli.bridges import text

        return text(shown, locale)

    emit(state, data=lambda: shown, records=lambda: _records(shown), table=table)
    for sentence in unmatched:
        note(sentence)


def _bridge(
    store: Store, policies: tuple[str, ...], switches: list[tuple[str, str]], asked: Mapping[str, Any],
    limit: int | None, every: bool,  # noqa: FBT001 - a flag as click gives it
) -> dict[str, Any]:  # fmt: skip
    from tenure.errors import UsageError
    from tenure.policy import Policy
    from tenure.reconcile import LIMIT

    if len(policies) > 2:  # noqa: PLR2004 - a bridge has two ends
        message = (
            f"A bridge has two ends, and {len(policies)} policies were given: name two, or none for all side by side."
        )
        raise UsageError(message)
    own = store.settings.policy
    first = Policy(policies[0]) if len(policies) > 1 else own
    last = Policy(policies[-1]) if policies else own
    last = Policy(last.preset, {**last.overrides, **dict(switches)})
    return store.reconcile(a=first, b=last, **asked).to_dict(limit=limit or LIMIT, every=every)


def _presets(
    store: Store, policies: tuple[str, ...], switches: list[tuple[str, str]], asked: Mapping[str, Any]
) -> dict[str, Any]:
    return store.presets(policy=_only(policies), switches=dict(switches), **asked).to_dict()


def _against(
    store: Store, figure: str, policies: tuple[str, ...], switches: list[tuple[str, str]],
    limit: int | None, asked: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    from tenure.errors import UsageError
    from tenure.reconcile.nearest import LIMIT

    number = _number(figure)
    found = store.nearest(number, policy=_only(policies), switches=dict(switches), **asked).to_dict(
        limit=limit or LIMIT
    )
    if "%" in figure and found["unit"] != "share":
        message = f"'{figure}' is a share, and '{found['metric']}' is none: write the figure like 12500 or 12500.50."
        raise UsageError(message)
    return found


def _only(policies: tuple[str, ...]) -> str | None:
    """The one reading that all others stand beside."""
    from tenure.errors import UsageError

    if len(policies) > 1:
        message = f"One reading stands beside all others, and {len(policies)} policies were given: name one, or none for the store's own."
        raise UsageError(message)
    return policies[0] if policies else None


def _number(figure: str) -> str:
    """A figure as text that is read exactly: a plain number, or a percentage as a share."""
    from decimal import Decimal, InvalidOperation

    from tenure.errors import UsageError

    written = figure.strip().replace("_", "").replace(" ", "")
    try:
        number = Decimal(written.removesuffix("%"))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        message = (
            f"'{figure}' is not a figure: write it like 12500 or 12500.50, without a currency, and a share like 5.2%."
        )
        raise UsageError(message)
    return str(number / 100 if written.endswith("%") else number)


def _records(shown: dict[str, Any]) -> Iterator[dict[str, object]]:
    head = {"metric": shown["metric"], "start": shown["start"], "end": shown["end"]}
    if shown["kind"] != "bridge":
        for row in shown["rows"]:
            yield {**head, **row}
        return
    for step in shown["steps"]:
        said = {name: step[name] for name in ("switch", "was", "becomes", "effect", "after")}
        for one in step["customers"] or [{}]:
            yield {**head, **said, **{f"customer.{name}": value for name, value in one.items()}}


COMMAND = reconcile
