"""The ready mappings: for the tables that a connector writes, the SELECTs that give the canonical ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenure.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping


def ready(name: str) -> Mapping[str, str]:
    """The SELECT for each canonical table that a ready mapping gives.

    Raises:
        SettingsError: there is no such mapping.
    """
    message = f"[warehouse] mappings: there is no ready mapping '{name}'."
    raise SettingsError(message)
