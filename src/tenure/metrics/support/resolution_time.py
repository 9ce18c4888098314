"""Resolution time: how long it takes until a ticket is solved.

Definition
    From the creation of a ticket to its last solution, of the tickets solved in the period: the median, in seconds.
Formula
    median_resolution
Edge cases
    Nothing solved: unknown. A ticket that was opened again counts once, with its last solution, and not while it is open.
    With `--hours business` only the company's business hours count. Variants: `mean`; `p90`, which nine of ten are
    within; `first_solved`, the median up to the first solution, of the tickets first solved in the period.
Sources
    Zendesk, "Full resolution time" and "First resolution time". Numbers ours.
"""

from tenure.measure import by_hours, flow
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

_TICKETS = """
    ticket_id,account_id,created_at,status,first_solved_at,solved_at
    t1,a1,2024-03-04T09:00:00Z,closed,2024-03-04T10:00:00Z,2024-03-04T10:00:00Z
    t2,a2,2024-03-04T09:00:00Z,solved,2024-03-04T11:00:00Z,2024-03-04T19:00:00Z
    t3,a3,2024-03-04T09:00:00Z,solved,2024-03-04T12:00:00Z,2024-03-05T09:00:00Z
    t4,a4,2024-03-04T09:00:00Z,open,2024-03-04T10:30:00Z,
"""

median_resolution = by_hours(
    calendar=flow("cases", "median(resolution_s)", clock="solved_at", name="median_resolution"),
    business=flow("cases", "median(resolution_business_s)", clock="solved_at", name="median_resolution"),
)
mean_resolution = by_hours(
    calendar=flow("cases", "avg(resolution_s)", clock="solved_at", name="mean_resolution"),
    business=flow("cases", "avg(resolution_business_s)", clock="solved_at", name="mean_resolution"),
)
p90_resolution = by_hours(
    calendar=flow("cases", "quantile_cont(resolution_s, 0.9)", clock="solved_at", name="p90_resolution"),
    business=flow("cases", "quantile_cont(resolution_business_s, 0.9)", clock="solved_at", name="p90_resolution"),
)
median_first = by_hours(
    calendar=flow("cases", "median(first_resolution_s)", clock="first_solved_at", name="median_first"),
    business=flow("cases", "median(first_resolution_business_s)", clock="first_solved_at", name="median_first"),
)

METRIC = Metric(
    title="Resolution time",
    measure=median_resolution,
    unit=Unit.DURATION,
    better=Better.DOWN,
    needs=("tickets",),
    interval=Interval.ORDER,
    aliases=("time_to_resolution", "full_resolution_time"),
    variants={
        "mean": Variant("Resolution time, mean", mean_resolution),
        "p90": Variant("Resolution time, nine of ten", p90_resolution),
        "first_solved": Variant("Time to first solution", median_first, Interval.ORDER),
    },
    examples=(
        Example("1, 10 and 24 hours, and one that is open again", {"tickets": _TICKETS}, expect=36_000),
        Example("35 hours over three", {"tickets": _TICKETS}, expect=42_000, variant="mean"),
        Example("Nine of ten are within", {"tickets": _TICKETS}, expect=76_320, variant="p90"),
        Example(
            "First solved after 1, 1.5, 2 and 3 hours", {"tickets": _TICKETS}, expect=6_300, variant="first_solved"
        ),
    ),
)
