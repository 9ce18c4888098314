"""The ready mappings: small tables as connectors write them become the rows that the canonical tables should have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from tenure.engines import COMPILED
from tenure.engines.mappings import mapping, names
from tenure.errors import UnknownNameError
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

WRITTEN = ("_fivetran_synced", "_airbyte_extracted_at")
NIGHT = "TIMESTAMP '2026-03-02 04:00:00'"


def mapped(name: str, tables: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """What a mapping makes of a connector's tables, given as statements; sorted, without what is empty."""
    with duckdb.connect() as con:
        con.execute("SET timezone = 'UTC'")
        con.execute("CREATE SCHEMA theirs")
        for table, select in tables.items():
            con.execute(f'CREATE TABLE theirs."{table}" AS {select}')
        found = {}
        for table, select in mapping(f"{name}:theirs", "duckdb").items():
            if not {t.name for t in sqlglot.parse_one(select, read="duckdb").find_all(exp.Table) if t.db} <= set(
                tables
            ):
                continue
            rows = con.sql(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ({select})")
            told = [dict(zip(rows.columns, row, strict=True)) for row in rows.fetchall()]
            found[table] = sorted(
                ({k: v for k, v in row.items() if v is not None and k not in WRITTEN} for row in told), key=repr
            )
    return found


@pytest.mark.parametrize("name", names())
def test_every_mapping_fits_the_canonical_tables_in_every_dialect(name: str) -> None:
    for dialect in ("duckdb", "postgres", "spark", "clickhouse", *COMPILED):
        for table, select in mapping(name, dialect).items():
            root = sqlglot.parse_one(select, read=dialect)
            assert isinstance(root, exp.Query)
            given = set(root.named_selects)
            known = {column.name for column in TABLES[table].columns}
            assert given <= known | set(WRITTEN), (dialect, table)
            assert {c.name for c in TABLES[table].columns if c.required} <= given, (dialect, table)
            assert given & set(WRITTEN), (dialect, table)


def test_a_mapping_that_is_not_there() -> None:
    with pytest.raises(
        UnknownNameError, match=r"'fivetran_strip' is not a mapping .* Did you mean 'fivetran_stripe'\?"
    ):
        mapping("fivetran_strip", "postgres")


def test_the_schema_of_a_connector_can_be_another() -> None:
    assert "FROM stripe.customer" in mapping("fivetran_stripe", "postgres")["accounts"]
    assert "FROM billing.customer" in mapping("fivetran_stripe:billing", "postgres")["accounts"]


STRIPE = {
    "customer": f"""
        SELECT 'cus_1' AS id, CAST(NULL AS VARCHAR) AS name, 'Miller, bakers' AS description,
            'm@example.com' AS email, TIMESTAMP '2025-01-01' AS created,
            'eur' AS currency, TRUE AS livemode, {NIGHT} AS _fivetran_synced
        UNION ALL SELECT 'cus_2', 'Trying out', NULL, NULL, TIMESTAMP '2025-02-01', NULL, FALSE, {NIGHT}""",
    "product": "SELECT 'prod_1' AS id, 'Bread' AS name",
    "plan": f"""
        SELECT 'month' AS id, 'prod_1' AS product_id, CAST(NULL AS VARCHAR) AS nickname, 4900 AS amount,
            'eur' AS currency, 'month' AS "interval",
            1 AS interval_count, 'licensed' AS usage_type, {NIGHT} AS _fivetran_synced
        UNION ALL SELECT 'yen', NULL, 'In Japan', 5000, 'jpy', 'year', 1, 'metered', {NIGHT}""",
    # Tried for two weeks, then paid, then asked to end with the paid month; the second one never paid.
    "subscription_history": f"""
        SELECT 'sub_1' AS id, 'cus_1' AS customer_id, TRUE AS _fivetran_active, 'active' AS status,
            TIMESTAMP '2025-01-01' AS created,
            TIMESTAMP '2025-01-01' AS start_date, TIMESTAMP '2025-01-01' AS trial_start, TIMESTAMP '2025-01-15' AS trial_end,
            TIMESTAMP '2025-03-20' AS canceled_at, TRUE AS cancel_at_period_end, CAST(NULL AS TIMESTAMP) AS cancel_at,
            CAST(NULL AS TIMESTAMP) AS ended_at, TIMESTAMP '2025-04-15' AS current_period_end, {NIGHT} AS _fivetran_synced
        UNION ALL SELECT 'sub_1', 'cus_1', FALSE, 'trialing', TIMESTAMP '2025-01-01', TIMESTAMP '2025-01-01', NULL,
            NULL, NULL, FALSE, NULL,
            NULL, NULL, {NIGHT}
        UNION ALL SELECT 'sub_2', 'cus_1', TRUE, 'incomplete_expired', TIMESTAMP '2025-02-01', NULL, NULL, NULL,
            NULL, FALSE, NULL, NULL,
            NULL, {NIGHT}
        UNION ALL SELECT 'sub_3', 'cus_1', TRUE, 'past_due', TIMESTAMP '2025-02-01', NULL, NULL, NULL, NULL, FALSE,
            NULL, NULL,
            TIMESTAMP '2026-02-01', {NIGHT}""",
    "subscription_item": f"""
        SELECT 'si_1' AS id, 'sub_1' AS subscription_id, 'month' AS plan_id, 3 AS quantity,
            TIMESTAMP '2025-01-01' AS created,
            {NIGHT} AS _fivetran_synced
        UNION ALL SELECT 'si_3', 'sub_3', 'yen', NULL, NULL, {NIGHT}
        UNION ALL SELECT 'si_2', 'sub_2', 'month', 1, TIMESTAMP '2025-02-01', {NIGHT}""",
    "invoice": "SELECT 'in_1' AS id, 17493 AS total, 2793 AS tax, 'sub_1' AS subscription_id",
    "charge": f"""
        SELECT 'ch_1' AS id, 'cus_1' AS customer_id, TIMESTAMP '2025-01-15' AS created, 17493 AS amount, 'eur' AS currency,
            'succeeded' AS status, TRUE AS captured, 'in_1' AS invoice_id, {NIGHT} AS _fivetran_synced
        UNION ALL SELECT 'ch_2', 'cus_1', TIMESTAMP '2025-01-16', 5000, 'jpy', 'succeeded', TRUE, NULL, {NIGHT}
        UNION ALL SELECT 'ch_3', 'cus_1', TIMESTAMP '2025-01-17', 1234567, 'kwd', 'succeeded', TRUE, NULL, {NIGHT}
        UNION ALL SELECT 'ch_4', 'cus_1', TIMESTAMP '2025-01-18', 999, 'eur', 'failed', FALSE, NULL, {NIGHT}
        UNION ALL SELECT 'ch_5', NULL, TIMESTAMP '2025-01-19', 999, 'eur', 'succeeded', TRUE, NULL, {NIGHT}""",
    "refund": f"""
        SELECT 're_1' AS id, 'ch_1' AS charge_id, TIMESTAMP '2025-01-20' AS created, 1005 AS amount, 'eur' AS currency,
            'succeeded' AS status, {NIGHT} AS _fivetran_synced""",
}


def test_stripe_by_fivetran() -> None:
    found = mapped("fivetran_stripe", STRIPE)
    assert found["accounts"] == [
        {
            "account_id": "cus_1",
            "name": "Miller, bakers",
            "created_at": "2025-01-01 00:00:00",
            "currency": "EUR",
            "is_test": "false",
        },
        {"account_id": "cus_2", "name": "Trying out", "created_at": "2025-02-01 00:00:00", "is_test": "true"},
    ]
    assert [(row["plan"], row["product"], row["is_metered"]) for row in found["plans"]] == [
        ("month", "Bread", "false"),
        ("yen", "In Japan", "true"),
    ]
    assert [
        (row["subscription_id"], row.get("cancel_requested_at"), row.get("ends_at")) for row in found["subscriptions"]
    ] == [
        ("sub_1", "2025-03-20 00:00:00", "2025-04-15 00:00:00"),
        ("sub_3", None, None),
    ]
    keys = ("item_id", "state", "starts_at", "ends_at", "quantity", "unit_amount", "billing_interval", "currency")
    assert [tuple(row.get(key) for key in keys) for row in found["subscription_periods"]] == [
        ("si_1", "trial", "2025-01-01 00:00:00", "2025-01-15 00:00:00", "3.0000", "49.0000", "month", "EUR"),
        ("si_1", "active", "2025-01-15 00:00:00", "2025-04-15 00:00:00", "3.0000", "49.0000", "month", "EUR"),
        ("si_3", "past_due", "2025-02-01 00:00:00", None, "1.0000", "5000.0000", "year", "JPY"),
    ]
    assert [
        tuple(row.get(key) for key in ("transaction_id", "kind", "amount", "currency", "is_recurring"))
        for row in found["transactions"]
    ] == [
        ("ch_1", "charge", "147.0000", "EUR", "true"),
        ("ch_2", "charge", "5000.0000", "JPY", "false"),
        ("ch_3", "charge", "1234.5670", "KWD", "false"),
        ("re_1", "refund", "10.0500", "EUR", "true"),
    ]


def test_stripe_by_airbyte() -> None:
    """The same company as it is told in seconds and JSON; 1735689600 is the beginning of 2025."""
    night = f"{NIGHT} AS _airbyte_extracted_at"
    found = mapped(
        "airbyte_stripe",
        {
            "customers": f"SELECT 'cus_1' AS id, 'Miller' AS name, CAST(NULL AS VARCHAR) AS description, "
            f"CAST(NULL AS VARCHAR) AS email, 1735689600 AS created, 'eur' AS currency, TRUE AS livemode, {night}",
            "products": "SELECT 'prod_1' AS id, 'Bread' AS name",
            "plans": f"SELECT 'month' AS id, 'prod_1' AS product, CAST(NULL AS VARCHAR) AS nickname, 4900 AS amount, "
            f"'eur' AS currency, 'month' AS \"interval\", 1 AS interval_count, 'licensed' AS usage_type, {night}",
            "subscriptions": f"SELECT 'sub_1' AS id, 'cus_1' AS customer, 'active' AS status, 1735689600 AS created, "
            f"1735689600 AS start_date, 1735689600 AS trial_start, 1736899200.0 AS trial_end, "
            f"CAST(NULL AS BIGINT) AS canceled_at, FALSE AS cancel_at_period_end, CAST(NULL AS BIGINT) AS cancel_at, "
            f"CAST(NULL AS BIGINT) AS ended_at, 1741996800 AS current_period_end, {night}",
            "subscription_items": f"SELECT 'si_1' AS id, 'sub_1' AS subscription, '{{\"id\": \"month\"}}' AS plan, "
            f"3 AS quantity, 1735689600 AS created, {night}",
        },
    )
    assert found["accounts"][0]["created_at"].startswith("2025-01-01 00:00:00")
    assert [
        (row["state"], row["starts_at"][:10], row.get("ends_at", "")[:10], row["unit_amount"], row["plan"])
        for row in found["subscription_periods"]
    ] == [
        ("trial", "2025-01-01", "2025-01-15", "49.0000", "month"),
        ("active", "2025-01-15", "", "49.0000", "month"),
    ]


def test_zendesk_by_fivetran() -> None:
    """A ticket is asked, assigned, answered and solved in one step, and opened again; the organization has another id elsewhere."""
    found = mapped(
        "fivetran_zendesk",
        {
            "organization": "SELECT 9 AS id, 'cus_1' AS external_id UNION ALL SELECT 8, NULL",
            "user": f"""SELECT 1 AS id, 9 AS organization_id, 'a@example.com' AS email, 'A' AS name,
                    'end-user' AS role, TIMESTAMP '2025-01-01' AS created_at,
                    'de-CH' AS locale, {NIGHT} AS _fivetran_synced
                UNION ALL SELECT 2, 8, NULL, 'B', 'agent', TIMESTAMP '2025-01-01', NULL, {NIGHT}""",
            "ticket": f"""SELECT 70 AS id, 9 AS organization_id, 1 AS requester_id,
                    TIMESTAMP '2025-02-01 09:00:00' AS created_at, 'email' AS via_channel,
                    'problem' AS type, 'high' AS priority, 'open' AS status, 'It smokes' AS subject,
                        'Much' AS description, {NIGHT} AS _fivetran_synced
                UNION ALL SELECT 71, 8, 1, TIMESTAMP '2025-02-01', 'web', NULL, NULL, 'deleted', NULL, NULL, {NIGHT}""",
            "ticket_comment": f"""SELECT 500 AS id, 70 AS ticket_id, TIMESTAMP '2025-02-01 09:00:00' AS created,
                    TRUE AS public, 1 AS user_id, {NIGHT} AS _fivetran_synced
                UNION ALL SELECT 501, 70, TIMESTAMP '2025-02-01 10:00:00', TRUE, 2, {NIGHT}
                UNION ALL SELECT 502, 70, TIMESTAMP '2025-02-01 09:30:00', FALSE, 2, {NIGHT}""",
            "ticket_field_history": f"""SELECT 'status' AS field_name, 70 AS ticket_id,
                    TIMESTAMP '2025-02-01 09:00:00' AS updated, 1 AS user_id, 'new' AS value, {NIGHT} AS _fivetran_synced
                UNION ALL SELECT 'status', 70, TIMESTAMP '2025-02-01 10:00:00', 2, 'solved', {NIGHT}
                UNION ALL SELECT 'status', 70, TIMESTAMP '2025-02-02 08:00:00', NULL, 'open', {NIGHT}
                UNION ALL SELECT 'assignee_id', 70, TIMESTAMP '2025-02-01 10:00:00', 2, '2', {NIGHT}
                UNION ALL SELECT 'priority', 70, TIMESTAMP '2025-02-01 10:00:00', 2, 'high', {NIGHT}""",
        },
    )
    assert [
        (row["person_id"], row.get("account_id"), row["is_internal"], row.get("locale")) for row in found["people"]
    ] == [
        ("1", "cus_1", "false", "de_CH"),
        ("2", "8", "true", None),
    ]
    assert [(row["ticket_id"], row["account_id"], row["topic"]) for row in found["tickets"]] == [
        ("70", "cus_1", "problem")
    ]
    steps = sorted(found["ticket_events"], key=lambda row: int(row["seq"]))
    assert [(row["kind"], row["actor"], row.get("from_status"), row.get("to_status")) for row in steps] == [
        ("reply", "customer", None, None),
        ("status", "customer", None, "new"),
        ("note", "agent", None, None),
        ("assign", "agent", None, None),
        ("reply", "agent", None, None),
        ("status", "agent", "new", "solved"),
        ("status", "system", "solved", "open"),
    ]


def test_hubspot_by_fivetran() -> None:
    synced = f"{NIGHT} AS _fivetran_synced"
    found = mapped(
        "fivetran_hubspot",
        {
            "company": f"SELECT 1 AS id, FALSE AS is_deleted, 'Miller' AS property_name, "
            f"TIMESTAMP '2025-01-01' AS property_createdate, {synced}"
            f" UNION ALL SELECT 2, TRUE, 'Gone', TIMESTAMP '2025-01-01', {NIGHT}",
            "deal": "SELECT 5 AS deal_id, FALSE AS is_deleted, 'won' AS deal_pipeline_stage_id, "
            "TIMESTAMP '2025-02-01' AS property_closedate"
            " UNION ALL SELECT 6, FALSE, 'lost', TIMESTAMP '2025-01-05'",
            "deal_company": "SELECT 1 AS company_id, 5 AS deal_id UNION ALL SELECT 1, 6",
            "deal_pipeline_stage": "SELECT 'won' AS stage_id, TRUE AS closed_won UNION ALL SELECT 'lost', FALSE",
            "contact": f"SELECT 3 AS id, FALSE AS _fivetran_deleted, 'a@example.com' AS property_email, "
            f"'Ada' AS property_firstname, CAST(NULL AS VARCHAR) AS property_lastname,"
            f" 'Baker' AS property_jobtitle, TIMESTAMP '2025-01-01' AS property_createdate, {synced}",
            "ticket": f"SELECT 7 AS id, FALSE AS is_deleted, TIMESTAMP '2025-03-02' AS property_closed_date, "
            f"TIMESTAMP '2025-03-01' AS property_createdate,"
            f" TIMESTAMP '2025-03-01 01:00:00' AS property_first_agent_reply_date, "
            f"'oven' AS property_hs_ticket_category, CAST(NULL AS VARCHAR) AS property_hs_ticket_priority,"
            f" 'Cold' AS property_subject, CAST(NULL AS VARCHAR) AS property_content, {synced}",
            "ticket_company": "SELECT 7 AS ticket_id, 4 AS company_id UNION ALL SELECT 7, 1",
            "ticket_contact": "SELECT 7 AS ticket_id, 3 AS contact_id",
            "engagement_call": f"SELECT 90 AS engagement_id, FALSE AS _fivetran_deleted, "
            f"TIMESTAMP '2025-04-01' AS property_hs_timestamp, {synced}",
            "engagement_email": f"SELECT 91 AS engagement_id, TRUE AS _fivetran_deleted, "
            f"TIMESTAMP '2025-04-02' AS property_hs_timestamp, {synced}",
            "engagement_meeting": f"SELECT 92 AS engagement_id, TIMESTAMP '2025-04-03' AS start_time, {synced}",
            "engagement_company": "SELECT 1 AS company_id, 90 AS engagement_id UNION ALL SELECT 1, "
            "92 UNION ALL SELECT 4, 92",
        },
    )
    assert found["accounts"] == [
        {
            "account_id": "1",
            "name": "Miller",
            "created_at": "2025-01-01 00:00:00",
            "sale_closed_at": "2025-02-01 00:00:00",
        }
    ]
    assert found["people"][0]["name"] == "Ada"
    assert [
        (r["ticket_id"], r["account_id"], r["person_id"], r["status"], r["first_reply_at"]) for r in found["tickets"]
    ] == [("7", "1", "3", "closed", "2025-03-01 01:00:00")]
    assert [(r["touch_id"], r["account_id"], r["kind"]) for r in found["touches"]] == [
        ("90/1", "1", "call"),
        ("92/1", "1", "meeting"),
        ("92/4", "4", "meeting"),
    ]


def test_salesforce_by_fivetran() -> None:
    synced = f"{NIGHT} AS _fivetran_synced"
    found = mapped(
        "fivetran_salesforce",
        {
            "account": f"SELECT '001' AS id, 'Miller' AS name, '000' AS parent_id, 'Web' AS account_source, "
            f"FALSE AS is_deleted, {synced}",
            "opportunity": "SELECT '001' AS account_id, TIMESTAMP '2025-02-01' AS close_date, TRUE AS is_won, "
            "FALSE AS is_deleted"
            " UNION ALL SELECT '001', TIMESTAMP '2025-01-01', FALSE, FALSE",
            "contact": f"SELECT '003' AS id, '001' AS account_id, 'a@example.com' AS email, 'Ada' AS name, "
            f"'Baker' AS title, TIMESTAMP '2025-01-01' AS created_date,"
            f" FALSE AS is_deleted, {synced}",
            "event": f"SELECT '00U' AS id, '001' AS account_id, '003' AS who_id, "
            f"TIMESTAMP '2025-04-01' AS start_date_time, 'Call' AS type, 'Hello' AS subject,"
            f" FALSE AS is_deleted, {synced}",
            "task": f"SELECT '00T' AS id, '001' AS account_id, '003' AS who_id, "
            f"TIMESTAMP '2025-04-02' AS completed_date_time, TIMESTAMP '2025-04-01' AS activity_date,"
            f" 'Email' AS task_subtype, 'Offer' AS subject, TRUE AS is_closed, FALSE AS is_deleted, {synced}"
            f" UNION ALL SELECT '00S', '001', NULL, NULL, TIMESTAMP '2025-04-01', 'Task', 'Think', TRUE, FALSE, {NIGHT}",
        },
    )
    assert found["accounts"] == [
        {
            "account_id": "001",
            "name": "Miller",
            "parent_account_id": "000",
            "sale_closed_at": "2025-02-01 00:00:00",
            "channel": "Web",
        }
    ]
    assert [(r["touch_id"], r["kind"], r["happened_at"]) for r in found["touches"]] == [
        ("00T", "email", "2025-04-02 00:00:00"),
        ("00U", "call", "2025-04-01 00:00:00"),
    ]


def test_recurly_by_fivetran() -> None:
    """Of each history the latest state; a trial of ten days, then nine euros for each three months."""
    synced = f"{NIGHT} AS _fivetran_synced"
    found = mapped(
        "fivetran_recurly",
        {
            "account_history": f"SELECT 'a' AS id, TIMESTAMP '2025-01-01' AS created_at, "
            f"TIMESTAMP '2025-01-01' AS updated_at, CAST(NULL AS TIMESTAMP) AS deleted_at, 'code' AS code,"
            f" CAST(NULL AS VARCHAR) AS company, {synced} UNION ALL SELECT 'a', TIMESTAMP '2025-01-01', "
            f"TIMESTAMP '2025-02-01', NULL, 'code', 'Miller', {NIGHT}",
            "plan_history": f"SELECT 'p' AS id, TIMESTAMP '2025-01-01' AS updated_at, 'Small' AS name, "
            f"'months' AS interval_unit, 3 AS interval_length, {synced}",
            "subscription_history": f"SELECT 's' AS id, 'a' AS account_id, 'p' AS plan_id, "
            f"TIMESTAMP '2025-01-01' AS created_at, TIMESTAMP '2025-05-01' AS updated_at,"
            f" TIMESTAMP '2025-01-01' AS activated_at, TIMESTAMP '2025-01-01' AS trial_started_at, "
            f"TIMESTAMP '2025-01-11' AS trial_ends_at,"
            f" TIMESTAMP '2025-04-01' AS canceled_at, TIMESTAMP '2025-04-11' AS expires_at, "
            f"'nonpayment' AS expiration_reason, 'expired' AS state,"
            f" 9.0 AS subtotal, 'eur' AS currency, {synced}",
            "transaction": f"SELECT 't' AS id, 'a' AS account_id, TIMESTAMP '2025-01-11' AS created_at, "
            f"CAST(NULL AS TIMESTAMP) AS collected_at, CAST(NULL AS TIMESTAMP) AS voided_at, 'purchase' AS type,"
            f" 9.0 AS amount, 'EUR' AS currency, TRUE AS success, {synced}",
        },
    )
    assert [row["name"] for row in found["accounts"]] == ["Miller"]
    assert [(r["end_kind"], r["ends_at"]) for r in found["subscriptions"]] == [("involuntary", "2025-04-11 00:00:00")]
    keys = ("state", "starts_at", "ends_at", "unit_amount", "billing_interval", "interval_count", "currency")
    assert [tuple(row[key] for key in keys) for row in found["subscription_periods"]] == [
        ("trial", "2025-01-01 00:00:00", "2025-01-11 00:00:00", "9.0000", "month", "3", "EUR"),
        ("active", "2025-01-11 00:00:00", "2025-04-11 00:00:00", "9.0000", "month", "3", "EUR"),
    ]
    assert [(r["kind"], r["amount"], r["happened_at"]) for r in found["transactions"]] == [
        ("charge", "9.0000", "2025-01-11 00:00:00")
    ]


def test_amplitude_by_fivetran() -> None:
    found = mapped(
        "fivetran_amplitude",
        {
            "event": f"SELECT 'u-1' AS uuid, 'a@example.com' AS user_id, "
            f"TIMESTAMP '2025-01-01 10:00:00' AS event_time, TIMESTAMP '2025-01-01 10:00:01' AS server_received_time,"
            f" 'opened' AS event_type, -1 AS session_id, {NIGHT} AS _fivetran_synced UNION ALL SELECT 'u-2', NULL, "
            f"TIMESTAMP '2025-01-01', NULL, 'seen', 5, {NIGHT}",
        },
    )
    assert found["events"] == [
        {
            "event_id": "u-1",
            "person_id": "a@example.com",
            "happened_at": "2025-01-01 10:00:00",
            "received_at": "2025-01-01 10:00:01",
            "name": "opened",
        }
    ]
