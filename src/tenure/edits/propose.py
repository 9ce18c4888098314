"""Customers that look as if they had left and another had come, and are likely one: "same customer, new billing system".

A pair is proposed where one customer's revenue ends about when another's begins, and both are called alike or are of the same
people. Nothing is drawn by chance and nothing is applied: each pair comes with its reasons, for a person to decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenure.edits.lines import Line
from tenure.store import facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from duckdb import DuckDBPyConnection

    from tenure.config import Settings

BEFORE_DAYS, AFTER_DAYS = 31, 62
"""How long before the other ends, and how long after, one may begin."""
ALIKE = 0.93
"""Jaro-Winkler, of names in lower case without marks and legal forms: from here on two are called alike."""
BEGINNING = 3
"""With so many letters in common two names begin; others are not compared, as a large company has too many pairs."""
ENOUGH = 4
"""What must speak for a pair."""
SHARED = 3
"""An e-mail domain of more customers than this says nothing of any of them: it is a provider's."""
_HOUR_S, _DAY_S = 3600, 86_400
_LEGAL = "gmbh|ag|kg|ug|inc|llc|ltd|limited|corp|co|company|sa|sas|sarl|srl|bv|nv|ab|oy|as|aps|plc|pty"
_CANDIDATES = f"""
WITH standing AS (
    SELECT account_id, min(happened_at) FILTER (WHERE kind = 'new') AS began_at,
        max(happened_at) FILTER (WHERE kind = 'churn') AS ended_at, sum(accounts) AS accounts
    FROM {{customers}} GROUP BY account_id
), ended AS (
    SELECT s.account_id, s.ended_at, sum(-c.worth) AS worth, any_value(c.valued_in) AS currency
    FROM standing AS s JOIN {{customers}} AS c ON c.account_id = s.account_id AND c.happened_at = s.ended_at AND c.kind = 'churn'
    WHERE s.accounts = 0 GROUP BY ALL
), began AS (
    SELECT s.account_id, s.began_at, sum(c.worth) AS worth, any_value(c.valued_in) AS currency
    FROM standing AS s JOIN {{customers}} AS c ON c.account_id = s.account_id AND c.happened_at = s.began_at AND c.kind = 'new'
    GROUP BY ALL
), called AS (
    SELECT coalesce(r.root_id, a.account_id) AS account_id, min(a.name) AS name,
        trim(regexp_replace(regexp_replace(regexp_replace(replace(lower(strip_accents(min(a.name))), '&', ' and '), '[^a-z0-9 ]', ' ', 'g'),
            '\\b({_LEGAL})\\b', ' ', 'g'), ' +', ' ', 'g')) AS bare
    FROM accounts AS a LEFT JOIN facts.account_roots AS r ON r.account_id = a.account_id
    WHERE a.name IS NOT NULL GROUP BY ALL
), reached AS (
    SELECT DISTINCT u.account_id, lower(p.email) AS email, split_part(lower(p.email), '@', 2) AS domain
    FROM people AS p JOIN facts.person_roots AS u ON u.person_id = p.person_id
    WHERE p.email LIKE '%@%' AND u.account_id IS NOT NULL AND NOT u.is_left_out
), own AS (
    SELECT domain FROM reached GROUP BY domain HAVING count(DISTINCT account_id) <= {SHARED}
), alike AS (
    SELECT m.account_id AS id, n.account_id AS same_as,
        CASE WHEN m.bare = n.bare THEN 1 ELSE jaro_winkler_similarity(m.bare, n.bare) END AS alike
    FROM called AS m JOIN called AS n ON left(n.bare, {BEGINNING}) = left(m.bare, {BEGINNING}) AND n.account_id <> m.account_id
    WHERE m.bare <> '' AND m.account_id IN (SELECT account_id FROM ended) AND n.account_id IN (SELECT account_id FROM began)
), kin AS (
    SELECT id, same_as, alike, NULL AS email, NULL AS domain FROM alike WHERE alike >= {ALIKE}
    UNION ALL SELECT x.account_id, y.account_id, 0, x.email, NULL FROM reached AS x JOIN reached AS y ON y.email = x.email
    UNION ALL SELECT x.account_id, y.account_id, 0, NULL, x.domain FROM reached AS x JOIN reached AS y ON y.domain = x.domain
    WHERE x.domain IN (SELECT domain FROM own)
)
SELECT e.account_id AS id, b.account_id AS same_as, e.ended_at, b.began_at, e.worth AS paid_before, b.worth AS paid_after,
    e.currency AS currency_before, b.currency AS currency_after, any_value(m.name) AS name_before, any_value(n.name) AS name_after,
    max(k.alike) AS alike, min(k.email) AS email, min(k.domain) AS domain
FROM kin AS k JOIN ended AS e ON e.account_id = k.id JOIN began AS b ON b.account_id = k.same_as AND b.account_id <> e.account_id
    AND b.began_at BETWEEN e.ended_at - INTERVAL {BEFORE_DAYS} DAY AND e.ended_at + INTERVAL {AFTER_DAYS} DAY
LEFT JOIN called AS m ON m.account_id = k.id LEFT JOIN called AS n ON n.account_id = k.same_as
GROUP BY ALL ORDER BY id, same_as
"""


@dataclass(frozen=True)
class Proposal:
    """A pair that is likely one customer: how much speaks for it (at most 10), and what."""

    id: str
    same_as: str
    name: str | None
    ended_at: datetime
    began_at: datetime
    score: int
    reasons: tuple[str, ...]

    @property
    def line(self) -> Line:
        """The edit that it would be."""
        return Line("migration", "", self.id, self.same_as, "; ".join(self.reasons))

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        instants = {"ended_at": self.ended_at.isoformat() + "Z", "began_at": self.began_at.isoformat() + "Z"}
        return {
            **self.line.to_dict(),
            "name": self.name,
            **instants,
            "score": self.score,
            "reasons": list(self.reasons),
        }


def propose(con: DuckDBPyConnection, settings: Settings) -> list[Proposal]:
    """The pairs for which something speaks beside the time, the likeliest first; each customer in one of them at most."""
    places = facts.ensure(con, settings, None, ("customers",))
    found = con.execute(_CANDIDATES.format(**places))
    names = [column[0] for column in found.description]
    pairs = [dict(zip(names, values, strict=True)) for values in found.fetchall()]
    likely = [one for pair in pairs if (one := _judged(pair)) and one.score >= ENOUGH]
    likely.sort(key=lambda one: (-one.score, abs(one.began_at - one.ended_at), one.id, one.same_as))
    return _once(likely)


def _once(likely: Sequence[Proposal]) -> list[Proposal]:
    taken: set[tuple[str, str]] = set()
    kept = []
    for one in likely:
        # a customer who moved with some of its items may come back with them: that is the same pair once more
        ends = {("ends", one.id), ("begins", one.same_as)}
        if not (ends | {(one.id, one.same_as)}) & taken:
            taken |= ends | {(one.same_as, one.id)}
            kept.append(one)
    return kept


def _judged(pair: Mapping[str, Any]) -> Proposal | None:
    """What speaks for a pair; None where nothing says that it is the same customer, but the time."""
    said: list[tuple[int, str]] = []
    if pair["alike"] >= 1:
        said.append((4, f"same name '{pair['name_after']}'"))
    elif pair["alike"] >= ALIKE:
        said.append((2, f"names alike, '{pair['name_before']}' and '{pair['name_after']}'"))
    if pair["email"]:
        said.append((4, f"same person {pair['email']}"))
    elif pair["domain"]:
        said.append((3, f"same e-mail domain {pair['domain']}"))
    if not said:
        return None
    said.append(_time(pair))
    same_currency = pair["currency_before"] == pair["currency_after"]
    if same_currency and pair["paid_before"] == pair["paid_after"]:
        said.append((2, f"same price, {pair['paid_after'].normalize():f} {pair['currency_after']} a month"))
    elif not same_currency:
        said.append((-1, f"{pair['currency_before']} before, {pair['currency_after']} after"))
    score = min(sum(weight for weight, _ in said), 10)
    reasons = tuple(reason for _, reason in said)
    return Proposal(pair["id"], pair["same_as"], pair["name_after"], pair["ended_at"], pair["began_at"], score, reasons)


def _time(pair: Mapping[str, Any]) -> tuple[int, str]:
    gap = (pair["began_at"] - pair["ended_at"]).total_seconds()
    day = pair["ended_at"].date().isoformat()
    if abs(gap) <= _HOUR_S:
        return 4, f"one ends on {day} as the other begins"
    days = round(abs(gap) / _DAY_S)
    length = f"{days} day{'' if days == 1 else 's'}" if days else "some hours"
    weight = 2 if abs(gap) <= 3 * _DAY_S else 0
    return weight, f"one begins {length} {'after' if gap > 0 else 'before'} the other ends, on {day}"
