"""A store is kept by copying its folder: rows, what people set by hand, settings."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import tenure

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "subscription_id,account_id,plan,starts_at,unit_amount\ns1,a1,pro,2024-01-05,400.50\n"


def test_a_copy_of_the_folder_has_the_rows_the_saved_views_and_the_settings(tmp_path: Path) -> None:
    home, kept = tmp_path / "home", tmp_path / "kept"
    home.mkdir()
    (home / "tenure.toml").write_text('currency = "EUR"\n', encoding="utf-8")
    (tmp_path / "subscription_periods.csv").write_text(ROWS, encoding="utf-8")
    with tenure.open(home) as store:
        store.load(tmp_path / "subscription_periods.csv")
        store.views.save("Board", "/metric/mrr?grain=quarter")
    assert not list(home.glob("state.sqlite-*")), "whoever has closed a store holds none of its files"
    shutil.copytree(home, kept)
    with tenure.open(kept) as store:
        assert [(one.name, one.address) for one in store.views.all()] == [("Board", "/metric/mrr?grain=quarter")]
        [row] = store.ask("mrr", since="2024-02-01", until="2024-03-01").rows
        assert (row.value, store.settings.currency) == (400.5, "EUR")


def test_a_view_is_in_the_folder_as_soon_as_it_is_saved(tmp_path: Path) -> None:
    """Whoever copies the folder of a store that somebody forgot to close has the views that were saved until then."""
    with tenure.open(tmp_path / "home") as store:
        store.views.save("Board", "/")
        (tmp_path / "kept").mkdir()
        for file in (tmp_path / "home").glob("state.sqlite*"):
            shutil.copy(file, tmp_path / "kept")
    with tenure.open(tmp_path / "kept") as copy:
        assert [one.name for one in copy.views.all()] == ["Board"]
