"""One customer on one page, through the real command: for a person, for a program, for a spreadsheet."""

from __future__ import annotations

import csv
import fcntl
import io
import os
import pty
import re
import struct
import termios
from typing import TYPE_CHECKING, Any

import pytest

from library.alpha import NOW, TABLES
from library.company import write
from surfaces.shell import ended, refused, started, tenure
from tenure.surfaces.cli.commands import account
from tenure.surfaces.cli.grid import places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STYLE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Alpha's company in euros: read only, so one for all tests."""
    return _made(tmp_path_factory.mktemp("company"), TABLES)


def _made(folder: Path, tables: dict[str, str]) -> Path:
    (folder / "acme").mkdir()
    (folder / "acme" / "tenure.toml").write_text('currency = "EUR"\n')
    assert tenure("--store", folder / "acme", "import", write(folder / "files", **tables)).code == 0
    return folder / "acme"


def test_the_page_is_for_a_person(store: Path) -> None:
    said = tenure("account", "a1", "--now", NOW, "--limit", "2", "--store", store)
    assert (said.code, said.err) == (0, "")
    assert said.out == PAGE


PAGE = """\
Alpha (a1): paying since 10 Jan 2024
customer since 10 Jan 2024 · signed up 2 Jan 2024 · came by paid · owns b2 · care named · company_size small
One customer with old1: what either has is on this page.

Health      88 of 100, 78 thirty days before
            signal   points  weight  costs  because
            launch       50     12%   −5.9  sold more than 30 days ago, not launched
            answer       90     29%   −2.9  the last answer: NPS 9 of 10
            tickets      75     12%   −2.9  1 ticket is open
            usage       100     47%      0  1 active day in the last four full weeks, 1 in the four before

Money       €174.00 a month   ▁▁▁▁▁▁▁▁▁▅▆█ in 12 months
            plan   state   price               discount  a month
            pro    active  2 × €80.00 / month   −€16.00  €144.00  cancelled, ends 10 Jun 2024
            addon  active  $40.00 / month                 $40.00
            10 Mar 2024  expansion   +€44.00  basic to pro  upgrade
            1 Feb 2024   expansion   +€20.00  addon         addon
            10 Jan 2024  new        +€100.00  basic

Payments    €140.00 in all, €20.00 of it paid back; €110.00 net in 12 months; last charge $40.00 on 5 Mar 2024

Contracts   up for renewal on 10 Jul 2024: €1,200.00
            10 Jan 2024 to 10 Jul 2024  €1,200.00  open
            10 Jan 2023 to 10 Jan 2024  €1,000.00  renewed

Usage       1 person active in 7 days, 2 in 30 (30 before: 1); active on 2 of 30 days (before: 1); last seen 30 Mar 2024
            core features used: 2 of 3, not exports
            30 days: boards 1, reports 1

Tickets     1 open of 2
            opened       priority  first reply  solved in  about
            20 Mar 2024  low       no           open       how-to
            1 Mar 2024   high      1h           1d         It is slow

Surveys     1 of 3 answered
            2 Feb 2024  NPS  9 of 10  promoter  Great

Feedback    15 Feb 2024  call  More exports

Touches     2 in 90 days, 3 in all; last felt happy, on 15 Mar 2024
            16 Mar 2024  email
            15 Mar 2024  meeting  happy  Renewal
            1 Jun 2023   call     sad

Onboarding  sold 10 Jan 2024 · first value 15 Jan 2024 · not launched
            1 of 3 steps done; open: import

People      Ada                owner   last seen 30 Mar 2024
            ben@alpha.example  member  last seen 20 Mar 2024

Goals       reach     5 of 10         by 1 May 2024   open
            bookings  5 of 10         by 15 Mar 2024  missed
            leads     12 of 10 leads  by 1 Mar 2024   met
            seats     5 of 5          by 1 Feb 2024   late

Referrals   5 Mar 2024   review
            10 Feb 2024  referral  Beta  bought 20 Feb 2024

Timeline    25 Mar 2024  asked to cancel (budget)
            20 Mar 2024  opened a ticket: how-to (ben@alpha.example)
            2 of 28 are shown: --limit shows more
"""


def test_the_page_is_for_a_program(store: Path) -> None:
    page = tenure("account", "old1", "--now", NOW, "--format", "json", "--store", store).json
    assert (page["asked"], page["who"]["account_id"], page["now"]) == ("old1", "a1", "2024-04-01T00:00:00Z")
    assert (page["money"]["monthly"], page["money"]["months"][-1]) == (
        174, {"start": "2024-03-01T00:00:00Z", "end": "2024-04-01T00:00:00Z", "monthly": 174},
    )  # fmt: skip
    assert (page["contracts"]["renewal"]["ends_on"], page["usage"]["last_seen_on"]) == ("2024-07-10", "2024-03-30")
    assert page["missing"] == {}


def test_every_word_of_the_page_is_documented(store: Path) -> None:
    """The names in the JSON are those that the command's reference tells."""
    page = tenure("account", "a1", "--now", NOW, "--format", "json", "--store", store).json
    free = {"nps", *page["who"]["attributes"]}
    told = set(re.findall(r"`(\w+)`", account.__doc__ or ""))
    assert set(_names(page)) - free <= told


def _names(value: Any) -> Iterator[str]:  # noqa: ANN401 - as JSON is
    if isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from _names(one)
    elif isinstance(value, list):
        for one in value:
            yield from _names(one)


def test_the_page_is_for_a_spreadsheet(store: Path) -> None:
    said = tenure("account", "a1", "--now", NOW, "--format", "csv", "--store", store)
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert {row["plan"]: row["monthly"] for row in rows if row["section"] == "money.items"} == {
        "pro": "144",
        "addon": "40",
    }
    assert [row["monthly"] for row in rows if row["section"] == "money"] == ["174"]
    assert [row["ticket_id"] for row in rows if row["section"] == "tickets.last"] == ["k2", "k1"]
    assert [row["sold_at"] for row in rows if row["section"] == "onboarding"] == ["2024-01-10T00:00:00Z"]
    assert [row["step"] for row in rows if row["section"] == "onboarding.steps.all"] == ["invite", "import", "tour"]
    assert [row["value"] for row in rows if row["section"] == "contracts.renewal"] == ["1200"]
    assert len([row for row in rows if row["section"] == "timeline"]) == 20


def test_what_was_never_loaded_is_named_and_not_shown(tmp_path: Path) -> None:
    store = _made(tmp_path, {"subscription_periods": TABLES["subscription_periods"]})
    said = tenure("account", "b2", "--now", NOW, "--store", store)
    assert said.lines[0] == "b2: churned since 20 Mar 2024"
    assert not re.search(r"^(Usage|Tickets|Surveys|Payments)", said.out, re.MULTILINE)
    assert said.err == (
        "Never loaded, so not on the page: payments (transactions), contracts, usage (events), tickets, surveys (responses), feedback, "
        "touches, onboarding (accounts or onboarding_steps), people (people or events), goals, referrals. `tenure import` loads it, "
        "`tenure tables` says how it looks.\n"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            "account a11",
            "'a11' is not an account that is known here. Did you mean 'a1' (Alpha)? An account is asked for by its id, its",
        ),
        ("account Beta", "'Beta' may be one of 2 accounts: ask for b2 or b3."),
        ("account a1 --now soon", "'soon'"),
        ("account a1 --policy chartmogle", "Did you mean 'chartmogul'?"),
        ("account a1 --hours busines", "Did you mean 'business'?"),
        ("account", "Missing argument 'ID'"),
    ],
)
def test_a_page_that_cannot_be_shown_is_one_sentence(store: Path, words: str, sentence: str) -> None:
    assert sentence in refused("--store", store, *words.split())


@pytest.mark.parametrize("account_id", ["t1", "x1"])
def test_who_is_left_out_is_told_so(store: Path, account_id: str) -> None:
    said = tenure("account", account_id, "--now", NOW, "--store", store)
    assert (said.code, said.err) == (0, "")
    assert "no number counts it" in said.lines[2]


@pytest.mark.parametrize("width", [80, 120])
def test_the_page_keeps_to_the_terminal(store: Path, width: int) -> None:
    """On a real one: no line is wider, section names are bold, and reasons go on in the next line."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    process = started("account", "a1", "--now", NOW, "--store", store, stdout=theirs)
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65_536):
            said += piece
    except OSError:  # how a terminal says that nobody writes to it any more
        os.close(ours)
    assert ended(process).code == 0
    text = said.decode().replace("\r", "")
    assert "\x1b[1mHealth\x1b[0m" in text
    lines = STYLE.sub("", text).splitlines()
    assert max(map(places, lines)) <= width
    assert ("weeks, 1 in the four before" in "".join(lines)) or any(
        line.strip() == "in the four before" for line in lines
    )
