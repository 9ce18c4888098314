"""Tickets per customer: how often a customer needs help.

Definition
    Tickets created in the period, per customer: the mean of the customers at its start and at its end.
Formula
    tickets / ((opening_accounts + closing_accounts) / 2)
Edge cases
    No customers at either end: unknown. Tickets of those who are no customers yet, or no longer, count too. By topic,
    feature, priority or channel of the tickets, each segment's are set against all customers.
Sources
    2Checkout, "5 Customer Success KPIs That Actually Make a Difference": tickets in relation to customers; numbers ours.
"""

from tenure.measure import closing, flow, opening
from tenure.metric import Better, Example, Metric, Unit

tickets = flow("cases", "count(*)", name="tickets")
opening_accounts = opening("customers", "sum(accounts)", name="opening_accounts")
closing_accounts = closing("customers", "sum(accounts)", name="closing_accounts")

METRIC = Metric(
    title="Tickets per customer",
    measure=tickets / ((opening_accounts + closing_accounts) / 2),
    unit=Unit.RATIO,
    better=Better.DOWN,
    needs=("tickets", "subscription_periods"),
    aliases=("ticket_rate",),
    examples=(
        Example(
            "Six tickets, three customers at the start and five at the end",
            {
                "tickets": """
                    ticket_id,account_id,created_at
                    {1..6} t#,a1,2024-03-05T10:00:00Z
                """,
                "subscription_periods": """
                    subscription_id,account_id,starts_at,unit_amount
                    {1..3} s#,a#,2024-01-01,10
                    {4..5} s#,a#,2024-03-10,10
                """,
            },
            expect=1.5,
        ),
    ),
)
