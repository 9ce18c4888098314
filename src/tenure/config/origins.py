"""Every setting with its value and where that comes from: what a settings page shows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tenure.config import Settings

if TYPE_CHECKING:
    from pathlib import Path

FILE, DEFAULT, EARLIER = "tenure.toml", "default", "tenure.toml as it was"


@dataclass(frozen=True)
class Told:
    """One setting: its name, what it means, its value, its default, and whether the file, the default or neither says so.

    `origin` is `EARLIER` where the file has changed since it was read, or where a program gave the setting.
    """

    name: str
    meaning: str
    value: Any
    default: Any
    origin: str


def origins(settings: Settings, folder: Path | None) -> list[Told]:
    """The settings that mean something, in the order of the file that `tenure init` writes."""
    written, plain = _written(folder), Settings()
    told = []
    for one in fields(Settings):
        if not one.metadata["meaning"]:
            continue
        value, default = getattr(settings, one.name), getattr(plain, one.name)
        file = getattr(written, one.name, None) if written and one.name in _names(folder) else None
        origin = FILE if file is not None and file == value else DEFAULT if value == default else EARLIER
        told.append(Told(one.name, one.metadata["meaning"], value, default, origin))
    return told


def is_as_written(settings: Settings, folder: Path | None) -> bool:
    """Whether the file says today what the settings say; true where it can no longer be read."""
    written = _written(folder)
    return written is None or written == settings


def _document(folder: Path | None) -> dict[str, Any]:
    path = folder / FILE if folder else None
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig")) if path else {}
    except (OSError, ValueError):  # the file went away, or is being written: what was read stands
        return {}


def _names(folder: Path | None) -> set[str]:
    return set(_document(folder))


def _written(folder: Path | None) -> Settings | None:
    from tenure.errors import SettingsError

    try:
        return Settings(**_document(folder)) if folder else None
    except (SettingsError, TypeError):
        return None
