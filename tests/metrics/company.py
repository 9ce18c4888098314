"""A small company in which everything happens at least once, in the first four months of 2024, and nothing after."""

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
# a14 tries, a15 gave notice and left, a16 pays in euros, a17 tries and joins in March, a18 pays nothing for its first month.
COMPANY = {
    "accounts": """
        account_id,region,channel,created_at,sale_closed_at,first_value_at,launched_at
        {1..6} a#,north,ads,2024-01-01,2024-01-02,2024-01-1#,2024-01-2#
        {7..9} a#,north,ads,2024-01-01,2024-01-02,,2024-02-1#
        {10..14} a#,south,,2024-01-01,2024-01-02,2024-02-#,
        {15..18} a#,,friends,2024-01-01,,,
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
        s17,a17,basic,2024-03-01,2024-03-08,trial,1,20,USD,
        s17,a17,basic,2024-03-08,,active,1,20,USD,
        s18,a18,basic,2024-02-01,2024-03-01,active,1,20,USD,100
        s18,a18,basic,2024-03-01,,active,1,20,USD,
    """,
    "people": """
        person_id,account_id,role
        {1..3} p#,a#,admin
    """,
    "contracts": """
        contract_id,account_id,starts_on,ends_on,value,outcome,decided_at,renewed_value,expansion_value
        {1..3} k#,a#,2023-02-10,2024-02-10,240,renewed,2024-02-08,200,40
        k4,a4,2023-03-10,2024-03-10,240,lost,2024-03-08,,
        k5,a5,2023-03-20,2024-03-20,240,open,,,
        k6,a6,2023-12-01,2024-12-01,240,open,,,
        k7,a7,2023-08-20,2024-08-20,240,open,,,
    """,
    "transactions": """
        transaction_id,account_id,happened_at,kind,amount,is_recurring,order_id,currency
        {1..6} x#,a#,2024-01-05,charge,20,true,,
        {1..6} y#,a#,2024-02-05,charge,20,true,,
        {1..3} z#,a#,2024-03-05,charge,90,false,o#,
        w1,a1,2024-03-06,charge,10,false,o1,
        w2,a2,2024-03-20,refund,90,false,o2,
        w3,a16,2024-03-20,charge,40,false,,EUR
    """,
    "costs": """
        cost_id,from_date,to_date,bucket,amount,channel
        {1..4} g#,2024-0#-01,2024-0#-28,goods,60,
        {1..4} h#,2024-0#-01,2024-0#-28,acquisition,300,ads
        {1..4} i#,2024-0#-01,2024-0#-28,support,90,
        {1..4} j#,2024-0#-01,2024-0#-28,success,50,
    """,
    "events": """
        event_id,account_id,person_id,happened_at,name,feature,session_id,duration_s,is_error
        {1..6} e#,a#,p#,2024-02-29T23:50:00Z,login,,v#,10,
        {1..6} f#,a#,p#,2024-03-09T22:20:00Z,view,boards,w#,60,
        {1..3} g#,a#,p#,2024-03-09T23:20:00Z,view,exports,w#,90.5,
        {1..3} h#,a#,p#,2024-03-31T10:00:00Z,view,boards,x#,30,
        {1..2} i#,a#,p#,2024-03-31T12:00:00Z,save,exports,x#,,
        j9,a9,p9,2024-03-10T01:20:00Z,save,exports,w9,5,true
        j10,a10,,2024-03-10T02:20:00Z,sync,,,,
        j11,,,2024-03-11T02:20:00Z,sync,,,,
    """,
    "tickets": """
        ticket_id,account_id,person_id,created_at,channel,topic,feature,priority,status,sla_due_at,is_avoidable,first_contact_resolved
        {1..6} t#,a#,p#,2024-01-08T10:00:00Z,email,billing,invoices,low,closed,2024-01-10T10:00:00Z,true,true
        {1..6} u#,a#,p#,2024-03-09T23:30:00Z,chat,bug,reports,,solved,2024-03-11T10:00:00Z,false,false
        t7,a7,,2024-02-05T10:00:00Z,email,bug,,high,closed,2024-02-06T10:00:00Z,,
        t8,a10,p10,2024-03-10T02:10:00Z,,,,,open,,,
        t9,a8,,2024-02-20T10:00:00Z,phone,billing,,,closed,,true,
    """,
    "help_sessions": """
        session_id,account_id,person_id,happened_at,channel,resolved,ticket_id
        {1..4} h#,a#,p#,2024-03-09T22:15:00Z,articles,true,
        h5,a5,p5,2024-03-09T22:15:00Z,bot,,
        h6,a9,,2024-03-10T01:00:00Z,webinar,,
        h7,a10,p10,2024-03-10T02:00:00Z,articles,,t8
    """,
    "responses": """
        response_id,survey,survey_id,account_id,person_id,sent_at,answered_at,score,scale_min,scale_max,higher_is_better,touchpoint,comment
        {1..3} n#,nps,winter,a#,p#,2024-01-09T10:00:00Z,2024-01-10T10:00:00Z,9,,,,onboarding,
        {4..6} n#,nps,winter,a#,p#,2024-01-09T10:00:00Z,,,,,,onboarding,
        {1..2} o#,nps,spring,a#,p#,2024-03-08T10:00:00Z,2024-03-09T23:10:00Z,7,0,10,,,Fine so far
        o3,nps,spring,a3,p3,2024-03-08T10:00:00Z,2024-03-10T02:10:00Z,4,1,10,,,Slow
        o8,nps,spring,,p8,2024-03-08T10:00:00Z,2024-03-11T02:10:00Z,10,1,10,,,
        {1..3} c#,csat,care,a#,p#,2024-03-09T22:30:00Z,2024-03-09T23:30:00Z,#,,,,ticket,
        c4,csat,care,a9,p9,2024-02-09T22:30:00Z,2024-02-09T23:30:00Z,5,1,5,,ticket,
        {1..3} e#,ces,care,a#,p#,2024-03-09T22:30:00Z,2024-03-10T00:30:00Z,#,1,5,false,ticket,
        e4,ces,care,a9,p9,2024-02-09T22:30:00Z,2024-02-10T00:30:00Z,6,,,,ticket,
    """,
    "feedback": """
        feedback_id,account_id,person_id,happened_at,origin,text
        {1..3} f#,a#,p#,2024-01-20T10:00:00Z,email,Where is the export?
        f4,a10,,2024-03-09T22:20:00Z,churn,Too dear
        f5,,,2024-03-10T02:20:00Z,review,Does what it says
    """,
    "referrals": """
        referral_id,account_id,person_id,happened_at,kind,referred_account_id,converted_at
        {1..3} k#,a#,p#,2024-01-15T10:00:00Z,referral,z#,2024-02-01T10:00:00Z
        k4,a4,p4,2024-03-09T22:50:00Z,referral,a17,
        {5..6} k#,a#,,2024-02-15T10:00:00Z,review,,
        k7,a10,,2024-02-15T10:00:00Z,testimonial,,
    """,
    "onboarding_steps": """
        account_id,step,position,is_required,shown_at,started_at,completed_at
        {1..8} a#,invite,1,true,2024-01-04,2024-01-05,2024-01-06
        {1..6} a#,connect,2,true,2024-01-04,2024-01-07,2024-01-09
        {7..9} a#,connect,2,true,2024-01-04,,
        a17,invite,1,true,2024-03-09,2024-03-10,2024-03-11
    """,
    "touches": """
        touch_id,account_id,person_id,happened_at,kind,affinity
        {1..4} x#,a#,p#,2024-01-12T10:00:00Z,call,happy
        {1..2} y#,a#,p#,2024-03-09T22:40:00Z,training,
        y3,a17,,2024-03-09T22:40:00Z,webinar,
        y4,a4,p4,2024-03-10T01:40:00Z,meeting,sad
    """,
    "goals": """
        goal_id,account_id,name,target,actual,due_on,achieved_at
        {1..3} g#,a#,leads,100,120,2024-03-10,2024-03-09T10:00:00Z
        g4,a4,leads,100,90,2024-03-10,
        g5,a5,leads,100,100,2024-02-10,
    """,
    "fx_rates": """
        day,currency,rate
        2024-01-01,EUR,1.10
        2024-03-15,EUR,1.20
    """,
    "ticket_events": """
        ticket_id,seq,happened_at,kind,actor,to_status
        {1..6} t#,1,2024-01-08T10:40:00Z,reply,agent,
        {1..6} t#,2,2024-01-09T09:00:00Z,status,agent,solved
        {1..6} u#,1,2024-03-10T01:30:00Z,reply,agent,
        {1..6} u#,2,2024-03-10T03:30:00Z,reply,customer,
        {1..6} u#,3,2024-03-12T10:30:00Z,reply,agent,
        {1..6} u#,4,2024-03-12T12:00:00Z,status,agent,solved
        t7,1,2024-02-05T10:00:01Z,reply,bot,
        t7,2,2024-02-05T11:00:00Z,reply,agent,
        t7,3,2024-02-05T12:00:00Z,status,agent,solved
        t7,4,2024-03-08T12:00:00Z,status,customer,open
        t7,5,2024-03-09T23:00:00Z,status,agent,solved
        t9,1,2024-02-20T10:00:00Z,reply,agent,
        t9,2,2024-02-20T10:05:00Z,status,agent,closed
    """,
}


def load(store: tenure.Store, tables: Mapping[str, str]) -> None:
    """Loads CSV text by table, its `{1..5} s#,a#` lines written out; every row must be good."""
    with TemporaryDirectory() as folder:
        for name, text in tables.items():
            (Path(folder) / f"{name}.csv").write_text(expanded(cleandoc(text)), encoding="utf-8")
        done = store.load(folder)
    assert done.rows_in == done.accepted, list(store.quarantined())
