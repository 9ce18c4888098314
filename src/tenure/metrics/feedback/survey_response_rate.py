"""Survey response rate: how many of the surveys that were sent are answered.

Definition
    Of the surveys sent in the period, those that are answered by now, with a score or without.
Formula
    answered / sent
Edge cases
    Nothing was sent: unknown. A survey counts when it was sent, whenever it is answered, so that a recent period may still
    rise. One of which only the answer is known counts as sent when it was answered. One questionnaire:
    `--where survey_id=NAME`.
Sources
    AAPOR, "Standard definitions", response rate 1: completed over all that were asked.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

answered = flow("answers", "sum(is_answered)", where="answered_at < {now}", clock="sent_at", name="answered")
sent = flow("answers", "count(*)", clock="sent_at", name="sent")

METRIC = Metric(
    title="Survey response rate",
    measure=answered / sent,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("responses",),
    interval=Interval.WILSON,
    aliases=("response_rate",),
    basis="{answered} of {sent} sent",
    examples=(
        Example(
            "Ten sent, three answered, one of them in April; one of February answered in March",
            {
                "responses": """
                    response_id,survey,person_id,sent_at,answered_at,score
                    {1..2} r#,nps,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,9
                    r3,csat,p3,2024-03-31T08:00:00Z,2024-04-02T08:00:00Z,
                    {4..10} r#,nps,p#,2024-03-04T08:00:00Z,,
                    r11,nps,p11,2024-02-28T08:00:00Z,2024-03-01T08:00:00Z,9
                """
            },
            expect=0.3,
        ),
    ),
)
