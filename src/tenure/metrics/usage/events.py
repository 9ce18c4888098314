"""Events: how much happened in the product.

Definition
    The events of the period, of everybody who counts, whether they make a person active or not.
Formula
    events
Edge cases
    Test accounts, and what internal people did, are left out. Events without a person or without an account count. They
    are kept by the quarter of an hour, so a period that is cut within one takes those quarters that begin in it.
Sources
    A plain count.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Metric, Unit

METRIC = Metric(
    title="Events",
    measure=flow("usage", "sum(events)", name="events"),
    unit=Unit.COUNT,
    better=Better.NEITHER,
    needs=("events",),
    examples=(
        Example(
            "One person's two, one of a machine, one of nobody's account, and one of April",
            {
                "events": """
                    event_id,account_id,person_id,happened_at,name
                    e1,a1,p1,2024-03-05T09:00:00Z,login
                    e2,a1,p1,2024-03-05T09:00:00Z,login
                    e3,a1,,2024-03-31T23:59:59Z,sync
                    e4,,,2024-03-31T23:59:59Z,sync
                    e5,a1,p1,2024-04-01T00:00:00Z,login
                """
            },
            expect=4,
        ),
    ),
)
