"""What customers say and how they fare, counted the slow way from the raw rows, one period at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from oracle.company import exact
from oracle.reading import local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from zoneinfo import ZoneInfo

    from oracle.company import Company

Row = dict[str, Any]
Number = Fraction | int | None
SCALES = {"nps": (0, 10), "csat": (1, 5), "ces": (1, 7)}
IDS = {
    "responses": "response_id",
    "feedback": "feedback_id",
    "touches": "touch_id",
    "goals": "goal_id",
    "referrals": "referral_id",
}


def ratio(top: Fraction | int, bottom: Fraction | int) -> Number:
    """Unknown over nothing."""
    return Fraction(top) / Fraction(bottom) if bottom else None


@dataclass
class Feedback:
    """The rows of a company that count, each with its `account` ('' where none is known) and its `person` (or None)."""

    company: Company
    zone: ZoneInfo
    persons: dict[str, tuple[str | None, str | None, bool]] = field(init=False)
    rows: dict[str, list[Row]] = field(init=False)
    roots: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.roots = self.company.roots()
        self.persons = self._persons()
        self.rows = {table: [*self._owned(table)] for table in IDS}

    def _persons(self) -> dict[str, tuple[str | None, str | None, bool]]:
        """Every known person's survivor, account and whether they count for nothing."""
        tables = self.company.tables
        step = {row["person_id"]: row["same_as"] for row in tables.get("person_links", ())}
        listed = {row["person_id"]: row for row in tables.get("people", ())}
        robots = {row["id"] for row in tables.get("exclusions", ()) if row["table_name"] == "people"}
        groups: dict[str, list[str]] = {}
        for person in sorted({*listed, *step, *step.values(), *robots}):
            root = person
            while root in step:
                root = step[root]
            groups.setdefault(root, []).append(person)
        found: dict[str, tuple[str | None, str | None, bool]] = {}
        for root, members in groups.items():
            homes = {m: listed[m]["account_id"] for m in members if m in listed and listed[m]["account_id"]}
            out = any(m in robots or (m in listed and listed[m].get("is_internal")) for m in members)
            out = out or any(home in self.company.left_out() for home in homes.values())
            home = homes.get(root) or min((self._root(h) for h in homes.values()), default=None)
            for member in members:
                found[member] = (root, home and self._root(home), out)
        return found

    def _root(self, account: str) -> str:
        return self.roots.get(account, account)

    def _owned(self, table: str) -> Iterable[Row]:
        out = {row["id"] for row in self.company.tables.get("exclusions", ()) if row["table_name"] == table}
        for row in self.company.tables.get(table, ()):
            named = row.get("person_id")
            person, home, is_out = self.persons.get(named or "", (named, None, False))
            account = row["account_id"]
            left = account is not None and {account, self._root(account)} & self.company.left_out()
            if row[IDS[table]] in out or is_out or left:
                continue
            yield {**row, "account": self._root(account) if account else home or "", "person": person}

    def customer(self, account: str, instant: datetime) -> tuple[bool, bool]:
        """Whether an account is a customer just before an instant, and whether it ever was one by then."""
        mine = [
            row for row in self.company.tables["subscription_periods"]
            if self._root(row["account_id"]) == account and row["starts_at"] < instant
        ]  # fmt: skip
        return any(row["ends_at"] is None or row["ends_at"] >= instant for row in mine), bool(mine)

    def customers(self, instant: datetime) -> set[str]:
        """The customers just before an instant."""
        accounts = {self._root(row["account_id"]) for row in self.company.tables["subscription_periods"]}
        return {a for a in accounts - self.company.left_out() if self.customer(a, instant)[0]}

    def numbers(self, opens: datetime, closes: datetime) -> dict[str, Number]:
        """Every metric of a period."""
        found = self.surveys(opens, closes)
        comments = [
            r for r in self.rows["responses"] if r["comment"] and opens <= (r["answered_at"] or r["sent_at"]) < closes
        ]
        found["feedback_volume"] = len(comments) + len(self._within("feedback", opens, closes))
        touches = self._within("touches", opens, closes)
        before, after = self.customers(opens), self.customers(closes)
        found["touches_per_customer"] = ratio(2 * len(touches), len(before) + len(after))
        trained = {row["account"] for row in touches if row["kind"] in {"training", "webinar"}}
        found["training_attendance"] = ratio(len(trained & after), len(after))
        found["happy_share"] = self._happy(closes)
        due = [row for row in self.rows["goals"] if row["due_on"] and opens <= self._midnight(row["due_on"]) < closes]
        found["goal_attainment_rate"] = ratio(sum(self._is_met(row) for row in due), len(due))
        made = [row for row in self._within("referrals", opens, closes) if row["kind"] == "referral"]
        found["referrals"] = len(made)
        found["referral_rate"] = ratio(len(made), len(after))
        found["referral_conversion_rate"] = ratio(sum(bool(row["converted_at"]) for row in made), len(made))
        spoke = {r["account"] for r in self.rows["referrals"] if r["kind"] != "referral" and r["happened_at"] < closes}
        found["advocates"] = sum(self.customer(a, closes)[0] or not self.customer(a, closes)[1] for a in spoke)
        return found

    def surveys(
        self, opens: datetime, closes: datetime, keep: Callable[[Row], bool] = lambda _: True
    ) -> dict[str, Number]:
        """The metrics of answers, of those that are to be kept."""
        mine = [row for row in self.rows["responses"] if keep(row)]
        sent = [row for row in mine if opens <= (row["sent_at"] or row["answered_at"]) < closes]
        scored = [r for r in mine if r["score"] is not None and opens <= r["answered_at"] < closes]
        votes = [r for r in scored if r["survey"] == "nps" and scale(r) in {(0, 10), (1, 10)}]
        csat, ces = ([r for r in scored if r["survey"] == survey] for survey in ("csat", "ces"))
        last: dict[object, Row] = {}
        for row in sorted(votes, key=lambda r: (r["answered_at"], r["response_id"])):
            last[row["person"] or ("alone", row["response_id"])] = row
        groups: dict[object, list[Row]] = {}
        for row in votes:
            nobody = ("person", row["person"]) if row["person"] else ("alone", row["response_id"])
            groups.setdefault(row["account"] or nobody, []).append(row)
        return {
            "nps": nps(votes),
            "nps:latest_per_person": nps(last.values()),
            "nps:by_account": ratio(sum(nps(group) or 0 for group in groups.values()), len(groups)),
            "csat": ratio(sum(height(row) >= Fraction(3, 4) for row in csat), len(csat)),
            "csat_mean": mean(csat, 1, 5),
            "ces": mean(ces, 1, 7),
            "ces_easy_share": ratio(sum(height(row) >= Fraction(2, 3) for row in ces), len(ces)),
            "survey_response_rate": ratio(sum(bool(row["answered_at"]) for row in sent), len(sent)),
        }

    def _within(self, table: str, opens: datetime, closes: datetime) -> list[Row]:
        return [row for row in self.rows[table] if opens <= row["happened_at"] < closes]

    def _happy(self, closes: datetime) -> Number:
        last: dict[str, Row] = {}
        for row in sorted(self.rows["touches"], key=lambda r: (r["happened_at"], r["touch_id"])):
            if row["affinity"] and row["happened_at"] < closes:
                last[row["account"]] = row
        today = (closes - timedelta(microseconds=1)).replace(tzinfo=UTC).astimezone(self.zone).date()
        since = self._midnight(today - timedelta(days=89))
        recent = [row for row in last.values() if row["happened_at"] >= since]
        return ratio(sum(row["affinity"] == "happy" for row in recent), len(recent))

    def _midnight(self, day: Any) -> datetime:  # noqa: ANN401 - a date from a row of anything
        return local(datetime(day.year, day.month, day.day), self.zone)  # noqa: DTZ001 - local on purpose

    def _is_met(self, row: Mapping[str, Any]) -> bool:
        if row["achieved_at"]:
            return bool(row["achieved_at"].replace(tzinfo=UTC).astimezone(self.zone).date() <= row["due_on"])
        return None not in {row["actual"], row["target"]} and bool(row["actual"] >= row["target"])


def scale(row: Row) -> tuple[int, int]:
    """The lowest and the highest score that could be given."""
    return SCALES[row["survey"]] if row["scale_min"] is None else (row["scale_min"], row["scale_max"])


def rating(row: Row) -> Fraction:
    """The score, a high one being good."""
    low, high = scale(row)
    return exact(row["score"]) if row["higher_is_better"] else low + high - exact(row["score"])


def height(row: Row) -> Fraction:
    """How far up its scale an answer is, 0 to 1."""
    low, high = scale(row)
    return (rating(row) - low) / (high - low)


def nps(rows: Iterable[Row]) -> Number:
    """Promoters less detractors of a hundred."""
    ratings = [rating(row) for row in rows]
    return ratio(100 * (sum(r >= 9 for r in ratings) - sum(r <= 6 for r in ratings)), len(ratings))


def mean(rows: list[Row], low: int, high: int) -> Number:
    """The mean rating on the one scale of all, or else on the scale given."""
    if len({scale(row) for row in rows}) > 1:
        return ratio(sum((low + (high - low) * height(row) for row in rows), Fraction(0)), len(rows))
    return ratio(sum((rating(row) for row in rows), Fraction(0)), len(rows))
