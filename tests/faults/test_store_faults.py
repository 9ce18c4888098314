"""What befalls a store: a full disk, an interrupt, a second process, another version. Nothing is ever lost."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest

from tenure.config import Settings
from tenure.errors import StorageError, StoreBusyError, StoreMissingError, StoreVersionError
from tenure.store import connection
from tenure.store.connection import connect, memory_limit
from tenure.store.load import load

IMPORT = """
    import resource, sys
    from pathlib import Path
    from tenure.config import Settings
    from tenure.errors import TenureError
    from tenure.store.connection import connect
    from tenure.store.load import load
    store, file, limit = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    con = connect(store, create=True)
    if limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    print("ready", flush=True)
    try:
        load(con, Settings(), file)
    except TenureError as fault:
        print(type(fault).__name__, fault, flush=True)
        sys.exit(2)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        sys.exit(130)
"""


def importing(store: Path, file: Path, limit: int = 0) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", dedent(IMPORT), str(store), str(file), str(limit)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with one account."""
    file = tmp_path / "accounts.csv"
    file.write_text("account_id\na1\n")
    folder = tmp_path / "store"
    con = connect(folder, create=True)
    load(con, Settings(), file)
    con.close()
    return folder


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Two million events, most of whose text does not compress."""
    file = tmp_path / "events.csv"
    con = duckdb.connect()
    con.execute(
        "COPY (SELECT md5(CAST(i AS VARCHAR)) AS event_id, '2024-01-01' AS happened_at, md5(CAST(-i AS VARCHAR)) AS name"
        f" FROM range(2000000) AS t(i)) TO '{file}' (HEADER)"
    )
    return file


def assert_unharmed(store: Path) -> None:
    con = connect(store, create=False)
    assert con.execute("SELECT count(*) FROM accounts").fetchall() == [(1,)]
    assert con.execute("SELECT count(*) FROM rows.events").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM meta.loads").fetchall() == [(1,)]
    con.close()


def test_a_full_disk_keeps_the_store_as_it_was(store: Path, large: Path) -> None:
    process = importing(store, large, limit=(store / connection.FILE).stat().st_size + 8_000_000)
    said, errors = process.communicate(timeout=120)
    assert process.returncode == 2, errors
    assert "StorageError" in said
    assert "Nothing of this was kept" in said
    assert_unharmed(store)


def test_a_disk_that_is_full_only_at_the_end_keeps_the_store_as_it_was(store: Path, tmp_path: Path) -> None:
    """A small load is written when it is committed, and not before."""
    few = tmp_path / "events.csv"
    few.write_text("event_id,happened_at,name\n" + "".join(f"e{n},2024-01-01,login\n" for n in range(5000)))
    process = importing(store, few, limit=2000)
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, said.split()[1]) == (2, "StorageError"), errors
    assert_unharmed(store)


def test_a_damage_that_only_reading_finds_is_said(store: Path) -> None:
    file = store / connection.FILE
    with duckdb.connect(str(file)) as con:
        con.execute("CREATE TABLE large AS SELECT hash(i) AS told FROM range(500000) AS t(i)")
    size = file.stat().st_size
    with file.open("r+b") as raw:
        raw.seek(size // 2)
        raw.write(b"\xff" * 500_000)
    con = connect(store, create=False)
    with pytest.raises(duckdb.Error) as told:
        con.execute("SELECT bit_xor(told) FROM large")
    con.close()
    assert str(connection.meant(told.value)).startswith("The store is damaged: put a copy of it back")


def test_stores_in_memory_spill_apart_and_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reads back what it wrote, though both hold more than their memory and work in the same folder."""
    monkeypatch.chdir(tmp_path)
    stores = [connect(None, create=True) for _ in range(2)]
    spills = []
    for number, con in enumerate(stores):
        con.execute("SET memory_limit = '60MB'")
        con.execute(f"CREATE TABLE large AS SELECT hash(i * 2 + {number}) AS told FROM range(12000000) AS t(i)")
        (spill,) = con.execute("SELECT current_setting('temp_directory')").fetchone() or ("",)
        assert any(Path(spill).iterdir()), "it holds more than its memory, or this tests nothing"
        spills.append(Path(spill))
    for number, con in enumerate(stores):
        odd = f"SELECT count(*) FROM large, range(12000000) AS t(i) WHERE told = hash(i * 2 + {number})"
        assert con.execute(odd).fetchone() == (12_000_000,)
        con.close()
    assert not list(tmp_path.iterdir())
    assert not [spill for spill in spills if spill.exists()]


@pytest.mark.parametrize("after_s", [0.3, 1.5])
def test_an_interrupt_keeps_the_store_as_it_was(store: Path, large: Path, after_s: float) -> None:
    process = importing(store, large)
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    time.sleep(after_s)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert (process.returncode, said) == (130, "interrupted\n"), errors
    assert_unharmed(store)


def test_a_second_process_is_told_who_owns_the_store(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hold = "import duckdb, sys; con = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    owner = subprocess.Popen(
        [sys.executable, "-c", hold, str(store / connection.FILE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout
    assert owner.stdout.readline() == "held\n"
    assert connection.PATIENCE_S == 5
    monkeypatch.setattr(connection, "PATIENCE_S", 0.3)
    with pytest.raises(StoreBusyError, match=f"in use by the process {owner.pid}"):
        connect(store, create=False)
    owner.communicate("")
    connect(store, create=False).close()


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StoreMissingError, match="init"):
        connect(tmp_path / "nowhere", create=False)


def test_a_store_of_a_newer_version(store: Path) -> None:
    con = connect(store, create=False)
    con.execute("UPDATE meta.store SET version = 99")
    con.close()
    with pytest.raises(StoreVersionError, match="layout 99, this one knows"):
        connect(store, create=False)


def test_a_file_that_is_no_store(store: Path) -> None:
    (store / connection.FILE).write_bytes(b"something else" * 1000)
    with pytest.raises(StorageError, match="is not a store of Tenure"):
        connect(store, create=False)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file stands where the folder should be")
    with pytest.raises(StorageError, match="cannot be opened"):
        connect(tmp_path / "taken", create=True)


def test_memory_is_a_quarter_of_the_machine_within_bounds() -> None:
    gigabyte = 1024**3
    assert [memory_limit(n * gigabyte) // gigabyte for n in (1, 2, 8, 64)] == [1, 1, 2, 4]


def test_a_store_is_laid_out_once(store: Path) -> None:
    con = connect(store, create=False)
    (made,) = con.execute("SELECT sql FROM duckdb_views() WHERE view_name = 'accounts'").fetchall()
    assert re.search(r"replaced_at IS NULL", made[0])
    assert con.execute("SELECT count(*) FROM meta.store").fetchall() == [(1,)]
    con.close()
