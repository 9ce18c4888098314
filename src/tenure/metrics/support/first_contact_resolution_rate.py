"""First contact resolution rate: how many tickets were solved for good by the first answer.

Definition
    Tickets solved in the period (by their last solution) with exactly one public reply of a human agent, and not opened
    again within `first_contact_days` (7) of their first solution, as a share of those for which that time has passed.
Formula
    at_first_contact / (solved - pending)
Edge cases
    Nothing solved, or all of it lately: unknown. Solved less than `first_contact_days` ago: pending, counted beside and
    in neither part. Not known how many replies: in neither part, counted beside (`unknown_replies`). A message of a bot,
    a private note and the opening of a ticket that an agent created (its first message, within 15 seconds) are no replies. Opened
    again, and not known when: not solved for good. Variants: `zendesk` (fewer than two replies), `freshservice` (nothing more
    from the customer), `reported` (as the help desk says), each of all solved of which it is known, without waiting.
Sources
    Zendesk, "One-touch tickets"; Freshservice, "First contact resolution"; SQM Group on waiting before a contact counts as
    resolved. Numbers ours.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

# Replies must be known; the token is the setting, the other one the question's now.
_SETTLED = "first_solved_at + INTERVAL ({first_contact_days}) DAY"
_STAYED = f"(reopens = 0 OR reopened_at >= {_SETTLED})"

at_first_contact = flow(
    "cases", "count(*)", where=f"agent_replies = 1 AND {_SETTLED} <= {{now}} AND {_STAYED}", clock="solved_at",
    name="at_first_contact",
)  # fmt: skip
unknown = flow("cases", "count(*)", where="agent_replies IS NULL", clock="solved_at", name="unknown_replies")
solved = flow("cases", "count(*)", where="agent_replies IS NOT NULL", clock="solved_at", name="solved", aside=unknown)
pending = flow(
    "cases", "count(*)", where=f"agent_replies IS NOT NULL AND {_SETTLED} > {{now}}", clock="solved_at", name="pending"
)
one_touch = flow("cases", "count(*)", where="agent_replies < 2", clock="solved_at", name="one_touch")
without_follow_up = flow("cases", "count(*)", where="customer_replies = 0", clock="solved_at", name="without_follow_up")
known_follow_up = flow("cases", "count(*)", where="customer_replies IS NOT NULL", clock="solved_at", name="solved")
reported = flow("cases", "count(*)", where="reported_first_contact", clock="solved_at", name="reported")
judged = flow("cases", "count(*)", where="reported_first_contact IS NOT NULL", clock="solved_at", name="judged")

# One reply and solved; two replies; one reply and opened again two days later; none; solved on the last of March.
_TICKETS = """
    ticket_id,account_id,created_at,status,solved_at,agent_replies,customer_replies,reopens,first_contact_resolved
    t1,a1,2024-03-04T09:00:00Z,solved,2024-03-04T10:00:00Z,1,0,0,true
    t2,a1,2024-03-04T09:00:00Z,solved,2024-03-05T10:00:00Z,2,1,0,false
    t3,a2,2024-03-04T09:00:00Z,solved,2024-03-08T10:00:00Z,1,0,1,true
    t4,a2,2024-03-04T09:00:00Z,closed,2024-03-09T10:00:00Z,0,0,0,true
    t5,a3,2024-03-31T09:00:00Z,solved,2024-03-31T10:00:00Z,1,1,0,
    t6,a3,2024-03-04T09:00:00Z,open,,1,0,0,
"""

METRIC = Metric(
    title="First contact resolution",
    measure=at_first_contact / (solved - pending),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("tickets",),
    interval=Interval.WILSON,
    aliases=("fcr", "first_contact_resolution"),
    variants={
        "zendesk": Variant("One-touch tickets", one_touch / solved, Interval.WILSON),
        "freshservice": Variant("Solved without follow-up", without_follow_up / known_follow_up, Interval.WILSON),
        "reported": Variant("First contact, as reported", reported / judged, Interval.WILSON),
    },
    basis="{at_first_contact} of {solved} solved tickets",
    examples=(
        Example("Two of five solved, one of them on the last of March", {"tickets": _TICKETS}, expect=0.4),
        Example("Fewer than two replies: four of five", {"tickets": _TICKETS}, expect=0.8, variant="zendesk"),
        Example(
            "Nothing more from the customer: three of five", {"tickets": _TICKETS}, expect=0.6, variant="freshservice"
        ),
        Example("Said of four, of three that they were", {"tickets": _TICKETS}, expect=0.75, variant="reported"),
        Example(
            "A bot, a note and the opening of an agent's own ticket are no replies",
            {
                "tickets": """
                    ticket_id,account_id,created_at,status,solved_at
                    {1..3} t#,a1,2024-03-04T09:00:00Z,solved,2024-03-05T10:00:00Z
                """,
                "ticket_events": """
                    ticket_id,seq,happened_at,kind,actor,is_public
                    t1,1,2024-03-04T09:00:01Z,reply,bot,true
                    t1,2,2024-03-04T09:01:00Z,note,agent,false
                    t1,3,2024-03-04T09:30:00Z,reply,agent,true
                    t2,1,2024-03-04T09:00:00Z,reply,agent,true
                    t2,2,2024-03-04T11:00:00Z,reply,customer,true
                    t2,3,2024-03-04T12:00:00Z,reply,agent,true
                    t3,1,2024-03-04T09:30:00Z,reply,agent,true
                    t3,2,2024-03-04T09:40:00Z,reply,agent,true
                """,
            },
            expect=0.6667,
        ),
    ),
)
