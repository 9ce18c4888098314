"""The mapping that the docs ship reads files with those foreign headers: one export feeds two tables."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "ravenstack.toml"
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


def tenure(folder: Path, *words: str) -> dict[str, list[dict[str, object]]]:
    ran = subprocess.run(
        [sys.executable, "-m", "tenure", "--store", "store", *words, "--format", "json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return {} if words == ("init",) else json.loads(ran.stdout)


def test_one_export_feeds_two_tables_and_money_is_read_as_the_page_says(tmp_path: Path) -> None:
    """S-1 is a month's value, though billed by the year; S-3 is a trial, S-4 ends as it begins, S-5 has an odd word."""
    exports = tmp_path / "exports"
    exports.mkdir()
    (exports / "ravenstack_accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (exports / "ravenstack_subscriptions.csv").write_text(SUBSCRIPTIONS, encoding="utf-8")
    tenure(tmp_path, "init")
    shutil.copy(EXAMPLE, tmp_path / "store" / "tenure.toml")

    counts = {t["table"]: (t["rows_in"], t["accepted"], t["quarantined"]) for t in
              tenure(tmp_path, "import", "exports")["tables"]}  # fmt: skip
    assert counts == {"accounts": (3, 3, 0), "subscriptions": (5, 5, 0), "subscription_periods": (5, 4, 1)}

    window = ("--from", "2024-01-01", "--to", "2024-04-01", "--now", "2024-05-01")
    assert [row["value"] for row in tenure(tmp_path, "ask", "mrr", *window)["rows"]] == [318, 171, 171]
    assert [row["value"] for row in tenure(tmp_path, "ask", "customers", *window)["rows"]] == [2, 1, 1]
    by_industry = tenure(tmp_path, "ask", "mrr", "--by", "industry", *window)["rows"]
    assert {row["segment"] for row in by_industry} >= {"EdTech", "FinTech"}
