"""Periods through clock changes, clipping and running, and what each is compared with."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenure.calendar import GRAINS, How, Period, day_start, earlier, local, parse_instant, period_start, periods
from tenure.errors import UnknownNameError, UsageError

LATER = datetime(2100, 1, 1)  # noqa: DTZ001 - instants are naive UTC
BERLIN = ZoneInfo("Europe/Berlin")
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "America/St_Johns",
    "America/Havana",
    "Asia/Kathmandu",
    "Pacific/Apia",
)
NESTED = (("hour", "day"), ("day", "week"), ("day", "month"), ("month", "quarter"), ("quarter", "year"))


def cut(
    since: str, until: str, grain: str, zone: str = "UTC", week_start: str = "monday", now: str = ""
) -> list[Period]:
    """The periods of a window in local words."""
    z = ZoneInfo(zone)
    instant = parse_instant(now, z) if now else LATER
    return periods(parse_instant(since, z), parse_instant(until, z), grain, z, week_start, instant)


def shown(period: Period, zone: str = "UTC") -> str:
    """What a period shows, in local words."""
    opens, closes = (local(end, ZoneInfo(zone)) for end in (period.opens, period.closes))
    return f"{opens:%Y-%m-%d %H:%M} {closes:%Y-%m-%d %H:%M}"


def before(period: Period, grain: str, how: How = "previous", zone: str = "UTC", k: int = 1) -> str:
    """What a period is compared with, in local words."""
    return shown(earlier(period, grain, k, how, zone=ZoneInfo(zone), week_start="monday"), zone)


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2024-03-01", "UTC", "2024-03-01T00:00"),
        ("2024-03-01", "Europe/Berlin", "2024-02-29T23:00"),
        (" 2024-07-01T12:00 ", "Europe/Berlin", "2024-07-01T10:00"),
        ("2024-07-01T12:00Z", "Europe/Berlin", "2024-07-01T12:00"),
        ("2024-07-01T12:00:00.5-04:00", "Europe/Berlin", "2024-07-01T16:00:00.500000"),
        ("2024-03-31T02:30", "Europe/Berlin", "2024-03-31T01:30"),  # skipped: read as if not yet changed
        ("2024-10-27T02:30", "Europe/Berlin", "2024-10-27T00:30"),  # comes twice: the first
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00"),  # no midnight: 01:00 is the first instant
    ],
)
def test_an_instant_is_read(text: str, zone: str, utc: str) -> None:
    assert parse_instant(text, ZoneInfo(zone)) == datetime.fromisoformat(utc)


def test_dates_and_datetimes_are_instants_too() -> None:
    assert parse_instant(date(2024, 3, 1), BERLIN) == datetime.fromisoformat("2024-02-29T23:00")
    assert parse_instant(datetime.fromisoformat("2024-03-01T00:00"), BERLIN) == datetime.fromisoformat(
        "2024-02-29T23:00"
    )
    assert parse_instant(datetime(2024, 3, 1, tzinfo=UTC), BERLIN) == datetime.fromisoformat("2024-03-01T00:00")


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-02-30", "2024-13-01", "01/02/2024", "0001-01-01", "9999-12-31"]
)
def test_what_is_no_instant_is_quoted(text: str) -> None:
    with pytest.raises(UsageError, match=f"'{text}'"):
        parse_instant(text, BERLIN)


@pytest.mark.parametrize(
    ("zone", "day", "hours", "minutes"),
    [
        ("Europe/Berlin", "2024-03-31", 23, 23 * 60),
        ("Europe/Berlin", "2024-10-27", 25, 25 * 60),
        ("America/New_York", "2024-03-10", 23, 23 * 60),
        ("America/New_York", "2024-11-03", 25, 25 * 60),
        ("Australia/Lord_Howe", "2024-10-06", 24, 23 * 60 + 30),
        ("Australia/Lord_Howe", "2024-04-07", 25, 24 * 60 + 30),
        ("America/Sao_Paulo", "2018-11-04", 23, 23 * 60),
        ("America/Sao_Paulo", "2018-02-17", 25, 25 * 60),
        ("Africa/Cairo", "2024-04-26", 23, 23 * 60),
        ("Asia/Kathmandu", "2024-04-26", 24, 24 * 60),
    ],
)
def test_hours_add_up_to_the_day_on_which_clocks_change(zone: str, day: str, hours: int, minutes: int) -> None:
    after = (date.fromisoformat(day) + timedelta(days=1)).isoformat()
    (whole,), steps = cut(day, after, "day", zone), cut(day, after, "hour", zone)
    assert (len(steps), whole.closes - whole.opens) == (hours, timedelta(minutes=minutes))
    assert (steps[0].opens, steps[-1].closes) == (whole.opens, whole.closes)
    assert {step.closes - step.opens for step in steps[:-1]} == {timedelta(hours=1)}
    assert not any(step.partial for step in (whole, *steps))


def test_a_day_that_a_zone_skipped_is_no_period() -> None:
    assert [shown(p, "Pacific/Apia")[:10] for p in cut("2011-12-29", "2012-01-01", "day", "Pacific/Apia")] == [
        "2011-12-29",
        "2011-12-31",
    ]


def test_weeks_begin_when_the_company_says() -> None:
    assert [shown(p)[:10] for p in cut("2024-01-01", "2024-01-15", "week")] == ["2024-01-01", "2024-01-08"]
    assert [(shown(p), p.partial) for p in cut("2024-01-01", "2024-01-15", "week", week_start="sunday")] == [
        ("2024-01-01 00:00 2024-01-07 00:00", True),
        ("2024-01-07 00:00 2024-01-14 00:00", False),
        ("2024-01-14 00:00 2024-01-15 00:00", True),
    ]


def test_a_window_that_does_not_fit_is_clipped_at_both_ends() -> None:
    assert [(shown(p), p.partial) for p in cut("2024-01-15", "2024-03-10", "month")] == [
        ("2024-01-15 00:00 2024-02-01 00:00", True),
        ("2024-02-01 00:00 2024-03-01 00:00", False),
        ("2024-03-01 00:00 2024-03-10 00:00", True),
    ]
    assert [p.partial for p in cut("2024-01-15", "2024-03-10", "total")] == [False]


def test_what_runs_is_cut_at_now_and_what_has_not_begun_is_left_out() -> None:
    for grain in ("month", "total"):
        (running,) = cut("2024-03-01", "2024-07-01", grain, now="2024-03-30T12:00")
        assert (shown(running), running.partial) == ("2024-03-01 00:00 2024-03-30 12:00", True)
    assert cut("2024-03-01", "2024-07-01", "month", now="2024-03-01") == []
    assert [p.partial for p in cut("2024-03-01", "2024-07-01", "month", now="2024-04-01")] == [False]


def test_windows_that_make_no_sense() -> None:
    with pytest.raises(UsageError, match="'2024-03-02T00:00:00' to '2024-03-01T00:00:00' is empty"):
        cut("2024-03-02", "2024-03-01", "month")
    with pytest.raises(UnknownNameError, match="Did you mean 'month'"):
        cut("2024-03-01", "2024-03-02", "months")
    with pytest.raises(UsageError, match="more than 100,000"):
        cut("2000-01-01", "2024-01-01", "hour")


@pytest.mark.parametrize(
    ("grain", "opens", "previous", "year"),
    [
        ("hour", "2024-03-05T00:00", "2024-03-04 23:00 2024-03-05 00:00", "2023-03-05 00:00 2023-03-05 01:00"),
        ("day", "2024-03-01", "2024-02-29 00:00 2024-03-01 00:00", "2023-03-01 00:00 2023-03-02 00:00"),
        ("day", "2024-02-29", "2024-02-28 00:00 2024-02-29 00:00", "2023-02-28 00:00 2023-03-01 00:00"),
        ("week", "2024-01-01", "2023-12-25 00:00 2024-01-01 00:00", "2023-01-02 00:00 2023-01-09 00:00"),
        ("month", "2024-03-01", "2024-02-01 00:00 2024-03-01 00:00", "2023-03-01 00:00 2023-04-01 00:00"),
        ("quarter", "2024-01-01", "2023-10-01 00:00 2024-01-01 00:00", "2023-01-01 00:00 2023-04-01 00:00"),
        ("year", "2024-01-01", "2023-01-01 00:00 2024-01-01 00:00", "2023-01-01 00:00 2024-01-01 00:00"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_a_whole_period_is_compared_with_a_whole_one(
    grain: str, opens: str, previous: str, year: str, zone: str
) -> None:
    period = next(p for p in cut(opens, "2025-06-01", grain, zone) if not p.partial)
    assert before(period, grain, zone=zone) == previous
    assert before(period, grain, "year", zone=zone) == year


@pytest.mark.parametrize(
    ("grain", "now", "how", "compared"),
    [
        ("month", "2024-03-30T12:00", "previous", "2024-02-01 00:00 2024-03-01 00:00"),
        ("month", "2024-03-10T12:00", "previous", "2024-02-01 00:00 2024-02-10 12:00"),
        ("month", "2024-02-29T12:00", "year", "2023-02-01 00:00 2023-03-01 00:00"),
        ("day", "2024-02-29T12:00", "year", "2023-02-28 00:00 2023-02-28 12:00"),
        ("week", "2024-04-03T09:00", "previous", "2024-03-25 00:00 2024-03-27 09:00"),
        ("quarter", "2024-04-11T09:00", "previous", "2024-01-01 00:00 2024-01-11 09:00"),
        ("year", "2024-03-01T09:00", "previous", "2023-01-01 00:00 2023-03-02 09:00"),
        ("hour", "2024-04-03T09:20", "previous", "2024-04-03 08:00 2024-04-03 08:20"),
        ("hour", "2024-04-03T09:20", "year", "2023-04-03 09:00 2023-04-03 09:20"),
        ("total", "2024-03-10T12:00", "year", "2023-01-01 00:00 2023-03-11 12:00"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Havana"])
def test_a_running_period_is_compared_with_the_same_part(
    grain: str, now: str, how: How, compared: str, zone: str
) -> None:
    running = cut("2024-01-01", "2025-01-01", grain, zone, now=now)[-1]
    assert running.partial
    assert before(running, grain, how, zone) == compared


def test_days_and_the_time_of_day_count_not_seconds() -> None:
    """April has lost no hour by the 10th, March has by the 31st: 10:00 is compared with 10:00."""
    running = cut("2024-04-01", "2024-05-01", "month", "Europe/Berlin", now="2024-04-30T10:00")[0]
    assert before(running, "month", zone="Europe/Berlin") == "2024-03-01 00:00 2024-03-30 10:00"
    running = cut("2024-03-31", "2024-04-01", "day", "Europe/Berlin", now="2024-03-31T10:00")[0]
    assert before(running, "day", zone="Europe/Berlin") == "2024-03-30 00:00 2024-03-30 10:00"


def test_a_clipped_start_is_offset_likewise() -> None:
    assert before(cut("2024-03-10", "2024-03-20", "month")[0], "month") == "2024-02-10 00:00 2024-02-20 00:00"
    assert before(cut("2024-03-31", "2024-04-01", "month")[0], "month") == "2024-03-01 00:00 2024-03-01 00:00"


@pytest.mark.parametrize(
    ("since", "until", "how", "compared"),
    [
        ("2024-03-01", "2024-05-01", "previous", "2024-01-01 00:00 2024-03-01 00:00"),
        ("2024-03-02", "2024-03-12", "previous", "2024-02-21 00:00 2024-03-02 00:00"),
        ("2024-03-01T06:00", "2024-03-01T09:00", "previous", "2024-03-01 03:00 2024-03-01 06:00"),
        ("2024-03-01", "2024-05-01", "year", "2023-03-01 00:00 2023-05-01 00:00"),
        ("2024-02-28", "2024-02-29", "year", "2023-02-28 00:00 2023-03-01 00:00"),
        ("2024-02-29", "2024-03-01", "year", "2023-02-28 00:00 2023-03-01 00:00"),
        ("2025-02-01", "2025-03-01", "year", "2024-02-01 00:00 2024-03-01 00:00"),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_a_window_has_an_earlier_one(since: str, until: str, how: How, compared: str, zone: str) -> None:
    assert before(cut(since, until, "total", zone)[0], "total", how, zone) == compared


def test_hours_before_go_back_over_midnights_and_clock_changes() -> None:
    zone = "Australia/Lord_Howe"
    steps = cut("2024-04-06", "2024-04-08", "hour", zone)
    assert len(steps) == 24 + 25
    for k in range(1, len(steps)):
        assert earlier(steps[-1], "hour", k, zone=ZoneInfo(zone), week_start="monday") == steps[-1 - k]


def test_where_a_period_begins() -> None:
    instant = parse_instant("2024-08-15T09:30", BERLIN)
    began = {g: local(period_start(instant, g, BERLIN, "sunday"), BERLIN).isoformat()[:13] for g in GRAINS}
    assert began == {
        "hour": "2024-08-15T09",
        "day": "2024-08-15T00",
        "week": "2024-08-11T00",
        "month": "2024-08-01T00",
        "quarter": "2024-07-01T00",
        "year": "2024-01-01T00",
        "total": "2024-08-15T09",
    }
    assert period_start(instant, "month", BERLIN, "monday", back=12) == day_start(date(2023, 8, 1), BERLIN)


instants = st.datetimes(datetime(2005, 1, 1), datetime(2030, 1, 1))  # noqa: DTZ001 - naive UTC
# An hour either side of where clocks change, in some of the zones: chance alone seldom goes there.
changes = st.sampled_from(
    [
        "2024-03-31T01:00",
        "2024-10-27T01:00",
        "2018-11-04T03:00",
        "2018-02-18T02:00",
        "2007-11-04T02:31",
        "2011-12-30T10:00",
    ]
).flatmap(lambda t: st.timedeltas(timedelta(hours=-2), timedelta(hours=2)).map(lambda d: datetime.fromisoformat(t) + d))
somewhen = instants | changes
zones = st.sampled_from(ZONES).map(ZoneInfo)
lengths = {"hour": 4, "day": 60, "week": 400, "month": 900, "quarter": 1500, "year": 4000, "total": 4000}


@given(since=somewhen, share=st.floats(0.0001, 1), grain=st.sampled_from(GRAINS), zone=zones, stop=st.floats(0, 1.5))
def test_periods_fill_the_window_up_to_now(
    since: datetime, share: float, grain: str, zone: ZoneInfo, stop: float
) -> None:
    length = timedelta(days=lengths[grain]) * share
    until, now = since + length, since + length * stop
    found = periods(since, until, grain, zone, "monday", now)
    end = min(until, now)
    if end <= since:
        assert not found
        return
    assert (found[0].opens, found[-1].closes) == (since, end)
    assert all(one.closes == other.opens for one, other in pairwise(found))
    for period in found:
        assert period.whole_opens <= period.opens < period.closes <= period.whole_closes
        whole = (period.whole_opens, period.whole_closes)
        assert period.partial == ((period.opens, period.closes) != whole)


@given(since=somewhen, zone=zones, pair=st.sampled_from(NESTED), week_start=st.sampled_from(["monday", "sunday"]))
def test_grains_nest(since: datetime, zone: ZoneInfo, pair: tuple[str, str], week_start: str) -> None:
    """No larger period ends inside a smaller one, so sums over the smaller add up."""
    fine, coarse = pair
    until = since + timedelta(days=lengths[fine])
    large = periods(since, until, coarse, zone, week_start, LATER)
    small = periods(since, until, fine, zone, week_start, LATER)
    assert {p.closes for p in large} <= {p.closes for p in small}


@given(
    since=somewhen,
    share=st.floats(0.001, 1),
    grain=st.sampled_from(GRAINS),
    zone=zones,
    k=st.integers(1, 14),
    how=st.sampled_from(["previous", "year"]),
)
def test_an_earlier_period_is_earlier_and_inside_its_whole(
    since: datetime, share: float, grain: str, zone: ZoneInfo, k: int, how: How
) -> None:
    until = since + timedelta(days=lengths[grain]) * share
    for period in periods(since, until, grain, zone, "monday", LATER)[-3:]:
        went = earlier(period, grain, k, how, zone=zone, week_start="monday")
        assert went.whole_opens <= went.opens <= went.closes <= went.whole_closes
        assert went.opens < period.opens
        if grain != "total" and not period.partial:
            again = periods(went.whole_opens, went.whole_closes, grain, zone, "monday", LATER)
            assert [p.partial for p in again] in ([False], [])  # none: the day that Apia skipped
