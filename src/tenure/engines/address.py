"""The address of an engine: read once, shown without its password."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from tenure.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLES = ("TENURE_WAREHOUSE_PASSWORD", "PGPASSWORD")
"""Where a password is looked for; the second is for Postgres alone."""


@dataclass(frozen=True)
class Address:
    """What a URL says. `password` is empty where none is known; it is never shown, `str(address)` has `***` for it."""

    scheme: str
    host: str
    port: int | None
    user: str
    database: str
    options: Mapping[str, str]
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, url: str, environ: Mapping[str, str] | None = None) -> Address:
        """Takes a URL apart, and looks for its password.

        Raises:
            UsageError: it is no URL.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as fault:
            message = f"'{masked(url)}' is not an address: write it like postgres://user@host:5432/database."
            raise UsageError(message) from fault
        if "://" not in url:
            message = f"'{masked(url)}' is not an address: write it like postgres://user@host:5432/database."
            raise UsageError(message)
        given = cls(
            parts.scheme.lower(),
            parts.hostname or "",
            port,
            unquote(parts.username or ""),
            unquote(parts.path.removeprefix("/")),
            dict(parse_qsl(parts.query)),
            unquote(parts.password or ""),
        )
        found = given.password or password(given, os.environ if environ is None else environ)
        return cls(**{**given.__dict__, "password": found})

    def __str__(self) -> str:
        user = f"{self.user}{':***' if self.password else ''}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return masked(f"{self.scheme}://{user}{self.host}{port}{f'/{self.database}' if self.database else ''}")


def password(address: Address, environ: Mapping[str, str]) -> str:
    """The password for an address: of the environment, or of the keyring where one is installed; empty where none is known.

    `TENURE_WAREHOUSE_PASSWORD` is for every engine, `PGPASSWORD` for Postgres. In the keyring it stands under the service
    `tenure` and the name `user@host`: `keyring set tenure user@host`.
    """
    first, postgres = VARIABLES
    if found := environ.get(first) or (environ.get(postgres) if address.scheme.startswith("postgres") else ""):
        return found
    if not (address.user and address.host):
        return ""
    try:
        import keyring  # whoever wants it has it; it is no dependency
        from keyring.errors import KeyringError
    except ImportError:
        return ""
    try:
        return keyring.get_password("tenure", f"{address.user}@{address.host}") or ""
    except KeyringError:  # a machine without a keyring, or one that is locked
        return ""


def masked(text: str) -> str:
    """A text in which no password and no token of an address is to be read."""
    told = r"(://[^:/@\s]*):.*@" if "://" in text else r"^([^:@\s]*):\S*@"  # one that is mistyped has one too
    hidden = re.sub(told, r"\1:***@", text)
    return re.sub(r"\b(password|token)=[^;&\s']*", r"\1=***", hidden)
