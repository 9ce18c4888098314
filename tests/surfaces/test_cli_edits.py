"""Edits on the command line: what is refused, what would change, what is applied, and what is withdrawn again."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from surfaces.shell import refused, tenure
from tenure.library import Store
from tenure.sources import demo
from tenure.store import warehouse

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "accounts": "account_id,name\na1,Alpha\na2,Beta\na3,Alpha GmbH\na4,Alfalfa\na5,Beta\n",
    "subscription_periods": """subscription_id,account_id,plan,starts_at,ends_at,unit_amount
s1,a1,pro,2024-01-01,2024-03-01,100
s2,a2,basic,2024-01-01,,40
s3,a3,pro,2024-03-01,,100
s4,a4,pro,2024-03-02,,100
s5,a5,pro,2024-02-02,,70
""",
    "subscriptions": "subscription_id,account_id\ns2,a2\n",
    "people": "person_id,account_id,email\np1,a1,kim@a.example\np2,a1,kim@b.example\n",
    "tickets": "ticket_id,account_id,created_at\nt1,a1,2024-02-03\nt2,a2,2024-03-05\n",
}
NOW = ("--now", "2024-04-15")
HEADER = "edit,table,id,same_as,reason\n"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with five accounts, of which the third is the first under another id."""
    folder = tmp_path / "files"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text)
    assert tenure("--store", tmp_path / "acme", "import", folder).code == 0
    return tmp_path / "acme"


def edits(store: Path, *lines: str) -> Path:
    """A file of edits beside the store."""
    path = store.parent / "edits.csv"
    path.write_text(HEADER + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def asked(store: Path) -> dict[str, float]:
    """The numbers of March."""
    names = ("mrr", "customers", "churned_customers", "new_customers", "tickets")
    words = ("--from", "2024-03-01", "--to", "2024-04-01", *NOW, "--store", store, "--format", "json")
    return {answer["metric"]: answer["rows"][0]["value"] for answer in tenure("ask", *names, *words).json}


def checked(store: Path, *lines: str) -> dict[str, Any]:
    """What a check says, as JSON."""
    said: dict[str, Any] = tenure(
        "edits", "check", edits(store, *lines), *NOW, "--store", store, "--format", "json"
    ).json
    return said


def test_a_check_says_what_applying_does(store: Path) -> None:
    lines = ("migration,,a1,a3,", "exclude,subscriptions,s2,,", "exclude,accounts,a5,,ours", "exclude,tickets,t2,,spam")
    before = asked(store)
    assert before == {"mrr": 310, "customers": 4, "churned_customers": 1, "new_customers": 2, "tickets": 1}
    told = checked(store, *lines)
    assert asked(store) == before
    assert [(one["line"], one["standing"], one["names"], one["fault"]) for one in told["lines"]] == [
        (2, "new", 2, None), (3, "new", 1, None), (4, "new", 1, None), (5, "new", 1, None),
    ]  # fmt: skip
    link, _, account, ticket = (one["effect"] for one in told["lines"])
    assert {one["kind"]: (one["before"], one["after"]) for one in link["movements"]} == {"churn": (1, 0), "new": (1, 0)}
    assert {one["month"] for one in link["movements"]} == {"2024-03"}
    assert (account["customers_before"], account["customers_after"], account["mrr_after"]) == (1, 0, 0)
    assert ticket is None
    applied = tenure("edits", "apply", edits(store, *lines), "--store", store, "--format", "json").json
    assert [len(applied[name]) for name in ("added", "changed", "withdrawn", "held")] == [4, 0, 0, 0]
    after = asked(store)
    whole = told["effect"]
    # of the last month that is over by what was loaded: February
    assert [whole[name] for name in ("mrr_before", "mrr_after", "customers_before", "customers_after")] == [
        210,
        140,
        3,
        2,
    ]
    words = ("--from", told["start"], "--to", told["end"], *NOW, "--store", store, "--format", "json")
    then = [answer["rows"][0]["value"] for answer in tenure("ask", "mrr", "customers", *words).json]
    assert [whole["mrr_after"], whole["customers_after"]] == then
    assert after["churned_customers"] == 0
    assert after["tickets"] == 0


def test_applying_twice_is_applying_once_and_a_line_taken_away_is_withdrawn(store: Path) -> None:
    before = asked(store)
    lines = ("migration,,a1,a3,", "person,,p1,p2,two addresses")
    two = edits(store, *lines)
    first = tenure("edits", "apply", two, "--store", store, "--format", "json").json
    after = asked(store)
    assert (after["churned_customers"], after["new_customers"]) == (0, 1)
    again = tenure("edits", "apply", two, "--store", store, "--format", "json").json
    assert (first["load_id"] is not None, again["load_id"], again["added"]) == (True, None, [])
    assert "Nothing changes" in tenure("edits", "apply", two, "--store", store).out
    told = checked(store, "person,,p1,p2,one address")
    assert [(one["edit"], one["standing"]) for one in told["lines"]] == [
        ("person", "changed"),
        ("migration", "withdrawn"),
    ]
    tenure("edits", "apply", edits(store), "--store", store)
    assert asked(store) == before
    assert tenure("edits", "list", "--store", store, "--format", "json").json == {"edits": []}
    assert len(tenure("edits", "apply", edits(store, *lines), "--store", store, "--format", "json").json["added"]) == 2
    assert asked(store) == after


def test_a_listing_is_a_file_of_edits(store: Path) -> None:
    file = edits(store, 'migration,,a1,a3,"same, the same"', "exclude,tickets,t2,,spam")
    assert tenure("edits", "apply", file, "--store", store).code == 0
    listed = tenure("edits", "list", "--store", store, "--format", "csv").out
    file.write_text(listed)
    assert "Nothing changes" in tenure("edits", "apply", file, "--store", store).out
    assert '"same, the same"' in listed


def test_links_of_another_source_stay(store: Path) -> None:
    links = store.parent / "account_links.csv"
    links.write_text("account_id,same_as,kind\na1,a3,migration\n")
    assert tenure("--store", store, "import", links).code == 0
    after = asked(store)
    (line,) = checked(store, "migration,,a1,a3,")["lines"]
    assert line["standing"] == "held by files"
    said = tenure("edits", "apply", edits(store, "migration,,a1,a3,"), "--store", store)
    assert "would not withdraw it" in said.err
    tenure("edits", "apply", edits(store), "--store", store)
    assert asked(store) == after


def test_a_line_that_names_nothing_is_told(store: Path) -> None:
    """Before and after it is applied: its row may be still to come, so that the edit is kept."""
    lines = ("migration,,a1,a33,", "exclude,tickets,t9,,", "exclude,tickets,t1,,", "person,,p1,p33,")
    said = tenure("edits", "check", edits(store, *lines), *NOW, "--store", store)
    assert said.code == 1
    sentences = [
        "Line 2 names nothing: no row names 'a33' (did you mean 'a3'?).",
        "Line 3 names nothing: no row of tickets has the ticket_id 't9'.",
        "Line 5 names nothing: no row names 'p33'.",
    ]
    assert said.err.splitlines() == sentences
    said = tenure("edits", "apply", edits(store, *lines), "--store", store)
    assert (said.code, said.err.splitlines()) == (0, sentences)
    again = tenure("edits", "apply", edits(store, *lines), "--store", store, "--format", "json").json
    assert (again["load_id"], [(one["line"], one["id"]) for one in again["faults"]]) == (
        None,
        [(2, "a1"), (3, "t9"), (5, "p1")],
    )
    assert len(tenure("edits", "list", "--store", store, "--format", "json").json["edits"]) == 4
    with Store(store, create=False) as of:  # rows that are in a warehouse alone may have any id
        warehouse.hold(of._con, warehouse.Held(0, {"tickets": 5}, (), {}, {}, (), (), (2024, 2024)))
    assert tenure("edits", "apply", edits(store, *lines), "--store", store).err == ""


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("marge,,a1,a3,", "line 2: 'marge' is no edit. Did you mean 'merge'?"),
        ("merge,,a1,,", "needs same_as"),
        ("merge,,a1,a1,", "are the same"),
        ("exclude,tiket,t1,,", "Did you mean 'tickets'?"),
        ("exclude,tickets,,,", "names no id"),
        ("exclude,exclusions,x,,", "cannot be excluded"),
        ("merge,,a1,a3,one,two", "quote a cell that holds a comma"),
        ("merge,,a1,a3,\nmerge,,a1,a3,", "line 2 has that edit already"),
    ],
)
def test_a_line_that_says_nothing_is_refused(store: Path, line: str, sentence: str) -> None:
    assert sentence in refused("edits", "check", edits(store, line), "--store", store)
    assert sentence in refused("edits", "apply", edits(store, line), "--store", store)


def test_words_that_do_not_go_together(store: Path) -> None:
    assert "needs a file" in refused("edits", "check", "--store", store)
    assert "takes no file" in refused("edits", "list", edits(store), "--store", store)
    assert "Did you mean 'apply'?" in refused("edits", "aply", "--store", store)
    assert "There is no file" in refused("edits", "check", store.parent / "none.csv", "--store", store)
    (store.parent / "edits.csv").write_text("what,ever\n")
    assert "its header is" in refused("edits", "check", store.parent / "edits.csv", "--store", store)


def test_a_finder_says_why_and_applies_nothing(store: Path) -> None:
    before = asked(store)
    (one,) = tenure("edits", "propose", "--store", store, "--format", "json").json["proposals"]
    assert (one["id"], one["same_as"], one["score"]) == ("a1", "a3", 10)
    assert one["reasons"] == [
        "same name 'Alpha GmbH'", "one ends on 2024-03-01 as the other begins", "same price, 100 USD a month",
    ]  # fmt: skip
    assert asked(store) == before
    lines = tenure("edits", "propose", "--store", store, "--format", "csv").out
    (store.parent / "edits.csv").write_text(lines)
    tenure("edits", "apply", store.parent / "edits.csv", "--store", store)
    assert asked(store)["churned_customers"] == 0
    assert tenure("edits", "propose", "--store", store, "--format", "json").json == {"proposals": []}


def test_the_finder_finds_a_migration_whose_links_are_lost(tmp_path: Path) -> None:
    tables = demo.company(accounts=300, months=8, until=date(2026, 6, 1))
    links = {(row["account_id"], row["same_as"]) for row in tables["account_links"]}
    needed = ("accounts", "people", "subscriptions", "subscription_periods", "plans", "fx_rates")
    demo.write(tmp_path / "files", {name: tables[name] for name in needed})
    assert tenure("--store", tmp_path / "acme", "import", tmp_path / "files").code == 0
    said = tenure("edits", "propose", "--store", tmp_path / "acme", "--format", "csv").out
    found = {(row["id"], row["same_as"]) for row in csv.DictReader(io.StringIO(said))}
    assert len(links) > 5
    assert links <= found
    assert len(found - links) <= len(links) / 4
