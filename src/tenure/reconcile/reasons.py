"""Simple reasons why a figure from outside differs from MRR, beside the switches of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from tenure.facts.fact import facts, parameters, statement
from tenure.statement import moment
from tenure.store.layout import literal
from tenure.window import rate_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tenure.policy import Policy
    from tenure.reconcile.exact import Exact, Readings
    from tenure.reconcile.frame import Frame

# Rates at which sales are taxed somewhere, in per cent.
_TAXES = (
    "5", "6", "7", "7.7", "8", "8.1", "9", "10", "12", "13", "15", "16", "17", "18", "19", "20", "21", "22", "23", "24", "25", "25.5", "27",
)  # fmt: skip
_NEAR = Fraction(1, 1000)


@dataclass(frozen=True)
class Reason:
    """One thing that would have to be true, as a clause, and what the number then is under a policy.

    `like` is a switch that may say the same.
    """

    name: str
    clause: str
    value: Callable[[Policy], Exact]
    like: str = ""


def reasons(frame: Frame) -> list[Reason]:
    """What may be looked at: other days for every level, what is counted or left out for MRR."""
    found = list(_days(frame)) if frame.is_level else []
    if (frame.answer.metric, frame.answer.variant) == ("mrr", None):
        found += [*_counted(frame.readings), *_currencies(frame)]
        if frame.readings.asked.as_of is None and not frame.readings.asked.where:
            found += _left_out(frame)
    return found


def taxed(value: Fraction, figure: Fraction) -> Reason | None:
    """A tax that is in the figure, where the two are nearly as far apart as a known rate."""
    if not value:
        return None
    rates = (rate for rate in _TAXES if abs(figure / value - 1 - Fraction(rate) / 100) < _NEAR)
    rate = next(rates, None)
    if rate is None:
        return None
    worth = value * (1 + Fraction(rate) / 100)
    return Reason("tax", f"{rate} % tax is in it", lambda _: worth)


def _days(frame: Frame) -> Iterator[Reason]:
    """The level a day earlier or later, and at the midnight of UTC where the company's is another one."""
    day = timedelta(days=1)
    closes = frame.closes
    instants = {
        "a_day_earlier": ("it is of a day earlier", closes - day),
        "a_day_later": ("it is of a day later", closes + day),
    }
    midnight = closes.replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight != closes:
        nearest = midnight if closes - midnight < day / 2 else midnight + day
        instants["utc"] = ("its days are those of UTC", nearest)
    for name, (clause, at) in instants.items():
        if at <= frame.answer.now:
            readings = frame.readings.shifted(at - day, at)
            yield Reason(name, clause, lambda policy, readings=readings: readings.of(policy).value)  # type: ignore[misc]


def _counted(readings: Readings) -> Iterator[Reason]:
    """What MRR leaves out or counts by its definition."""
    trials, listed, committed = (readings.another(name) for name in ("trial_mrr", "list_mrr", "committed_mrr"))

    def with_trials(policy: Policy) -> Exact:
        mrr, trial = readings.of(policy).value, trials.of(policy).value
        return None if mrr is None or trial is None else mrr + trial

    def yearly(policy: Policy) -> Exact:
        mrr = readings.of(policy).value
        return None if mrr is None else 12 * mrr

    yield Reason("trials", "trials count with their price", with_trials)
    listing = "prices are before any discount, free customers with theirs"
    ended = "what is cancelled for later does not count any more"
    yield Reason("list_price", listing, lambda policy: listed.of(policy).value, "discounts")
    yield Reason("committed", ended, lambda policy: committed.of(policy).value, "churn_at")
    yield Reason("yearly", "it is a year's figure, twelve times the month's", yearly)


def _currencies(frame: Frame) -> Iterator[Reason]:
    """A currency that is not converted, or that is missing."""
    readings, home = frame.readings, frame.readings.settings.currency
    found = set(readings.by("currency", readings.question(frame.answer.policy)))
    for currency in sorted(found - {home, "all"}):
        yield from _currency(frame, readings.where("currency", currency), currency)


def _currency(frame: Frame, paid: Readings, currency: str) -> Iterator[Reason]:
    readings, home = frame.readings, frame.readings.settings.currency

    def without(policy: Policy) -> Exact:
        mrr, part = readings.of(policy).value, paid.of(policy).value
        return None if mrr is None or part is None else mrr - part

    def as_is(policy: Policy) -> Exact:
        rest, part = without(policy), paid.of(policy).value
        if rest is None or part is None or policy["fx"] != "daily":
            return None
        return rest + part / _rate(frame, currency)

    yield Reason(f"without_{currency}", f"what is paid in {currency} is not in it", without)
    yield Reason(f"unconverted_{currency}", f"{currency} is added as if it were {home}", as_is)


def _rate(frame: Frame, currency: str) -> Fraction:
    """The rate by which a level at the window's end is read."""
    asks = frame.readings.question(frame.answer.policy)
    day = rate_day(frame.closes, *asks.rate_days)
    row = frame.readings.con.execute(
        f"SELECT rate FROM {asks.tables['rates']} WHERE currency = {literal(currency)} AND day = DATE '{day}'"
    ).fetchone()
    return Fraction(row[0]) if row else Fraction(1)


def native(frame: Frame, currency: str) -> Fraction:
    """What is paid in a currency at the window's end, unconverted, under a policy that reads the rate of each day."""
    asks = frame.readings.question(frame.answer.policy)
    row = frame.readings.con.execute(
        f"SELECT sum(worth) FROM {asks.tables['revenue']} WHERE valued_in = {literal(currency)} AND happened_at < {moment(frame.closes)}"
    ).fetchone()
    return Fraction(row[0] or 0) if row else Fraction(0)


def _left_out(frame: Frame) -> Iterator[Reason]:
    """Accounts that are left out: tests, and those of `exclusions`."""
    con = frame.readings.con
    row = con.execute("SELECT count(*) FROM facts.account_roots WHERE is_left_out").fetchone()
    if row is None or not row[0]:
        return

    def with_them(policy: Policy) -> Exact:
        mrr = frame.readings.of(policy).value
        return None if mrr is None else mrr + _worth_left_out(frame, policy)

    yield Reason("test_accounts", "test and excluded accounts count too", with_them)


def _worth_left_out(frame: Frame, policy: Policy) -> Fraction:
    """MRR of the accounts that are left out, from the same statement that makes the prices of all others."""
    con, settings = frame.readings.con, frame.readings.settings
    asks = frame.readings.question(frame.answer.policy)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE all_roots AS SELECT account_id, root_id, FALSE AS is_left_out FROM facts.account_roots"
    )
    con.execute("CREATE OR REPLACE TEMP TABLE left_out AS SELECT account_id FROM facts.account_roots WHERE is_left_out")
    prices = statement(
        facts()["item_changes"],
        parameters(policy, settings),
        tables={"account_roots": "temp.all_roots"},
        touched="temp.left_out",
    )
    first, last = asks.rate_days
    day = {
        "daily": f"DATE '{rate_day(frame.closes, first, last)}'",
        "latest": f"DATE '{last}'",
        "purchase": f"least(greatest(CAST(i.started_at AS DATE), DATE '{first}'), DATE '{last}')",
    }[policy["fx"]]
    row = con.execute(f"""
        SELECT sum(CAST(i.net4 AS DECIMAL(22, 0)) * f.rate) FROM ({prices}) AS i
        LEFT JOIN {asks.tables["rates"]} AS f ON f.currency = i.currency AND f.day = {day}
        WHERE i.class = 'paying' AND i.happened_at < {moment(frame.closes)}
    """).fetchone()
    con.execute("DROP TABLE temp.all_roots")
    con.execute("DROP TABLE temp.left_out")
    return Fraction(row[0] or 0) / 10_000 if row else Fraction(0)
