"""The settings of a store: one frozen `Settings`, read at the shell from the `tenure.toml` in the store's folder.

A setting is declared once, as a field: its default, how a value is read, what it means. The commented file that
`tenure init` writes is made of the same declarations. Plain dataclasses, since every command pays for this import.
"""

# ruff: noqa: RUF009 - `_setting` is `dataclasses.field` with a reader
from __future__ import annotations

import json
import tomllib
from dataclasses import Field, dataclass, field, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tenure.config import readers
from tenure.config.readers import UnfitError, currencies
from tenure.config.values import BusinessHours, FileMapping, Overview, OwnTarget, Sql, Warehouse
from tenure.errors import SettingsError
from tenure.policy import SWITCHES, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = [
    "DEFAULT_TOML", "BusinessHours", "FileMapping", "Overview", "OwnTarget", "Settings", "Sql", "Warehouse", "currencies", "furnish",
    "load_settings",
]  # fmt: skip

_FILE = "tenure.toml"


def _setting(default: object, read: Callable[[object], Any], meaning: str, example: str = "") -> Any:  # noqa: ANN401 - as of dataclasses.field
    """A field of `Settings`; `example` is its text in the commented file where the default does not show its shape."""
    metadata = {"read": read, "meaning": meaning, "example": example}
    if isinstance(default, type | MappingProxyType):
        return field(default_factory=default if isinstance(default, type) else lambda: default, metadata=metadata)
    return field(default=default, metadata=metadata)


_NONE: Mapping[str, Any] = MappingProxyType({})
_SWITCHES = "\n".join(f'#{s.name} = "{s.default}"  # {s.meaning}' for s in SWITCHES.values())


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a company says about itself; `Settings()` is one that has said nothing.

    Raises:
        SettingsError: a value that its setting does not take.
    """

    company: str = _setting("", readers.text, "the company's name, as titles show it")
    timezone: str = _setting("UTC", readers.zone, "where periods are cut, and how an instant without offset is read")
    currency: str = _setting("USD", readers.currency, "what money is shown in, and what an empty currency means")
    week_start: str = _setting("monday", readers.weekday, "the first day of a week")
    locale: str = _setting("en_US", readers.locale, "how numbers and dates are written")
    active_events: tuple[str, ...] | Sql = _setting(
        (), readers.names_or_sql, 'the events that make a person active; none: any event; or { sql = "a filter" }'
    )
    active_count: int = _setting(1, readers.whole, "so many of them a day make a person active on it")
    core_features: tuple[str, ...] = _setting((), readers.texts, "the features that adoption is about; none: all seen")
    key_events: tuple[str, ...] | Sql = _setting(
        (), readers.names_or_sql, 'the events that show engagement; none: the active ones; or { sql = "a filter" }'
    )
    engaged_count: int = _setting(2, readers.whole, "so many key events make a person engaged ...")
    engaged_days: int = _setting(7, readers.whole, "... within so many days")
    gross_margin: float | None = _setting(
        None, readers.share, "the share of revenue that is margin; none: computed from costs", "gross_margin = 0.8"
    )
    discount_rate: float = _setting(
        0.1, readers.rate, "what money to come is worth less for each year until it comes, in predictions"
    )
    trailing_periods: int = _setting(6, readers.whole, "so many periods make a trailing mean")
    first_contact_days: int = _setting(7, readers.whole, "a ticket not reopened for so many days is solved for good")
    first_response_minutes: int = _setting(60, readers.whole, "a first answer within so many minutes is on time")
    resolution_hours: int = _setting(24, readers.whole, "a ticket solved within so many hours is solved on time")
    policy: Policy = _setting(
        Policy, readers.policy, "what counts as recurring revenue", f'[policy]\n#preset = "tenure"\n{_SWITCHES}'
    )
    business_hours: BusinessHours = _setting(
        BusinessHours(),
        readers.hours,
        "when the company works: a day that is not named is free, unless none is; the default is this",
        "[business_hours]\n"
        + "".join(f'#{day} = ["09:00-17:00"]\n' for day in ("mon", "tue", "wed", "thu", "fri"))
        + '#holidays = [2024-12-25, 2024-12-26]\n#timezone = "UTC"  # if it is not the company\'s',
    )
    targets: Mapping[str, OwnTarget] = _setting(
        _NONE,
        readers.each(readers.target),
        "the company's own targets, by metric",
        '[targets]\n#customer_churn_rate = { value = 0.03, per = "month" }\n#nps = 50',
    )
    segments: Mapping[str, str] = _setting(
        _NONE,
        readers.each(readers.text),
        "named filters over the attributes of accounts",
        "[segments]\n#large = \"size = 'enterprise'\"",
    )
    overview: Overview = _setting(
        Overview(), readers.overview, "what the first page shows", '[overview]\n#metrics = ["mrr", "customers"]'
    )
    mapping: tuple[FileMapping, ...] = _setting(
        (),
        readers.mappings,
        "how a foreign file is read: which table it is, and where each column comes from",
        '[[mapping]]\n#file = "crm_*.csv"\n#table = "accounts"\n'
        '#columns = { account_id = "Customer No", name = "Company", is_test = { sql = "Kind = \'test\'" } }\n'
        '#ignore = ["Fax*"]  # headers that are not kept; ["*"]: all that no column takes',
    )
    warehouse: Warehouse = _setting(
        Warehouse(),
        readers.warehouse,
        "where the raw rows live, if not in this store: `tenure sync` makes the ledgers there and brings them home",
        '[warehouse]\n#url = "postgres://reader@db.example.com/shop"  # the password: in $TENURE_WAREHOUSE_PASSWORD\n'
        '#schema = "tenure"  # what is made there stands in it\n'
        "#mappings = []  # ready ones, for tables as a connector writes them\n"
        "#dimensions = []  # attributes that a ledger keeps which is too large to come whole\n#whole_rows = 1000000\n\n"
        '#[warehouse.tables]\n#events = "analytics.events"  # or a SELECT\n\n'
        '#[warehouse.watermarks]\n#events = "loaded_at"  # when a row was last written',
    )
    health: Mapping[str, Any] = _setting(_NONE, readers.table_of, "")
    alerts: Mapping[str, Any] = _setting(_NONE, readers.table_of, "")

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value is one.default:  # spares what the reading of a default would import
                continue
            try:
                object.__setattr__(self, one.name, one.metadata["read"](value))
            except UnfitError as fault:
                raise SettingsError(f"{one.name}: {fault}") from fault

    @property
    def zone(self) -> ZoneInfo:
        """The company's time zone."""
        return ZoneInfo(self.timezone)


def load_settings(folder: Path | None) -> Settings:
    """The settings in `folder`'s tenure.toml; the defaults where there is no folder or no such file.

    Raises:
        SettingsError: the file cannot be read, is no TOML, or holds what is no setting.
    """
    path = folder / _FILE if folder else None
    if path is None or not path.exists():
        return Settings()
    try:
        return _settings(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as fault:
        raise SettingsError(f"{path} cannot be read: {fault.strerror}.") from fault
    except UnicodeDecodeError as fault:
        raise SettingsError(f"{path} is not UTF-8 text: save it as UTF-8.") from fault
    except RecursionError as fault:
        raise SettingsError(f"{path} is nested too deeply to be read: no setting has lists in lists.") from fault
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError(f"{path} is not valid TOML: {fault}.") from fault
    except SettingsError as fault:
        raise SettingsError(f"{path}: {fault}") from fault


def _settings(document: Mapping[str, Any]) -> Settings:
    known = [one.name for one in fields(Settings)]
    for key in document:
        if key in {"preset", *SWITCHES}:
            raise SettingsError(f"'{key}' belongs under [policy].")
        if key not in known:
            raise SettingsError(f"there is no setting '{key}'.{readers.near(key, known)} Known: {', '.join(known)}.")
    return Settings(**document)


def _commented(one: Field[Any]) -> str:
    example = one.metadata["example"]
    if not example:
        default = list(one.default) if isinstance(one.default, tuple) else one.default
        example = f"{one.name} = {json.dumps(default)}"
    return f"# {one.metadata['meaning']}\n#{example}\n"


DEFAULT_TOML = (
    "# The settings of this store, each with its default: take the # away before a name to change it.\n\n"
    + "\n".join(_commented(one) for one in fields(Settings) if one.metadata["meaning"])
)
"""The tenure.toml that `tenure init` writes: every setting commented out, with its default and what it means."""


def furnish(folder: Path) -> None:
    """Makes the folder of a store, and a commented `tenure.toml` in it where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / _FILE
    if not settings.exists():
        settings.write_text(DEFAULT_TOML, encoding="utf-8")
