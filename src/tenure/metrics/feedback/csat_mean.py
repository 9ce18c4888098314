"""Mean satisfaction: the mean score of the csat surveys, on their own scale.

Definition
    The sum of the scores of the answers to csat surveys in the period, over the number of these answers.
Formula
    scores / answered
Edge cases
    Nobody answered: unknown. Where the answers of a period and segment have different scales, each is first mapped to 1-5, so
    that they can be added; where all have one, it stays. A score of which a low one is good is turned round.
Sources
    Parative, "Top 15 SaaS Customer Success Metrics": sum of the scores over the respondents. It is not `csat`, which is the
    share of the satisfied.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

SCORED = "survey = 'csat' AND score IS NOT NULL"
# What is not an answer to this question is set apart: the scales are compared before it is left out.
ALIKE = f"OVER (PARTITION BY n, segment, {SCORED})"
SCALES = {
    "is_mixed": f"min(scale_min) {ALIKE} < max(scale_min) {ALIKE} OR min(scale_max) {ALIKE} < max(scale_max) {ALIKE}",
}
MAPPED = "CAST(1 + 4 * (rating - scale_min) / (scale_max - scale_min) AS DECIMAL(28, 12))"

scores = flow(
    "answers", f"sum(CASE WHEN is_mixed THEN {MAPPED} ELSE rating END)", where=SCORED, name="scores", beside=SCALES
)
answers = flow("answers", "count(*)", where=SCORED, name="answered", beside=SCALES)

METRIC = Metric(
    title="Mean satisfaction",
    measure=scores / answers,
    unit=Unit.SCORE,
    better=Better.UP,
    needs=("responses",),
    examples=(
        Example(
            "4, 3, 5, 5",
            {
                "responses": """
                    response_id,survey,person_id,sent_at,answered_at,score,scale_min,scale_max
                    r1,csat,p1,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,4,1,5
                    r2,csat,p2,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,3,1,5
                    {3..4} r#,csat,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,5,1,5
                    r5,nps,p5,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,10,0,10
                    r6,csat,p6,2024-03-04T08:00:00Z,,,1,5
                """
            },
            expect=4.25,
            source='Parative, "Top 15 SaaS Customer Success Metrics"',
        ),
        Example(
            "4 of five, and 10 of ten",
            {
                "responses": """
                    response_id,survey,person_id,answered_at,score,scale_min,scale_max
                    r1,csat,p1,2024-03-05T08:00:00Z,4,1,5
                    r2,csat,p2,2024-03-05T08:00:00Z,10,1,10
                """
            },
            expect=4.5,
        ),
    ),
)
