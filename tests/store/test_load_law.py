"""Laws of a load: every row is accounted for, and saying a thing twice changes nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tenure.config import Settings
from tenure.store.connection import connect
from tenure.store.load import load

CELLS = {
    "subscription_id": st.sampled_from(["s1", "s2", "s3", "", " s1 "]),
    "account_id": st.sampled_from(["a1", "a2", ""]),
    "starts_at": st.sampled_from(["2024-01-01", "2024-01-01T00:00:00Z", "2024-02-30", "yesterday", ""]),
    "ends_at": st.sampled_from(["", "", "2024-06-01", "2023-01-01"]),
    "unit_amount": st.sampled_from(["10", "10.0", "10.00001", "1e400", "NaN", "-1", "", "ten"]),
    "currency": st.sampled_from(["USD", "usd", "", "US"]),
    "updated_at": st.sampled_from(["", "", "2024-01-01", "2024-01-02"]),
    "note": st.sampled_from(["", "x", '"a,b"', '"two\nlines"', 'stray"quote', "nul\0", "ü"]),
}
CLEAN = st.tuples(*CELLS.values()).map(",".join)
ROWS = st.lists(
    st.one_of(CLEAN, CLEAN, CLEAN, st.sampled_from(["", "s1", "a,b,c", ",,,,,,,,,", '"x"y,,,,,,,'])), max_size=25
)
STORED = "SELECT * EXCLUDE (load_id, loaded_at) FROM rows.subscription_periods ORDER BY ALL"
KEPT = "SELECT table_name, file, line, rule, raw FROM meta.quarantine ORDER BY ALL"


@settings(max_examples=settings().max_examples // 5)
@given(ROWS, ROWS)
def test_every_row_is_accounted_for_and_twice_is_once(first: list[str], second: list[str]) -> None:
    con = connect(None, create=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("one", first), ("two", second)):
            file = Path(folder) / f"{name}.csv"
            file.write_text("\n".join([",".join(CELLS), *rows]) + "\n", encoding="utf-8")
            done = load(con, Settings(), file, table="subscription_periods")
            assert done.rows_in == sum(1 for row in rows if row)
            assert done.rows_in == done.accepted + done.duplicate + done.quarantined
            assert done.replaced <= done.accepted
            assert done.duplicate >= 0
            key = "subscription_id, item_id, starts_at"
            twice = f"SELECT {key} FROM rows.subscription_periods WHERE replaced_at IS NULL GROUP BY ALL HAVING count(*) > 1"
            assert con.execute(twice).fetchall() == []
            assert len(con.execute("FROM meta.quarantine WHERE line IS NULL").fetchall()) == 0
            before = con.execute(STORED).fetchall(), con.execute(KEPT).fetchall()
            again = load(con, Settings(), file, table="subscription_periods")
            assert (again.accepted, again.quarantined) == (0, done.quarantined)
            assert (con.execute(STORED).fetchall(), con.execute(KEPT).fetchall()) == before
    con.close()
