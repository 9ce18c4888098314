"""Each kind of file and dataframe says the same; what cannot be read says why in one sentence."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenure.config import Settings
from tenure.errors import InputError
from tenure.store.load import load, retry
from tenure.store.quarantine import quarantine

if TYPE_CHECKING:
    from shop import Company

ROWS = [
    {"transaction_id": "t1", "account_id": "a1", "happened_at": "2024-01-31T09:30:00Z", "amount": "12345678901.5678"},
    {"transaction_id": "t2", "account_id": "a1", "happened_at": "2024-01-31T11:30:00+02:00", "amount": "0.1"},
]
WANTED = [
    ("t1", datetime(2024, 1, 31, 9, 30), Decimal("12345678901.5678")),  # noqa: DTZ001 - stored as naive UTC
    ("t2", datetime(2024, 1, 31, 9, 30), Decimal("0.1000")),  # noqa: DTZ001
]
LINES = [",".join(row.values()) for row in ROWS]
HEAD = ",".join(ROWS[0])
CSV = "\n".join([HEAD, *LINES]) + "\n"


def stored(company: Company) -> list[tuple[Any, ...]]:
    return company.ask("SELECT transaction_id, happened_at, amount FROM rows.transactions ORDER BY ALL")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("transactions.csv", CSV),
        ("transactions.csv", "\ufeff" + CSV),
        ("transactions.csv", CSV.replace("\n", "\r\n")),
        ("transactions.csv", CSV.replace(",", ";")),
        ("transactions.tsv", CSV.replace(",", "\t")),
        ("transactions.csv", CSV.replace(",", "|")),
        ("transactions.csv.gz", CSV),
        ("transactions.csv", "\n\n" + CSV.rstrip("\n")),
        ("transactions.csv", '"' + CSV.replace(",", '","').replace("\n", '"\n"')[:-1]),
    ],
)
def test_delimited_text(company: Company, name: str, text: str) -> None:
    company.load(name, text, table="transactions")
    assert stored(company) == WANTED


def test_json_lines_keep_the_digits_that_were_written(company: Company) -> None:
    lines = [
        '{"transaction_id": "t%d", "account_id": "a1", "happened_at": "2024-01-31T09:30:00Z", "amount": %s}' % line  # noqa: UP031
        for line in enumerate(
            ["12345678901.5678", "0.1", '"7.50"', "3", "1.00001", "1e400", "1e2", "0.30000000000000000001"]
        )
    ]
    done = company.load("transactions.jsonl", "\n".join([*lines, "", "[1]", "{oops"]) + "\n")
    assert [str(amount) for _, _, amount in stored(company)] == ["12345678901.5678", "0.1000", "7.5000", "3.0000"]
    assert (done.rows_in, done.quarantined) == (10, 6)
    assert [q.line for q in quarantine(company.con)] == [5, 6, 7, 8, 10, 11]


def arrow() -> pa.Table:
    return pa.table(
        {
            "transaction_id": ["t1", "t2"],
            "account_id": ["a1", "a1"],
            "happened_at": pa.array([datetime(2024, 1, 31, 9, 30, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC")),
            "amount": pa.array([Decimal("99999999999.5678"), Decimal("0.1")], pa.decimal128(18, 4)),
        }
    )


def test_parquet(company: Company) -> None:
    path = company.folder / "transactions.parquet"
    pq.write_table(arrow(), path)
    done = load(company.con, company.settings, path)
    assert (done.rows_in, done.accepted) == (2, 2)
    assert [(row[1], str(row[2])) for row in stored(company)] == [
        (WANTED[0][1], "99999999999.5678"),
        (WANTED[0][1], "0.1000"),
    ]


@pytest.mark.parametrize(
    "frame",
    [
        arrow(),
        pl.DataFrame(arrow()),
        pd.DataFrame(ROWS).astype({"amount": object}),
        duckdb.sql(
            "SELECT 't1' AS transaction_id, 'a1' AS account_id, TIMESTAMP '2024-01-31' AS happened_at, 1.5 AS amount"
        ),
    ],
    ids=["pyarrow", "polars", "pandas", "duckdb"],
)
def test_dataframes(company: Company, frame: object) -> None:
    done = load(company.con, company.settings, frame, table="transactions")
    assert done.rows_in == done.accepted + done.quarantined > 0
    assert load(company.con, company.settings, frame, table="transactions").accepted == 0
    assert stored(company)[0][0] == "t1"


def test_a_float_amount_is_refused_for_the_whole_column(company: Company) -> None:
    frame = pd.DataFrame(
        {"transaction_id": ["t1"], "account_id": ["a1"], "happened_at": ["2024-01-31"], "amount": [0.1]}
    )
    with pytest.raises(InputError, match=r"'amount' is of the type DOUBLE.*cast to DECIMAL or write text"):
        load(company.con, company.settings, frame, table="transactions")


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-01-31", "2024-01-30 23:00:00"),
        ("2024-07-31 12:00", "2024-07-31 10:00:00"),
        ("2024-07-31T12:00:00.5", "2024-07-31 10:00:00.5"),
        ("2024-07-31T12:00Z", "2024-07-31 12:00:00"),
        ("2024-07-31T12:00:00+05:30", "2024-07-31 06:30:00"),
        ("2024-10-27 02:30", "2024-10-27 00:30:00"),  # occurs twice: the first
        ("2024-03-31 02:30", "2024-03-31 01:30:00"),  # never occurs: as if the clock had not been changed
    ],
)
def test_an_instant_without_offset_is_the_companys_local_time(company: Company, written: str, utc: str) -> None:
    company.settings = Settings(timezone="Europe/Berlin")
    company.load("events.csv", f"event_id,happened_at,name\ne1,{written},x\n")
    assert company.ask("SELECT CAST(happened_at AS VARCHAR) FROM events") == [(utc,)]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("accounts.csv", b"", "'accounts.csv' is empty"),
        ("accounts.csv", b"\n \n", "'accounts.csv' is empty"),
        ("accounts.csv", "account_id\na1\n".encode("utf-16"), "UTF-16 text: save it as UTF-8"),
        ("accounts.csv", "account_id,name\na1,Müller\n".encode("latin-1"), "not UTF-8 text in line 2"),
        ("accounts.csv", ",".join(f"c{n}" for n in range(2001)).encode(), "has 2,001 columns, and up to 2,000"),
        ("accounts.csv", b"account_id,name\n" + b"a1,x\n" * 80_000 + b"a2,M\xfcller\n", "not UTF-8 text in line 80002"),
        ("accounts.csv", b"account_id,name,name\na1,x,y\n", "the header 'name' more than once"),
        ("accounts.csv", b"account_id,name\n" + b'a1,"' + b"x\n" * 5000, "a quote in line 2 that is never closed"),
        ("accounts.csv", b"account_id,name\na1,x\r\na2,y\r\n", "now one way, now another"),
        ("accounts.csv", b'account_id,"Customer\nregion"\r\na1,n\r\na2,s\r\n', "a line break inside of a header"),
        ("accounts.csv", b"account_id,na\0me\na1,x\n", "a NUL character in its header"),
        ("accounts.csv", b"account_id," + b"x" * 140_000 + b"\na1,x\n", "no header that can be read"),
        ("accounts.jsonl", b'{"account_id": "a1", "a\\u0000b": 1}\n', "a NUL character in a key"),
        ("accounts.parquet", b"account_id\na1\n", "no whole Parquet file"),
        ("accounts.jsonl", b"[]\n", "holds no JSON object"),
        ("accounts.xlsx", b"PK", "of no kind that can be read"),
    ],
)
def test_a_file_that_cannot_be_used(company: Company, name: str, data: bytes, says: str) -> None:
    with pytest.raises(InputError) as told:
        company.load(name, data)
    assert says in str(told.value)
    assert "\n" not in str(told.value)
    assert company.ask("FROM meta.loads") == []


def test_a_packed_file_that_was_cut_short(company: Company) -> None:
    whole = gzip.compress(b"account_id\n" + b"".join(b"a%d\n" % n for n in range(10_000)))
    path = company.folder / "accounts.csv.gz"
    path.write_bytes(whole[:-20])
    with pytest.raises(InputError, match="no whole gzip file"):
        load(company.con, company.settings, path)


def test_a_file_that_is_not_there_names_the_one_beside(company: Company) -> None:
    company.write("accounts.csv", "account_id\na1\n")
    with pytest.raises(InputError, match=r"There is no file '.*acounts\.csv'\. Did you mean '.*accounts\.csv'"):
        load(company.con, company.settings, company.folder / "acounts.csv")


@pytest.mark.parametrize("thing", [42, None, [42], {"a": 1}])
def test_what_is_neither_file_nor_dataframe(company: Company, thing: object) -> None:
    with pytest.raises(InputError, match="cannot be loaded"):
        load(company.con, company.settings, thing, table="accounts")


def test_a_blank_line_is_no_row_even_where_a_row_is_one_cell(company: Company) -> None:
    done = company.load("accounts.csv", "account_id\na1\n\na2\nnul\0\n\n")
    assert (done.rows_in, done.accepted) == (3, 2)
    assert [q.line for q in quarantine(company.con)] == [5]


@pytest.mark.parametrize(("inner", "end"), [("\r\n", "\n"), ("\n", "\n"), ("\r\n", "\r\n")])
def test_a_line_break_inside_a_header_loses_no_rows(company: Company, inner: str, end: str) -> None:
    done = company.load("accounts.csv", end.join(['account_id,"Customer' + inner + 'region"', "a1,n", "a2,s", ""]))
    assert (done.rows_in, done.accepted) == (2, 2)


def test_a_key_of_json_may_hold_what_a_path_would_mean_otherwise(company: Company) -> None:
    keys = ["*", 'a"b', "c*d", "e'f", "g/h~i", "j.k[0]"]
    row = json.dumps({"account_id": "a1", **{key: n for n, key in enumerate(keys)}})
    bad = json.dumps({"account_id": "a2", "currency": "??", **dict.fromkeys(keys, 1.50)})
    done = company.load("accounts.jsonl", f"{row}\n{bad}\n")
    assert (done.accepted, done.quarantined) == (1, 1)
    assert retry(company.con, company.settings).quarantined == 1
    [(attributes,)] = company.ask("SELECT CAST(attributes AS VARCHAR) FROM accounts")
    assert sorted(json.loads(attributes).values()) == ["0", "1", "2", "3", "4", "5"]
