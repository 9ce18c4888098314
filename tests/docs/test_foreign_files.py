"""The mappings that the docs ship read files with those foreign headers: one export feeds two tables, or three."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from surfaces.shell import tenure

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ACCOUNTS = """\
account_id,account_name,industry,country,signup_date,referral_source,plan_tier,seats,is_trial,churn_flag
A-1,Company_1,EdTech,US,2024-01-02,partner,Basic,9,False,False
A-2,Company_2,FinTech,IN,2024-01-08,other,Pro,3,False,True
A-3,Company_3,FinTech,UK,2024-02-01,ads,Pro,5,True,False
"""
SUBSCRIPTIONS = """\
subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,is_trial,upgrade_flag,downgrade_flag,churn_flag,billing_frequency,auto_renew_flag
S-1,A-1,2024-01-05,,Basic,9,171,2052,False,False,False,False,annual,True
S-2,A-2,2024-01-10,2024-02-29,Pro,3,147,1764,False,True,False,True,monthly,True
S-3,A-3,2024-02-01,,Pro,5,0,0,True,False,False,False,monthly,True
S-4,A-1,2024-02-10,2024-02-10,Basic,2,38,456,False,True,True,True,monthly,True
S-5,A-3,2024-02-20,,Pro,5,245,2940,False,False,True,False,fortnightly,False
"""
USAGE = """\
usage_id,subscription_id,usage_date,feature_name,usage_count,usage_duration_secs,error_count,is_beta_feature
U-1,S-1,2024-01-06,feature_20,9,500,0,False
U-1,S-2,2024-01-12,feature_3,4,100,2,True
U-2,S-4,2024-02-11,feature_3,1,50,0,False
U-3,S-1,2024-02-12,feature_3,1,50,many,False
"""
TICKETS = """\
ticket_id,account_id,submitted_at,closed_at,resolution_time_hours,priority,first_response_time_minutes,satisfaction_score,escalation_flag
T-1,A-1,2024-01-07,2024-01-08 03:00:00,27.0,high,74,,False
T-2,A-2,2024-01-09,2024-01-10 03:00:00,27.0,urgent,144,3.0,True
T-3,A-1,2024-02-17,2024-02-17 01:00:00,1.0,urgent,93,4.0,False
T-4,A-3,2024-02-18,,,low,,,False
"""
GOODBYES = """\
churn_event_id,account_id,churn_date,reason_code,refund_amount_usd,preceding_upgrade_flag,preceding_downgrade_flag,is_reactivation,feedback_text
C-1,A-2,2024-02-29,pricing,4.03,False,False,False,switched to competitor
C-2,A-1,2024-02-10,budget,0.0,False,False,False,
"""
CLICKS = """\
user_id,session_id,event,timestamp,platform,acquisition_channel,user_cohort,user_lifecycle
u1,s1,home,2024-01-13 10:21:14,desktop,email,2024-01,new
u1,s1,search,2024-01-13 10:21:28,desktop,email,2024-01,new
u1,s1,search,2024-01-13 10:21:28,desktop,email,2024-01,new
u1,s2,purchase,2024-01-20 09:00:00,mobile,email,2024-01,returning
u2,s3,home,2024-01-21 09:00:00,mobile,organic,2024-01,new
u3,s4,payment_error,2024-01-22 09:00:00,tablet,organic,2024-01,new
"""
JANUARY = ("--from", "2024-01-01", "--to", "2024-02-01", "--now", "2024-05-01")


def said(folder: Path, *words: str | Path) -> Any:  # noqa: ANN401 - as JSON is
    """What a command on the store of a folder answers."""
    done = tenure("--store", folder / "store", *words, "--format", "json")
    assert done.code == 0, done.err
    return done.json if done.out else {}


def imported(folder: Path, example: str, **files: str) -> dict[object, tuple[object, ...]]:
    """The example's settings, the files, and of each table rows_in, accepted, duplicate and quarantined."""
    exports = folder / "exports"
    exports.mkdir()
    for name, text in files.items():
        (exports / f"{name}.csv").write_text(text, encoding="utf-8")
    assert tenure("--store", folder / "store", "init").code == 0
    shutil.copy(EXAMPLES / f"{example}.toml", folder / "store" / "tenure.toml")
    loaded = said(folder, "import", exports)["tables"]
    return {t["table"]: (t["rows_in"], t["accepted"], t["duplicate"], t["quarantined"]) for t in loaded}


def values(folder: Path, metrics: str, *words: str) -> list[Any]:
    """The values of several metrics over January."""
    answers = said(folder, "ask", *metrics.split(), *(words or JANUARY))
    return [row["value"] for answer in answers for row in answer["rows"]]


def test_one_export_feeds_two_tables_and_money_is_read_as_the_page_says(tmp_path: Path) -> None:
    """S-1 is a month's value, though billed by the year; S-3 is a trial, S-4 ends as it begins, S-5 has an odd word."""
    counts = imported(tmp_path, "ravenstack", ravenstack_accounts=ACCOUNTS, ravenstack_subscriptions=SUBSCRIPTIONS)
    assert counts == {
        "accounts": (3, 3, 0, 0),
        "people": (5, 5, 0, 0),
        "subscriptions": (5, 5, 0, 0),
        "subscription_periods": (5, 4, 0, 1),
    }

    window = ("--from", "2024-01-01", "--to", "2024-04-01", "--now", "2024-05-01")
    assert [row["value"] for row in said(tmp_path, "ask", "mrr", *window)["rows"]] == [318, 171, 171]
    assert [row["value"] for row in said(tmp_path, "ask", "customers", *window)["rows"]] == [2, 1, 1]
    by_industry = said(tmp_path, "ask", "mrr", "--by", "industry", *window)["rows"]
    assert {row["segment"] for row in by_industry} >= {"EdTech", "FinTech"}


def test_usage_support_and_goodbyes_are_read_as_the_page_says(tmp_path: Path) -> None:
    """One usage id on two lines is two events; a line with an odd number of errors is set aside; T-4 is still open."""
    counts = imported(
        tmp_path, "ravenstack", ravenstack_accounts=ACCOUNTS, ravenstack_subscriptions=SUBSCRIPTIONS,
        ravenstack_feature_usage=USAGE, ravenstack_support_tickets=TICKETS, ravenstack_churn_events=GOODBYES,
    )  # fmt: skip
    assert counts["events"] == (4, 3, 0, 1)
    assert counts["tickets"] == (4, 4, 0, 0)
    assert counts["responses"] == (4, 3, 0, 1), "no survey was sent for the open one"
    assert counts["feedback"] == (2, 2, 0, 0)

    assert values(tmp_path, "events active_accounts error_rate") == [2, 2, 0.5]
    assert values(tmp_path, "tickets first_response_time resolution_time") == [2, (74 + 144) / 2 * 60, 27 * 3600]
    assert values(tmp_path, "csat csat_mean survey_response_rate") == [0, 3, 0.5]
    both = ("--from", "2024-02-01", "--to", "2024-03-01", "--now", "2024-05-01")
    assert values(tmp_path, "ticket_backlog feedback_volume csat active_accounts", *both) == [1, 2, 1, 1]


def test_a_file_of_clicks_makes_events_accounts_and_people(tmp_path: Path) -> None:
    """The same click twice is a duplicate; who only met an error was not active."""
    counts = imported(tmp_path, "ecom", ecom=CLICKS)
    assert counts == {"events": (6, 5, 1, 0), "accounts": (6, 3, 3, 0), "people": (6, 3, 3, 0)}
    assert values(tmp_path, "events sessions monthly_active_users engaged_users") == [5, 4, 2, 1]
    assert values(tmp_path, "error_rate adoption_rate") == [0.2, 1 / 12]
    by_channel = said(tmp_path, "ask", "monthly_active_users", "--by", "channel", *JANUARY)["rows"]
    assert {row["segment"]: row["value"] for row in by_channel} == {"email": 1, "organic": 1}
    by_cohort = said(tmp_path, "ask", "monthly_active_users", "--by", "user_cohort", *JANUARY)["rows"]
    assert {row["segment"]: row["value"] for row in by_cohort} == {"2024-01": 2}


def test_dates_and_amounts_as_they_are_written_elsewhere(tmp_path: Path) -> None:
    """What is in neither way is handed on: one odd date is set aside, and an amount with a point is what it says."""
    page = (EXAMPLES.parent / "how-to" / "foreign-files.md").read_text(encoding="utf-8")
    columns = "".join(
        f"{line}\n" for line in page.splitlines() if "Datum" in line or "Betrag" in line or "(UTC)" in line
    )
    mapping = '[[mapping]]\nfile = "bills.csv"\ntable = "transactions"\n[mapping.columns]\n'
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "tenure.toml").write_text(
        f"{mapping}transaction_id = 'Nr'\naccount_id = 'Kunde'\n{columns}", encoding="utf-8"
    )
    amounts = ("1.234,50", "17,25", "1.000", "12345,5", "12.50", "3")
    lines = [f"{n};a;0{n}.01.2025;{amount};2025-02-01 10:00" for n, amount in enumerate(amounts, 1)]
    bills = "\n".join(["Nr;Kunde;Datum;Betrag;Changed (UTC)", *lines, "7;a;31/01/2025;5;", "8;a;31.01.2025;5;", ""])
    (tmp_path / "bills.csv").write_text(bills, encoding="utf-8")
    (loaded,) = said(tmp_path, "import", tmp_path / "bills.csv")["tables"]
    assert (loaded["rows_in"], loaded["accepted"], loaded["quarantined"]) == (8, 7, 1)
    january = ("--from", "2025-01-01", "--to", "2025-02-01", "--now", "2025-05-01")
    (row,) = said(tmp_path, "ask", "revenue", *january)["rows"]
    assert row["value"] == 1234.5 + 17.25 + 1000 + 12345.5 + 12.5 + 3 + 5
