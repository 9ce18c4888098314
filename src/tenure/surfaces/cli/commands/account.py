"""`tenure account`: one customer on one page.

JSON: an object. Instants are UTC with `Z`, days plain, durations seconds, null is unknown; a section of which nothing was ever
loaded is null, and `missing` is `{section: [tables, any of which fills it]}`.

- `asked`, `now`, `timezone`, `policy`, `switches`: the question.
- `who`: `account_id` (the one that survives), `name`, `parent_account_id`, `children`, `channel`, `currency`, `also_known_as` (its other
  ids), `left_out` (`test`, `excluded` or null), `attributes`, `created_at`, `closed_at`, `customer_since`, `state`, `state_since`.
- `health`: `score`, `score_30_days_before`, `is_at_risk`, `why` there is no score, and `signals`: `signal`, `points`, `weight`, `share`
  (of the weights that speak), `lost` (what it costs the score), `reason`.
- `money`: `currency`, `mrr`, `items` (`plan`, `product`, `state`, `mrr`, `list_mrr`, `discount` a month in `currency`; `quantity`,
  `unit_amount`, `billing_interval`, `interval_count`, `since`, `is_cancelled`, `ends_at`), `months` (12: `start`, `end`, `mrr` at the
  end), `movements` (`happened_at`, `kind`, `amount`, `plans_before`, `plans_after`, `reason`, `end_kind`).
- `payments`: `currency`, `count`, `charged`, `paid_back`, `net`, `net_12_months`, `last`. `contracts`: `renewal`, `all`.
- `usage`: `people_7`, `people_30`, `people_30_before`, `days_30`, `days_30_before`, `first_seen_on`, `last_seen_on`, `events_30`,
  `errors_30`, `sessions_30`, `features`, `core_used`, `core_features`, `core_unused`.
- `tickets`: `hours`, `count`, `open`, `last` (ten). `surveys`: `sent`, `answered`, `latest` (by survey), `last`. `feedback`, `touches` (and
  `count_90_days`, `affinity`): `count`, `last`.
- `onboarding`: `sold_at`, `first_value_at`, `launched_at`, `steps` (`shown`, `completed`, `open`, `all`). `people`, `goals` (and `met`),
  `referrals` (and `converted`, `referred_by`): `count`, `all`.
- `timeline`, newest first: `happened_at`, `kind`, `what`, `about` (an id), `person`, `amount`, `currency`; `happenings`: how many in all.

CSV: one line per row of each list, `section` naming it (`money.items`), and one per section for its other values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.options import Command, Word, policy_switches
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.command("account", cls=Command, section="Ask", epilog="tenure account acc-00007 --limit 50")
@click.argument("account_id", metavar="ID")
@click.option("--policy", metavar="PRESET", help="Read recurring revenue as another tool does.")
@policy_switches
@click.option("--hours", type=Word("clock", ("calendar", "business")), help="Which hours a duration counts.")
@click.option("--now", metavar="INSTANT", help="What counts as now; the clock if not given.")
@click.option("--limit", type=click.IntRange(0), metavar="N", default=20, show_default=True,
              help="How many happenings the timeline shows.")  # fmt: skip
@pass_state
def account(
    state: State, /, account_id: str, *, limit: int, switches: list[tuple[str, str]], **asked: str | None
) -> None:
    """Show one customer on one page: money, health with reasons, usage, tickets, surveys, timeline.

    ID is any id that the customer has or had, its name, or the e-mail of one of its people.
    """
    with state.open() as store:
        shown = store.account(account_id, limit=limit, switches=dict(switches), **asked).to_dict()
        locale = store.settings.locale

    def table() -> str:
        from tenure.surfaces.cli.account_page import text

        return text(shown, locale)

    emit(state, data=lambda: shown, records=lambda: _records(shown), table=table)
    if state.format == "table":
        from tenure.surfaces.cli.account_page import remarks

        for said in remarks(shown):
            note(said)


def _records(shown: dict[str, Any]) -> Iterator[dict[str, object]]:
    for name in (
        "who",
        *(n for n, value in shown.items() if isinstance(value, dict) and n not in ("who", "missing", "switches")),
    ):
        section = shown[name]
        lists = {
            key: value
            for key, value in section.items()
            if value and isinstance(value, list) and isinstance(value[0], dict)
        }
        yield {
            "section": name,
            **{key: value for key, value in section.items() if not isinstance(value, list) or key not in lists},
        }
        for key, rows in lists.items():
            yield from ({"section": f"{name}.{key}", **row} for row in rows)
    yield from ({"section": "timeline", **one} for one in shown["timeline"])


COMMAND = account
