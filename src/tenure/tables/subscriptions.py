"""The life of a subscription; what it was worth stands in subscription_periods."""

from __future__ import annotations

from tenure.tables.rules import in_order
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="subscriptions",
    meaning="when a subscription began, was on trial, was cancelled and ended, and why",
    columns=(
        Column("subscription_id", Type.ID, "the subscription", required=True),
        Column("account_id", Type.ID, "the customer", required=True),
        Column("created_at", Type.INSTANT, "began"),
        Column("trial_started_at", Type.INSTANT, "the trial began"),
        Column("trial_ends_at", Type.INSTANT, "the trial ends"),
        Column("cancel_requested_at", Type.INSTANT, "the customer asked to end it; emptied: withdrawn"),
        Column("ends_at", Type.INSTANT, "ends or ended"),
        Column("end_kind", Type.CHOICE, "by the customer's will, or not", choices=("voluntary", "involuntary")),
        Column("end_reason", Type.TEXT, "why it ended, as a word to count by"),
        Column("end_comment", Type.TEXT, "what the customer said about it"),
    ),
    key=("subscription_id",),
    checks=(
        in_order("created_at", "ends_at"),
        in_order("trial_started_at", "trial_ends_at"),
    ),
)
