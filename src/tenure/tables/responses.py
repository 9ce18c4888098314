"""Surveys that were sent, and their answers."""

from __future__ import annotations

from tenure.tables.rules import in_order
from tenure.tables.schema import Check, Column, Table, Type

_LOW = "coalesce(scale_min, CASE survey WHEN 'nps' THEN 0 WHEN 'csat' THEN 1 WHEN 'ces' THEN 1 END)"
_HIGH = "coalesce(scale_max, CASE survey WHEN 'nps' THEN 10 WHEN 'csat' THEN 5 WHEN 'ces' THEN 7 END)"

TABLE = Table(
    name="responses",
    meaning="one survey to one person, answered or not",
    columns=(
        Column("response_id", Type.ID, "the survey as sent to one person", required=True),
        Column("survey", Type.NAME, "what is asked: nps, csat, ces, or a name", required=True),
        Column("survey_id", Type.ID, "the questionnaire or campaign"),
        Column("account_id", Type.ID, "the customer"),
        Column("person_id", Type.ID, "the person"),
        Column("sent_at", Type.INSTANT, "sent"),
        Column("answered_at", Type.INSTANT, "answered; empty: sent and not answered"),
        Column("score", Type.NUMBER, "the answer as a number", unit="points"),
        Column("scale_min", Type.NUMBER, "the lowest score; empty: nps 0, csat 1, ces 1", unit="points"),
        Column("scale_max", Type.NUMBER, "the highest score; empty: nps 10, csat 5, ces 7", unit="points"),
        Column("higher_is_better", Type.BOOLEAN, "a high score is a good one", default="true"),
        Column("touchpoint", Type.TEXT, "after what it was asked"),
        Column("ticket_id", Type.ID, "the ticket that it is about"),
        Column("comment", Type.TEXT, "what the person wrote"),
    ),
    key=("response_id",),
    checks=(
        in_order("sent_at", "answered_at"),
        Check(
            "instant_given",
            "answered_at",
            "sent_at IS NOT NULL OR answered_at IS NOT NULL",
            "Either sent_at or answered_at must be given.",
        ),
        Check(
            "score_answered",
            "score",
            "score IS NULL OR answered_at IS NOT NULL",
            "A score needs answered_at: without it the survey counts as not answered.",
        ),
        Check("scale_in_order", "scale_max", f"{_LOW} < {_HIGH}", "scale_max must lie above scale_min."),
        Check(
            "score_in_scale",
            "score",
            f"score BETWEEN {_LOW} AND {_HIGH}",
            "score must lie within scale_min and scale_max (if empty: nps 0 to 10, csat 1 to 5, ces 1 to 7).",
        ),
    ),
)
