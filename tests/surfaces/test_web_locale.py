"""Pages of a company whose locale writes numbers otherwise than ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import SETTINGS, Client, company, served, words

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT = "subscription_id,account_id,ends_at,end_kind,end_reason\ns2,a2,2024-04-20T10:00:00Z,voluntary,too dear\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("company")
    with company(folder, SETTINGS + 'locale = "de-DE"\n') as store:
        (folder / "subscriptions.csv").write_text(LEFT, encoding="utf-8")
        store.load(folder / "subscriptions.csv")
        with served(store) as client:
            yield client


@pytest.mark.parametrize(
    ("page", "written"),
    [
        ("customers", "300,50 € a month together"),
        ("movements?at=2024-04-01", "too dear 1 100 %"),
        ("metric/mrr/explain?at=2024-05-01", "50,5 1"),
        ("metric/mrr/explain?at=2024-05-01", "= 260,5"),
        ("cohorts", "67 %"),
    ],
)
def test_numbers_are_written_as_the_locale_does(client: Client, page: str, written: str) -> None:
    assert written in words(client.get(f"/{page}").text)


@pytest.mark.parametrize(
    "page", ["", "customers", "movements?grain=year", "metric/mrr", "family/revenue", "metric/mrr/why?at=2024-05-01"]
)
def test_no_amount_is_written_in_the_english_way(client: Client, page: str) -> None:
    shown = client.get(f"/{page}").text.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r"€\d|\d\.\d\d? €", words(shown)) == []
