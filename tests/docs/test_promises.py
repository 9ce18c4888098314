"""The pages of the promises print what their commands print, with the files that they name."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self

import pytest

from docs.printed import DOCS, printed
from tenure.store import load

if TYPE_CHECKING:
    from pathlib import Path

PAGES = ("explain-a-number", "segments", "export", "check-the-laws", "as-of", "report")


class Calendar(datetime):
    """A clock for loads that stands on the days that the page on what was known then names."""

    days = iter(())

    @classmethod
    def now(cls, tz: object = None) -> Self:
        assert tz is UTC
        return cls(2024, 4, next(cls.days), 9, tzinfo=UTC)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_shows_what_the_commands_print(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TENURE_STORE", raising=False)
    monkeypatch.setattr(Calendar, "days", iter((2, 9, 16)))
    monkeypatch.setattr(load, "datetime", Calendar)
    page = (DOCS / "how-to" / f"{name}.md").read_text(encoding="utf-8")
    assert printed(page, capsys) == page


def test_every_page_is_found_from_the_first_one() -> None:
    """And each of the three stories is told where the first page says, under a heading of that name."""
    links = re.findall(r"\]\(([\w./-]+)(?:#([\w-]+))?\)", (DOCS / "README.md").read_text(encoding="utf-8"))
    assert len({path for path, _ in links}) == len({(DOCS / path).resolve(strict=True) for path, _ in links})
    assert {f"how-to/{page.name}" for page in (DOCS / "how-to").glob("*.md")} <= {path for path, _ in links}
    for path, heading in links:
        lines = (DOCS / path).read_text(encoding="utf-8").splitlines()
        headings = {
            re.sub(r"[^\w-]", "", line.lstrip("# ").lower().replace(" ", "-")) for line in lines if line.startswith("#")
        }
        assert not heading or heading in headings, f"{path}#{heading}"
