"""Customers who speak for the company."""

from __future__ import annotations

from tenure.tables.rules import amount, differ, in_order
from tenure.tables.schema import Column, Table, Type

TABLE = Table(
    name="referrals",
    meaning="referrals, reviews and other words for us, and what came of them",
    columns=(
        Column("referral_id", Type.ID, "the referral", required=True),
        Column("account_id", Type.ID, "the customer who referred", required=True),
        Column("person_id", Type.ID, "the person who referred"),
        Column("happened_at", Type.INSTANT, "when it was made", required=True, aliases=("at",)),
        Column(
            "kind",
            Type.CHOICE,
            "what it is",
            choices=("referral", "review", "testimonial", "case_study", "reference"),
            default="'referral'",
        ),
        Column("referred_account_id", Type.ID, "the account that came by it"),
        Column("converted_at", Type.INSTANT, "the referred account bought"),
        Column("reward", Type.MONEY, "what was given for it"),
        Column("currency", Type.CURRENCY, "of the reward; empty: the company's"),
    ),
    key=("referral_id",),
    checks=(
        differ("referred_account_id", "account_id"),
        in_order("happened_at", "converted_at"),
        *amount("reward"),
    ),
)
