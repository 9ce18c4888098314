"""An address is read once; its password is found where it may be, and shown nowhere."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from tenure.engines.address import Address, masked
from tenure.errors import UsageError


def test_every_part_is_read() -> None:
    read = Address.read("postgresql://an%20na:p%40ss@db.example.com:5433/the%2Fshop?sslmode=require", {})
    assert (read.scheme, read.host, read.port, read.user, read.database) == (
        "postgresql",
        "db.example.com",
        5433,
        "an na",
        "the/shop",
    )
    assert read.options == {"sslmode": "require"}
    assert read.password == "p@ss"  # noqa: S105 - nobody's


def test_a_password_is_never_shown() -> None:
    read = Address.read("postgres://anna:secret@db/shop?sslmode=require", {})
    assert str(read) == "postgres://anna:***@db/shop"
    assert "secret" not in repr(read)
    assert str(Address.read("sc://host:15002/;token=secret", {})) == "sc://host:15002/;token=***"
    assert masked("postgres://db/shop?user=anna&password=secret") == "postgres://db/shop?user=anna&password=***"
    with pytest.raises(UsageError) as fault:
        Address.read("postgres://anna:se@cr:et@db:port/shop", {})
    assert "'postgres://anna:***@db:port/shop' is not an address" in str(fault.value)
    for mistyped in ("postgres//anna:secret@db/shop", "anna:secret@db/shop"):
        with pytest.raises(UsageError) as fault:
            Address.read(mistyped, {})
        assert "secret" not in str(fault.value)
    assert masked("SELECT a::text FROM b WHERE c LIKE '%@d'") == "SELECT a::text FROM b WHERE c LIKE '%@d'"


def test_the_environment_knows_what_the_address_does_not() -> None:
    known = {"TENURE_WAREHOUSE_PASSWORD": "of tenure", "PGPASSWORD": "of postgres"}
    assert Address.read("postgres://anna:own@db/shop", known).password == "own"  # noqa: S105 - nobody's
    assert Address.read("postgres://anna@db/shop", known).password == known["TENURE_WAREHOUSE_PASSWORD"]
    del known["TENURE_WAREHOUSE_PASSWORD"]
    assert Address.read("postgres://anna@db/shop", known).password == known["PGPASSWORD"]
    assert not Address.read("chdb://", known).password


class KeyringError(Exception):
    """What the library raises where there is no keyring, or where it is locked."""


def keyring(answer: object) -> dict[str, ModuleType]:
    """The library `keyring`, as far as it is asked: the ring of a machine under test is nobody's to write to."""

    def get_password(service: str, name: str) -> object:
        if isinstance(answer, Exception):
            raise answer
        return answer if (service, name) == ("tenure", "anna@db") else None

    library, faults = ModuleType("keyring"), ModuleType("keyring.errors")
    vars(library).update(get_password=get_password, errors=faults)
    vars(faults).update(KeyringError=KeyringError)
    return {"keyring": library, "keyring.errors": faults}


@pytest.mark.parametrize(
    ("answer", "url", "found"),
    [
        ("of the ring", "clickhouse://anna@db", "of the ring"),
        ("of the ring", "clickhouse://bert@db", ""),
        (None, "clickhouse://anna@db", ""),
        (KeyringError("locked"), "clickhouse://anna@db", ""),
    ],
)
def test_the_keyring_is_asked_last(answer: object, url: str, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in keyring(answer).items():
        monkeypatch.setitem(sys.modules, name, module)
    assert Address.read(url, {}).password == found
    assert Address.read(url, {"TENURE_WAREHOUSE_PASSWORD": "first"}).password == "first"  # noqa: S105 - nobody's


def test_no_keyring_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert not Address.read("clickhouse://anna@db", {}).password
