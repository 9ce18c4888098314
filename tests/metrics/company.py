"""A small company in which everything happens once, in the first four months of 2024, and nothing after."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from worked.cases import expanded

if TYPE_CHECKING:
    from collections.abc import Mapping

    import tenure

NOW = "2024-09-15T10:30:00Z"
# a1 to a6 stay; a7 takes more seats, a8 fewer, a9 another plan; a10 leaves, a11 is cut off, a12 returns; a13 pauses,
# a14 tries, a15 gave notice and left, a16 pays in euros, a17 joins in March, a18 pays nothing for its first month.
COMPANY = {
    "accounts": """
        account_id,region,channel
        {1..9} a#,north,ads
        {10..14} a#,south,
        {15..18} a#,,friends
    """,
    "plans": """
        plan,product
        basic,app
        pro,app
    """,
    "subscriptions": """
        subscription_id,account_id,cancel_requested_at,end_kind,end_reason
        s10,a10,,voluntary,price
        s11,a11,,involuntary,card
        s15,a15,2024-02-20,voluntary,
    """,
    "subscription_periods": """
        subscription_id,account_id,plan,starts_at,ends_at,state,quantity,unit_amount,currency,discount_percent
        {1..6} s#,a#,basic,2024-01-03,,active,1,20,USD,
        s7,a7,basic,2024-01-03,2024-02-10,active,1,20,USD,
        s7,a7,basic,2024-02-10,,active,4,20,USD,
        s8,a8,pro,2024-01-03,2024-03-15,active,5,50,USD,
        s8,a8,pro,2024-03-15,,active,3,50,USD,
        s9,a9,basic,2024-01-03,2024-03-10,active,1,20,USD,
        s9,a9,pro,2024-03-10,,active,1,50,USD,
        s10,a10,pro,2024-01-03,2024-03-12,active,1,50,USD,
        s11,a11,basic,2024-01-03,2024-03-13,active,1,20,USD,
        s12,a12,basic,2024-01-03,2024-02-01,active,1,20,USD,
        t12,a12,pro,2024-03-20,,active,1,50,USD,
        s13,a13,,2024-01-03,2024-03-05,active,1,30,USD,
        s13,a13,,2024-03-05,2024-04-05,paused,1,30,USD,
        s13,a13,,2024-04-05,,active,1,30,USD,
        s14,a14,basic,2024-03-20,2024-04-03,trial,1,20,USD,
        s15,a15,pro,2024-01-03,2024-04-10,active,1,50,USD,
        s16,a16,pro,2024-01-03,,active,1,40,EUR,10
        s17,a17,basic,2024-03-08,,active,1,20,USD,
        s18,a18,basic,2024-02-01,2024-03-01,active,1,20,USD,100
        s18,a18,basic,2024-03-01,,active,1,20,USD,
    """,
    "fx_rates": """
        day,currency,rate
        2024-01-01,EUR,1.10
        2024-03-15,EUR,1.20
    """,
    # Each of a1 to a6 asks once in January and once in March; t7 is opened again, t8 is open, t9 was opened by an agent.
    "tickets": """
        ticket_id,account_id,person_id,created_at,channel,topic,feature,priority,status,first_reply_at,first_solved_at,solved_at,reopens,agent_replies,customer_replies,sla_due_at,is_avoidable,first_contact_resolved
        {1..6} t#,a#,p#,2024-01-08T10:00:00Z,email,billing,invoices,low,closed,2024-01-08T10:40:00Z,2024-01-09T09:00:00Z,2024-01-09T09:00:00Z,0,1,0,2024-01-10T10:00:00Z,true,true
        {1..6} u#,a#,p#,2024-03-09T23:30:00Z,chat,bug,reports,,solved,2024-03-10T01:30:00Z,2024-03-12T12:00:00Z,2024-03-12T12:00:00Z,,2,1,2024-03-11T10:00:00Z,false,false
        t7,a7,,2024-02-05T10:00:00Z,email,bug,,high,closed,,,,,,,2024-02-06T10:00:00Z,,
        t8,a10,p10,2024-03-10T02:10:00Z,,,,,open,,,,,,,,,
        t9,a8,,2024-02-20T10:00:00Z,phone,billing,,,closed,,,,,,,,true,
    """,
    "ticket_events": """
        ticket_id,seq,happened_at,kind,actor,to_status
        t7,1,2024-02-05T10:00:01Z,reply,bot,
        t7,2,2024-02-05T11:00:00Z,reply,agent,
        t7,3,2024-02-05T12:00:00Z,status,agent,solved
        t7,4,2024-03-08T12:00:00Z,status,customer,open
        t7,5,2024-03-09T23:00:00Z,status,agent,solved
        t9,1,2024-02-20T10:00:00Z,reply,agent,
        t9,2,2024-02-20T10:05:00Z,status,agent,closed
    """,
    "help_sessions": """
        session_id,account_id,person_id,happened_at,channel,resolved,ticket_id
        {1..4} h#,a#,p#,2024-03-09T22:15:00Z,articles,true,
        h5,a5,p5,2024-03-09T22:15:00Z,bot,,
        h6,a9,,2024-03-10T01:00:00Z,webinar,,
        h7,a10,p10,2024-03-10T02:00:00Z,articles,,t8
    """,
}


def load(store: tenure.Store, tables: Mapping[str, str]) -> None:
    """Loads CSV text by table, its `{1..5} s#,a#` lines written out; every row must be good."""
    with TemporaryDirectory() as folder:
        for name, text in tables.items():
            (Path(folder) / f"{name}.csv").write_text(expanded(cleandoc(text)), encoding="utf-8")
        done = store.load(folder)
    assert done.rows_in == done.accepted, list(store.quarantined())
