"""Activation and survival, counted again account by account; and what a cohort that is too young does not say."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

import tenure
from library.beginners import CUT, Beginner, beginners, later, month, tables
from library.company import write
from tenure.errors import UnknownNameError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

SEEDS = (1, 2)


@pytest.fixture(scope="module", params=SEEDS)
def company(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    made = beginners(request.param)
    with tenure.open() as store:
        store.load(write(tmp_path_factory.mktemp("beginners"), **tables(made)))
        yield made, store


def started(one: Beginner) -> date:
    """When an account is first known: it signed up, or did something before that is a state of it."""
    return min(filter(None, (one.signed_up, one.joined)))


MILESTONES: dict[str, Callable[[Beginner], date | None]] = {
    "active": lambda one: min((day for _, day in one.events), default=None),
    "value": lambda one: one.first_value,
    "paying": lambda one: one.joined,
    "launch": lambda _: None,
}


def triangle(company: list[Beginner], first: Callable[[Beginner], date | None], last: int) -> dict[int, list[float]]:
    """By month of sign-up, the share that has done it by the end of each month up to the last one that is over."""
    cohorts: dict[int, list[Beginner]] = defaultdict(list)
    for one in company:
        cohorts[month(started(one))].append(one)
    return {
        cohort: [
            sum(1 for one in some if (day := first(one)) is not None and month(day) <= by) / len(some)
            for by in range(cohort, last + 1)
        ]
        for cohort, some in sorted(cohorts.items())
    }


def told(shown: dict[str, Any]) -> dict[int, list[float | None]]:
    """The values by month of the cohort."""
    return {int(row["cohort"][:4]) * 12 + int(row["cohort"][5:7]) - 1: row["values"] for row in shown["rows"]}


@pytest.mark.parametrize("milestone", MILESTONES)
def test_a_milestone_is_counted_account_by_account(company: Any, milestone: str) -> None:  # noqa: ANN401 - the fixture's pair
    made, store = company
    shown = store.cohorts("activation", milestone=milestone, now=f"{CUT}T00:00:00Z").to_dict()
    wanted = triangle(made, MILESTONES[milestone], month(CUT) - 1)
    found = told(shown)
    assert shown["milestone"] == milestone
    assert {cohort: pytest.approx(values) for cohort, values in found.items()} == {
        cohort: values[: len(found[cohort])] for cohort, values in wanted.items()
    }
    assert sum(row["size"] for row in shown["rows"]) == len(made)


def test_any_event_may_be_the_first(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    made, store = company
    shown = store.cohorts("activation", event="report_made", now=f"{CUT}T00:00:00Z").to_dict()
    first = triangle(
        made, lambda one: min((d for name, d in one.events if name == "report_made"), default=None), month(CUT) - 1
    )
    found = told(shown)
    assert (shown["event"], "milestone" in shown) == ("report_made", False)
    assert {c: pytest.approx(values) for c, values in found.items()} == {c: first[c][: len(found[c])] for c in first}


def test_a_month_that_runs_is_unknown_and_never_nothing(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    """On 20 April nobody has had all of April: the last value of every cohort is null, those before are as they were."""
    _, store = company
    shown = store.cohorts("activation", now="2024-04-20T12:00:00Z").to_dict()
    whole = told(store.cohorts("activation", now=f"{CUT}T00:00:00Z").to_dict())
    assert shown["partial"]
    for cohort, values in told(shown).items():
        assert values[-1] is None
        assert values[:-1] == whole[cohort][: len(values) - 1]


def test_segments_of_activation_add_up(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    _, store = company
    now = f"{CUT}T00:00:00Z"
    whole = {row["cohort"]: row for row in store.cohorts("activation", now=now).to_dict()["rows"]}
    parts: dict[str, list[float]] = {}
    for row in store.cohorts("activation", by="channel", now=now).to_dict()["rows"]:
        counts = parts.setdefault(row["cohort"], [0.0] * len(row["values"]))
        parts[row["cohort"]] = [a + b * row["size"] for a, b in zip(counts, row["values"], strict=True)]
    for cohort, counts in parts.items():
        assert counts == pytest.approx([value * whole[cohort]["size"] for value in whole[cohort]["values"]])


def stays(company: list[Beginner], size: int) -> dict[int, list[tuple[int, bool]]]:
    """By month of joining: (whole periods of `size` months seen, whether it left within the last of them)."""
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for one in company:
        if one.joined is None:
            continue
        gone = one.gone(CUT)
        if gone is not None:
            seen = next(n for n in range(1, 999) if later(one.joined, n * size) >= gone)
        else:
            seen = next(n for n in range(999) if later(one.joined, (n + 1) * size) >= CUT)
        found[month(one.joined)].append((seen, gone is not None))
    return found


def kaplan_meier(people: list[tuple[int, bool]], period: int) -> float | None:
    """The product over the periods, one person at a time; None where nobody has been seen for so long."""
    if all(seen < period for seen, _ in people) and any(not left for _, left in people):
        return None
    share = 1.0
    for n in range(1, period + 1):
        there = [(seen, left) for seen, left in people if seen >= n]
        if there:
            share *= 1 - sum(1 for seen, left in there if left and seen == n) / len(there)
    return share


@pytest.mark.parametrize(("grain", "size"), [("month", 1), ("quarter", 3)])
def test_survival_is_counted_person_by_person(company: Any, grain: str, size: int) -> None:  # noqa: ANN401 - the fixture's pair
    made, store = company
    shown = store.cohorts("survival", grain=grain, now=f"{CUT}T00:00:00Z", since="2023-01-01", until=str(CUT)).to_dict()
    by_month = stays(made, size)
    wanted: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for cohort, people in by_month.items():
        wanted[cohort - cohort % size] += people
    assert len(shown["rows"]) == len(wanted)
    for row in shown["rows"]:
        people = wanted[int(row["cohort"][:4]) * 12 + int(row["cohort"][5:7]) - 1]
        assert row["size"] == len(people)
        assert row["values"] == [_near(kaplan_meier(people, k)) for k in range(len(row["values"]))]
    (everyone,) = shown["all"]
    people = [one for some in wanted.values() for one in some]
    assert everyone["size"] == len(people)
    assert everyone["values"] == [_near(kaplan_meier(people, k)) for k in range(len(everyone["values"]))]
    for low, value, high in zip(everyone["low"], everyone["values"], everyone["high"], strict=True):
        assert (low, high) == (None, None) if value is None else low <= value <= high


def _near(value: float | None) -> object:
    return None if value is None else pytest.approx(value)


def test_survival_of_a_story(tmp_path: Path) -> None:
    """Four join in January: one leaves after a month, one after two and is back at once, one after three for good."""
    periods = "subscription_id,account_id,starts_at,ends_at,unit_amount\n"
    periods += "s1,a1,2024-01-05,2024-02-05,10\ns2,a2,2024-01-10,2024-03-10,10\nt2,a2,2024-03-20,,10\n"
    periods += "s3,a3,2024-01-31,2024-04-30,10\ns4,a4,2024-01-31,,10\n"
    with tenure.open() as store:
        store.load(write(tmp_path, subscription_periods=periods))
        shown = store.cohorts("survival", now="2024-05-20T00:00:00Z").to_dict()
    (row,) = shown["rows"]
    assert row["values"] == [1.0, 0.75, 0.75, 0.5]
    assert row["low"][0] == row["high"][0] == 1
    assert 0 < row["low"][1] < 0.75 < row["high"][1] < 1
    assert shown["all"] == [{key: row[key] for key in ("size", "values", "low", "high")}]


def test_words_that_do_not_fit(company: Any) -> None:  # noqa: ANN401 - the fixture's pair
    _, store = company
    with pytest.raises(
        UnknownNameError, match=r"'report_mad' is not an event that is known here\. Did you mean 'report_made'"
    ):
        store.cohorts("activation", event="report_mad")
    with pytest.raises(UnknownNameError, match="Did you mean 'value'"):
        store.cohorts("activation", milestone="values")
    with pytest.raises(UsageError, match="is what 'activation' is about"):
        store.cohorts("retention", event="report_made")
    with pytest.raises(UsageError, match="not for both"):
        store.cohorts("activation", milestone="value", event="report_made")
