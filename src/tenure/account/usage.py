"""How a customer uses the product, and who of it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.account.happening import Happening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tenure.account.reader import Reader, Section

_PEOPLE = """
SELECT count(DISTINCT person_id) FILTER (WHERE day > $today - 7) AS people_7,
    count(DISTINCT person_id) FILTER (WHERE day > $today - 30) AS people_30,
    count(DISTINCT person_id) FILTER (WHERE day <= $today - 30) AS people_30_before
FROM {activity} WHERE account_id = $account AND day > $today - 60 AND day <= $today
"""
_DAYS = """
SELECT min(day) AS first_seen_on, max(day) AS last_seen_on, min(happened_at) AS began_at,
    count(*) FILTER (WHERE day > $today - 30) AS days_30,
    count(*) FILTER (WHERE day > $today - 60 AND day <= $today - 30) AS days_30_before
FROM {account_activity} WHERE account_id = $account AND day <= $today
"""
_VOLUME = """
SELECT CAST(coalesce(sum(events), 0) AS BIGINT) AS events_30, CAST(coalesce(sum(errors), 0) AS BIGINT) AS errors_30,
    CAST(coalesce(sum(sessions), 0) AS BIGINT) AS sessions_30
FROM {usage} WHERE account_id = $account AND day > $today - 30 AND day <= $today AND happened_at < $now
"""
_FEATURES = """
SELECT feature, CAST(sum(events) AS BIGINT) AS events, max(day) AS last_used_on, max(is_core) = 1 AS is_core FROM {adoption}
WHERE account_id = $account AND day > $today - 30 AND day <= $today GROUP BY feature ORDER BY events DESC, feature
"""
_CORE = "SELECT DISTINCT feature FROM {adoption} WHERE is_core = 1 ORDER BY feature"
_PERSONS = """
WITH known AS (
    SELECT DISTINCT root_id AS person_id, role FROM {person_roots} WHERE account_id = $account AND NOT is_left_out
), seen AS (
    SELECT person_id, max(day) AS last_seen_on, count(*) FILTER (WHERE day > $today - 30) AS days_30
    FROM {activity} WHERE account_id = $account AND day <= $today GROUP BY person_id
)
SELECT coalesce(k.person_id, s.person_id) AS person_id, k.role, s.last_seen_on, coalesce(s.days_30, 0) AS days_30,
    k.person_id IS NOT NULL AS is_known
FROM known AS k FULL JOIN seen AS s ON s.person_id = k.person_id ORDER BY last_seen_on DESC NULLS LAST, 1
"""


def usage(reader: Reader) -> tuple[Section, list[Happening]]:
    """Active people and days of the last 7 and 30 local days against the 30 before, and the core features used in 30 days."""
    days = reader.row(_DAYS)
    began = days.pop("began_at")
    features = reader.rows(_FEATURES)
    core: Sequence[str] = reader.settings.core_features or [row["feature"] for row in reader.rows(_CORE)]
    used = {row["feature"] for row in features if row["is_core"]}
    section = {
        **reader.row(_PEOPLE),
        **days,
        **reader.row(_VOLUME),
        "features": features,
        "core_used": len(used),
        "core_features": len(core),
        "core_unused": [feature for feature in core if feature not in used],
    }
    return section, [Happening(began, "usage", "used the product for the first time")] if began else []


def people(reader: Reader) -> tuple[Section, list[Happening]]:
    """The people of the customer who count, those last seen first; whoever is only known from usage has an id alone."""
    rows = reader.rows(_PERSONS)
    contacts = reader.rows("""
        SELECT u.root_id AS person_id, min(p.email) AS email, min(p.created_at) AS created_at
        FROM {person_roots} AS u JOIN {people} AS p ON p.person_id = u.person_id WHERE u.account_id = $account GROUP BY u.root_id
    """)
    written = {row["person_id"]: row for row in contacts}
    shown = [
        {
            "person_id": row["person_id"],
            "name": reader.person(row["person_id"]) if row["person_id"] in reader.persons else None,
            "email": written.get(row["person_id"], {}).get("email"),
            "role": row["role"],
            "last_seen_on": row["last_seen_on"],
            "days_30": row["days_30"],
        }
        for row in rows
        if (came := written.get(row["person_id"], {}).get("created_at")) is None or came < reader.now
    ]
    return {"count": len(shown), "all": shown}, []
