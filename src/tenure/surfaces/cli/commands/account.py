"""`tenure account`: one customer on one page.

JSON: an object. Instants are UTC with `Z`, days plain, durations seconds, null is unknown; a section of which nothing was ever
loaded is null, and `missing` is `{section: [tables, any of which fills it]}`.

- `asked`, `now`, `timezone`, `policy`, `switches`: the question.
- `who`: `account_id` (the one that survives), `name`, `parent_account_id`, `children`, `channel`, `currency`, `also_known_as` (its other
  ids), `left_out` (`test`, `excluded` or null), `attributes`, `created_at`, `closed_at`, `customer_since`, `state`, `state_since`.
- `health`: `score`, `score_30_days_before`, `is_at_risk`, `why` there is no score, and `signals`: `signal`, `points`, `weight`, `share`
  (of the weights that speak), `lost` (what it costs the score), `reason`.
- `money`: `currency`, `monthly` (recurring revenue), `items` (`subscription_id`, `item_id`, `plan`, `product`, `state`;
  `monthly`, `list_monthly`, `discount` in `currency`; `quantity`, `unit_amount`, `billing_interval`, `interval_count`, `since`,
  `is_cancelled`, `ends_at`), `months` (12: `start`, `end`, `monthly` at the end), `movements` (`happened_at`, `kind`, `amount`,
  `plans_before`, `plans_after`, `reason`, `end_kind`).
- `payments`: `currency`, `count`, `charged`, `paid_back`, `net`, `net_12_months`, and the ten `last`: `transaction_id`, `happened_at`,
  `kind`, `amount`, `currency`, `is_recurring`. `contracts`: the `renewal` that comes next, and `all`: `contract_id`, `starts_on`,
  `ends_on`, `value`, `currency`, `outcome`, `is_overdue`, `decided_at`, `renewed_value`, `expansion_value`.
- `usage`: active people in `people_7`, `people_30`, `people_30_before` days, active days in `days_30`, `days_30_before`,
  `first_seen_on`, `last_seen_on`, `events_30`, `errors_30`, `sessions_30`, `features` of 30 days (`feature`, `events`, `last_used_on`,
  `is_core`), `core_used` of `core_features`, `core_unused`.
- `tickets`: `hours`, `count`, `open`, and the ten `last`: `ticket_id`, `created_at`, `subject`, `topic`, `feature`, `priority`, `channel`,
  `person`, `person_id`, `is_open`, `first_reply_at`, `first_response_s`, `solved_at`, `resolution_s`, `reopens`, `sla_due_at`, `sla_met`.
- `surveys`: `sent`, `answered`, the ten `last` answers (`response_id`, `survey`, `survey_id`, `touchpoint`, `person`, `sent_at`,
  `answered_at`, `score`, `scale_min`, `scale_max`, `stance`, `comment`) and the `latest` with a score by survey. `feedback`: `count`,
  `last` (`feedback_id`, `happened_at`, `origin`, `text`, `person`). `touches`: `count`, `count_90_days`, `last` (`touch_id`, `happened_at`,
  `kind`, `direction`, `affinity`, `note`, `person`) and the last with an `affinity`.
- `onboarding`: `sold_at`, `first_value_at`, `launched_at`, and `steps`: `shown`, `completed`, `open`, `all` (`step`, `person`,
  `is_required`, `shown_at`, `started_at`, `completed_at`, `skipped_at`).
- `people`: `count`, `all` (`person_id`, `name`, `email`, `role`, `last_seen_on`, `days_30`). `goals`: `count`, `met`, `all` (`goal_id`,
  `name`, `target`, `actual`, `unit`, `due_on`, `achieved_at`, `standing`: met, late, missed or open). `referrals`: `count`, `converted`,
  `referred_by` and `all` (`referral_id`, `happened_at`, `kind`, `referred_account_id`, `referred_name`, `converted_at`, `reward`,
  `currency`, `person`).
- `timeline`, newest first: `happened_at`, `kind`, `what`, `about` (an id), `person`, `amount`, `currency`; `happenings`: how many in all.

CSV: a line per section, and one per row of each list in it; `section` says where it stands (`money`, `money.items`).
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
@click.option("--as-of", metavar="INSTANT", help="Only what was loaded by then.")
@click.option("--now", metavar="INSTANT", help="What counts as now.  [default: the clock]")
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

        if said := remarks(shown):
            note(said)


def _records(shown: dict[str, Any]) -> Iterator[dict[str, object]]:
    for name, section in shown.items():
        if isinstance(section, dict) and name not in ("missing", "switches"):
            yield from _flat(name, section)
    yield from ({"section": "timeline", **one} for one in shown["timeline"])


def _flat(name: str, section: dict[str, Any]) -> Iterator[dict[str, object]]:
    """The section's plain values as one record, then what stands within it, named by where it stands."""
    within = {key: value if isinstance(value, list) else [value] for key, value in section.items() if _is_within(value)}
    if len(within) < len(section):
        yield {"section": name, **{key: value for key, value in section.items() if key not in within}}
    for key, values in within.items():
        for one in values:
            yield from _flat(f"{name}.{key}", one)


def _is_within(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


COMMAND = account
