"""A made-up product: people at home and away, of no account, of ours, linked; accounts merged, on trial; machines."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from oracle.company import Company

SINCE = datetime(2024, 2, 20)  # noqa: DTZ001 - naive UTC on purpose
DAYS = 65
NAMES = ("login", "view", "report_run", "ping")
FEATURES = (None, None, "boards", "exports", "imports", "reports")
# a7 is for tests; a8 has become a1, and a9 a8.
ACCOUNTS = [f"a{n}" for n in range(1, 10)]
LINKS = [("a8", "a1"), ("a9", "a8")]
# p1 to p12 are at home in a1 to a6 and a8 in turn; p11 is a robot, p13 nobody's, p14 one of us; p15 tests; p16 was p1 before,
# as was p17, whom nobody else knows. Those from x1 on are in no list.
HOMES = ["a1", "a2", "a3", "a4", "a5", "a6"]
PEOPLE: list[dict[str, Any]] = [
    *({"person_id": f"p{n}", "account_id": HOMES[n % 6], "role": ("admin", "user")[n % 2]} for n in range(1, 12)),
    {"person_id": "p12", "account_id": "a9", "role": "admin"},
    {"person_id": "p13", "account_id": None, "role": "user"},
    {"person_id": "p14", "account_id": "a1", "role": "user", "is_internal": True},
    {"person_id": "p15", "account_id": "a7", "role": "user"},
    {"person_id": "p16", "account_id": "a5", "role": "user"},
]
PERSON_LINKS = [("p16", "p1"), ("p17", "p16")]


def product(seed: int, amount: int = 700) -> Company:
    """Some weeks of events around the spring change of clocks, most of them on a few days."""
    chance = Random(seed)  # noqa: S311 - a made-up company is no secret
    actors = [*(row["person_id"] for row in PEOPLE), "p17", "x1", "x2", "x3", None]
    events = [_event(chance, n, actors) for n in range(amount)]
    return Company(
        {
            "accounts": [{"account_id": account, "is_test": account == "a7"} for account in ACCOUNTS],
            "account_links": [{"account_id": account, "same_as": same} for account, same in LINKS],
            "people": [{"is_internal": False, **row} for row in PEOPLE],
            "person_links": [{"person_id": person, "same_as": same} for person, same in PERSON_LINKS],
            "events": events,
            "exclusions": [
                {"table_name": "events", "id": "e3", "reason": "sent twice"},
                {"table_name": "people", "id": "p11", "reason": "a robot"},
            ],
        }
    )


def _event(chance: Random, n: int, actors: list[str | None]) -> dict[str, Any]:
    person = chance.choice(actors)
    home = next((row["account_id"] for row in PEOPLE if row["person_id"] == person), None)
    # Most act at home; some elsewhere, some do not say where.
    account = chance.choice([home, home, home, chance.choice(ACCOUNTS), None])
    day = int(DAYS * chance.random() ** 2) if chance.random() < 0.7 else chance.choice((3, 10, 18, 19, 20, 40))
    seconds = chance.choice(
        (0, 1, 14 * 3600 + 900, 17 * 3600 + 1799, 4 * 3600, 5 * 3600, 86399, chance.randrange(86400))
    )
    return {
        "event_id": f"e{n}",
        "account_id": account,
        "person_id": person,
        "happened_at": SINCE + timedelta(days=day, seconds=seconds),
        "name": chance.choice(NAMES),
        "feature": chance.choice(FEATURES),
        "session_id": chance.choice((None, f"s{day}", f"s{day}", f"s{day - 1}")),
        "duration_s": chance.choice((None, Decimal(chance.randrange(10**6)) / 1000)),
        "is_error": chance.random() < 0.1,
    }
