"""The page's own files, each under an address that holds the hash of its content: kept by browsers for a year."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    content: bytes
    media_type: str


@cache
def _all() -> dict[str, tuple[str, Asset]]:
    found = {}
    for file in files(__package__).joinpath("static").iterdir():
        stem, dot, ending = file.name.rpartition(".")
        if dot + ending in _TYPES:
            content = file.read_bytes()
            hashed = f"{stem}.{sha256(content).hexdigest()[:12]}{dot}{ending}"
            found[file.name] = (hashed, Asset(content, _TYPES[dot + ending]))
    return found


def address(name: str) -> str:
    """Where `static/name` is served."""
    return f"/static/{_all()[name][0]}"


def asset(hashed: str) -> Asset | None:
    """The file of an address; None if there is none (or no longer one of that content)."""
    return next((asset for name, asset in _all().values() if name == hashed), None)
