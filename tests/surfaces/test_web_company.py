"""The pages about the company: who moved, what was loaded, how other tools would read it."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import Client, company, empty, served, words
from tenure.store import warehouse
from tenure.store.warehouse import Broken

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tenure.library import Store

FILES = {
    "subscriptions": (
        "subscription_id,account_id,ends_at,end_kind,end_reason,end_comment\n"
        "s2,a2,2024-04-20T10:00:00Z,voluntary,<u>too dear</u>,=HYPERLINK(0)\n"
    ),
    "tickets": "ticket_id,account_id,created_at,reopens\nt1,a1,2024-05-02T10:00:00Z,1\nt2,a1,2024-05-02T10:00:00Z,<i>often</i>\n",
    "more": (
        "subscription_id,account_id,plan,starts_at,unit_amount,discount_amount,discount_duration\n"
        "s7,a4,pro,2024-03-01T10:00:00Z,90,20,once\n"
    ),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder) as store:
        for name, text in FILES.items():
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
            store.load(folder / f"{name}.csv", table="subscription_periods" if name == "more" else name)
        yield store


def test_those_who_left_stand_with_the_reason_they_gave(client: Client) -> None:
    html = client.get("/movements?at=2024-04-01").text
    assert "Left 1 −€80.00 a month" in words(html)
    assert "Bo Left −€80.00 basic <u>too dear</u> voluntary, =HYPERLINK(0) 20 Apr 2024" in words(html)
    assert "<u>too dear" not in html
    assert 'href="/customers/a2"' in html


def test_movements_of_a_period_are_the_metrics_of_it(client: Client, store: Store) -> None:
    text = words(client.get("/movements?grain=year&at=2024-01-01").text)
    for title, metric, sign in (("Came", "new_mrr", "+"), ("Grew", "expansion_mrr", "+"), ("Left", "churned_mrr", "−")):
        [row] = store.ask(metric, since="2024-01-01", until="2024-06-13", grain="total").rows
        assert re.search(rf"{title} \d+ \{sign}€{row.value:,.2f} a month", text), title


def test_one_kind_of_movement_is_a_filter_and_a_file(client: Client) -> None:
    text = words(client.get("/movements?grain=year&kind=churn").text)
    assert "1 movement, the newest first" in text
    [row] = csv.DictReader(io.StringIO(client.get("/movements.csv?grain=year&kind=churn").text))
    assert (row["account_id"], row["amount"], row["comment"]) == ("a2", "-80.0", "'=HYPERLINK(0)")
    assert client.get("/movements?kind=leave").status_code == 400


def test_data_says_what_was_set_aside_and_how_to_mend_it(client: Client) -> None:
    html = client.get("/data").text
    text = words(html)
    assert "Set aside: 1 row" in text
    assert "tickets tickets.csv 3 reopens <i>often</i> '<i>often</i>' is no whole number" in text
    assert "<i>often" not in html
    assert "tenure template events > events.csv" in text
    assert (
        "subscription_periods a time in which one item of a subscription had one price; a new price is a new row 8"
        in text
    )


def test_data_says_what_a_sync_left_out_in_the_warehouse(tmp_path: Path) -> None:
    select = "SELECT * FROM (SELECT * FROM shop.tickets) AS d WHERE NOT (reopens >= 0)"
    broken = (Broken("tickets", "reopens_not_negative", "reopens", 1200, select),)
    with empty(tmp_path) as store, served(store) as client:
        assert "warehouse" not in words(client.get("/data").text)
        warehouse.hold(store._con, warehouse.Held(1, {"tickets": 5000}, (), {}, {}, (), (), (2024, 2024), broken))
        text = words(client.get("/data").text)
    assert "Left out in the warehouse: 1,200 rows" in text
    assert f"1,200 of tickets: reopens not negative This finds them there: {select} " in text


def test_the_laws_are_checked_when_asked_and_then_remembered(tmp_path: Path) -> None:
    with company(tmp_path) as store, served(store) as client:
        assert "It was not checked since the last load" in words(client.get("/data").text)
        count = len(store.doctor().to_dict()["laws"])
        assert f"All {count} laws hold" in words(client.get("/data?check=laws").text)
        assert f"All {count} laws hold" in words(client.get("/data").text)
        more = tmp_path / "more.csv"
        more.write_text("account_id,name\na9,Ida\n", encoding="utf-8")
        store.load(more, table="accounts")
        assert "It was not checked since the last load" in words(client.get("/data").text)


def test_readings_stand_side_by_side_and_a_bridge_adds_up(client: Client, store: Store) -> None:
    text = words(client.get("/readings?at=2024-03-01&against=stripe").text)
    shown = {row["preset"]: row for row in store.presets(since="2024-03-01", until="2024-04-01").to_dict()["rows"]}
    for preset, row in shown.items():
        assert f"{preset} €{row['value']:,.2f}" in text
    assert shown["stripe"]["difference"] == 20
    assert "From tenure to stripe: +€20.00" in text
    assert "which discounts are subtracted all → forever +€20.00" in text
    assert "Di +€20.00" in text


def test_readings_of_any_metric(client: Client) -> None:
    answer = client.get("/readings?metric=customer_churn_rate&at=2024-04-01")
    assert answer.status_code == 200
    assert "Customer churn : 25.0% under tenure" in words(answer.text)
    assert client.get("/readings?metric=churn_of_rate").status_code == 400
    assert client.get("/readings?against=strpe").status_code == 400


def test_an_empty_store_has_these_pages_too(tmp_path: Path) -> None:
    with empty(tmp_path) as store, served(store) as client:
        for path in ("/movements", "/readings", "/data", "/family/support", "/metric/mrr", "/metric/mrr/explain"):
            assert client.get(path).status_code == 200
        assert "Nothing was loaded yet" in words(client.get("/data").text)


def test_movements_are_filtered_as_numbers_are(client: Client) -> None:
    html = client.get("/movements?grain=year&where=region:South").text
    text = words(html)
    assert "region: South" in text
    assert "Left 1 −€80.00 a month" in text  # Bo, and nobody of the North
    assert "Ada" not in text.partition("newest first")[2]
    assert ">North</a>" in client.get("/movements?grain=year&filter=region").text
    rows = list(csv.DictReader(io.StringIO(client.get("/movements.csv?grain=year&where=region:South").text)))
    assert {row["account_id"] for row in rows} == {"a2", "a5"}
    assert "No row says region: “Suoth”. Did you mean South ?" in words(
        client.get("/movements?where=region:Suoth").text
    )
    assert client.get("/movements?where=topic:x").status_code == 400
