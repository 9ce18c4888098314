"""Conversations of Intercom, and tickets of Zendesk as Airbyte writes them, become tickets."""

from __future__ import annotations

from engines.test_mappings import NIGHT, mapped


def test_intercom_by_fivetran() -> None:
    """One is asked, handed on with an answer, closed with words, opened again; the company sent another one of its own accord."""
    active = f"TRUE AS _fivetran_active, {NIGHT} AS _fivetran_synced"
    parts = [
        ("11", "2025-02-01 09:05:00", "note", "admin", "'Known'"),
        ("12", "2025-02-01 09:10:00", "assignment", "admin", "'Try again'"),
        ("13", "2025-02-01 09:20:00", "comment", "user", "'Works'"),
        ("14", "2025-02-01 09:30:00", "close", "admin", "'Fine'"),
        ("15", "2025-02-02 08:00:00", "open", "user", "NULL"),
        ("16", "2025-02-02 08:01:00", "snoozed", "bot", "NULL"),
        ("17", "2025-02-02 08:02:00", "participant_added", "admin", "NULL"),
    ]
    told = " UNION ALL ".join(
        f"SELECT '{part}' AS id, 70 AS conversation_id, TIMESTAMP '{at}' AS created_at, '{kind}' AS part_type, '{who}' AS author_type,"
        f" CAST({body} AS VARCHAR) AS body, {active}"
        for part, at, kind, who, body in parts
    )
    found = mapped(
        "fivetran_intercom",
        {
            "company_history": f"SELECT 'c9' AS id, 'cus_1' AS company_id, 'Miller' AS name, TIMESTAMP '2025-01-02' AS created_at,"
            f" TIMESTAMP '2025-01-01' AS remote_created_at, {active}"
            f" UNION ALL SELECT 'c9', 'cus_1', 'Miler', TIMESTAMP '2025-01-02', NULL, FALSE, {NIGHT}",
            "contact_history": f"SELECT 'p1' AS id, 'a@example.com' AS email, 'Ada' AS name, 'user' AS role,"
            f" TIMESTAMP '2025-01-03' AS created_at, CAST(NULL AS TIMESTAMP) AS signed_up_at, {active}",
            "contact_company_history": f"SELECT 'p1' AS contact_id, 'c9' AS company_id, {active}",
            "conversation_contact_history": f"SELECT 70 AS conversation_id, 'p1' AS contact_id, {active}",
            "conversation_history": f"""SELECT 70 AS id, TIMESTAMP '2025-02-01 09:00:00' AS created_at, 'email' AS source_type,
                    'not_priority' AS priority, 'snoozed' AS state, 'Oven' AS source_subject, 'It smokes' AS source_body,
                    'customer_initiated' AS source_delivered_as, 'user' AS source_author_type, {active}
                UNION ALL SELECT 71, TIMESTAMP '2025-02-01', 'email', NULL, 'closed', 'News', 'New', 'automated', 'admin', TRUE, {NIGHT}""",
            "conversation_part_history": told,
        },
    )
    assert [(r["account_id"], r["name"], r["created_at"]) for r in found["accounts"]] == [
        ("cus_1", "Miller", "2025-01-01 00:00:00")
    ]
    assert [(r["person_id"], r["account_id"], r["role"]) for r in found["people"]] == [("p1", "cus_1", "user")]
    assert [(r["ticket_id"], r["account_id"], r["person_id"], r["channel"], r["status"]) for r in found["tickets"]] == [
        ("70", "cus_1", "p1", "email", "snoozed")
    ]
    steps = sorted((r for r in found["ticket_events"] if r["ticket_id"] == "70"), key=lambda r: int(r["seq"]))
    assert [(r["kind"], r["actor"], r["is_public"], r.get("from_status"), r.get("to_status")) for r in steps] == [
        ("reply", "customer", "true", None, None),
        ("note", "agent", "false", None, None),
        ("assign", "agent", "true", None, None),
        ("reply", "agent", "true", None, None),
        ("reply", "customer", "true", None, None),
        ("reply", "agent", "true", None, None),
        ("status", "agent", "true", "open", "closed"),
        ("status", "customer", "true", "closed", "open"),
        ("status", "bot", "true", "open", "snoozed"),
    ]


def test_zendesk_by_airbyte() -> None:
    """The second comment is the first public one of an agent."""
    night = f"{NIGHT} AS _airbyte_extracted_at"
    comments = ((1, 2, "09:10", "FALSE"), (2, 2, "09:20", "TRUE"), (3, 1, "09:05", "TRUE"))
    found = mapped(
        "airbyte_zendesk",
        {
            "organizations": "SELECT 9 AS id, 'cus_1' AS external_id UNION ALL SELECT 8, NULL",
            "users": f"SELECT 1 AS id, 9 AS organization_id, 'a@example.com' AS email, 'A' AS name, 'end-user' AS role,"
            f" TIMESTAMP '2025-01-01' AS created_at, 'de-CH' AS locale, {night}"
            f" UNION ALL SELECT 2, 8, NULL, 'B', 'agent', TIMESTAMP '2025-01-01', NULL, {NIGHT}",
            "tickets": f"SELECT 70 AS id, 9 AS organization_id, 1 AS requester_id, TIMESTAMP '2025-02-01 09:00:00' AS created_at,"
            f" 'problem' AS type, 'high' AS priority, 'solved' AS status, 'It smokes' AS subject, 'Much' AS description, {night}"
            f" UNION ALL SELECT 71, 8, 1, TIMESTAMP '2025-02-01', NULL, NULL, 'deleted', NULL, NULL, {NIGHT}",
            "ticket_comments": " UNION ALL ".join(
                f"SELECT {one} AS id, 70 AS ticket_id, {who} AS author_id, TIMESTAMP '2025-02-01 {at}:00' AS created_at, {public} AS public"
                for one, who, at, public in comments
            ),
            "ticket_metrics": f"SELECT 70 AS ticket_id, TIMESTAMP '2025-02-02' AS solved_at, 1 AS reopens, 1 AS replies,"
            f" 2 AS assignee_stations, {night}",
        },
    )
    assert [(r["person_id"], r["account_id"], r["is_internal"], r.get("locale")) for r in found["people"]] == [
        ("1", "cus_1", "false", "de_CH"),
        ("2", "8", "true", None),
    ]
    keys = ("ticket_id", "account_id", "first_reply_at", "solved_at", "reopens", "agent_replies", "assignees")
    assert [tuple(r[key] for key in keys) for r in found["tickets"]] == [
        ("70", "cus_1", "2025-02-01 09:20:00", "2025-02-02 00:00:00", "1", "1", "2")
    ]
