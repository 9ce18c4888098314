"""Customer effort score: how easy it was, the mean of the ces surveys, more is easier.

Definition
    The mean score of the answers to ces surveys in the period, turned round where a high score means much effort.
Formula
    ease / answered
Edge cases
    Nobody answered: unknown. Where the answers of a period and segment have different scales, each is first mapped to 1-7; where
    all have one, the mean is on that scale. A scale that is not given is 1 to 7. A survey that asks how much effort it took
    says so by `higher_is_better = false`: 2 of 7 is then an ease of 6.
Sources
    M. Dixon, K. Freeman and N. Toman, "Stop trying to delight your customers", Harvard Business Review, July 2010; CEB's second
    version of 2013 asks on a scale of 1 to 7 how easy it was.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

SCORED = "survey = 'ces' AND score IS NOT NULL"
# What is not an answer to this question is set apart: the scales are compared before it is left out.
ALIKE = f"OVER (PARTITION BY n, segment, {SCORED})"
SCALES = {
    "is_mixed": f"min(scale_min) {ALIKE} < max(scale_min) {ALIKE} OR min(scale_max) {ALIKE} < max(scale_max) {ALIKE}",
}
MAPPED = "CAST(1 + 6 * (rating - scale_min) / (scale_max - scale_min) AS DECIMAL(28, 12))"

ease = flow(
    "answers", f"sum(CASE WHEN is_mixed THEN {MAPPED} ELSE rating END)", where=SCORED, name="ease", beside=SCALES
)
answers = flow("answers", "count(*)", where=SCORED, name="answered", beside=SCALES)

METRIC = Metric(
    title="Customer effort score",
    measure=ease / answers,
    unit=Unit.SCORE,
    better=Better.UP,
    needs=("responses",),
    aliases=("customer_effort_score",),
    basis="of {answered} answers",
    examples=(
        Example(
            "A thousand answers, a tenth of them",
            {
                "responses": """
                    response_id,survey,person_id,sent_at,answered_at,score
                    {01..08} a#,ces,a#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,1
                    {01..21} b#,ces,b#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,2
                    {01..14} c#,ces,c#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,3
                    {01..11} d#,ces,d#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,4
                    {01..16} e#,ces,e#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,5
                    {01..18} f#,ces,f#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,6
                    {01..12} g#,ces,g#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,7
                    {01..30} h#,ces,h#,2024-03-04T08:00:00Z,,
                """
            },
            expect=4.08,
            source="https://support.cys.group/support/solutions/articles/3000095529",
        ),
        Example(
            "Effort, where little is good",
            {
                "responses": """
                    response_id,survey,person_id,answered_at,score,scale_min,scale_max,higher_is_better
                    r1,ces,p1,2024-03-05T08:00:00Z,1,1,5,false
                    r2,ces,p2,2024-03-05T08:00:00Z,2,1,5,false
                """
            },
            expect=4.5,
        ),
        Example(
            "Two scales: 3 of five is 4 of seven",
            {
                "responses": """
                    response_id,survey,person_id,answered_at,score,scale_min,scale_max
                    r1,ces,p1,2024-03-05T08:00:00Z,3,1,5
                    r2,ces,p2,2024-03-05T08:00:00Z,6,1,7
                """
            },
            expect=5,
        ),
    ),
)
