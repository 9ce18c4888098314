"""A customer known all round, small enough to compute by hand: Alpha, which was old1 once, and those around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tenure
from library.company import write
from tenure.config import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from tenure.account import Account

NOW = "2024-04-01"
TABLES = {
    "accounts": """
        account_id,name,created_at,sale_closed_at,first_value_at,channel,is_test,parent_account_id,Company Size
        a1,Alpha,2024-01-02,2024-01-10,2024-01-15,paid,false,,small
        old1,,2024-01-05,,,,false,,
        b2,Beta,2024-02-10,,,referral,false,a1,
        b3,Beta,2024-02-11,,,,false,,
        t1,Trial run,2024-01-01,,,,true,,
        x1,Excluded,2024-01-01,,,,false,,
    """,
    "account_links": """
        account_id,same_as,kind
        old1,a1,migration
    """,
    "exclusions": """
        table_name,id,reason
        accounts,x1,asked for
    """,
    "account_attributes": """
        account_id,name,value,valid_from
        a1,care,pooled,2024-01-02
        a1,care,named,2024-03-01
        a1,care,none,2024-05-01
    """,
    "people": """
        person_id,account_id,email,name,role,created_at,is_internal
        p1,a1,ada@alpha.example,Ada,owner,2024-01-02,false
        p2,old1,ben@alpha.example,,member,2024-01-05,false
        p3,a1,us@house.example,Uma,support,2024-01-05,true
    """,
    "plans": """
        plan,product
        basic,desk
        pro,desk
    """,
    "subscription_periods": """
        subscription_id,account_id,plan,starts_at,ends_at,quantity,unit_amount,discount_percent,currency,change_reason,state
        s1,a1,basic,2024-01-10,2024-03-10,2,50,,EUR,,active
        s1,a1,pro,2024-03-10,2024-06-10,2,80,10,EUR,upgrade,active
        s9,old1,addon,2024-02-01,,1,40,,USD,addon,active
        s2,b2,basic,2024-02-20,2024-03-20,1,50,,EUR,,active
        t1,t1,basic,2024-01-01,,1,50,,EUR,,active
    """,
    "subscriptions": """
        subscription_id,account_id,cancel_requested_at,ends_at,end_kind,end_reason
        s1,a1,2024-03-25,2024-06-10,voluntary,budget
        s2,b2,,2024-03-20,voluntary,price
    """,
    "fx_rates": """
        day,currency,rate
        2024-01-01,USD,0.5
        2024-03-01,USD,0.75
    """,
    "transactions": """
        transaction_id,account_id,happened_at,kind,amount,currency
        x1,a1,2023-01-10,charge,10,EUR
        x2,a1,2024-01-10,charge,100,EUR
        x3,a1,2024-02-01,refund,20,EUR
        x4,old1,2024-03-05,charge,40,USD
        x5,a1,2024-04-01,charge,500,EUR
    """,
    "contracts": """
        contract_id,account_id,starts_on,ends_on,value,currency,outcome,decided_at,renewed_value,expansion_value
        c0,a1,2023-01-10,2024-01-10,1000,EUR,renewed,2024-01-05,1000,200
        c1,a1,2024-01-10,2024-07-10,1200,EUR,renewed,2024-07-01,1200,
    """,
    "events": """
        event_id,account_id,person_id,happened_at,name,feature,session_id,is_error
        e1,a1,p1,2024-02-20T10:00:00Z,used,boards,v1,false
        e2,a1,p2,2024-03-20T10:00:00Z,used,reports,v2,true
        e3,,p1,2024-03-30T10:00:00Z,used,boards,v3,false
        e4,a1,p3,2024-03-31T10:00:00Z,used,boards,v4,false
        e5,b2,,2024-03-01T10:00:00Z,used,exports,v5,false
        e6,a1,p1,2024-04-02T10:00:00Z,used,exports,v6,false
    """,
    "tickets": """
        ticket_id,account_id,person_id,created_at,topic,priority,first_reply_at,solved_at,status,subject
        k1,a1,p1,2024-03-01T09:00:00Z,bug,high,2024-03-01T10:00:00Z,2024-03-02T09:00:00Z,solved,It is slow
        k2,old1,p2,2024-03-20T09:00:00Z,how-to,low,2024-04-02T09:00:00Z,,open,
    """,
    "responses": """
        response_id,survey,account_id,person_id,sent_at,answered_at,score,comment
        r1,nps,a1,p1,2024-02-01,2024-02-02,9,Great
        r2,csat,a1,p2,2024-03-01,,,
        r3,csat,a1,p2,2024-03-28,2024-04-02,1,
    """,
    "feedback": """
        feedback_id,account_id,person_id,happened_at,origin,text
        f1,a1,p1,2024-02-15,call,More exports
    """,
    "touches": """
        touch_id,account_id,happened_at,kind,affinity,note
        h1,a1,2023-06-01,call,sad,
        h2,a1,2024-03-15,meeting,happy,Renewal
        h3,a1,2024-03-16,email,,
    """,
    "onboarding_steps": """
        account_id,person_id,step,position,is_required,shown_at,completed_at,skipped_at
        a1,,import,2,true,2024-01-11,,
        a1,,invite,1,true,2024-01-11,2024-01-12,
        a1,,tour,3,false,2024-01-11,,2024-01-13
    """,
    "goals": """
        goal_id,account_id,name,target,actual,unit,due_on,achieved_at
        g1,a1,leads,10,12,leads,2024-03-01,2024-02-20
        g2,a1,bookings,10,5,,2024-03-15,
        g3,a1,reach,10,5,,2024-05-01,
        g4,a1,seats,5,5,,2024-02-01,2024-02-10
    """,
    "referrals": """
        referral_id,account_id,person_id,happened_at,kind,referred_account_id,converted_at,reward,currency
        q1,a1,p1,2024-02-10,referral,b2,2024-02-20,25,EUR
        q2,a1,,2024-03-05,review,,,,
    """,
}


def alpha(folder: Path, *left_out: str, **settings: object) -> tenure.Store:
    """A store in memory that holds all of it but the tables `left_out`."""
    store = tenure.open(":memory:", settings=Settings(currency="EUR", **settings))  # type: ignore[arg-type]
    store.load(write(folder, **{name: text for name, text in TABLES.items() if name not in left_out}))
    return store


def section(page: Account, name: str) -> dict[str, Any]:
    """A section of a page, which must be there."""
    found = page.sections[name]
    assert found is not None
    return dict(found)
