"""Easy share: how many of the ces answers say that it was easy.

Definition
    Of the answers to ces surveys in the period, those whose ease lies at least two thirds up its scale: 5, 6 and 7 of seven, 4 and
    5 of five.
Formula
    easy / answered
Edge cases
    Nobody answered: unknown. A neutral answer is an answer, and not an easy one. Turned round where a high score means much
    effort. Who did not answer is in neither part.
Sources
    Gartner (CEB), "Effortless experience": the share that at least somewhat agrees that it was made easy, 5 to 7 of seven.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

SCORED = "survey = 'ces' AND score IS NOT NULL"
easy = flow("answers", "sum(is_easy)", where=SCORED, name="easy")
answers = flow("answers", "count(*)", where=SCORED, name="answered")

METRIC = Metric(
    title="Easy (effort score)",
    measure=easy / answers,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("responses",),
    interval=Interval.WILSON,
    examples=(
        Example(
            "46 of 100 gave 5, 6 or 7",
            {
                "responses": """
                    response_id,survey,person_id,sent_at,answered_at,score
                    {01..43} a#,ces,a#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,3
                    {01..11} d#,ces,d#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,4
                    {01..16} e#,ces,e#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,5
                    {01..18} f#,ces,f#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,6
                    {01..12} g#,ces,g#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,7
                    {01..30} h#,ces,h#,2024-03-04T08:00:00Z,,
                """
            },
            expect=0.46,
        ),
        Example(
            "Effort of 1, 2 and 3 of five",
            {
                "responses": """
                    response_id,survey,person_id,answered_at,score,scale_min,scale_max,higher_is_better
                    {1..3} r#,ces,p#,2024-03-05T08:00:00Z,#,1,5,false
                """
            },
            expect=2 / 3,
        ),
    ),
)
