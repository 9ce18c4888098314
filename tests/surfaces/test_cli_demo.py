"""The first five minutes: `tenure demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from surfaces.shell import refused, tenure

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SMALL = ("--no-serve", "--accounts", "20", "--months", "6", "--until", "2024-07-01")


def test_the_demo_is_made_loaded_and_left_alone_when_it_is_there(tmp_path: Path) -> None:
    store = tmp_path / "demo"
    first = tenure("--store", store, "demo", *SMALL)
    assert first.code == 0, first.err
    assert "subscription_periods" in first.out
    assert "set aside" in first.err
    asked = ("ask", "mrr", "--store", store, "--from", "2024-06-01", "--to", "2024-07-01", "--format", "json")
    (row,) = tenure(*asked).json["rows"]
    assert row["value"] > 0

    again = tenure("--store", store, "demo", *SMALL)
    assert (again.code, again.out, again.err) == (0, "", f"The demo company is in '{store}' already.\n")


def test_the_demo_never_touches_a_store_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "acme"
    tenure("--store", store, "init")
    assert f"'{store}' is not a store that the demo made" in refused("--store", store, "demo", *SMALL)
    monkeypatch.setenv("TENURE_STORE", str(store))
    monkeypatch.chdir(tmp_path)
    assert tenure("demo", *SMALL).code == 0
    assert (tmp_path / "demo-store" / "tenure.toml").exists()


def test_a_demo_too_small_to_be_believed_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    assert "accounts" in refused("--store", tmp_path / "demo", "demo", "--no-serve", "--accounts", "1")
    assert "not in 9999" in refused("--store", tmp_path / "demo", "demo", "--no-serve", "--until", "9999-12-31")
    assert not (tmp_path / "demo").exists()
