"""From lives to rows: one projection per canonical table, every value as the text of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.sources.demo.world import PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tenure.sources.demo.life import Life, Line, Subscription
    from tenure.sources.demo.world import World


def stamp(when: datetime | None, before: datetime | None = None) -> str:
    """An instant as ISO 8601 with `Z`; empty where there is none, or where it is not `before` the given one yet."""
    if when is None or (before is not None and when >= before):
        return ""
    return f"{when.isoformat(timespec='seconds')}Z"


def flag(value: bool) -> str:  # noqa: FBT001 - a projection of one column
    """A yes or no as a file says it."""
    return "true" if value else "false"


def accounts(lives: Sequence[Life], world: World) -> Iterator[dict[str, str]]:
    """One row per account, and another under the new id for who moved; segment, region, industry are attributes."""
    for life in lives:
        for account_id in filter(None, (life.account_id, life.moved_to)):
            yield {
                "account_id": account_id,
                "name": life.name,
                "created_at": stamp(life.created_at),
                "sale_closed_at": stamp(life.sale_closed_at, world.closes),
                "first_value_at": stamp(life.first_value_at, world.closes),
                "launched_at": stamp(life.launched_at, world.closes),
                "channel": life.channel,
                "currency": life.currency,
                "is_test": flag(life.is_test),
                "segment": life.segment.name,
                "region": life.region,
                "industry": life.industry,
            }


def plans() -> Iterator[dict[str, str]]:
    """The price list's plans, without prices: those stand in the periods."""
    for plan in PLANS.values():
        yield {
            "plan": plan.plan,
            "product": plan.product,
            "rank": str(plan.rank),
            "is_free": flag(plan.is_free),
            "is_addon": flag(plan.is_addon),
        }


def subscriptions(lives: Sequence[Life]) -> Iterator[dict[str, str]]:
    """One row per subscription; an end that is known by the end of the window stands in it, also if it lies later."""
    for life in lives:
        for made in life.subscriptions:
            yield {
                "subscription_id": made.subscription_id,
                "account_id": made.account_id,
                "created_at": stamp(made.created_at),
                "trial_started_at": stamp(made.trial_started_at),
                "trial_ends_at": stamp(made.trial_ends_at),
                "cancel_requested_at": stamp(made.cancel_requested_at),
                "ends_at": stamp(made.ends_at),
                "end_kind": made.end_kind,
                "end_reason": made.end_reason,
            }


def subscription_periods(lives: Sequence[Life]) -> Iterator[dict[str, str]]:
    """One row per line of a subscription."""
    for life in lives:
        for made in life.subscriptions:
            for line in made.lines:
                yield _period(life, made, line)


def _period(life: Life, made: Subscription, line: Line) -> dict[str, str]:
    off = line.discount
    return {
        "subscription_id": made.subscription_id,
        "account_id": made.account_id,
        "plan": line.plan,
        "starts_at": stamp(line.starts_at),
        "ends_at": stamp(line.ends_at),
        "state": line.state,
        "quantity": str(line.quantity),
        "unit_amount": str(line.unit_amount),
        "billing_interval": line.interval,
        "discount_percent": str(off.percent) if off and off.percent else "",
        "discount_amount": str(off.amount) if off and off.amount else "",
        "discount_duration": off.duration if off else "",
        "currency": life.currency,
        "change_reason": line.reason,
    }


def account_links(moved: Sequence[Life]) -> Iterator[dict[str, str]]:
    """The billing migration: the new id survives."""
    for life in moved:
        yield {"account_id": life.account_id, "same_as": life.moved_to, "kind": "migration"}


def releases(world: World) -> Iterator[dict[str, str]]:
    """What the company did, or what befell it, to be seen beside the numbers."""
    known = (
        (world.addon, "Insights, the reporting add-on", "product", "insights"),
        (world.price_change, "New prices for Starter and Team", "price", ""),
        (world.incident, "Two days of slow planning boards", "incident", "boards"),
        (world.migration, "First accounts move to the new billing", "product", "billing"),
        (world.mobile, "Plans in the pocket: the mobile app", "product", "mobile"),
        (world.campaign, "Tidy desks: the campaign of the season", "campaign", ""),
    )
    for number, (when, name, kind, feature) in enumerate(known, start=1):
        yield {
            "release_id": f"rel-{number}",
            "happened_at": stamp(when),
            "name": name,
            "kind": kind,
            "feature": feature,
        }
