from __future__ import annotations

import csv

import pytest

from tenure.tables import TABLES
from tenure.tables.reference import WORDS, reference, rules, template
from tenure.tables.schema import Table, Type

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)


@every_table
def test_the_reference_says_every_column(table: Table) -> None:
    told = reference(table)
    assert [row["column"] for row in told] == [c.name for c in table.columns]
    assert all(row["meaning"] and row["type"] for row in told)
    assert [row["column"] for row in told if row["required"]] == [c.name for c in table.columns if c.required]


def test_the_reference_says_units_choices_and_defaults() -> None:
    told = {row["column"]: row for row in reference(TABLES["subscription_periods"])}
    assert told["unit_amount"]["unit"] == "major units of the row's currency"
    assert told["state"]["choices"] == ["active", "trial", "past_due", "paused", "free"]
    assert told["quantity"]["default"] == "1"
    assert told["billing_interval"]["aliases"] == ["interval"]


def test_every_type_has_its_words() -> None:
    assert set(WORDS) == set(Type)


@every_table
def test_a_rule_is_told_in_a_sentence(table: Table) -> None:
    assert all(row["sentence"].endswith(".") for row in rules(table))


@every_table
def test_a_template_is_the_header_that_is_read_back(table: Table) -> None:
    line = template(table)
    assert next(csv.reader([line])) == [c.name for c in table.columns]
