"""A made-up crowd of accounts that begin in every way that there is, on a few instants that meet each other."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

from oracle.company import Company

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = dict[str, Any]
FIRST = datetime(2024, 1, 1)  # noqa: DTZ001 - instants are naive UTC
MINUTES = (0, 0, 0, 1, 30, 60, 61, 720)


def crowd(seed: int, accounts: int) -> Company:
    """Rows of accounts, links, people, subscriptions with trials, their periods, and onboarding."""
    chance = Random(seed)  # noqa: S311 - a made-up company, not a secret
    names = [f"a{n}" for n in range(accounts)]
    links = [{"account_id": f"a{n}", "same_as": f"a{n + 1}"} for n in range(0, accounts - 1, 9)]
    persons = [_person(chance, n, names) for n in range(accounts)]
    same = [{"person_id": f"p{n}", "same_as": f"p{n + 1}"} for n in range(0, accounts - 1, 11)]
    subscriptions = [row for name in names for row in _subscriptions(chance, name)]
    return Company(
        {
            "accounts": [_account(chance, name) for name in names],
            "account_links": links,
            "people": persons,
            "person_links": same,
            "subscriptions": [row for row in subscriptions if chance.random() < 0.9],
            "subscription_periods": [period for row in subscriptions for period in _periods(chance, row)],
            "onboarding_steps": [row for name in names for row in _steps(chance, name, accounts)],
        }
    )


def written(company: Company, folder: Path) -> list[Path]:
    """The company's rows as CSV files, instants with their zone."""
    paths = []
    for name, rows in company.tables.items():
        paths.append(folder / f"{name}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as file:
            lines = csv.DictWriter(file, fieldnames=list(rows[0]))
            lines.writeheader()
            lines.writerows({column: _cell(value) for column, value in row.items()} for row in rows)
    return paths


def _cell(value: object) -> object:
    return f"{value.isoformat()}Z" if hasattr(value, "isoformat") else value


def _moment(chance: Random, days: int = 60) -> datetime:
    return FIRST + timedelta(days=chance.randrange(0, days, 5), minutes=chance.choice(MINUTES))


def _perhaps(chance: Random, often: float = 0.5) -> datetime | None:
    return _moment(chance) if chance.random() < often else None


def _account(chance: Random, name: str) -> Row:
    return {
        "account_id": name,
        "channel": chance.choice(("ads", "friends")),
        "created_at": _perhaps(chance),
        "sale_closed_at": _perhaps(chance, 0.7),
        "first_value_at": _perhaps(chance),
        "launched_at": _perhaps(chance),
        "closed_at": FIRST + timedelta(days=90) if chance.random() < 0.1 else None,
        "is_test": chance.random() < 0.05,
    }


def _person(chance: Random, n: int, names: list[str]) -> Row:
    return {"person_id": f"p{n}", "account_id": chance.choice(names), "is_internal": chance.random() < 0.1}


def _subscriptions(chance: Random, account: str) -> Iterator[Row]:
    for n in range(chance.choice((0, 1, 1, 2, 3))):
        begun = _moment(chance)
        told = chance.random() < 0.5
        yield {
            "subscription_id": f"{account}-s{n}",
            "account_id": account,
            "created_at": begun if chance.random() < 0.5 else None,
            "trial_started_at": begun if told and chance.random() < 0.7 else None,
            "trial_ends_at": begun + timedelta(days=15) if told and chance.random() < 0.8 else None,
            "ends_at": begun + timedelta(days=chance.choice((5, 15, 40))) if chance.random() < 0.3 else None,
        }


def _periods(chance: Random, subscription: Row) -> Iterator[Row]:
    for item in range(chance.choice((0, 1, 1, 1, 2))):
        begins = _moment(chance)
        for _ in range(chance.choice((1, 2, 2, 3))):
            ends = begins + timedelta(days=chance.choice((5, 10, 15)), minutes=chance.choice(MINUTES))
            is_open = chance.random() < 0.15
            yield {
                "subscription_id": subscription["subscription_id"],
                "item_id": f"{subscription['subscription_id']}-{item}",
                "account_id": subscription["account_id"],
                "starts_at": begins,
                "ends_at": None if is_open else ends,
                "state": chance.choice(("trial", "trial", "active", "free", "paused")),
                "unit_amount": chance.choice((0, 10, 20)),
            }
            if is_open:
                break
            begins = ends + timedelta(days=chance.choice((0, 0, 0, 5)))


def _steps(chance: Random, account: str, accounts: int) -> Iterator[Row]:
    for person in ["", *(f"p{n}" for n in chance.sample(range(accounts), chance.choice((0, 1, 2))))]:
        for step in ("invite", "connect", "publish"):
            if chance.random() < 0.3:
                continue
            shown = _perhaps(chance, 0.7)
            begun = (shown or _moment(chance)) + timedelta(days=5) if chance.random() < 0.6 else None
            done = (begun or shown or _moment(chance)) + timedelta(days=5) if chance.random() < 0.5 else None
            yield {
                "account_id": account,
                "person_id": person,
                "step": step,
                "is_required": chance.random() < 0.8,
                "shown_at": shown,
                "started_at": begun,
                "completed_at": done,
                "skipped_at": shown if done is None and chance.random() < 0.2 else None,
            }
