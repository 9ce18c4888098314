"""The people: users of the accounts, with addresses that belong to no one, and the company's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from tenure.sources.demo.chance import stream
from tenure.sources.demo.life import Person
from tenure.sources.demo.rows import stamp
from tenure.sources.demo.world import REGIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tenure.sources.demo.life import Life
    from tenure.sources.demo.world import World

_ROLES = ("owner", "admin", "member", "member", "billing", "member")
_INTERNAL = ("success", "success", "support", "sales", "engineering", "engineering")
_CROWDS = {"self-serve": (1, 1, 2), "mid-market": (2, 3, 4), "enterprise": (3, 5, 7)}
_KNOWN_TWICE = 150  # one account in so many has a user with two ids


def populate(seed: int, lives: Sequence[Life], world: World) -> list[Person]:
    """Gives every life its people, and returns the company's own, who are numbered after them."""
    number = 0
    for life in lives:
        rng = stream(seed, f"people/{life.number}")
        for n in range(rng.choice(_CROWDS[life.segment.name])):
            joined = life.created_at + timedelta(days=n * rng.randint(0, 12), minutes=7 * n)
            number += 1
            life.people.append(
                Person(
                    f"user-{number:05d}", _ROLES[n % len(_ROLES)], min(joined, world.closes), REGIONS[life.region][2]
                )
            )
        if stream(seed, f"alias/{life.number}").random() < 1 / _KNOWN_TWICE or life.number == 1:
            owner = life.people[0]
            life.people[0] = replace(owner, alias=f"guest-{owner.person_id[-5:]}")
    return [Person(f"user-{number + n:05d}", role, world.opens, "de") for n, role in enumerate(_INTERNAL, start=1)]


def people(lives: Sequence[Life], own: Sequence[Person]) -> Iterator[dict[str, str]]:
    """One row per id: the users, the company's own people (`is_internal`), and who is known under a second id."""
    for life in lives:
        for person in life.people:
            yield _person(person, life.account_id)
    for person in own:
        yield {**_person(person, ""), "is_internal": "true"}
    for life, person in _known_twice(lives):
        yield _person(replace(person, person_id=person.alias), life.account_id)


def person_links(lives: Sequence[Life]) -> Iterator[dict[str, str]]:
    """The id from a guest's link is given up for the one of the user that the guest became."""
    for _, person in _known_twice(lives):
        yield {"person_id": person.alias, "same_as": person.person_id}


def _known_twice(lives: Sequence[Life]) -> Iterator[tuple[Life, Person]]:
    return ((life, person) for life in lives for person in life.people if person.alias)


def _person(person: Person, account_id: str) -> dict[str, str]:
    kind, number = person.person_id.split("-")
    return {
        "person_id": person.person_id,
        "account_id": account_id,
        "email": f"{kind}{int(number)}@example.com",
        "role": person.role,
        "created_at": stamp(person.joined_at),
        "is_internal": "false",
        "locale": person.locale,
    }
