"""Exchange rates without gaps: `facts.rates(day, currency, rate)`, one row per day and currency.

A day without a rate takes the last known one, a day before the first takes the first. The company's own currency is
worth 1. A currency that has no rate at all has no row: what it is worth is unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.store.layout import literal

if TYPE_CHECKING:
    from datetime import date

    from duckdb import DuckDBPyConnection


def rebuild(con: DuckDBPyConnection, currency: str, raw: str = "main", into: str = "facts") -> None:
    """Writes `rates` anew, in the schema `into`, from `fx_rates` of the schema `raw`; `currency` is the company's."""
    con.execute(
        f"""
        CREATE OR REPLACE TABLE {into}.rates AS
        WITH given AS (
            SELECT day, currency, rate FROM {raw}.fx_rates WHERE currency <> {literal(currency)}
        ), days AS (
            SELECT CAST(unnest(range(coalesce(min(day), DATE '1970-01-01'), coalesce(max(day), DATE '1970-01-01') + INTERVAL 1 DAY,
                INTERVAL 1 DAY)) AS DATE) AS day
            FROM given
        ), grid AS (
            SELECT days.day, c.currency, given.rate
            FROM days CROSS JOIN (SELECT DISTINCT currency FROM given) AS c
            LEFT JOIN given ON given.day = days.day AND given.currency = c.currency
        )
        SELECT day, currency, CAST(coalesce(
            last_value(rate IGNORE NULLS) OVER (PARTITION BY currency ORDER BY day),
            first_value(rate IGNORE NULLS) OVER (PARTITION BY currency ORDER BY day ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
        ) AS DECIMAL(16, 10)) AS rate
        FROM grid
        UNION ALL
        SELECT day, {literal(currency)}, CAST(1 AS DECIMAL(16, 10)) FROM days
        """
    )


def bounds(con: DuckDBPyConnection, place: str = "facts.rates") -> tuple[date, date]:
    """The first and the last day that have a rate."""
    row = con.execute(f"SELECT min(day), max(day) FROM {place}").fetchone()
    assert row is not None  # noqa: S101 - an aggregate has one row
    return row[0], row[1]
