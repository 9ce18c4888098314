"""An attribute has one value at a time, whatever its history says: no row depends on which of two comes first."""

from __future__ import annotations

import tenure
from laws.stores import load
from tenure.store.facts import ensure


def values(*rows: tuple[str, str, str | None]) -> list[tuple[str, str]]:
    """The value and when it began, of an attribute with these values, beginnings and ends."""
    told = [
        {"account_id": "a1", "name": "tier", "value": value, "valid_from": since, "valid_to": until}
        for value, since, until in rows
    ]
    with tenure.open(":memory:") as store:
        load(store, {"accounts": [{"account_id": "a1", "name": "One"}], "account_attributes": told})
        place = ensure(store._con, store.settings, None, ["attribute_values"])["attribute_values"]
        found = store._con.execute(
            f"SELECT attribute_value, CAST(happened_at AS VARCHAR) FROM {place} ORDER BY happened_at"
        )
        return found.fetchall()


def test_what_held_for_no_time_was_never_so() -> None:
    """Silver ended as it began: gold holds until platinum."""
    found = values(
        ("gold", "2024-01-10", None), ("silver", "2024-03-01", "2024-03-01"), ("platinum", "2024-06-01", "2024-09-01")
    )
    assert found == [
        ("gold", "1970-01-01 00:00:00"),
        ("platinum", "2024-06-01 00:00:00"),
        ("(none)", "2024-09-01 00:00:00"),
    ]
    assert values(("silver", "2024-03-01", "2024-03-01")) == []


def test_what_was_before_1970_keeps_its_order() -> None:
    found = values(("gold", "1960-01-01", "1965-01-01"), ("silver", "1969-01-01", None))
    assert found == [
        ("gold", "1960-01-01 00:00:00"),
        ("(none)", "1965-01-01 00:00:00"),
        ("silver", "1969-01-01 00:00:00"),
    ]
