"""A made-up company that is talked to: surveys on every scale, comments, touches, goals, referrals; people of all kinds."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from oracle.company import Company

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]
SINCE = datetime(2024, 1, 1)  # noqa: DTZ001 - naive UTC on purpose
# Months begin on these days after the first, in some zones a few hours before or after; what happens crowds around them.
CUTS = (31, 60, 91, 121)
HOURS = (0, -1, 5, 4, -6, 18)
# a7 is for tests; a8 has become a1, and a9 a8; a10 pays nothing and is in no list.
ACCOUNTS = [f"a{n}" for n in range(1, 10)]
LINKS = [("a8", "a1"), ("a9", "a8")]
# p5 is one of ours, p6 tests, p7 is a robot; p8 and p9 were p1 and p2 before; x1 is in no list.
PEOPLE: list[Row] = [
    *({"person_id": f"p{n}", "account_id": f"a{n}", "role": ("admin", "user")[n % 2]} for n in range(1, 5)),
    {"person_id": "p5", "account_id": "a1", "role": "user", "is_internal": True},
    {"person_id": "p6", "account_id": "a7", "role": "user"},
    {"person_id": "p7", "account_id": "a2", "role": "admin"},
    {"person_id": "p8", "account_id": "a5", "role": "user"},
    {"person_id": "p9", "account_id": None, "role": "user"},
]
PERSON_LINKS = [("p8", "p1"), ("p9", "p2")]
SCALES: dict[str, tuple[tuple[int | None, int | None], ...]] = {
    "nps": ((None, None), (0, 10), (1, 10), (0, 100)),
    "csat": ((None, None), (1, 5), (1, 7), (0, 1)),
    "ces": ((None, None), (1, 7), (1, 5)),
    "fit": ((1, 3),),
}
DEFAULTS = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}


def voices(seed: int, amount: int = 150) -> Company:
    """Half a year of it; `amount` of surveys, and of the rest in proportion."""
    chance = Random(seed)  # noqa: S311 - a made-up company, not a secret
    return Company(
        {
            "accounts": [{"account_id": account, "is_test": account == "a7"} for account in ACCOUNTS],
            "account_links": [{"account_id": account, "same_as": same} for account, same in LINKS],
            "people": [{"is_internal": False, **row} for row in PEOPLE],
            "person_links": [{"person_id": person, "same_as": same} for person, same in PERSON_LINKS],
            "subscription_periods": [row for account in ACCOUNTS for row in _stays(chance, account)],
            "responses": [_response(chance, n) for n in range(amount)],
            "feedback": [_feedback(chance, n) for n in range(amount // 3)],
            "touches": [_touch(chance, n) for n in range(amount // 2)],
            "goals": [_goal(chance, n) for n in range(amount // 4)],
            "referrals": [_referral(chance, n) for n in range(amount // 4)],
            "exclusions": [
                {"table_name": "responses", "id": "r3", "reason": "sent twice"},
                {"table_name": "people", "id": "p7", "reason": "a robot"},
            ],
        }
    )


def _moment(chance: Random) -> datetime:
    if chance.random() < 0.5:
        return SINCE + timedelta(
            days=chance.choice(CUTS), hours=chance.choice(HOURS), seconds=chance.choice((0, 0, -1))
        )
    return SINCE + timedelta(days=chance.randrange(150), minutes=chance.randrange(1440))


def _owner(chance: Random) -> Row:
    """Whose a row is: an account, a person, both, or nobody known."""
    person = chance.choice([*(row["person_id"] for row in PEOPLE), "x1", None])
    home = next((row["account_id"] for row in PEOPLE if row["person_id"] == person), None)
    return {"account_id": chance.choice([home, home, chance.choice([*ACCOUNTS, "a10"]), None]), "person_id": person}


def _stays(chance: Random, account: str) -> Iterator[Row]:
    begins = SINCE + timedelta(days=chance.randrange(-60, 80))
    for n in range(chance.randrange(4)):
        ends = begins + timedelta(days=chance.randrange(10, 60)) if chance.random() < 0.7 else None
        yield {
            "subscription_id": f"s{account}",
            "item_id": f"i{n}",
            "account_id": account,
            "starts_at": begins,
            "ends_at": ends,
            "unit_amount": 10,
        }
        if ends is None:
            return
        begins = ends + timedelta(days=chance.choice((0, 5, 30)))


def _response(chance: Random, n: int) -> Row:
    survey = chance.choice(("nps", "nps", "csat", "ces", "fit"))
    low, high = chance.choice(SCALES[survey])
    first, last = (low, high) if low is not None else DEFAULTS[survey]
    assert first is not None
    assert last is not None
    sent = _moment(chance)
    answered = sent + timedelta(days=chance.choice((0, 1, 20)), minutes=3) if chance.random() < 0.7 else None
    upper = chance.randint(first, last) if chance.random() < 0.5 else last
    return _owner(chance) | {
        "response_id": f"r{n}",
        "survey": survey,
        "survey_id": chance.choice((None, "spring", "always")),
        "sent_at": sent if answered is None or chance.random() < 0.9 else None,
        "answered_at": answered,
        "score": upper if answered and chance.random() < 0.9 else None,
        "scale_min": low,
        "scale_max": high,
        "higher_is_better": chance.random() < 0.8,
        "touchpoint": chance.choice((None, "onboarding", "ticket")),
        "comment": "fine" if answered and chance.random() < 0.3 else None,
    }


def _feedback(chance: Random, n: int) -> Row:
    origin = chance.choice((None, "email", "call", "churn"))
    return _owner(chance) | {"feedback_id": f"f{n}", "happened_at": _moment(chance), "origin": origin, "text": "why?"}


def _touch(chance: Random, n: int) -> Row:
    return {
        **_owner(chance),
        "account_id": chance.choice(ACCOUNTS),
        "touch_id": f"t{n}",
        "happened_at": _moment(chance),
        "kind": chance.choice((None, "email", "call", "training", "webinar")),
        "affinity": chance.choice((None, "happy", "sad")),
    }


def _goal(chance: Random, n: int) -> Row:
    due = (SINCE + timedelta(days=chance.choice((*CUTS, chance.randrange(150))) - chance.randrange(2))).date()
    noon = datetime(due.year, due.month, due.day, 12)  # noqa: DTZ001 - naive UTC on purpose
    achieved = noon + timedelta(hours=chance.randrange(-40, 40)) if chance.random() < 0.5 else None
    return {
        "goal_id": f"g{n}",
        "account_id": chance.choice(ACCOUNTS),
        "target": Decimal(10) if chance.random() < 0.9 else None,
        "actual": Decimal(chance.choice((9, 10, 11))) if chance.random() < 0.9 else None,
        "due_on": due if chance.random() < 0.9 else None,
        "achieved_at": achieved,
    }


def _referral(chance: Random, n: int) -> Row:
    made = _moment(chance)
    return {
        **_owner(chance),
        "account_id": chance.choice(ACCOUNTS),
        "referral_id": f"k{n}",
        "happened_at": made,
        "kind": chance.choice(("referral", "referral", "referral", "review", "testimonial", "case_study", "reference")),
        "referred_account_id": f"z{n}",
        "converted_at": made + timedelta(days=chance.randrange(60)) if chance.random() < 0.4 else None,
    }
