"""Onboarding engagement: the share of the steps shown that are started.

Definition
    Of the onboarding steps that came before an account, or a person of it, in the period, the share that were started by now.
Formula
    started_steps / shown_steps
Edge cases
    A completed step was started; one that nobody was seen to be shown counts as shown where it was started, completed or
    skipped. Each person's step counts. No step shown: unknown.
Sources
    Own; the share of the first invitation to act that is taken up.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit

METRIC = Metric(
    title="Onboarding engagement",
    measure=flow("steps", "count(*)", where="started_at <= {now}", name="started_steps")
    / flow("steps", "count(*)", name="shown_steps"),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("onboarding_steps",),
    interval=Interval.WILSON,
    examples=(
        Example(
            "Five shown; one started, one completed without a start, one skipped",
            {
                "onboarding_steps": """
                    account_id,step,shown_at,started_at,completed_at,skipped_at
                    a1,connect,2024-03-01,2024-03-02,,
                    a1,invite,2024-03-01,,2024-03-03,
                    a1,theme,2024-03-01,,,2024-03-03
                    a2,connect,2024-03-05,,,
                    a2,invite,2024-03-05,,,
                    a2,theme,2024-04-05,2024-04-05,,
                """
            },
            expect=0.4,
        ),
    ),
)
