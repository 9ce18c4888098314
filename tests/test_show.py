"""How numbers, changes and periods are written."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime

import pytest

from tenure import show

JUNE = {"start": "2024-05-31T22:00:00Z", "end": "2024-06-12T22:00:00Z"}
BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("number", "unit", "written"),
    [
        (234812.5, "money", "€234,812.50"),
        (-12.5, "money", "−€12.50"),
        (1204, "count", "1,204"),
        (0.0283, "share", "2.8%"),
        (-0.004, "share", "−0.4%"),
        (1.023, "share", "102.3%"),
        (31, "points", "+31"),
        (-6, "points", "−6"),
        (0, "points", "0"),
        (4.321, "score", "4.32"),
        (2.4, "ratio", "2.40×"),
        (273_600, "duration", "3 days 4 hr"),
        (54_055, "duration", "15 hr"),
        (45, "duration", "45 sec"),
        (0, "duration", "0 sec"),
        (None, "share", "—"),
    ],
)
def test_a_number_is_written_in_its_unit(number: float | None, unit: str, written: str) -> None:
    assert show.value(number, unit, "EUR") == written


@pytest.mark.parametrize(
    ("number", "unit", "written"),
    [
        (234_812.5, "money", "€234.8K"),
        (1_234_567.0, "money", "€1.23M"),
        (2_996_400.0, "money", "€3M"),
        (9_876.4, "money", "€9,876"),
        (12.5, "money", "€12.50"),
        (-23_456, "money", "−€23.5K"),
        (1_234_567, "count", "1.2M"),
        (99_999, "count", "99,999"),
        (0.5, "share", "50.0%"),
    ],
)
def test_great_amounts_are_short_where_room_is_short(number: float, unit: str, written: str) -> None:
    assert show.value(number, unit, "EUR", compact=True) == written


def test_the_locale_has_its_own_signs_and_currencies_their_digits() -> None:
    assert show.value(1234.5, "money", "EUR", "de_DE") == "1.234,50\xa0€"
    assert show.value(0.125, "share", None, "de_DE") == "12,5\xa0%"
    assert show.value(1234, "money", "JPY", "en_US") == "¥1,234"
    assert show.symbol("EUR", "de_DE") == ("", "\xa0€")
    assert show.symbol("USD", "en_US") == ("$", "")
    assert show.percent(0.936, "fr_FR").endswith("%")
    assert show.percent(None) == "—"


@pytest.mark.parametrize(
    ("amount", "kind", "unit", "written"),
    [
        (0.053, "relative", "money", "↑ 5.3%"),
        (-0.02, "relative", "count", "↓ 2.0%"),
        (-0.009, "difference", "share", "↓ 0.9 pt"),
        (0.0, "difference", "share", "→ 0.0 pt"),
        (0.0002, "difference", "share", "→ 0.0 pt"),
        (-6, "difference", "points", "↓ 6 pt"),
        (-120.0, "difference", "money", "↓ €120.00"),
        (None, None, "share", ""),
    ],
)
def test_a_change_has_an_arrow_and_shares_change_in_points(
    amount: float | None, kind: str | None, unit: str, written: str
) -> None:
    assert show.change(amount, kind, unit, "EUR") == written


def test_a_change_is_judged_by_which_way_is_good() -> None:
    assert show.verdict(0.1, "up") == "better"
    assert show.verdict(0.1, "down") == "worse"
    assert show.verdict(0.1, "neither") == ""
    assert show.verdict(0.0, "up") == ""
    assert show.verdict(None, "up") == ""


def test_a_target_is_met_on_its_good_side_and_exactly_at_it() -> None:
    assert show.meets(0.05, 0.05, "down") is True
    assert show.meets(0.051, 0.05, "down") is False
    assert show.meets(1.0, 1.0, "up") is True
    assert show.meets(None, 1.0, "up") is None
    assert show.meets(1.0, 1.0, "neither") is None


@pytest.mark.parametrize(
    ("grain", "full", "short"),
    [
        ("hour", "1 June 2024, 00:00", "1 Jun 00:00"),
        ("day", "1 June 2024", "1 Jun"),
        ("week", "week of 1 June 2024", "1 Jun"),
        ("month", "June 2024", "Jun 24"),
        ("quarter", "Q2 2024", "Q2 24"),
        ("year", "2024", "2024"),
    ],
)
def test_a_period_is_named_in_the_companys_zone(grain: str, full: str, short: str) -> None:
    assert show.period(JUNE, grain, BERLIN) == full
    assert show.period(JUNE, grain, BERLIN, short=True) == short


def test_a_part_is_named_as_a_person_reads_it() -> None:
    assert show.spoken("closing_mrr") == "closing MRR"
    assert show.spoken("opening_accounts") == "opening accounts"


def test_a_running_period_says_its_last_day() -> None:
    assert show.through(JUNE, BERLIN) == "12 June"
    hour = {"start": "2024-06-12T10:00:00Z", "end": "2024-06-12T10:17:00Z"}
    assert show.through(hour, BERLIN) == "12:17"
    assert show.through({"start": "2024-06-11T22:00:00Z", "end": "2024-06-12T22:00:00Z"}, BERLIN) == "12 June"
    assert show.period(JUNE, "total", BERLIN) == "1 Jun 2024 – 12 June"
    assert show.period(JUNE, "month", BERLIN, "de_DE") == "Juni 2024"
    assert show.moment(datetime(2024, 7, 12, 7, 30), BERLIN) == "12 July 2024, 09:30"  # noqa: DTZ001 - naive UTC


def test_the_writing_of_numbers_is_learnt_only_when_one_is_written() -> None:
    check = "import sys, tenure.show; sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@pytest.mark.parametrize(
    ("locale", "number", "written"),
    [
        ("de-DE", 12_593.894977, "12.594\u00a0€"),  # German has no short way of writing thousands
        ("it_IT", -25_000.4, "−25.000\u00a0€"),
        ("de-DE", 1_363_456.7, "1,36\u00a0Mio.\u00a0€"),
        ("fr_FR", 12_593.894977, "12,6\u00a0k\u00a0€"),
    ],
)
def test_an_amount_is_short_only_where_its_locale_has_a_way(locale: str, number: float, written: str) -> None:
    assert show.value(number, "money", "EUR", locale, compact=True) == written


def test_a_count_too_and_a_duration_has_words_in_every_locale() -> None:
    assert show.value(123_456, "count", None, "de-DE", compact=True) == "123.456"
    assert show.brief(53_880, "de-DE") == "14 Std. 58 Min."
    assert show.brief(0, "de-DE") == "0 Sek."
    assert show.brief(53_880, "en_US") == "14h 58m"
