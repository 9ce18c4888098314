"""What people do in the product, counted the slow way: every number from the raw rows, with sets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from oracle.company import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from oracle.company import Company

Number = Fraction | int | None


@dataclass(frozen=True)
class Act:
    """One event of somebody who counts: whose, where (the account that it names), when, and what."""

    account: str
    person: str
    home: str
    feature: str
    session: str
    happened_at: datetime
    day: date
    name: str
    is_error: bool
    seconds: Fraction


@dataclass(frozen=True)
class Reading:
    """What the company takes for active, engaged and core; nothing said is everything."""

    active_events: tuple[str, ...] = ()
    active_count: int = 1
    key_events: tuple[str, ...] = ()
    core_features: tuple[str, ...] = ()
    engaged_count: int = 2
    engaged_days: int = 7

    def is_active(self, act: Act) -> bool:
        return not self.active_events or act.name in self.active_events

    def is_key(self, act: Act) -> bool:
        return act.name in self.key_events if self.key_events else self.is_active(act)

    def is_core(self, feature: str) -> bool:
        return not self.core_features or feature in self.core_features


@dataclass(frozen=True)
class Usage:
    """The events of a company, read in a zone."""

    company: Company
    zone: ZoneInfo
    reading: Reading = field(default_factory=Reading)

    @cached_property
    def acts(self) -> list[Act]:
        """Every event that counts."""
        accounts, people = self.company.roots(), self._people()
        out, found = self.company.left_out(), []
        gone = out | {accounts.get(account, account) for account in out}
        for row in self.company.rows("events"):
            person = people.get(row.get("person_id") or "")
            account = row.get("account_id") or ""
            root = accounts.get(account, account) or (person["home"] if person else "")
            if account in gone or root in gone or (person and (person["out"] or person["home"] in gone)):
                continue
            local = row["happened_at"].replace(tzinfo=UTC).astimezone(self.zone)
            found.append(
                Act(
                    account=root,
                    person=person["root"] if person else row.get("person_id") or "",
                    home=(person["home"] if person else "") or root,
                    feature=row.get("feature") or "(none)",
                    session=row.get("session_id") or "",
                    happened_at=row["happened_at"],
                    day=local.date(),
                    name=row["name"],
                    is_error=bool(row.get("is_error")),
                    seconds=exact(row.get("duration_s")),
                )
            )
        return found

    def _people(self) -> dict[str, dict[str, Any]]:
        """By id: who it really is, the account they are at home in, and whether they are left out."""
        step = {row["person_id"]: row["same_as"] for row in self.company.rows("person_links")}
        rows = {row["person_id"]: row for row in self.company.rows("people")}
        accounts = self.company.roots()
        robots = {x["id"] for x in self.company.tables.get("exclusions", ()) if x["table_name"] == "people"}

        def end(person: str) -> str:
            while person in step:
                person = step[person]
            return person

        found: dict[str, dict[str, Any]] = {}
        ids = {*rows, *step, *step.values(), *robots}
        for person in ids:
            root = end(person)
            same = [root, *sorted(other for other in ids if end(other) == root)]
            homes = [rows[one]["account_id"] for one in same if one in rows and rows[one].get("account_id")]
            home = homes[0] if homes else ""
            out = any(one in robots or rows.get(one, {}).get("is_internal") for one in same)
            found[person] = {"root": root, "home": accounts.get(home, home), "out": out}
        return found

    @cached_property
    def person_days(self) -> set[tuple[str, str, date]]:
        """Who was active on which day, at home; who has none, in the first account they acted in."""
        found = Counter((a.person, a.day) for a in self.acts if a.person and self.reading.is_active(a))
        homes: dict[tuple[str, date], set[str]] = {}
        for act in self.acts:
            if self.reading.is_active(act):
                homes.setdefault((act.person, act.day), set()).add(act.home)
        return {(min(homes[key]), *key) for key, count in found.items() if count >= self.reading.active_count}

    @cached_property
    def account_days(self) -> set[tuple[str, date]]:
        """Which account was active on which day."""
        found = Counter((a.account, a.day) for a in self.acts if a.account and self.reading.is_active(a))
        return {key for key, count in found.items() if count >= self.reading.active_count}

    @cached_property
    def sessions(self) -> Mapping[tuple[str, str], Act]:
        """The first event of every session."""
        first: dict[tuple[str, str], Act] = {}
        for act in sorted(self.acts, key=lambda a: (a.happened_at, a.feature, a.person)):
            if act.session:
                first.setdefault((act.account, act.session), act)
        return first

    def numbers(self, opens: datetime, closes: datetime) -> dict[str, Number]:
        """Every metric of usage over a period of naive UTC instants."""
        first, last = (self._day(instant) for instant in (opens, closes - timedelta(microseconds=1)))
        week, month = last - timedelta(days=last.weekday()), last.replace(day=1)
        rows = [act for act in self.acts if opens <= act.happened_at < closes]
        people = self._people_within(last, 30)
        mean = Fraction(sum(1 for _, _, day in self.person_days if first <= day <= last), (last - first).days + 1)
        begun = [act for act in self.sessions.values() if opens <= act.happened_at < closes]
        seconds = sum((act.seconds for act in rows), Fraction(0))
        return {
            "daily_active_users": self._people_within(last, 1),
            "weekly_active_users": self._people_within(last, 7),
            "monthly_active_users": people,
            "weekly_active_users:calendar": self._people_within(last, (last - week).days + 1),
            "monthly_active_users:calendar": self._people_within(last, (last - month).days + 1),
            "active_accounts": len(self._accounts_within(last)),
            "stickiness": _share(mean, people),
            "engaged_users": self._engaged(last),
            "events": len(rows),
            "sessions": len(begun),
            "time_in_product": seconds,
            "time_in_product:per_session": _share(seconds, len(begun)),
            "time_in_product:per_user": _share(seconds, len({act.person for act in rows if act.person})),
            "error_rate": _share(sum(act.is_error for act in rows), len(rows)),
            **self._adoption(last),
        }

    def _day(self, instant: datetime) -> date:
        return instant.replace(tzinfo=UTC).astimezone(self.zone).date()

    def _people_within(self, last: date, days: int) -> int:
        return len({person for _, person, day in self.person_days if within(day, last, days)})

    def _accounts_within(self, last: date) -> set[str]:
        return {account for account, day in self.account_days if within(day, last, 30)}

    def _engaged(self, last: date) -> int:
        counts = Counter(
            act.person
            for act in self.acts
            if act.person and self.reading.is_key(act) and within(act.day, last, self.reading.engaged_days)
        )
        return sum(1 for count in counts.values() if count >= self.reading.engaged_count)

    def _adoption(self, last: date) -> dict[str, Number]:
        used = [a for a in self.acts if a.feature != "(none)" and (a.account, a.day) in self.account_days]
        core = {a.feature for a in used if self.reading.is_core(a.feature)}
        lately = [a for a in used if within(a.day, last, 30)]
        pairs = {(a.account, a.feature) for a in lately if a.feature in core}
        adopters, accounts = {account for account, _ in pairs}, len(self._accounts_within(last))
        days = sum(1 for _, day in self.account_days if within(day, last, 30))
        return {
            "adoption_rate": _share(len(pairs), accounts * len(core)),
            "adoption_rate:reach": _share(len(adopters), accounts),
            "adoption_rate:breadth": _share(len(pairs), len(adopters) * len(core)),
            "adoption_rate:depth": _share(len({(a.account, a.day) for a in lately if a.feature in core}), days),
            "feature_adoption_rate": _share(len({a.account for a in lately}), accounts),
        }

    def segments(self, opens: datetime, closes: datetime, segment: Callable[[Act], str]) -> dict[str, tuple[int, int]]:
        """Events and sessions of a period by segment."""
        events = Counter(segment(a) for a in self.acts if opens <= a.happened_at < closes)
        begun = Counter(segment(a) for a in self.sessions.values() if opens <= a.happened_at < closes)
        return {name: (events[name], begun[name]) for name in {*events, *begun}}


def within(day: date, last: date, days: int) -> bool:
    """Whether it is one of so many days that end with `last`."""
    return last - timedelta(days=days) < day <= last


def _share(top: Fraction | int, bottom: int) -> Fraction | None:
    return Fraction(top) / bottom if bottom else None


def pieces(rows: Sequence[Mapping[str, Any]], count: int) -> list[list[Mapping[str, Any]]]:
    """The rows in so many loads, each with something of every time."""
    return [list(rows[start::count]) for start in range(count)]
