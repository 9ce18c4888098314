"""The words of a question as a caller of the library gives them, and the policy that is meant by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from tenure.calendar import local, parse_instant
from tenure.errors import UnknownNameError, UsageError
from tenure.policy import Policy
from tenure.query import Asked, policy_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from tenure.config import Settings


def policy_meant(settings: Settings, words: Asked, given: str | Policy | None) -> Policy:
    """A policy, a preset by its name, or the question's own where none is given."""
    if given is None:
        return policy_of(settings, words)
    return given if isinstance(given, Policy) else Policy(given)


def read_words(words: Mapping[str, object]) -> Asked:
    """The question without the words that say nothing; `where` as a mapping, its values gathered by dimension.

    Raises:
        UsageError: `by` is no name, or `where` is neither a mapping nor pairs.
        UnknownNameError: there is no such word.
    """
    given: dict[str, Any] = {name: value for name, value in words.items() if value is not None}
    where: dict[str, list[str]] = {}
    said = given.pop("where", None) or {}
    if isinstance(said, str):
        raise UsageError(f"where='{said}' is a text: write a mapping, such as where={{'plan': 'pro'}}.")
    for name, value in said.items() if isinstance(said, Mapping) else said:
        if not isinstance(value, Iterable):
            raise UsageError(f"where takes texts, and '{name}' is to be {value!r}: write it in quotes.")
        where.setdefault(name, []).extend([value] if isinstance(value, str) else list(value))
    if not isinstance(given.get("by", ""), str):
        raise UsageError(f"by={given['by']!r} is no name: write one, such as by='plan'.")
    if "set" in given:  # what the command line calls it
        given["switches"] = given.pop("set")
    unknown = sorted(set(given) - {known.name for known in fields(Asked)})
    if unknown:
        known_words = [known.name for known in fields(Asked)]
        raise UnknownNameError(
            "word of a question", unknown[0], known_words, f"The words are {', '.join(known_words)}."
        )
    return Asked(where=where, **given)


def unloaded(con: DuckDBPyConnection, settings: Settings, asked: Asked) -> str | None:
    """A sentence, if the instant as of which is asked lies before the first load: what happened by then is asked with `until`."""
    row = con.execute("SELECT min(loaded_at) FROM meta.loads").fetchone()
    if asked.as_of is None or row is None or row[0] is None or parse_instant(asked.as_of, settings.zone) >= row[0]:
        return None
    first = f"{local(row[0], settings.zone):%Y-%m-%d %H:%M}"
    return f"As of {asked.as_of} nothing was known: the first load was done on {first}. What had happened by a day is asked with --to."
