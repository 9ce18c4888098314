"""The raw rows as somebody would have written them down at an instant: what happened later is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    Rows = Sequence[Mapping[str, Any]]

SOLVED = ("first_solved_at", "solved_at", "closed_at")
STEPS = ("shown_at", "started_at", "completed_at", "skipped_at")


def known(at: datetime, told: Mapping[str, Rows]) -> dict[str, list[dict[str, Any]]]:
    """The tables of tickets, visits to help and onboarding at `at`, that instant included; the others as they are."""
    found: dict[str, list[dict[str, Any]]] = {name: [dict(row) for row in rows] for name, rows in told.items()}
    for name, instant in (
        ("ticket_events", "happened_at"),
        ("tickets", "created_at"),
        ("help_sessions", "happened_at"),
    ):
        if name in found:
            found[name] = [row for row in found[name] if row[instant] <= at]
    turned = {e["ticket_id"] for e in told.get("ticket_events", ()) if e["happened_at"] > at and e["kind"] == "status"}
    for row in found.get("tickets", ()):
        _untold(row, at, row["ticket_id"] in turned)
    if "onboarding_steps" in found:
        found["onboarding_steps"] = list(_steps(found["onboarding_steps"], at))
    return found


def _untold(ticket: dict[str, Any], at: datetime, turned: bool) -> None:  # noqa: FBT001 - whether its status changes later
    """A ticket that is solved or turned later has not its last status yet."""
    solved_later = any(ticket.get(name) and ticket[name] > at for name in SOLVED)
    if solved_later or turned:
        ticket["status"] = None
    if solved_later:
        ticket["first_contact_resolved"] = None
    if ticket.get("first_reply_at") and ticket["first_reply_at"] > at:
        ticket["agent_replies"] = 0
    for name in ("first_reply_at", *SOLVED):
        ticket[name] = ticket[name] if ticket.get(name) and ticket[name] <= at else None


def _steps(rows: Iterable[dict[str, Any]], at: datetime) -> Iterable[dict[str, Any]]:
    """What nothing had happened to yet was not there, unless nobody ever said when."""
    for row in rows:
        times = [row[name] for name in STEPS if row.get(name)]
        if not times or min(times) <= at:
            yield row | {name: row[name] if row.get(name) and row[name] <= at else None for name in STEPS}
