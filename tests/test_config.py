"""tenure.toml: every key optional, every fault one sentence that names the file, the key and the mending."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, fields, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tenure.config import DEFAULT_TOML, FileMapping, OwnTarget, Settings, Sql, currencies, load_settings
from tenure.errors import SettingsError, UsageError
from tenure.policy import Policy

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, text: str) -> Settings:
    (folder / "tenure.toml").write_text(text, encoding="utf-8")
    return load_settings(folder)


def test_no_folder_and_no_file_are_the_defaults(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings == load_settings(None) == Settings()
    assert (settings.timezone, settings.currency, settings.week_start) == ("UTC", "USD", "monday")
    assert (settings.trailing_periods, settings.first_contact_days) == (6, 7)
    assert settings.policy == Policy()


def test_one_key_is_a_valid_file(tmp_path: Path) -> None:
    assert read(tmp_path, 'currency = "EUR"') == Settings(currency="EUR")


def test_settings_are_frozen_and_made_from_others() -> None:
    settings = Settings(timezone="Europe/Zurich", policy=Policy("stripe"), targets={"nps": OwnTarget(50)})
    with pytest.raises(FrozenInstanceError):
        settings.timezone = "UTC"  # type: ignore[misc]
    assert replace(settings, timezone="Asia/Tokyo").policy == Policy("stripe")
    assert settings.zone.key == "Europe/Zurich"


def test_a_whole_file(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
        company = "Acme"
        timezone = "America/New_York"
        week_start = "Sunday"
        locale = "de-CH"
        active_events = { sql = "name <> 'ping'" }
        key_events = ["report_run"]
        gross_margin = 0.8
        [policy]
        preset = "recurly"
        settle_minutes = 30
        day_factor = 30.5
        net_churn_reactivation = true
        [business_hours]
        mon = ["13:00-17:30", "08:00-12:00"]
        holidays = [2024-12-25, "2024-12-26"]
        [targets]
        nps = 50
        customer_churn_rate = { value = 0.03, per = "month" }
        [segments]
        large = "size = 'enterprise'"
        [overview]
        metrics = ["mrr"]
        [health]
        anything = { weight = 2 }
        [[mapping]]
        file = "crm_*.csv"
        table = "accounts"
        columns = { account_id = "Customer No", is_test = { sql = "Kind = 'test'" } }
        [[mapping]]
        file = "crm_*.csv"
        table = "people"
        columns = { person_id = "Contact" }
        ignore = ["Fax*", "Phone"]
        """,
    )
    assert (settings.company, settings.week_start, settings.locale) == ("Acme", "sunday", "de_CH")
    assert settings.active_events == Sql("name <> 'ping'")
    assert settings.key_events == ("report_run",)
    assert settings.gross_margin == pytest.approx(0.8)
    switches = settings.policy.switches
    assert (settings.policy.preset, switches["settle_minutes"], switches["day_factor"]) == ("recurly", "30", "30.5")
    assert switches["net_churn_reactivation"] == "yes"
    assert settings.business_hours.week == (((480, 720), (780, 1050)), (), (), (), (), (), ())
    assert settings.business_hours.holidays == {date(2024, 12, 25), date(2024, 12, 26)}
    assert settings.targets == {"nps": OwnTarget(50), "customer_churn_rate": OwnTarget(0.03, "month")}
    assert settings.segments == {"large": "size = 'enterprise'"}
    assert settings.overview.metrics == ("mrr",)
    assert settings.health == {"anything": {"weight": 2}}
    accounts, people = settings.mapping
    assert accounts == FileMapping(
        "crm_*.csv", "accounts", {"account_id": "Customer No", "is_test": Sql("Kind = 'test'")}
    )
    assert (people.table, people.ignore) == ("people", ("Fax*", "Phone"))


def test_business_hours_of_holidays_alone_keep_the_usual_week(tmp_path: Path) -> None:
    hours = read(tmp_path, "[business_hours]\nholidays = [2024-12-25]").business_hours
    assert hours.week == Settings().business_hours.week
    assert len(hours.holidays) == 1


def test_business_hours_may_be_of_a_zone_of_their_own(tmp_path: Path) -> None:
    hours = read(tmp_path, '[business_hours]\ntimezone = "Asia/Kolkata"').business_hours
    assert (hours.timezone, hours.week) == ("Asia/Kolkata", Settings().business_hours.week)
    assert read(tmp_path, '[business_hours]\nsat = ["10:00-12:00"]').business_hours.timezone is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('timezne = "UTC"', "there is no setting 'timezne'. Did you mean 'timezone'?"),
        ('discounts = "none"', "'discounts' belongs under [policy]"),
        (
            'timezone = "Europe/Zurihc"',
            "timezone: 'Europe/Zurihc' is not a known time zone. Did you mean 'Europe/Zurich'?",
        ),
        ('timezone = "../etc/passwd"', "is not a known time zone"),
        ('timezone = "Europe"', "is not a known time zone"),
        ('timezone = ""', "is not a known time zone"),
        ("timezone = 1", "timezone: 1 is not a text"),
        ('currency = "EURO"', "currency: 'EURO' is not a currency. Did you mean"),
        ('currency = "eur"', "Did you mean 'EUR'?"),
        ('week_start = "mondag"', "Did you mean 'monday'?"),
        ('locale = "klingon"', "locale: 'klingon' is not a known locale"),
        ("engaged_count = 0", "engaged_count: 0 is not a whole number"),
        ("engaged_days = true", "engaged_days: true is not a whole number"),
        ("gross_margin = 80", "gross_margin: 80 is not a share from 0 to 1: 80 % is 0.8."),
        ("gross_margin = nan", "is not a number"),
        ('key_events = "login"', "key_events: 'login' is not a list"),
        ("active_events = {}", "active_events: {} says nothing"),
        ('policy = "stripe"', "policy: 'stripe' is not a table"),
        ('[policy]\npreset = "strip"', "Did you mean 'stripe'?"),
        ('[policy]\ndiscount = "none"', "Did you mean 'discounts'?"),
        ('[policy]\ndiscounts = "some"', "The switch 'discounts' does not take 'some'"),
        ("[policy]\npreset = 1", "'1' is not a policy preset"),
        ('[business_hours]\nmonday = ["09:00-17:00"]', "there is no key 'monday' here. Did you mean 'mon'?"),
        ('[business_hours]\ntimezone = "Asia/Kolkatta"', "Did you mean 'Asia/Kolkata'?"),
        ('[business_hours]\nmon = ["9 to 5"]', "'9 to 5' is not a stretch of time"),
        ('[business_hours]\nmon = ["17:00-09:00"]', "must begin before it ends"),
        ('[business_hours]\nmon = ["09:10-17:00"]', "quarter of an hour"),
        ('[business_hours]\nmon = ["09:00-12:00", "11:00-17:00"]', "the stretches of 'mon' overlap"),
        ('[business_hours]\nholidays = ["25.12.2024"]', "'25.12.2024' is not a day"),
        ('[targets]\nnps = "high"', "targets: nps: 'high' is not a number"),
        ("[targets]\nnps = { goal = 50 }", "there is no key 'goal' here"),
        ('[targets]\nnps = { per = "month" }', "the target has no value"),
        ('[targets]\nnps = { value = 50, per = "mnth" }', "Did you mean 'month'?"),
        ("[segments]\nlarge = 1", "segments: large: 1 is not a text"),
        ("[overview]\nmetric = []", "Did you mean 'metrics'?"),
        ('[mapping]\nfile = "x"', "begins with [[mapping]]"),
        ('[[mapping]]\nfile = "x.csv"\ntable = "people"', "a [[mapping]] has no 'columns'"),
        ('[[mapping]]\nfile = "x.csv"\ntable = "people"\ncolumns = { person_id = 1 }', "1 is not a table"),
        ('company = "a\nb"', "line 1"),
        ("company", "is not valid TOML"),
        pytest.param("active_events = " + "[" * 5000, "is nested too deeply to be read", id="brackets in brackets"),
    ],
)
def test_a_fault_is_one_sentence_that_names_file_and_key(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SettingsError) as fault:
        read(tmp_path, text)
    sentence = str(fault.value)
    assert sentence.startswith(str(tmp_path / "tenure.toml"))
    assert says in sentence
    assert "\n" not in sentence


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "tenure.toml").write_bytes(b'company = "M\xfcller"')
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(tmp_path)


def test_a_folder_in_the_files_place(tmp_path: Path) -> None:
    (tmp_path / "tenure.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "tenure.toml").write_bytes(b'\xef\xbb\xbfcompany = "Acme"')
    assert load_settings(tmp_path).company == "Acme"


def test_the_commented_file_changes_nothing_and_names_every_setting(tmp_path: Path) -> None:
    assert read(tmp_path, DEFAULT_TOML) == Settings()
    later = {"health", "alerts"}
    named = {
        one.name for one in fields(Settings) if f"\n#{one.name} = " in DEFAULT_TOML or f"[{one.name}]" in DEFAULT_TOML
    }
    assert named == {one.name for one in fields(Settings)} - later


def test_the_commented_file_can_be_uncommented_and_shows_the_defaults(tmp_path: Path) -> None:
    lines = (line[1:] if line[:1] == "#" and line[:2] != "# " else line for line in DEFAULT_TOML.splitlines())
    settings, default = read(tmp_path, "\n".join(lines)), Settings()
    examples = {"gross_margin", "business_hours", "targets", "segments", "overview", "mapping", "policy", "warehouse"}
    for one in fields(Settings):
        assert getattr(settings, one.name) == getattr(default, one.name) or one.name in examples
    assert settings.business_hours.week == default.business_hours.week
    assert settings.policy.switches == default.policy.switches


def test_currencies_are_codes() -> None:
    assert {"EUR", "USD", "JPY", "CHF"} < currencies()
    assert "EURO" not in currencies()


def test_settings_are_light_to_import() -> None:
    heavy = (
        "import sys, tenure.config; tenure.config.Settings(); print({'pydantic', 'babel', 'duckdb'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_factor_may_be_a_fraction_of_what_is_none() -> None:
    assert Policy("tenure", {"week_factor": "52.14/12"}).factor("week") == Fraction(5214, 1200)
    assert Policy().factor("day") == Fraction(365, 12)
    for value in ("٥٢/12", "52/1²", "0/12", "52/0"):
        with pytest.raises(UsageError, match="does not take"):
            Policy("tenure", {"week_factor": value})


def test_a_warehouse_is_read_strictly(tmp_path: Path) -> None:
    told = read(
        tmp_path,
        '[warehouse]\nurl = "postgres://a@b/c"\nwhole_rows = 5\n[warehouse.tables]\nevents = " raw.events; "\n',
    )
    assert (told.warehouse.url, told.warehouse.schema, told.warehouse.whole_rows) == ("postgres://a@b/c", "tenure", 5)
    assert dict(told.warehouse.tables) == {"events": "raw.events"}
    for said, sentence in (
        ('urll = "x"', "there is no key 'urll' here. Did you mean 'url'?"),
        ('schema = "A b"', "schema: 'A b' is not a plain name"),
        ("whole_rows = -1", "whole_rows: -1 is not a number of rows"),
        ('tables = { events = " " }', "tables: events: it says nothing"),
        ('mappings = "fivetran_stripe"', "mappings: 'fivetran_stripe' is not a list"),
    ):
        with pytest.raises(SettingsError, match=re.escape(sentence)):
            read(tmp_path, f"[warehouse]\n{said}\n")
