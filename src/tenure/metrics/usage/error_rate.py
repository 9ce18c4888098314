"""Error rate: the share of events that failed.

Definition
    Events of the period with `is_error`, as a share of all its events.
Formula
    errors / events
Edge cases
    No events: unknown. An event that does not say is none that failed. Who is left out is as in `events`.
Sources
    As for service levels: bad events over all events, "Site Reliability Engineering" (Google, 2016), chapter 4.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

METRIC = Metric(
    title="Error rate",
    measure=flow("usage", "sum(errors)", name="errors") / flow("usage", "sum(events)", name="events"),
    unit=Unit.SHARE,
    better=Better.DOWN,
    needs=("events",),
    interval=Interval.WILSON,
    examples=(
        Example(
            "One of fifty fails",
            {
                "events": """
                    event_id,account_id,person_id,happened_at,name,is_error
                    {1..49} e#,a1,p1,2024-03-02T09:00:00Z,view,
                    e50,a1,p1,2024-03-02T09:00:00Z,save,true
                """
            },
            expect=0.02,
        ),
    ),
)
