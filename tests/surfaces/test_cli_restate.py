"""`tenure freeze` and `tenure restate`: their words, their shapes, their exit codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from surfaces.shell import refused, tenure

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "subscription_id,account_id,plan,starts_at,ends_at,unit_amount\n"
BOOKS = HEAD + "s1,a1,pro,2024-01-01,,100\ns2,a2,pro,2024-01-01,,50\n"
LATER = HEAD + "s1,a1,pro,2024-01-01,,90\ns3,a3,team,2024-02-10,,7\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store whose February was printed."""
    place = tmp_path / "acme"
    load(place, BOOKS)
    return place


def load(place: Path, text: str) -> None:
    tables(place, subscription_periods=text)


def test_what_is_frozen_is_told(store: Path) -> None:
    done = tenure("freeze", "2024-02", "mrr", "--note", "board", "--store", store, "--format", "json").json
    assert {name: done[name] for name in ("period", "start", "end", "note", "frozen_before", "unknown")} == {
        "period": "2024-02",
        "start": "2024-02-01T00:00:00Z",
        "end": "2024-03-01T00:00:00Z",
        "note": "board",
        "frozen_before": [],
        "unknown": [],
    }
    assert done["frozen"] == [
        {
            "metric": "mrr", "variant": None, "by": by, "segment": segment, "value": 150, "exact": done["frozen"][0]["exact"],
            "policy": "tenure", "switches": {}, "load_id": 1,
        }
        for by, segment in ((None, None), ("plan", "pro"))
    ]  # fmt: skip
    again = tenure("freeze", "2024-02", "mrr", "customers", "revenue", "--store", store)
    assert again.out == "Frozen of 2024-02: 1 metric, 2 numbers, as known after load 1.\n"
    assert "Frozen before and left as it is: mrr." in again.err
    assert "The data say nothing of: revenue." in again.err
    assert tenure("freeze", "2024-02", "mrr", "--store", store).out == "Nothing was frozen of 2024-02.\n"
    assert (
        tenure("freeze", "2024-02", "mrr", "--again", "--store", store, "--format", "csv")
        .lines[0]
        .startswith("metric,")
    )


def test_what_cannot_be_frozen_is_refused(store: Path) -> None:
    said = refused("freeze", "2024-02", "--now", "2024-02-20", "--store", store)
    assert (
        said
        == "'2024-02' is not over: it ends at 2024-03-01 00:00, and what is frozen must not change any more. Freeze it then."
    )
    assert "'february' is not a period" in refused("freeze", "february", "--store", store)


def test_a_month_that_has_not_moved(store: Path) -> None:
    tenure("freeze", "2024-02", "mrr", "--store", store)
    said = tenure("restate", "--store", store)
    assert (said.code, said.out) == (0, "Frozen: none of 2 numbers has moved.\n")
    assert tenure("restate", "customers", "--store", store).out == "No such month is frozen.\n"


def test_a_month_that_has_moved(store: Path) -> None:
    tenure("freeze", "2024-02", "mrr", "--store", store)
    load(store, LATER)
    said = tenure("restate", "--store", store)
    assert said.code == 1
    assert said.lines[0] == "Frozen: 3 of 3 numbers have moved."
    assert said.lines[1:7] == [
        "",
        "MRR (mrr), February 2024: $150.00 then, $147.00 now, −$3.00",
        "  −$10.00  rows corrected, load 2",
        "             subscription_periods s1 of a1 from 1 Jan 2024: unit_amount 100.0000 → 90.0000",
        "   +$7.00  late rows, load 2",
        "             subscription_periods s3 of a3 from 10 Feb 2024",
    ]
    shown = tenure("restate", "--store", store, "--format", "json")
    assert shown.code == 1
    assert {name: shown.json[name] for name in ("kind", "since", "timezone", "moved", "count")} == {
        "kind": "frozen", "since": None, "timezone": "UTC", "moved": 3, "count": 3,
    }  # fmt: skip
    number = shown.json["numbers"][0]
    assert number["exact"] == {"then": "150", "now": "147", "difference": "-3"}
    assert (number["then"], number["now"], number["difference"], number["moved"]) == (150, 147, -3, True)
    corrected, late = number["shares"]
    assert corrected["rows"] == [
        {
            "table": "subscription_periods",
            "key": "s1/s1/2024-01-01 00:00:00",
            "account_id": "a1",
            "begins_at": "2024-01-01T00:00:00Z",
            "change": "corrected",
            "columns": {"unit_amount": {"was": "100.0000", "becomes": "90.0000"}},
        }
    ]
    assert {name: late[name] for name in ("cause", "load_id", "was", "becomes", "effect", "exact", "count")} == {
        "cause": "late", "load_id": 2, "was": 140, "becomes": 147, "effect": 7, "exact": "7", "count": 1,
    }  # fmt: skip
    lines = tenure("restate", "--store", store, "--format", "csv").lines
    assert lines[0] == (
        "metric,variant,period,by,segment,then,now,difference,cause,load_id,loaded_at,source,effect,exact,count"
    )
    assert len(lines) == 5


def test_as_of_an_instant(store: Path) -> None:
    """Months that are not frozen: no alarm, whatever has moved."""
    load(store, LATER)
    said = tenure("restate", "mrr", "--from", "2024-02-01", "--to", "2024-03-01", "--store", store)
    assert said.code == 0
    assert said.lines[0].startswith("As of ")
    assert said.lines[0].endswith(": 3 of 3 numbers have moved.")
    assert (
        tenure("restate", "--since", "2024-01-01", "--store", store).out == "No month of that window was over then.\n"
    )
    shown = tenure("restate", "--limit", "0", "--store", store, "--format", "json").json
    assert shown["kind"] == "since"
    assert all(share["rows"] == [] for number in shown["numbers"] for share in number["shares"])


def test_each_row_that_moved_it_is_named(tmp_path: Path) -> None:
    """Keys as exclusions write them; an instant at the end of one stands beside it, a day is not shifted by the time zone."""
    place = tmp_path / "acme"
    place.mkdir()
    (place / "tenure.toml").write_text('currency = "EUR"\ntimezone = "America/New_York"\n')
    books = BOOKS.replace("unit_amount", "unit_amount,currency").replace("100", "100,EUR").replace("50", "50,USD")
    tables(place, subscription_periods=books, fx_rates="day,currency,rate\n2024-01-01,USD,0.5\n")
    assert tenure("freeze", "2024-02", "mrr", "customers", "--store", place).code == 0
    tables(
        place,
        fx_rates="day,currency,rate\n2024-02-20,USD,0.6\n",
        exclusions="table_name,id\nsubscription_periods,s1/s1/2024-01-01T05:00:00Z\n",
        account_links="account_id,same_as\na1,a2\n",
        subscription_periods=HEAD.replace("id,a", "id,item_id,a").replace("ends_at,", "")
        + "s3,seat,a2,pro,2024-02-10,7\n",
    )
    told = tenure("restate", "--store", place)
    assert told.code == 1
    mrr, _, customers, by_plan = [block.splitlines() for block in told.out.split("\n\n")[1:]]
    assert customers == [
        "Customers (customers), February 2024: 2 then, 1 now, −1",
        "  −1  accounts merged, load 2",
        "        account_links a1/a2",
    ]
    assert by_plan[0] == "Customers (customers), February 2024, plan pro: 2 then, 1 now, −1"
    assert mrr == [
        "MRR (mrr), February 2024: €125.00 then, €37.00 now, −€88.00",
        "    +€5.00  exchange rates, load 2",
        "              fx_rates 2024-02-20/USD",
        "  −€100.00  exclusions, load 2",
        "              exclusions subscription_periods/s1/s1/2024-01-01T05:00:00Z",
        "    +€7.00  late rows, load 2",
        "              subscription_periods s3/seat of a2 from 10 Feb 2024",
    ]


def test_the_settings_are_others_than_when_it_was_frozen(store: Path) -> None:
    """An amount stands in the currency that it was printed in, a period has the name that it had, and is found by it."""
    tenure("freeze", "2024-02", "mrr", "--store", store)
    load(store, LATER)
    (store / "tenure.toml").write_text('timezone = "America/New_York"\n')
    february = ("restate", "mrr", "--from", "2024-02-01", "--to", "2024-03-01", "--store", store)
    assert tenure(*february).lines[2] == "MRR (mrr), 2024-02: $150.00 then, $147.00 now, −$3.00"
    tables(store, fx_rates="day,currency,rate\n2024-01-01,USD,0.5\n")
    (store / "tenure.toml").write_text('currency = "EUR"\n')
    told = tenure(*february)
    assert (told.code, told.lines[2:4]) == (
        1,
        ["MRR (mrr), February 2024: $150.00 then, €147.00 now, —", "        —  another currency"],
    )
    shown = tenure(*february, "--format", "json").json["numbers"][0]
    assert (shown["currency_then"], shown["currency"], shown["difference"]) == ("USD", "EUR", None)


def tables(place: Path, **texts: str) -> None:
    files = []
    for name, text in texts.items():
        file = place.parent / f"{name}.csv"
        file.write_text(text)
        files.append(file)
    assert tenure("--store", place, "import", *files).code == 0
