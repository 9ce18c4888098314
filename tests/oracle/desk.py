"""The numbers of support once more, by loops over the tickets as `oracle.support` reads them."""

from __future__ import annotations

from datetime import timedelta
from math import floor
from statistics import fmean, median
from typing import TYPE_CHECKING, Any

from oracle.support import open_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

Row = dict[str, Any]
Number = float | int | None


def share(part: Sequence[object], whole: Sequence[object]) -> Number:
    return len(part) / len(whole) if whole else None


def over(values: Sequence[int], reduce: Callable[[Sequence[int]], float]) -> Number:
    return reduce(values) if values else None


def nine_of_ten(values: Sequence[int]) -> float:
    """Between the two values around the place of nine tenths."""
    ordered = sorted(values)
    place = 0.9 * (len(ordered) - 1)
    low = floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def numbers(
    tables: Mapping[str, Sequence[Row]],
    rows: Sequence[Row],
    visits: Sequence[Row],
    period: tuple[datetime, datetime],
    now: datetime,
) -> dict[str, Number]:
    """By metric, in calendar and (behind `@business`) in business hours; the period is cut at now."""
    opens, closes = period[0], min(period[1], now)

    def within(column: str) -> list[Row]:
        return [row for row in rows if row[column] is not None and opens <= row[column] < closes]

    created, solved, first_solved = within("happened_at"), within("solved_at"), within("first_solved_at")
    week = timedelta(days=7)
    known = [row for row in solved if row["agent_replies"] is not None]
    old = [row for row in known if row["first_solved_at"] + week <= now]
    once = [
        row for row in old
        if row["agent_replies"] == 1
        and (row["reopens"] == 0 or (row["reopened_at"] is not None and row["reopened_at"] >= row["first_solved_at"] + week))
    ]  # fmt: skip
    answered = [row for row in created if row["first_reply_at"] is not None and row["first_reply_at"] <= now]
    late = [row for row in created if row not in answered and row["happened_at"] + timedelta(hours=1) <= now]
    again = [
        row for row in first_solved if row["reopens"] and (row["reopened_at"] is None or row["reopened_at"] <= now)
    ]
    due = within("sla_due_at")
    asked = [visit for visit in visits if opens <= visit["happened_at"] < closes]
    helped = [visit for visit in asked if visit["is_resolved"] and visit["known_at"] <= now]
    followed = [row for row in solved if row["customer_replies"] is not None]
    judged = [row for row in solved if row["reported_first_contact"] is not None]
    named = [[row for row in some if row["person_id"] or row["account_id"]] for some in (asked, created)]
    heads = [{row["person_id"] or f"of {row['account_id']}" for row in some} for some in named]
    found: dict[str, Number] = {
        "tickets": len(created),
        "ticket_backlog": open_at(tables, rows, closes),
        "avoidable_ticket_share": share([row for row in created if row["is_avoidable"]], created),
        "first_contact_resolution_rate": share(once, old),
        "first_contact_resolution_rate:zendesk": share([row for row in known if row["agent_replies"] < 2], known),
        "first_contact_resolution_rate:freshservice": share(
            [row for row in followed if not row["customer_replies"]], followed
        ),
        "first_contact_resolution_rate:reported": share(
            [row for row in judged if row["reported_first_contact"]], judged
        ),
        "reopen_rate": share(again, first_solved),
        "sla_attainment": share([row for row in due if row["sla_met"]], due),
        "self_service_rate": share(helped, [*helped, *created]),
        "self_service_rate:users": len(heads[0]) / len(heads[1]) if heads[1] else None,
    }
    for hours, ending in (("", "_s"), ("@business", "_business_s")):
        replies = [row[f"first_reply{ending}"] for row in answered]
        solutions = [row[f"resolution{ending}"] for row in solved]
        found |= {
            f"first_response_time{hours}": over(replies, median),
            f"first_response_time:mean{hours}": over(replies, fmean),
            f"first_response_time:p90{hours}": over(replies, nine_of_ten),
            f"resolution_time{hours}": over(solutions, median),
            f"resolution_time:mean{hours}": over(solutions, fmean),
            f"resolution_time:p90{hours}": over(solutions, nine_of_ten),
            f"resolution_time:first_solved{hours}": over(
                [row[f"first_resolution{ending}"] for row in first_solved], median
            ),
            f"first_response_on_time_share{hours}": share([s for s in replies if s <= 3600], [*answered, *late]),
            f"resolution_on_time_share{hours}": share([s for s in solutions if s <= 24 * 3600], solutions),
        }
    return found
