"""How customers begin, told account by account: sold, onboarded, tried, converted. Naive, and slow."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from oracle.spans import END_OF_TIME, spans

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from oracle.company import Company
    from oracle.spans import Span
    from tenure.policy import Policy

Instant = datetime | None


class Step(NamedTuple):
    """What a person, or an account ('' as the person), has done about one step."""

    account: str
    person: str
    step: str
    required: bool
    shown: Instant
    begun: Instant
    done: Instant
    passed: Instant


class Onboarding(NamedTuple):
    """When an account began, how many steps it must do, and when it had done them: by somebody, and by everyone."""

    begun: datetime
    required: int
    finished: Instant
    everyone: Instant


class Trial(NamedTuple):
    """When a subscription's trial began and ended, and when it was paid for from then on."""

    begun: Instant
    ended: datetime
    converted: Instant


def first(instants: Iterable[Instant]) -> Instant:
    """The earliest that is known."""
    return min((instant for instant in instants if instant is not None), default=None)


def last_of_all(instants: Iterable[Instant]) -> Instant:
    """The latest, if all are known and there is one."""
    known = list(instants)
    return None if None in known or not known else max(i for i in known if i is not None)


def people(company: Company) -> tuple[dict[str, str], set[str]]:
    """Every linked person's surviving one, and the people who do not count, by any of their names."""
    same = {row["person_id"]: row["same_as"] for row in company.rows("person_links")}
    home, out_of_it = company.roots(), company.left_out()
    gone = {row["person_id"] for row in company.rows("people") if row.get("is_internal")}
    for row in company.rows("people"):
        account = row.get("account_id")
        if account and {account, home.get(account, account)} & out_of_it:
            gone.add(row["person_id"])
    while grown := {p for pair in same.items() if gone & set(pair) for p in pair} - gone:
        gone |= grown
    return same, gone


def steps(company: Company) -> list[Step]:
    """Every step of everybody who counts; what is of one person, or of one account, is one."""
    same, gone = people(company)
    home, out_of_it = company.roots(), company.left_out()
    told: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in company.rows("onboarding_steps"):
        account, person = row["account_id"], row.get("person_id") or ""
        if person not in gone and not {account, home.get(account, account)} & out_of_it:
            key = (home.get(account, account), same.get(person, person), row["step"])
            told.setdefault(key, []).append(dict(row))
    return [
        Step(
            *key,
            any(row["is_required"] for row in rows),
            first(row["shown_at"] for row in rows),
            first(at for row in rows for at in (row["started_at"] or row["completed_at"],)),
            first(row["completed_at"] for row in rows),
            first(row["skipped_at"] for row in rows),
        )
        for key, rows in told.items()
    ]


def onboardings(company: Company) -> dict[str, Onboarding]:
    """Of every account that a step was put before."""
    found = {}
    every = steps(company)
    for account in {step.account for step in every}:
        mine = [step for step in every if step.account == account]
        begun = first(step.begun for step in mine) or first(step.shown or step.passed for step in mine)
        needed = {step.step for step in mine if step.required}
        if begun is None:
            continue
        somebody = [first(s.done for s in mine if s.step == name) for name in needed]
        found[account] = Onboarding(
            begun,
            len(needed),
            last_of_all(somebody),
            last_of_all(s.done for s in mine if s.required),
        )
    return found


def trials(company: Company, policy: Policy) -> dict[tuple[str, str], Trial]:
    """Of every account and subscription that had a trial which ended."""
    by_subscription: dict[tuple[str, str], list[Span]] = {}
    for span in spans(company, policy):
        by_subscription.setdefault((span.account, span.subscription), []).append(span)
    known = dict(_seen(by_subscription))
    for key, told in _told(company):
        if key not in known:
            known[key] = _cut(told, _paid_from(by_subscription.get(key, [])))
    settle = timedelta(minutes=int(policy["settle_minutes"]))
    found = {}
    for (account, subscription), (begun, ended) in known.items():
        if ended is None:
            continue
        own = [s for s in by_subscription.get((account, subscription), []) if s.kind == "paying"]
        all_paid = [s for key, rows in by_subscription.items() if key[0] == account for s in rows if s.kind == "paying"]
        found[account, subscription] = Trial(begun, ended, _converted(begun, ended, settle, own, all_paid))
    return found


def _converted(begun: Instant, ended: datetime, settle: timedelta, own: list[Span], paid: list[Span]) -> Instant:
    mine = min((max(span.starts, ended) for span in own if span.ends > ended), default=None)
    if mine == ended or (begun is not None and any(span.covers(begun) for span in paid)):
        return mine
    if any(span.covers(ended) for span in paid):
        return ended
    settled = any(span.covers(ended + settle) for span in paid)
    return first([mine, ended + settle if settled else None])


def _paid_from(rows: list[Span]) -> datetime:
    return min((span.starts for span in rows if span.kind == "paying"), default=END_OF_TIME)


def _seen(
    by_subscription: dict[tuple[str, str], list[Span]],
) -> Iterator[tuple[tuple[str, str], tuple[Instant, Instant]]]:
    """What the periods tell: runs of trial that began before the first payment."""
    for key, rows in by_subscription.items():
        paid = _paid_from(rows)
        runs: list[list[datetime]] = []
        for span in sorted((s for s in rows if s.kind == "trial"), key=lambda s: s.starts):
            if runs and span.starts <= runs[-1][1]:
                runs[-1][1] = max(runs[-1][1], span.ends)
            else:
                runs.append([span.starts, span.ends])
        mine = [(begins, min(ends, paid)) for begins, ends in runs if begins < paid]
        if mine:
            ended = max(ends for _, ends in mine)
            yield key, (min(begins for begins, _ in mine), None if ended == END_OF_TIME else ended)


def _told(company: Company) -> Iterator[tuple[tuple[str, str], tuple[Instant, Instant]]]:
    """What the subscriptions themselves tell."""
    home, out_of_it = company.roots(), company.left_out()
    for row in company.rows("subscriptions"):
        account = row["account_id"]
        if {account, home.get(account, account)} & out_of_it or not (
            row.get("trial_started_at") or row.get("trial_ends_at")
        ):
            continue
        begun = row.get("trial_started_at")
        if begun is None and row.get("created_at") is not None and row["created_at"] < row.get("trial_ends_at"):
            begun = row["created_at"]
        yield (
            (home.get(account, account), row["subscription_id"]),
            (begun, first([row.get("trial_ends_at"), row.get("ends_at")])),
        )


def _cut(told: tuple[Instant, Instant], paid: datetime) -> tuple[Instant, Instant]:
    begun, ended = told
    if begun is not None and begun < paid != END_OF_TIME:
        ended = first([ended, paid])
    return (begun if begun is None or ended is None or begun <= ended else None), ended
