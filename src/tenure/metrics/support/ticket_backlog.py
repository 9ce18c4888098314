"""Ticket backlog: how many tickets are open at the end of the period.

Definition
    Tickets created and not solved just before the period closes. Solved, resolved and closed are solved.
Formula
    open_tickets
Edge cases
    A ticket that was opened again is open again from then on where its history is known (`ticket_events`); without one
    it is open from its creation to its last solution. A ticket that is solved, at nobody knows when, is left out.
Sources
    Zendesk, "Backlog": unsolved tickets at the end of a day. Numbers ours.
"""

from tenure.measure import closing
from tenure.metric import Better, Example, Metric, Unit

TICKETS = """
    ticket_id,account_id,created_at,status,solved_at
    t1,a1,2024-02-10T10:00:00Z,closed,2024-03-02T10:00:00Z
    t2,a1,2024-03-05T10:00:00Z,solved,2024-04-02T10:00:00Z
    t3,a2,2024-03-06T10:00:00Z,open,
    t4,a2,2024-04-01T00:00:00Z,open,
"""

METRIC = Metric(
    title="Ticket backlog",
    measure=closing("backlog", "sum(open)", name="open_tickets"),
    unit=Unit.COUNT,
    better=Better.DOWN,
    needs=("tickets",),
    aliases=("open_tickets",),
    examples=(
        Example("One solved in March, one in April, one never, one not begun", {"tickets": TICKETS}, expect=2),
        Example(
            "The one that was solved in March was opened again",
            {
                "tickets": TICKETS,
                "ticket_events": """
                    ticket_id,seq,happened_at,kind,actor,to_status
                    t1,1,2024-03-02T10:00:00Z,status,agent,solved
                    t1,2,2024-03-20T10:00:00Z,status,customer,open
                    t1,3,2024-04-03T10:00:00Z,status,agent,solved
                    t1,4,2024-04-10T10:00:00Z,status,system,closed
                """,
            },
            expect=3,
        ),
    ),
)
