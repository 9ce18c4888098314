"""Every setting with its value and where that comes from: what a settings page shows."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from tenure.config import Settings
from tenure.errors import SettingsError

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
    document, plain = _document(folder), Settings()
    written = _read(document)
    told = []
    for one in fields(Settings):
        value, default = getattr(settings, one.name), getattr(plain, one.name)
        if one.name in document and written is not None and getattr(written, one.name) == value:
            origin = FILE
        else:
            origin = DEFAULT if value == default and one.name not in document else EARLIER
        if one.metadata["meaning"]:
            told.append(Told(one.name, one.metadata["meaning"], value, default, origin))
    return told


def _document(folder: Path | None) -> dict[str, Any]:
    """What the file holds now; nothing where there is none, or where it cannot be read."""
    try:
        return tomllib.loads((folder / FILE).read_text(encoding="utf-8-sig")) if folder else {}
    except (OSError, ValueError, RecursionError):
        return {}


def _read(document: dict[str, Any]) -> Settings | None:
    """The settings of the file; None where they no longer are any: what was read before stands."""
    try:
        return Settings(**document)
    except (SettingsError, TypeError):
        return None
