"""Accounts at risk: how many customers have a health score below 50.

Definition
    Customers whose score, as `health_score` makes it, is below the band of 50 at the period's end.
Formula
    customers - unscored - in_the_band
Edge cases
    Who has no score is not at risk: `unscored` says of how many nothing can be told, and with neither usage nor answers that is
    everybody. Below the band is no prediction that the account leaves: it says whom to look at first.
Sources
    Own; the band of a health score, as customer-success platforms draw it.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

customers = closing("health", "sum(accounts)", name="customers")
unscored = closing("health", "sum(accounts - scored)", name="unscored")
in_the_band = closing("health", "sum(scored - at_risk)", name="in_the_band")

METRIC = Metric(
    title="Accounts at risk",
    measure=customers - unscored - in_the_band,
    unit=Unit.COUNT,
    better=Better.DOWN,
    examples=(
        Example(
            "Answers of 4, 5 and 9 of 10, the 9 overtaken by 4 tickets, the first one half a year old",
            {
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    {1..4} s#,a#,2023-08-01,10
                """,
                "responses": """
                    response_id,survey,account_id,answered_at,score
                    r0,nps,a4,2023-09-01,0
                    r1,nps,a1,2024-03-01,4
                    r2,nps,a2,2024-03-01,5
                    r3,nps,a3,2024-03-01,9
                """,
                "tickets": """
                    ticket_id,account_id,created_at
                    {1..4} t#,a3,2024-03-10
                """,
            },
            expect=1,
        ),
    ),
)
