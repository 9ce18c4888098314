"""Health score: how the customers fare, from 0 to 100, on average.

Definition
    The mean over the customers, at the period's end, of a score from what is known of each: how its usage moves (weight 40: active
    days of the last four full weeks to the four before), its last answer to a survey (25, for 180 days), and, only while
    something is amiss, what is past due (15), open tickets (10) and a launch that is late (10). What is not known is left out.
Formula
    points / (customers - unscored)
Edge cases
    Without usage to compare and without an answer a customer has no score, and is counted in `unscored`: the more of these, the less
    the mean says. No scored customer: unknown. Paused customers count. Holidays lower everybody's usage. The score is no prediction
    and no probability: its weights are a judgement that nobody has tested on your customers. Use it to choose whom to call.
Sources
    Own; weighted and normalised measures as customer-success platforms use them. The ledgers `signals` and `health` say each step.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

points = closing("health", "sum(points)", name="points")
customers = closing("health", "sum(accounts)", name="customers")
unscored = closing("health", "sum(accounts - scored)", name="unscored")

METRIC = Metric(
    title="Health score",
    measure=points / (customers - unscored),
    unit=Unit.SCORE,
    better=Better.UP,
    basis="{customers} customers, {unscored} of them unscored",
    examples=(
        Example(
            "Half the usage and a happy answer: 65; an unhappy answer and past due: 13; nothing known: none",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,ends_at,state,unit_amount
                    s1,a1,2024-01-01,,active,10
                    s2,a2,2024-01-01,2024-03-20,active,10
                    s2,a2,2024-03-20,,past_due,10
                    s3,a3,2024-01-01,,active,10
                """,
                "events": """
                    event_id,account_id,happened_at,name
                    e1,a1,2024-01-30T10:00:00Z,login
                    e2,a1,2024-02-06T10:00:00Z,login
                    e3,a1,2024-02-13T10:00:00Z,login
                    e4,a1,2024-02-20T10:00:00Z,login
                    e5,a1,2024-02-27T10:00:00Z,login
                    e6,a1,2024-03-05T10:00:00Z,login
                """,
                "responses": """
                    response_id,survey,account_id,answered_at,score
                    r1,nps,a1,2024-03-01,9
                    r2,nps,a2,2024-03-01,2
                """,
            },
            expect=39,
        ),
        Example(
            "Nothing but payments is known",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,state,unit_amount
                    s1,a1,2024-01-01,active,10
                    s2,a2,2024-01-01,past_due,10
                """
            },
            expect=None,
        ),
    ),
)
