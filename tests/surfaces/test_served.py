"""A store that is served is used like any other: the same words, the same answers, the same files, the same codes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from surfaces.serving import serving
from surfaces.shell import Said, ended, refused, started, tenure
from surfaces.web_company import company
from tenure.surfaces.local import place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not place.CAN, reason="this system has no sockets that are files")

FILES = {
    "more.csv": "account_id,name,region\na6,Flo,North\na7,,South\n",
    "tickets.csv": "ticket_id,account_id,created_at,reopens\nt1,a1,2024-05-02T10:00:00Z,often\n",
    "edits.csv": "edit,table,id,same_as,reason\nmerge,,a4,a3,one customer\n",
    "wrong.csv": "edit,table,id,same_as,reason\nmarry,,a4,a3,\n",
}
# In this order on both sides: what one changes, the next one sees.
STORY = (
    "ask mrr --from 2024-01-01 --to 2024-06-01",
    "ask mrr customers --from 2024-01-01 --to 2024-06-01 --by plan --compare previous --format json",
    "ask customer_churn_rate --from 2024-01-01 --to 2024-06-01 --format csv",
    "ask mrr --from 2024-01-01 --to 2024-06-01 --sql",
    "ask mrr --as-of 2023-01-01 --from 2024-01-01 --to 2024-06-01",
    "ask mrrr",
    "ask mrr --by nothing",
    "explain churned_mrr --from 2024-04-01 --to 2024-05-01",
    "cohorts retention --now 2024-06-12",
    "account a2 --now 2024-06-12 --format json",
    "account nobody",
    "reconcile --policy stripe --from 2024-03-01 --to 2024-04-01 --every",
    "reconcile --from 2024-03-01 --to 2024-04-01 --format json",
    "reconcile --against 340 --from 2024-03-01 --to 2024-04-01",
    "why mrr --from 2024-04-01 --to 2024-05-01",
    "doctor",
    "freeze 2024-04 mrr",
    "freeze 2024-04 mrr",
    "import files/more.csv --dry-run",
    "import files/more.csv --table accounts --dry-run",
    "import files/more.csv --table accounts",
    "import files/more.csv --table accounts --format json",
    "import files/tickets.csv --strict",
    "import files/absent.csv",
    "import files/edits.csv",
    "quarantine",
    "quarantine --retry",
    "edits check files/edits.csv --now 2024-06-12",
    "edits check files/wrong.csv",
    "edits check files/absent.csv",
    "edits apply files/edits.csv",
    "edits list",
    "edits propose",
    "restate mrr",
    "export --out written --table accounts --table revenue --as csv",
    "export --out written --table accounts --as csv",
    "export --out ../here/other --table accounts --as csv",
    "quarantine --drop",
    "metrics mrr",
    "init",
)


def laid_out(folder: Path) -> Path:
    """A folder with the company's store in `store`, and `files`."""
    company(folder).close()
    for name, text in FILES.items():
        (folder / "files" / name).write_text(text, encoding="utf-8")
    return folder


def said_in(folder: Path) -> list[Said]:
    """What each command of the story says where `folder` is the working directory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return [tenure("--store", "store", *line.split()) for line in STORY]


def plain(said: Said) -> Said:
    """Without what is another one each time: the instants of this run, the page and the process that serve."""
    today = re.compile(
        rf"{time.strftime('%Y', time.gmtime())}-\d\d-\d\d[T ][\d:.]+Z?|\b\d\d? \w{{3}} 20\d\d,? \d\d:\d\d\b"
    )
    out, err = (today.sub("TODAY", text) for text in (said.out, said.err))
    return Said(out, err, said.code)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[Said], list[Said]]]:
    """A folder whose store is served; what the story says without a server, and with it."""
    alone = laid_out(tmp_path_factory.mktemp("alone") / "here")
    shared = tmp_path_factory.mktemp("shared") / "here"
    shutil.copytree(alone, shared)
    expected = said_in(alone)
    with serving(shared / "store"):
        yield shared, expected, said_in(shared)
        # what was written where
        for place_of in ("written/tables/accounts.csv", "written/ledgers/revenue.csv"):
            assert (shared / place_of).read_text() == (alone / place_of).read_text()


@pytest.mark.parametrize("number", range(len(STORY)), ids=[line.replace(" ", "_") for line in STORY])
def test_a_command_says_the_same_with_a_server_and_without(
    two: tuple[Path, list[Said], list[Said]], number: int
) -> None:
    _, alone, shared = two
    assert plain(shared[number]) == plain(alone[number])


def test_the_story_has_answers_refusals_and_faults(two: tuple[Path, list[Said], list[Said]]) -> None:
    assert {said.code for said in two[1]} == {0, 1, 2}


def test_a_second_server_is_told_who_has_the_store(two: tuple[Path, list[Said], list[Said]]) -> None:
    began = time.monotonic()
    said = refused("--store", two[0] / "store", "serve")
    assert time.monotonic() - began < 5  # it does not wait for what will not end
    assert re.search(
        r" is served at http://127\.0\.0\.1:\d+/ already, by the process \d+: stop that one with Ctrl-C first\.$", said
    )


def test_the_socket_is_nobody_elses(two: tuple[Path, list[Said], list[Said]]) -> None:
    assert (two[0] / "store" / place.NAME).stat().st_mode & 0o777 == 0o600


def test_settings_hold_as_they_stand_at_each_command(two: tuple[Path, list[Said], list[Said]]) -> None:
    toml = two[0] / "store" / "tenure.toml"
    before = toml.read_text()
    words = (
        "--store",
        two[0] / "store",
        "ask",
        "mrr",
        "--from",
        "2024-05-01",
        "--to",
        "2024-06-01",
        "--format",
        "json",
    )
    try:
        toml.write_text(before + '\n[policy]\npreset = "stripe"\n')
        assert tenure(*words).json["policy"] == "stripe"
        toml.write_text("currency = 7\n")
        assert "currency" in refused(*words)
    finally:
        toml.write_text(before)
    assert tenure(*words).json["policy"] == "tenure"


def test_another_version_is_one_sentence(
    two: tuple[Path, list[Said], list[Said]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenure.surfaces.local.client.__version__", "9.9")
    said = refused("--store", two[0] / "store", "ask", "mrr")
    assert re.search(r"is served by Tenure \S+ \(the process \d+\), and this is 9\.9: stop that one", said)


def test_many_commands_at_once_are_all_answered(two: tuple[Path, list[Said], list[Said]]) -> None:
    words = ("--store", two[0] / "store", "ask", "mrr", "--from", "2024-01-01", "--to", "2024-06-01")
    expected = tenure(*words)
    processes = [started(*words) for _ in range(4)]
    assert [ended(one) for one in processes] == [expected] * 4


def test_a_client_that_asks_for_what_is_private_gets_nothing(two: tuple[Path, list[Said], list[Said]]) -> None:
    from tenure.surfaces.local.client import attached

    served = attached(two[0] / "store")
    assert served is not None
    with served, pytest.raises(Exception, match="con"):
        served._line.ask((0, "_con"))


def test_a_store_deep_in_folders_has_its_socket_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    company(deep).close()
    private = tmp_path / "run"
    private.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(private))
    with serving(deep / "store") as server:
        link = deep / "store" / place.NAME
        assert link.is_symlink()
        assert link.readlink().parent.parent == private
        assert link.readlink().parent.stat().st_mode & 0o777 == 0o700
        assert tenure("--store", deep / "store", "ask", "mrr").code == 0
        server.process.kill()
        server.process.wait()
    assert tenure("--store", deep / "store", "ask", "mrr").code == 0  # what it left behind answers nobody
    with serving(deep / "store"):
        assert len(list(private.iterdir())) == 1
    assert not list(private.iterdir())
    assert not link.is_symlink()


ROWS = 300_000


def events(file: Path, rows: int) -> Path:
    """A file of events that takes a while."""
    import duckdb

    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as con:
        con.execute(
            "COPY (SELECT md5(CAST(i AS VARCHAR)) AS event_id, '2024-01-01' AS happened_at, 'a' || (i % 5 + 1) AS account_id,"
            f" md5(CAST(-i AS VARCHAR)) AS name FROM range({rows}) AS t(i)) TO '{file}' (HEADER)"
        )
    return file


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return events(tmp_path_factory.mktemp("large") / "events.csv", ROWS)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of a store."""
    company(tmp_path).close()
    return tmp_path / "store"


def loads(home: Path) -> int:
    """How many loads the store has had, as the command line says it through whoever has the store."""
    from tenure.surfaces.local.client import reached

    with reached(home) as store:
        assert not [row for row in store.holdings()["tables"] if row["table"] == "events" and row["rows"]]
        return store.latest_load


def size(home: Path) -> int:
    return sum(file.stat().st_size for file in home.glob("company.duckdb*"))


@contextmanager
def importing(home: Path, file: Path) -> Iterator[subprocess.Popen[str]]:
    """A client in the middle of an import: rows of it are in the store's file already, and it has not been answered."""
    before = size(home)
    client = started("--store", home, "import", file)
    while size(home) < before + 1_000_000:
        assert client.poll() is None, ended(client)
        time.sleep(0.02)
    yield client


def test_ctrl_c_ends_what_the_server_does_for_a_client(home: Path, large: Path) -> None:
    with serving(home):
        with importing(home, large) as client:
            client.send_signal(signal.SIGINT)
            said = ended(client)
        assert said == Said("", "Interrupted: nothing was changed.\n", 130)
        assert loads(home) == 1
    assert loads(home) == 1


def test_a_client_that_is_killed_leaves_nothing_half_loaded(home: Path, large: Path) -> None:
    with serving(home):
        with importing(home, large) as client:
            client.kill()
            client.communicate()
        more = home.parent / "accounts.csv"
        more.write_text("account_id,name\nzz,Ida\n")
        assert tenure("--store", home, "import", more).code == 0  # the turn is free again
        assert loads(home) == 2


def test_a_server_that_is_killed_says_so_to_its_clients_and_is_no_hindrance(home: Path, large: Path) -> None:
    with serving(home) as server:
        with importing(home, large) as client:
            server.process.kill()
            said = ended(client)
        assert (said.out, said.code) == ("", 2)
        assert said.err.startswith(f"The process that serves the store '{home}' ended before it had answered: run the")
        assert (home / place.NAME).is_socket()
        assert loads(home) == 1
    assert tenure("--store", home, "doctor").code == 0
    with serving(home):
        assert loads(home) == 1


def test_a_server_that_ends_takes_what_it_does_for_others_with_it(home: Path, large: Path) -> None:
    from tenure.surfaces.local.client import reached

    with serving(home) as server:
        with importing(home, large) as client:
            server.process.send_signal(signal.SIGINT)
            said = ended(client)
        assert said.code == 2
        assert "ended before it had answered" in said.err
        assert server.process.wait(60) == 130
    assert not (home / place.NAME).exists()
    with reached(home) as store:  # as the sentence says: what was committed as the server ended is there whole
        assert [row["rows"] for row in store.holdings()["tables"] if row["table"] == "events"] in ([], [0], [ROWS])


@pytest.mark.soak
def test_while_one_imports_others_ask_and_the_page_is_there(home: Path, tmp_path: Path) -> None:
    """The page and the questions know what was there before, until all of the load is."""
    from urllib.request import urlopen

    with serving(home) as server:
        page = server.page
        urlopen(page, timeout=30).close()  # noqa: S310 - the page of this test
        with importing(home, events(tmp_path / "many" / "events.csv", 4_000_000)) as client:
            began = time.monotonic()
            assert "Overview" in urlopen(page, timeout=30).read().decode()  # noqa: S310 - likewise
            answer = tenure("--store", home, "ask", "mrr", "--from", "2024-05-01", "--to", "2024-06-01")
            took = time.monotonic() - began
            assert answer.code == 0
            still = client.poll() is None
            assert ended(client).code == 0
        assert still, f"the import was over before the answers of {took:.1f} s"
        assert tenure("--store", home, "ask", "events", "--from", "2024-01-01", "--to", "2024-02-01").code == 0


def test_two_imports_at_once_come_one_after_the_other(home: Path) -> None:
    files = []
    for number in range(3):
        file = home.parent / f"more{number}.csv"
        file.write_text("account_id,name\n" + "".join(f"n{number}-{row},Name\n" for row in range(200)))
        files.append(file)
    with serving(home):
        processes = [started("--store", home, "import", file, "--table", "accounts") for file in files]
        for process in processes:
            said = ended(process)
            assert said.code == 0, said.err
            assert re.search(r"accounts\s+200\s+200\s+0\s+0\s+0", said.out)
        assert loads(home) == 4


def test_progress_reaches_the_clients_terminal(home: Path, large: Path) -> None:
    import pty

    with serving(home):
        ours, theirs = pty.openpty()
        client = started("--store", home, "import", large, stderr=theirs)
        os.close(theirs)
        shown: list[bytes] = []

        def read() -> None:
            try:
                while part := os.read(ours, 4096):
                    shown.append(part)
            except OSError:  # the other end of a terminal that was closed
                return

        reader = threading.Thread(target=read)
        reader.start()
        assert client.wait(120) == 0
        reader.join()
        os.close(ours)
        client.communicate()
    text = b"".join(shown).decode()
    assert "events" in text
    assert re.search(r"\d+ %", text)


def test_a_socket_that_hangs_is_passed_over(home: Path) -> None:
    """Somebody listens there and says nothing: the store is opened as if nobody did."""
    from tenure.surfaces.local import client

    with socket.socket(socket.AF_UNIX) as silent, pytest.MonkeyPatch.context() as patch:
        silent.bind(str(home / place.NAME))
        silent.listen()
        patch.setattr(client, "_PATIENCE_S", 0.2)
        assert tenure("--store", home, "ask", "mrr").code == 0


def test_a_question_to_a_server_starts_light(home: Path) -> None:
    """A client that finds a server reads neither the engine nor the library."""
    with serving(home):
        code = (
            "import sys, contextlib, io\n"
            f"sys.argv = ['tenure', '--store', {str(home)!r}, 'ask', 'mrr']\n"
            "from tenure.surfaces.cli import main\n"
            "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n    main()\n"
            "print(sorted({'duckdb', 'starlette', 'tenure.library', 'sqlglot'} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert done.stdout.strip() == "[]", done.stderr
