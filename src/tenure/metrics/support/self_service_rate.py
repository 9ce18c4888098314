"""Self-service rate: how many questions were answered without a ticket.

Definition
    Visits to help that answered the question without a ticket, as a share of these and the tickets of the period.
Formula
    helped / (helped + tickets)
Edge cases
    Neither visits nor tickets: unknown. A visit answered the question when it says so, or, where it says nothing, when its person
    (its account, where no person is named) opens no ticket within 24 hours: before that time is over it does not count. A
    visit that ended in a ticket is not one, nor is a silent one of nobody known. By help channel, all tickets stand
    beside each. The variant `users` counts heads: those who used help per one who opened a ticket; whoever names no person
    counts as their account. Visits of nobody known are no heads that could be counted: they are told beside (`unnamed_visits`).
Sources
    "Ticket deflection" reports: 4 questions solved alone and 6 tickets are 40 %. Zendesk's self-service score: users of help
    per user with a ticket.
"""

from tenure.measure import flow
from tenure.metric import Better, Example, Interval, Metric, Unit, Variant

_WHOM = "coalesce('person ' || person_id, 'account ' || nullif(account_id, ''))"
_HEADS = f"count(DISTINCT {_WHOM})"

helped = flow("help", "count(*)", where="is_resolved AND known_at <= {now}", name="helped")
tickets = flow("cases", "count(*)", name="tickets")
unnamed = flow("help", "count(*)", where=f"{_WHOM} IS NULL", name="unnamed_visits")
help_users = flow("help", _HEADS, name="help_users", aside=unnamed)
ticket_users = flow("cases", _HEADS, name="ticket_users")

METRIC = Metric(
    title="Self-service",
    measure=helped / (helped + tickets),
    unit=Unit.SHARE,
    better=Better.UP,
    needs=("help_sessions", "tickets"),
    interval=Interval.WILSON,
    aliases=("ticket_deflection_rate", "deflection_rate"),
    variants={"users": Variant("Help users per ticket user", help_users / ticket_users, unit=Unit.RATIO)},
    examples=(
        Example(
            "Four questions solved alone, six tickets",
            {
                "help_sessions": """
                    session_id,account_id,happened_at,channel,resolved
                    {1..4} h#,a#,2024-03-05T10:00:00Z,articles,true
                    h5,a5,2024-03-05T10:00:00Z,articles,false
                """,
                "tickets": """
                    ticket_id,account_id,created_at,status
                    {1..6} t#,a#,2024-03-06T10:00:00Z,open
                """,
            },
            expect=0.4,
            source="https://ticketboard.cc/guides/zendesk-ticket-deflection-report/",
        ),
        Example(
            "Silent visits: one with a ticket the same day, one with a ticket a day later, one without",
            {
                "help_sessions": """
                    session_id,account_id,person_id,happened_at,channel,resolved
                    h1,a1,p1,2024-03-05T10:00:00Z,articles,
                    h2,a1,p2,2024-03-05T10:00:00Z,articles,
                    h3,a1,p3,2024-03-05T10:00:00Z,bot,
                """,
                "tickets": """
                    ticket_id,account_id,person_id,created_at
                    t1,a1,p1,2024-03-06T09:59:59Z
                    t2,a1,p2,2024-03-06T10:00:00Z
                """,
            },
            expect=0.5,
        ),
        Example(
            "Three looked for help, two of them and another one asked",
            {
                "help_sessions": """
                    session_id,account_id,person_id,happened_at,channel
                    {1..3} h#,a1,p#,2024-03-05T10:00:00Z,articles
                    h4,a1,p1,2024-03-06T10:00:00Z,bot
                """,
                "tickets": """
                    ticket_id,account_id,person_id,created_at
                    {1..2} t#,a1,p#,2024-03-05T11:00:00Z
                    {3..4} t#,a2,,2024-03-05T11:00:00Z
                """,
            },
            expect=1,
            variant="users",
        ),
    ),
)
