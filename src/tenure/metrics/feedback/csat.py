"""Customer satisfaction: the share of the answers that are in the upper quarter of their scale.

Definition
    Of the answers to csat surveys in the period, those whose score lies at least three quarters up its scale: 4 and 5 of
    five, 6 and 7 of seven, 8 and up of ten.
Formula
    satisfied / answered
Edge cases
    Nobody answered: unknown. A neutral answer is an answer, and not a satisfied one. Who did not answer is in neither
    part. An answer counts when it was given. Where a low score is the good one, it is turned round. A scale that is not
    given is 1 to 5.
Sources
    "Customer Success Metrics: Key KPIs to Measure and Track"; 2Checkout, "5 Customer Success KPIs That Actually Make a
    Difference". The mean of the scores is `csat_mean`. Target: generatekpi.com, above 80 % is good.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Target, Unit

SCORED = "survey = 'csat' AND score IS NOT NULL"
satisfied = flow("answers", "sum(is_satisfied)", where=SCORED, name="satisfied")
answers = flow("answers", "count(*)", where=SCORED, name="answered")

METRIC = Metric(
    title="Customer satisfaction",
    measure=satisfied / answers,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("responses",),
    target=Target(0.8, per=None, source="generatekpi.com"),
    interval=Interval.WILSON,
    aliases=("customer_satisfaction",),
    basis="{satisfied} of {answered} answers",
    examples=(
        Example(
            "Eight of ten",
            {
                "responses": """
                    response_id,survey,person_id,sent_at,answered_at,score,scale_min,scale_max
                    {1..8} r#,csat,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,5,1,5
                    {9..10} r#,csat,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,1,1,5
                """
            },
            expect=0.8,
            source="https://help.simplesat.io/en/articles/3456900-what-is-csat-customer-satisfaction",
        ),
        Example(
            "5, 5, 4, 4, 3, 3, 2, 1, and two without an answer",
            {
                "responses": """
                    response_id,survey,person_id,sent_at,answered_at,score
                    {1..2} a#,csat,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,5
                    {3..4} a#,csat,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,4
                    {5..6} a#,csat,p#,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,3
                    a7,csat,p7,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,2
                    a8,csat,p8,2024-03-04T08:00:00Z,2024-03-05T08:00:00Z,1
                    {1..2} b#,csat,q#,2024-03-04T08:00:00Z,,
                """
            },
            expect=0.5,
            source="Customer Success Metrics: Key KPIs to Measure and Track",
        ),
        Example(
            "7 and 8 of ten, 5 and 6 of seven, 2 of five where 1 is best",
            {
                "responses": """
                    response_id,survey,person_id,answered_at,score,scale_min,scale_max,higher_is_better
                    r1,csat,p1,2024-03-05T08:00:00Z,7,1,10,true
                    r2,csat,p2,2024-03-05T08:00:00Z,8,1,10,true
                    r3,csat,p3,2024-03-05T08:00:00Z,5,1,7,true
                    r4,csat,p4,2024-03-05T08:00:00Z,6,1,7,true
                    r5,csat,p5,2024-03-05T08:00:00Z,2,1,5,false
                """
            },
            expect=0.6,
        ),
    ),
)
