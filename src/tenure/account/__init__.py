"""One customer on one page: who it is, what it pays, how it uses the product, what it says, and all that happened.

Each section is read from the ledgers that the numbers are made of, under the policy that is asked for, up to now. A
section of which nothing was ever loaded is None, and `missing` says which tables would fill it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tenure.account import health, money, paid, progress, usage, voice
from tenure.account.profile import profile
from tenure.account.reader import Reader
from tenure.account.whom import whom
from tenure.answer import plain
from tenure.calendar import parse_instant
from tenure.errors import UnknownNameError, UsageError
from tenure.query import HOURS, Asked, now_of, policy_of
from tenure.statement import moment
from tenure.store import facts, later, past, warehouse
from tenure.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.account.happening import Happening
    from tenure.account.reader import Section
    from tenure.account.whom import Whom
    from tenure.config import Settings
    from tenure.policy import Policy

    Read = Callable[[Reader], tuple[Section, list[Happening]]]

LIMIT = 20

# Each section: the tables any of which fills it, the ledgers that it reads, and how it is read.
_SECTIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], Read]] = {
    "health": (
        ("subscription_periods",),
        ("signals", "health", "account_activity", "answers", "backlog"),
        health.health,
    ),
    "money": (("subscription_periods",), ("revenue", "item_changes"), money.money),
    "payments": (("transactions",), ("payments",), paid.payments),
    "contracts": (("contracts",), ("terms",), paid.contracts),
    "usage": (("events",), ("usage", "activity", "account_activity", "adoption"), usage.usage),
    "tickets": (("tickets",), ("cases", "backlog"), voice.tickets),
    "surveys": (("responses",), ("answers",), voice.surveys),
    "feedback": (("feedback",), ("comments",), voice.feedback),
    "touches": (("touches",), ("contacts",), voice.touches),
    "onboarding": (("accounts", "onboarding_steps"), ("steps",), progress.onboarding),
    "people": (("people", "events"), ("activity",), usage.people),
    "goals": (("goals",), ("aims",), progress.goals),
    "referrals": (("referrals",), ("referred",), progress.referrals),
}
_RAW = ("money", "people")  # they read rows of tables, too
_EVERYBODY = ("states", "customers")
# Whose rows tell of what came later; the others are read up to now.
_STORIES = {"cases", "backlog", "steps"}


@dataclass(frozen=True)
class Account:
    """One customer, as of `now`. Amounts are Decimal, instants naive UTC, durations seconds; None is unknown.

    `timeline` holds the last happenings, newest first, of `happenings` in all; `missing` names, for each section of which
    nothing was ever loaded, the tables any of which would fill it.
    """

    asked: str
    who: Section
    sections: Mapping[str, Section | None]
    timeline: tuple[Happening, ...]
    happenings: int
    missing: Mapping[str, tuple[str, ...]]
    policy: Policy
    timezone: str
    now: datetime

    def to_dict(self) -> dict[str, Any]:
        """The page as JSON; its shape is told by `tenure.surfaces.cli.commands.account`."""
        shown: dict[str, Any] = _plain(
            {
                "asked": self.asked,
                "now": self.now,
                "timezone": self.timezone,
                "policy": self.policy.preset,
                "switches": dict(self.policy.overrides),
                "who": self.who,
                **self.sections,
                "timeline": [vars(one) for one in self.timeline],
                "happenings": self.happenings,
                "missing": {name: list(tables) for name, tables in self.missing.items()},
            }
        )
        return shown


def account(con: DuckDBPyConnection, settings: Settings, account_id: str, asked: Asked, limit: int = LIMIT) -> Account:
    """The page of one customer.

    Args:
        con: The store; only read, but for ledgers that are asked for the first time.
        settings: The company's.
        account_id: Any id that the customer has or had, the name of an account, or the e-mail of one of its people.
        asked: `now`, `as_of`, `policy`, `switches` and `hours`; a page has no other words.
        limit: How many happenings the timeline shows.

    Raises:
        UnknownNameError: nobody is called so, or there is no such preset, switch or kind of hours.
        UsageError: several are called so, or a word that a page does not have.
    """
    _check(asked)
    policy = policy_of(settings, asked)
    now = now_of(settings, asked)
    places = _places(con, settings, policy, asked, _EVERYBODY)  # links are resolved with them
    customer = whom(con, account_id, places)
    loaded = _loaded(con, places["loaded"])
    filled = _filled(con, loaded)
    wanted = {} if customer.left_out else {n: one for n, one in _SECTIONS.items() if n in filled}
    ledgers = {ledger for one in wanted.values() for ledger in one[1]}
    places = _places(con, settings, policy, asked, ledgers)
    if asked.as_of is None:
        places |= later.without(con, settings, policy, _STORIES & ledgers, places, now)
    reader = Reader(con, settings, policy, places, customer.account_id, customer.members, now, asked.hours, loaded)
    who, told = profile(reader, customer)
    sections: dict[str, Section | None] = dict.fromkeys(_SECTIONS)
    for name, (_, _, read) in wanted.items():
        sections[name], more = read(reader)
        told += more
    told.sort(key=lambda one: (one.happened_at, one.kind, one.about or ""), reverse=True)
    return Account(
        asked=account_id,
        who=who,
        sections=sections,
        timeline=tuple(told[:limit]),
        happenings=len(told),
        missing=_missing(customer, filled),
        policy=policy,
        timezone=settings.timezone,
        now=now,
    )


def _check(asked: Asked) -> None:
    if asked.hours not in HOURS:
        raise UnknownNameError("kind of hours", asked.hours, HOURS, f"There are {' and '.join(HOURS)}.")
    said = [name for name in ("since", "until", "by", "compare", "where") if getattr(asked, name)]
    if said:
        message = f"A customer's page has no '{said[0]}': it takes now, as_of, policy, switches and hours."
        raise UsageError(message)


def _places(
    con: DuckDBPyConnection, settings: Settings, policy: Policy, asked: Asked, ledgers: Iterable[str]
) -> dict[str, str]:
    """Where tables and ledgers stand, `holds`: SQL, which raw rows are known, and `loaded`: which ever were, now or as of an instant."""
    if asked.as_of is None:
        stand = {name: name for name in TABLES} | facts.ensure(con, settings, policy, ledgers)
        return stand | {"holds": "replaced_at IS NULL", "loaded": "true"}
    at = parse_instant(asked.as_of, settings.zone)
    came = f"loaded_at <= {moment(at)}"
    holds = f"{came} AND (replaced_at IS NULL OR replaced_at > {moment(at)})"
    return past.ensure(con, settings, policy, ledgers, at) | {"holds": holds, "loaded": came}


def _loaded(con: DuckDBPyConnection, ever: str) -> frozenset[str]:
    """The tables that sections are filled from and that have a row; only names of ours are written into SQL."""
    tables = {table for needs, _, _ in _SECTIONS.values() for table in needs}
    found = {t: con.execute(f"SELECT 1 FROM rows.{t} WHERE {ever} LIMIT 1").fetchone() for t in tables}
    return frozenset(t for t, row in found.items() if row is not None)


def _filled(con: DuckDBPyConnection, loaded: frozenset[str]) -> frozenset[str]:
    """The sections that something fills: rows here, or ledgers that came home row by row from a warehouse."""
    return frozenset(
        name
        for name, (needs, ledgers, _) in _SECTIONS.items()
        if loaded & set(needs) or (name not in _RAW and any(warehouse.brought(con, one, ledgers) for one in needs))
    )


def _missing(customer: Whom, filled: frozenset[str]) -> dict[str, tuple[str, ...]]:
    if customer.left_out:
        return {}
    return {name: needs for name, (needs, _, _) in _SECTIONS.items() if name not in filled}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a section holds
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return plain(value)
