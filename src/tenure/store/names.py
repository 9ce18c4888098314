"""How a foreign name is read: headers to columns, files to tables. Only what needs no thought is guessed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tenure.errors import InputError
from tenure.sources.files import stem
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tenure.tables.schema import Table

_SYNONYMS = {
    "account_id": "account account_no account_number client client_id company_id customer customer_id customer_no"
    " customer_number org_id organisation_id organization_id tenant_id workspace_id",
    "person_id": "contact_id member_id user user_id",
    "name": "account_name client_name company company_name customer_name display_name event event_name event_type"
    " full_name organisation organization",
    "email": "e_mail email_address mail",
    "created_at": "created created_date created_on creation_date date_created opened_at registered_at signed_up_at"
    " signup_at signup_date sign_up_date submitted_at",
    "happened_at": "created created_at event_time occurred_at time timestamp ts",
    "starts_at": "begin begins_at from start start_at start_date start_time started_at starts valid_from",
    "ends_at": "cancelled_at canceled_at end end_at end_date end_time ended_at ends until valid_to",
    "starts_on": "start start_date starts_at",
    "ends_on": "end end_date ends_at renewal_date",
    "updated_at": "changed_at last_modified last_modified_at last_updated modified modified_at updated updated_on",
    "plan": "plan_code plan_id plan_name plan_tier price_plan",
    "quantity": "licences licenses qty seat_count seats units",
    "unit_amount": "price unit_price",
    "mrr": "monthly_recurring_revenue mrr_amount",
    "billing_interval": "billing_cycle billing_frequency billing_period",
    "state": "status subscription_status",
    "currency": "currency_code iso_currency",
    "channel": "acquisition_channel",
    "end_reason": "cancel_reason cancellation_reason churn_reason",
    "solved_at": "resolved_at",
    "score": "rating",
    "comment": "comments feedback feedback_text",
    "is_test": "test test_account",
    "amount": "total value",
    "rate": "exchange_rate fx_rate",
    "day": "rate_date",
    "lang": "language",
}


def snake(name: str) -> str:
    """`name` in lower case with underscores between its words: `Customer No.`, `customerNo` -> `customer_no`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name.strip())
    return re.sub(r"\W+|_+", "_", parted, flags=re.UNICODE).strip("_").lower()


def matches(
    table: Table, headers: Iterable[str], taken: Iterable[str] = (), *, guess: bool = True
) -> dict[str, tuple[str, str]]:
    """For each column of `table` that is found among `headers`: the header, and how it was told (exact, alias, guessed).

    Columns in `taken` are left out. A header serves one column; the surer match goes first.
    """
    left = list(headers)
    found: dict[str, tuple[str, str]] = {}
    columns = [c for c in table.columns if c.name not in set(taken)]
    steps: list[tuple[str, dict[str, set[str]]]] = [
        ("exact", {c.name: {c.name} for c in columns}),
        ("alias", {c.name: {snake(a) for a in c.aliases} for c in columns}),
    ]
    if guess:
        steps.append(("guessed", {c.name: _guesses(table, c.name) for c in columns}))
    for how, accepted in steps:
        for column, names in accepted.items():
            header = next((h for h in left if column not in found and snake(h) in names), None)
            if header is not None:
                found[column] = (header, how)
                left.remove(header)
    return found


def _guesses(table: Table, column: str) -> set[str]:
    known = set(_SYNONYMS.get(column, "").split())
    if table.key == (column,):
        known |= {"id", f"{table.name.removesuffix('s')}_id", f"{table.name.removesuffix('s')}_key"}
    return known - {c.name for c in table.columns}


def table_of(file: str) -> Table | None:
    """The table that a file is by its name: `accounts.csv`, `Account.csv`, `accounts-2024-05.csv.gz`."""
    name = snake(stem(file))
    bare = re.sub(r"[_\d]+$", "", name)
    return next((TABLES[n] for n in (name, bare, f"{name}s", f"{bare}s") if n in TABLES), None)


def unknown_table(file: str) -> InputError:
    """What is said of a file whose table cannot be told."""
    from difflib import get_close_matches

    near = get_close_matches(snake(stem(file)), list(TABLES), n=1, cutoff=0.5)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    return InputError(
        f"It cannot be told which table '{file}' is.{hint} Say it with --table, or by a [[mapping]] in tenure.toml;"
        f" the tables are {', '.join(TABLES)}."
    )
