"""Feedback volume: how many comments customers made.

Definition
    Feedback of the period (mails, calls, reviews, interviews, words at leaving) and answers to surveys with a comment.
Formula
    comments
Edge cases
    A survey that was answered without a word is none. A comment in a survey counts when it was answered. By where it came from:
    `--by origin`, where a survey's is `survey`.
Sources
    Own: three of the mail, one of a review, one of two answers.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Feedback",
    measure=flow("comments", "count(*)", name="comments"),
    unit=Unit.COUNT,
    better=Better.NEITHER,
    needs=("feedback or responses",),
    aliases=("comments",),
    examples=(
        Example(
            "Three mails, a review, one of two answers",
            {
                "feedback": """
                    feedback_id,account_id,happened_at,origin,text
                    {1..3} f#,a#,2024-03-05T08:00:00Z,email,Where is the export?
                    f4,,2024-03-31T23:00:00Z,review,Does what it says.
                    f5,a1,2024-04-01T00:00:00Z,email,Thank you.
                """,
                "responses": """
                    response_id,survey,person_id,sent_at,answered_at,score,comment
                    r1,nps,p1,2024-02-28T08:00:00Z,2024-03-05T08:00:00Z,9,Quick and friendly
                    r2,nps,p2,2024-02-28T08:00:00Z,2024-03-05T08:00:00Z,9,
                """,
            },
            expect=5,
        ),
        Example(
            "Nothing but surveys",
            {
                "responses": """
                    response_id,survey,person_id,answered_at,score,comment
                    r1,nps,p1,2024-03-05T08:00:00Z,9,Quick and friendly
                    r2,nps,p2,2024-03-05T08:00:00Z,9,
                """,
            },
            expect=1,
        ),
    ),
)
