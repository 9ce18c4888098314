"""Lists and one customer in another currency than the company's: every amount is one of the books times a rate that is said."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import SETTINGS, Client, company, served, words

if TYPE_CHECKING:
    from collections.abc import Iterator

# One dollar in euros. What is between two days is as on the first of them; what is after the last, as on the last.
FILES = {
    "fx_rates": "day,currency,rate\n2024-01-01,USD,0.5\n2024-02-28,USD,0.8\n2024-03-31,USD,0.9\n2024-05-31,USD,0.96\n2024-01-01,CHF,1.08\n",
    "contracts": (
        "contract_id,account_id,starts_on,ends_on,value,currency,outcome,decided_at,renewed_value\n"
        "c1,a1,2089-02-01,2090-02-01,1200,EUR,open,,\nc3,a4,2023-05-01,2024-05-01,500,EUR,renewed,2024-04-20T10:00:00Z,400\n"
        "c4,a1,2023-05-10,2024-05-10,100,USD,lost,2024-05-01T10:00:00Z,\n"
    ),
    "transactions": (
        "transaction_id,account_id,happened_at,kind,amount,currency\nt1,a1,2024-02-05T10:00:00Z,charge,100,EUR\n"
        "t2,a1,2024-04-05T10:00:00Z,charge,30,CHF\nt3,a1,2024-06-05T10:00:00Z,charge,7,USD\n"
    ),
}
LAST = 1 / 0.96


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder, SETTINGS, FILES) as store, served(store) as client:
        yield client


def filed(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(address).text)))


def test_customers_are_shown_at_the_last_known_rate(client: Client) -> None:
    text = words(client.get("/customers?currency=USD").text)
    assert "Money in USD, at the last known rate (31 May 2024: 1 EUR = 1.041667 USD). In EUR" in text
    assert "4 with $313.02 a month together" in text  # 300.50
    assert "$156.25" in text  # 150 of a1
    assert "€" not in text
    rows = {row["account_id"]: row for row in filed(client, "/customers.csv?currency=USD")}
    assert float(rows["a1"]["monthly_usd"]) == pytest.approx(150 * LAST)
    assert float(rows["a1"]["rate"]) == pytest.approx(LAST)
    assert "monthly" not in rows["a1"]
    assert filed(client, "/customers.csv")[0]["monthly"] == "150.0"


def test_the_movements_of_a_period_add_up_to_its_metric_in_that_currency_too(client: Client) -> None:
    text = words(client.get("/movements?currency=USD&at=2024-04-01").text)
    assert "at the rate of the period's last day (30 Apr 2024: 1 EUR = 1.111111 USD)" in text
    assert "Left 1 −$88.89 a month" in text  # 80
    [row] = filed(client, "/movements.csv?currency=USD&at=2024-04-01")
    metric = json.loads(client.get("/metric/churned_mrr/answer.json?currency=USD&at=2024-04-01").text)
    assert float(row["amount_usd"]) == pytest.approx(-80 / 0.9)
    assert metric["rows"][-1]["value"] == pytest.approx(80 / 0.9)


def test_a_contract_is_shown_at_the_rate_of_the_day_on_which_it_is_due(client: Client) -> None:
    text = words(client.get("/renewals?currency=USD").text)
    assert "ahead at the last known one (31 May 2024: 1 EUR = 1.041667 USD)" in text
    assert "$1,250.00" in text  # 1200
    assert "in USD; rates ahead are the last known ones" in text
    rows = {row["contract_id"]: row for row in filed(client, "/renewals.csv?currency=USD&show=past")}
    # due when 1 May begins in Berlin, which is on 30 April by the clock of the rates
    assert float(rows["c3"]["amount_usd"]) == pytest.approx(500 / 0.9)
    assert float(rows["c3"]["renewed_amount_usd"]) == pytest.approx(400 / 0.9)
    assert float(rows["c4"]["amount_usd"]) == pytest.approx(100)  # what was signed in dollars is what was signed
    assert (rows["c4"]["value"], rows["c4"]["currency"]) == ("100.0", "USD")


def test_one_customer_is_shown_in_it_what_happened_at_the_rate_of_its_day(client: Client) -> None:
    text = words(client.get("/customers/a1?currency=USD").text)
    assert "A month $156.25" in text
    assert "Renews 1 Feb 2090 $1,250.00" in text
    assert "5 Feb 2024 charge $200.00" in text  # 100 euros at 0.5
    assert "5 Apr 2024 charge $36.00" in text  # 30 francs of 1.08 euros each, at 0.9
    assert "5 Jun 2024 charge $7.00" in text
    assert "€" not in text
    assert "CHF" not in text.partition("A month $156.25")[2]


def test_the_currency_goes_along_to_the_customer_and_back(client: Client) -> None:
    html = client.get("/customers?currency=USD").text
    assert 'href="/customers/a1?currency=USD"' in html
    assert 'href="/customers?currency=USD"' in client.get("/customers/a1?currency=USD").text
    for page in ("customers", "movements", "renewals", "customers/a1"):
        html = client.get(f"/{page}").text
        assert '<option value="USD">USD</option>' in html, page
        assert "Money in" not in html, page


def test_a_workbook_names_the_currency_in_its_headings(client: Client) -> None:
    with zipfile.ZipFile(io.BytesIO(client.get("/customers.xlsx?currency=USD").content)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "monthly_usd" in texts


def test_what_has_no_amounts_offers_no_currency_and_keeps_the_one_of_the_address(client: Client) -> None:
    for page in ("feedback", "metric/nps"):
        html = client.get(f"/{page}?currency=USD").text
        assert ("Currency of display" in html, "Money in USD" in html) == (False, False), page
        assert '<input type="hidden" name="currency" value="USD">' in html, page
    assert "Currency of display" in client.get("/metric/gross_mrr_churn_rate").text  # its parts are amounts


def test_cohorts_and_a_search_have_no_amounts_of_which_to_say_a_currency(client: Client) -> None:
    for page in ("cohorts?currency=USD", "search?currency=USD", "views?currency=USD"):
        assert not re.search("as in the books|Money in", client.get(f"/{page}").text), page
