"""Made-up companies: few accounts, many accidents. Instants crowd around the cuts of periods and around each other."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import settings
from hypothesis import strategies as st

from oracle.company import Company
from tenure.policy import PRESETS, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import DrawFn

Row = dict[str, Any]

CURRENCY = "EUR"
# Midnights in UTC and in Berlin (on the days when its clocks change too), and what is a little before them.
BASES = (
    (2024, 1, 1, 0, 0),
    (2024, 1, 31, 23, 30),
    (2024, 2, 1, 0, 0),
    (2024, 2, 15, 12, 0),
    (2024, 2, 29, 23, 0),
    (2024, 3, 1, 0, 0),
    (2024, 3, 30, 23, 0),
    (2024, 3, 31, 22, 0),
    (2024, 4, 1, 0, 0),
    (2024, 4, 10, 9, 0),
)
STEPS = (
    timedelta(0),
    timedelta(minutes=1),
    timedelta(minutes=30),
    timedelta(minutes=59),
    timedelta(minutes=60),
    timedelta(minutes=61),
    timedelta(seconds=-1),
    timedelta(days=5),
    timedelta(days=5, seconds=-1),
    timedelta(days=30),
)
PRICES = tuple(Decimal(text) for text in ("10", "30", "49.99", "100", "0.0006", "0"))
RATES = tuple(Decimal(text) for text in ("0.5", "0.9", "1.1", "2", "0.3333333333"))
DAYS = (
    date(2023, 12, 31),
    date(2024, 1, 31),
    date(2024, 2, 15),
    date(2024, 3, 1),
    date(2024, 3, 31),
    date(2024, 4, 12),
)
RANDOM_SWITCHES = {
    "week_factor": ("52/12", "4"),
    "day_factor": ("365/12", "30"),
    "discounts": ("all", "forever", "none"),
    "past_due": ("counted", "churn_after:0", "churn_after:5", "churn_after:30"),
    "paused": ("zero", "churn", "counted"),
    "churn_at": ("end", "request"),
    "movement_level": ("customer", "subscription"),
    "same_period": ("count", "net"),
    "reactivation_gap_days": ("0", "5", "31"),
    "settle_minutes": ("0", "60", "1440"),
    "net_churn_reactivation": ("no", "yes"),
    "fx": ("daily", "latest", "purchase"),
}


def some(count: int) -> settings:
    """`count` examples in the everyday run, and as many more in a soak run as its profile has more."""
    return settings(max_examples=max(1, count * settings().max_examples // 100))


def presets() -> st.SearchStrategy[Policy]:
    """The reading of one of the known tools."""
    return st.sampled_from(sorted(PRESETS)).map(Policy)


def policies() -> st.SearchStrategy[Policy]:
    """Any reading: a preset, or switches set at random."""
    switches = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in RANDOM_SWITCHES.items()})
    return presets() | switches.map(lambda chosen: Policy("tenure", chosen))


def instants() -> st.SearchStrategy[datetime]:
    """Naive UTC."""
    base = st.sampled_from([datetime(*parts) for parts in BASES])  # noqa: DTZ001 - naive UTC, as stored
    return st.tuples(base, st.sampled_from(STEPS)).map(sum_of)


def sum_of(pair: tuple[datetime, timedelta]) -> datetime:
    """An instant and a step from it."""
    return pair[0] + pair[1]


def mostly(usual: object, *others: object) -> st.SearchStrategy[Any]:
    """`usual` more often than all the others together."""
    return st.sampled_from([usual] * (len(others) + 1) + list(others))


@st.composite
def prices(draw: DrawFn) -> Row:
    """The cells of a row that say what it costs."""
    row: Row = {"unit_amount": draw(st.sampled_from(PRICES))}
    row["quantity"] = draw(mostly(None, Decimal(1), Decimal(2), Decimal("2.5"), Decimal(0)))
    row["billing_interval"], row["interval_count"] = draw(
        mostly((None, None), ("month", 3), ("year", 1), ("year", 2), ("week", 1), ("week", 2), ("day", 1), ("day", 30))
    )
    if draw(mostly(False, True)):
        row["discount_percent"] = draw(mostly(None, Decimal(10), Decimal("33.3333"), Decimal(100)))
        row["discount_amount"] = draw(mostly(None, Decimal(5), Decimal(1000)))
        row["discount_duration"] = draw(st.sampled_from((None, "once", "repeating", "forever")))
    if draw(mostly(False, True)):
        row["mrr"] = draw(st.sampled_from(PRICES))
        row["unit_amount"] = draw(st.sampled_from((None, row["unit_amount"])))
    return row


@st.composite
def lives(draw: DrawFn) -> list[Row]:
    """The periods of one item: they follow, leave a gap, or overlap; some end at once, most of the last stay open."""
    starts = sorted(draw(st.sets(instants(), min_size=1, max_size=4)))
    currency = draw(mostly(None, "EUR", "USD", "GBP"))
    plan = draw(st.sampled_from((None, "basic", "pro")))
    cost = draw(prices())
    rows = []
    for n, starts_at in enumerate(starts):
        following = starts[n + 1] if n + 1 < len(starts) else None
        other = draw(instants())
        ends_at = draw(mostly(following, None, max(other, starts_at), max(other, starts_at)))
        if draw(st.booleans()):
            cost = draw(prices())
        if draw(mostly(False, True)):
            plan = draw(st.sampled_from((None, "basic", "pro", "hobby")))
        if draw(mostly(False, False, False, True)):
            currency = draw(st.sampled_from((None, "EUR", "USD", "GBP")))
        state = draw(mostly("active", "trial", "past_due", "past_due", "paused", "paused", "free"))
        rows.append(
            {"starts_at": starts_at, "ends_at": ends_at, "state": state, "plan": plan, "currency": currency, **cost}
        )
    return rows


@st.composite
def periods(draw: DrawFn, accounts: list[str]) -> list[Row]:
    """All subscription_periods: a few subscriptions of one or two items."""
    rows = []
    for n in range(draw(st.integers(1, 4))):
        account = draw(st.sampled_from(accounts))
        for item in draw(st.sampled_from(((None,), (None,), ("i1", "i2")))):
            owner = {"subscription_id": f"s{n}", "item_id": item, "account_id": account}
            rows += [{**owner, **row} for row in draw(lives())]
    return rows


@st.composite
def companies(draw: DrawFn) -> Company:
    """A company of up to five accounts with everything that may happen to them."""
    ids = ["a1", "a2", "a3", "a4", "a5"][: draw(st.integers(1, 5))]
    tables: dict[str, list[Row]] = {"subscription_periods": draw(periods(ids))}
    tables["accounts"] = draw(accounts(ids))
    tables["plans"] = [{"plan": plan, "product": "main", "is_free": plan == "hobby"} for plan in ("basic", "hobby")]
    tables["fx_rates"] = draw(rates())
    tables["subscriptions"] = draw(requests(tables["subscription_periods"]))
    tables["account_links"] = draw(links(ids))
    tables["exclusions"] = draw(exclusions(ids, tables["subscription_periods"]))
    return Company({name: rows for name, rows in tables.items() if rows}, CURRENCY)


@st.composite
def accounts(draw: DrawFn, ids: list[str]) -> list[Row]:
    """Some accounts have a row of their own; the others are known by their ids."""
    named = draw(st.lists(st.sampled_from(ids), unique=True))
    return [
        {
            "account_id": name,
            "is_test": draw(mostly(None, False, True)),
            "region": draw(st.sampled_from((None, "n", "s"))),
        }
        for name in named
    ]


@st.composite
def rates(draw: DrawFn) -> list[Row]:
    """Each foreign currency has one rate or more."""
    rows = []
    for currency in ("USD", "GBP"):
        days = draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=4))
        rows += [{"day": day, "currency": currency, "rate": draw(st.sampled_from(RATES))} for day in sorted(days)]
    return rows


@st.composite
def requests(draw: DrawFn, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Some subscriptions were cancelled."""
    owners = {row["subscription_id"]: row["account_id"] for row in rows}
    found = []
    for subscription, account in sorted(owners.items()):
        if draw(mostly(False, True)):
            requested = draw(st.none() | instants())
            found.append({"subscription_id": subscription, "account_id": account, "cancel_requested_at": requested})
    return found


@st.composite
def links(draw: DrawFn, ids: list[str]) -> list[Row]:
    """Chains of links, each from an id to a later one."""
    found = []
    for n, account in enumerate(ids[:-1]):
        if draw(mostly(False, True)):
            kind = draw(st.sampled_from(("merge", "migration")))
            found.append({"account_id": account, "same_as": draw(st.sampled_from(ids[n + 1 :])), "kind": kind})
    return found


@st.composite
def exclusions(draw: DrawFn, ids: list[str], rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """Now and then an account, a subscription, or one period is left out."""
    if draw(mostly(False, False, False, True)):
        period = draw(st.sampled_from(rows))
        key = f"{period['subscription_id']}/{period['item_id'] or period['subscription_id']}/{period['starts_at']}"
        named = st.sampled_from(
            [("accounts", draw(st.sampled_from(ids))), ("subscriptions", "s0"), ("subscription_periods", key)]
        )
        table, id_ = draw(named)
        return [{"table_name": table, "id": id_, "reason": "a mistake"}]
    return []
