"""The demo: a believable subscription company as canonical tables, the same for a seed and an end.

    company()  the tables, computed from nothing but the arguments (and the clock, where no end is given)
    write()    the tables as CSV files, which are then loaded as any company's files are

The company sells a planning tool by the seat in four currencies, raises two prices, has an incident, moves part of its
customers to another billing system, and hands over a few rows with mistakes. Lives and their subscriptions are simulated
first (`life`); what the customers did, asked and said is drawn from how their stories went (`story`).
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from importlib.resources import files
from operator import itemgetter
from typing import TYPE_CHECKING

from tenure.errors import UsageError
from tenure.sources.demo import (
    advocacy,
    billing,
    care,
    contracts,
    onboarding,
    rows,
    self_help,
    spending,
    staff,
    support,
    surveys,
    usage,
)
from tenure.sources.demo.birth import begin, born, signups
from tenure.sources.demo.chance import stream
from tenure.sources.demo.faults import faults
from tenure.sources.demo.migration import move
from tenure.sources.demo.months import live, return_once
from tenure.sources.demo.rates import rates
from tenure.sources.demo.story import stories
from tenure.sources.demo.world import World

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from tenure.sources.demo.life import Life

SEED, ACCOUNTS, MONTHS = 11, 1150, 30
_MOVED_SHARE = 40 / ACCOUNTS
_LIMITS = {"accounts": (20, 100_000), "months": (6, 120)}
_YEARS = (1990, 2100)


def company(
    seed: int = SEED, accounts: int = ACCOUNTS, months: int = MONTHS, until: date | None = None
) -> dict[str, list[dict[str, str]]]:
    """The company's tables by name, each a list of rows of text as in a file.

    Args:
        seed: another seed, another company.
        accounts: how many sign up within the window.
        months: full months of history before the month of `until`.
        until: the first day that is not in the window; today in UTC where none is given.

    Raises:
        UsageError: `accounts` or `months` are too few or too many to be believable, or `until` is not of our time.
    """
    for name, value in (("accounts", accounts), ("months", months)):
        low, high = _LIMITS[name]
        if not low <= value <= high:
            message = f"The demo takes {low} to {high} {name}, not {value}."
            raise UsageError(message)
    until = until or datetime.now(UTC).date()
    if not _YEARS[0] <= until.year <= _YEARS[1]:
        message = f"The demo's books end in a year from {_YEARS[0]} to {_YEARS[1]}, not in {until.year}."
        raise UsageError(message)
    world = World.ending(until, months)
    all_lives = lives(seed, accounts, world)
    moved = move(stream(seed, "migration"), all_lives, world.migration, round(accounts * _MOVED_SHARE))
    own = staff.populate(seed, all_lives, world)
    told = stories(seed, all_lives, world)
    tickets = support.tickets(seed, told, world)
    tables: dict[str, Iterable[dict[str, str]]] = {
        "plans": rows.plans(),
        "accounts": rows.accounts(all_lives, world),
        "account_links": rows.account_links(moved),
        "account_attributes": care.account_attributes(seed, told, world),
        "people": staff.people(all_lives, own),
        "person_links": staff.person_links(all_lives),
        "subscriptions": rows.subscriptions(all_lives),
        "subscription_periods": rows.subscription_periods(all_lives),
        "fx_rates": rates(seed, world),
        "releases": rows.releases(world),
        "contracts": contracts.contracts(seed, all_lives, world),
        "transactions": billing.transactions(seed, told, world),
        "costs": spending.costs(seed, told, [ticket.created_at for ticket in tickets], world),
        "onboarding_steps": onboarding.onboarding_steps(seed, told),
        "events": usage.events(seed, told, own, world),
        "tickets": support.ticket_rows(tickets),
        "ticket_events": support.ticket_event_rows(tickets),
        "exclusions": support.exclusions(tickets),
        "help_sessions": self_help.help_sessions(seed, told, tickets, world),
        "responses": surveys.responses(seed, told, tickets, world),
        "feedback": advocacy.feedback(seed, told, world),
        "referrals": advocacy.referrals(seed, told, world),
        "touches": care.touches(seed, told, world),
        "goals": care.goals(seed, told, world),
    }
    made = {name: list(table) for name, table in tables.items()}
    for name, bad in faults(world, made).items():
        made[name].extend(bad)
    return made


def lives(seed: int, accounts: int, world: World) -> list[Life]:
    """The lives of all accounts in the order of their signing up; each draws from its own stream of chance."""
    made = []
    for number, created_at in enumerate(signups(stream(seed, "signups"), world, accounts), start=1):
        rng = stream(seed, f"life/{number}")
        life = born(rng, number, created_at)
        main = begin(rng, life, world)
        while main:
            live(life, main, world, rng)
            main = return_once(life, main, world, rng)
        for addon in [s for s in life.subscriptions if s.now.plan == "insights"]:
            live(life, addon, world, rng)
        made.append(life)
    return made


def write(folder: Path, tables: Mapping[str, list[dict[str, str]]]) -> list[Path]:
    """Writes each table that has rows as `folder/NAME.csv` in UTF-8, and returns the paths in the order of loading."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in tables.items():
        if not table:
            continue
        path, columns = folder / f"{name}.csv", tuple(table[0])
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(columns)
            # several times as fast as a DictWriter, which looks at every row for columns that it does not know
            writer.writerows(map(itemgetter(*columns), table))
        paths.append(path)
    return paths


def settings() -> str:
    """The text of the demo store's `tenure.toml`."""
    return files(__package__).joinpath("tenure.toml").read_text(encoding="utf-8")


__all__ = ["ACCOUNTS", "MONTHS", "SEED", "company", "lives", "settings", "write"]
