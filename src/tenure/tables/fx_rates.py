"""What foreign money is worth."""

from __future__ import annotations

from tenure.tables.schema import Check, Column, Table, Type

TABLE = Table(
    name="fx_rates",
    meaning="the rate of a currency on a day; a day without one takes the last known",
    columns=(
        Column("day", Type.DAY, "the day, in UTC", required=True, aliases=("date",)),
        Column("currency", Type.CURRENCY, "the foreign currency", required=True),
        Column("rate", Type.RATE, "what one unit of it is worth in the company's currency", required=True),
    ),
    key=("day", "currency"),
    checks=(Check("rate_positive", "rate", "rate > 0", "rate must be above 0."),),  # its type keeps it below a million
)
