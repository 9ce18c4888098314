"""What no browser and no command of ours would send: to the page, and to the socket of the commands."""

from __future__ import annotations

import os
import pickle
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from surfaces.web_company import Client, company
from tenure.surfaces.local import place, wire
from tenure.surfaces.local.server import Host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.library import Store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with company(tmp_path_factory.mktemp("company")) as store:
        yield store


def test_who_goes_in_the_middle_of_a_form_is_no_fault_of_ours(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_connection(("127.0.0.1", client.port), timeout=60) as link:
        head = "POST /views HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nContent-Length: 9\r\n\r\nnam"
        link.sendall(head.encode())
        time.sleep(0.2)
    time.sleep(0.2)
    assert client.get("/views").status_code == 200
    assert "The page failed" not in caplog.text


def test_more_filters_than_a_person_sets_are_refused_at_once(client: Client) -> None:
    answer = client.get("/?" + "&".join(f"where=plan:x{n}" for n in range(101)))
    assert answer.status_code == 400
    assert "up to 100 filters, and these are 101" in answer.text


@pytest.mark.skipif(not place.CAN, reason="this system has no sockets that are files")
def test_what_is_no_request_ends_the_call_and_says_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client of another kind, or one that would have a command run: no traceback in the terminal of the server."""
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    for text in (b"\x00" * 40, pickle.dumps(os.system), pickle.dumps(None)):
        ours, theirs = socket.socketpair()
        attended = threading.Thread(target=Host(store)._attend, args=(theirs,))
        attended.start()
        with ours:
            wire.receive(ours)  # who serves
            ours.sendall(len(text).to_bytes(8, "big") + text)
            assert ours.recv(1) == b""
        attended.join()
    assert faults == []
