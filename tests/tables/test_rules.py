"""Rows as real exports have them, good and bad, against the row rules."""

from __future__ import annotations

import duckdb
import pytest

from tenure.tables import TABLES


def broken(table: str, row: dict[str, str]) -> list[str]:
    """The rules that a row breaks, its cells given as SQL literals; what is not given is empty."""
    columns = TABLES[table].columns
    cells = ", ".join(f"CAST({row.get(c.name, 'NULL')} AS {c.type.sql}) AS {c.name}" for c in columns)
    checks = ", ".join(f"CAST({c.holds} AS BOOLEAN)" for c in TABLES[table].checks)
    held = duckdb.sql(f"SELECT {checks} FROM (SELECT {cells})").fetchall()[0]
    return [c.rule for c, holds in zip(TABLES[table].checks, held, strict=True) if holds is False]


PERIOD = {"starts_at": "'2024-01-01'", "unit_amount": "50", "quantity": "1", "interval_count": "1", "state": "'active'"}


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({}, []),
        ({"ends_at": "'2024-01-01'"}, []),
        ({"ends_at": "'2023-12-31'"}, ["ends_at_not_before_starts_at"]),
        ({"ends_at": "'9999-12-31'"}, ["ends_at_likely"]),
        ({"starts_at": "'0001-01-01'"}, ["starts_at_likely"]),
        ({"unit_amount": "0"}, []),
        ({"unit_amount": "-50"}, ["unit_amount_not_negative"]),
        ({"unit_amount": "NULL"}, ["price_given"]),
        ({"unit_amount": "NULL", "mrr": "0"}, []),
        ({"mrr": "-1"}, ["mrr_not_negative"]),
        ({"mrr": "100000000000"}, ["mrr_below_limit"]),
        ({"quantity": "0"}, []),
        ({"quantity": "-2"}, ["quantity_not_negative"]),
        ({"quantity": "1000000000"}, ["quantity_below_limit"]),
        ({"unit_amount": "1000000", "quantity": "100000"}, ["price_below_limit"]),
        ({"unit_amount": "99999999999999.9999", "quantity": "99999999999999.9999"}, [
            "unit_amount_below_limit", "quantity_below_limit", "price_below_limit",
        ]),
        ({"interval_count": "0"}, ["interval_count_likely"]),
        ({"discount_percent": "100"}, []),
        ({"discount_percent": "100.5"}, ["discount_percent_likely"]),
        ({"discount_percent": "-5"}, ["discount_percent_likely"]),
        ({"discount_amount": "-5"}, ["discount_amount_not_negative"]),
    ],
)  # fmt: skip
def test_subscription_periods(changed: dict[str, str], rules: list[str]) -> None:
    assert broken("subscription_periods", PERIOD | changed) == rules


@pytest.mark.parametrize(
    ("table", "row", "rules"),
    [
        ("responses", {"survey": "'nps'", "answered_at": "'2024-01-01'", "score": "10"}, []),
        ("responses", {"survey": "'nps'", "answered_at": "'2024-01-01'", "score": "11"}, ["score_in_scale"]),
        ("responses", {"survey": "'csat'", "answered_at": "'2024-01-01'", "score": "0"}, ["score_in_scale"]),
        ("responses", {"survey": "'csat'", "answered_at": "'2024-01-01'", "score": "9", "scale_max": "10"}, []),
        ("responses", {"survey": "'mood'", "answered_at": "'2024-01-01'", "score": "99"}, []),
        ("responses", {"survey": "'nps'", "sent_at": "'2024-01-01'"}, []),
        ("responses", {"survey": "'nps'", "sent_at": "'2024-01-01'", "score": "9"}, ["score_answered"]),
        ("responses", {"survey": "'nps'"}, ["instant_given"]),
        ("responses", {"sent_at": "'2024-01-02'", "answered_at": "'2024-01-01'"}, ["answered_at_not_before_sent_at"]),
        ("transactions", {"amount": "-10", "kind": "'refund'"}, ["amount_not_negative"]),
        ("fx_rates", {"rate": "0"}, ["rate_positive"]),
        ("fx_rates", {"rate": "0.0000380000"}, []),
        ("account_links", {"account_id": "'a'", "same_as": "'a'"}, ["same_as_differs"]),
        ("person_links", {"person_id": "'p'", "same_as": "'p'"}, ["same_as_differs"]),
        ("accounts", {"account_id": "'a'", "parent_account_id": "'a'"}, ["parent_account_id_differs"]),
        ("costs", {"from_date": "'2024-02-01'", "to_date": "'2024-01-31'"}, ["to_date_not_before_from_date"]),
        ("costs", {"from_date": "'2024-02-01'", "to_date": "'2024-02-01'", "amount": "0"}, []),
        ("contracts", {"starts_on": "'2024-02-01'", "ends_on": "'2024-01-31'"}, ["ends_on_not_before_starts_on"]),
        ("contracts", {"outcome": "'lost'", "renewed_value": "500"}, ["renewed_value_decided"]),
        ("contracts", {"outcome": "'lost'", "renewed_value": "0"}, []),
        ("tickets", {"created_at": "'2024-01-02'", "solved_at": "'2024-01-01'"}, ["solved_at_not_before_created_at"]),
        ("events", {"duration_s": "-1"}, ["duration_s_not_negative"]),
    ],
)
def test_other_tables(table: str, row: dict[str, str], rules: list[str]) -> None:
    assert broken(table, row) == rules
