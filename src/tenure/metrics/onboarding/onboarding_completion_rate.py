"""Onboarding completion: the share of accounts that do all that is required.

Definition
    Of the accounts that began onboarding in the period (started a step, or else were shown one), the share that have completed
    every required step by now. A step that several people of an account have is done when one of them has done it.
Formula
    finished / began
Edge cases
    Skipped is not completed. Accounts without a required step are in neither part; nobody began: unknown. The accounts of a
    young period may still finish: `within_30_days` counts only those that had thirty days, the others are its part `pending`.
    `everyone` asks every person to complete their own steps.
Sources
    Own; a cohort by its beginning, so that a period's accounts are compared with each other.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

COMPANY = {
    "onboarding_steps": """
        account_id,person_id,step,is_required,shown_at,started_at,completed_at,skipped_at
        a1,,connect,true,2024-03-01,2024-03-02,2024-03-04,
        a1,,invite,true,2024-03-01,2024-03-04,2024-03-06,
        a1,,theme,false,2024-03-01,,,
        a2,p1,connect,true,2024-03-03,2024-03-03,2024-04-20,
        a2,p2,connect,true,2024-03-05,2024-03-05,,
        a3,,connect,true,2024-03-05,2024-03-05,2024-03-07,
        a3,,invite,true,2024-03-05,,,2024-03-07
        a4,,connect,true,2024-03-06,,,
        a5,,theme,false,2024-03-06,2024-03-06,2024-03-07,
    """
}

began = flow("onboardings", "count(*)", where="required_steps > 0", name="began")
pending = flow(
    "onboardings", "count(*)", where="required_steps > 0 AND happened_at > {now} - INTERVAL 30 DAY", name="pending"
)
in_time = flow(
    "onboardings",
    "count(*)",
    where="finished_at <= happened_at + INTERVAL 30 DAY AND happened_at <= {now} - INTERVAL 30 DAY",
    name="finished",
)

METRIC = Metric(
    title="Onboarding completion",
    measure=flow("onboardings", "count(*)", where="finished_at <= {now}", name="finished") / began,
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("onboarding_steps",),
    interval=Interval.WILSON,
    variants={
        "within_30_days": Variant("Within 30 days", in_time / (began - pending), Interval.WILSON),
        "everyone": Variant(
            "By everyone",
            flow("onboardings", "count(*)", where="everyone_finished_at <= {now}", name="finished") / began,
            Interval.WILSON,
        ),
    },
    examples=(
        Example("Done, done by one of two people, skipped, only shown", COMPANY, expect=0.5),
        Example("Within thirty days", COMPANY, expect=0.25, variant="within_30_days"),
        Example("Done by each person", COMPANY, expect=0.25, variant="everyone"),
    ),
)
