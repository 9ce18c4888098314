"""Tenure: how long customers stay, why, and what to do about it.

    import tenure
    store = tenure.open("acme")
    store.load("subscription_periods.csv")
    store.ask("net_revenue_retention", since="2024-01-01", until="2025-01-01", by="plan")

A name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenure.answer import Answer, Row
    from tenure.errors import TenureError
    from tenure.library import Store, open  # noqa: A004 - `tenure.open` is what it is for
    from tenure.store.record import Load
    from tenure.window import Window

__version__ = "0.1.0"
__all__ = ["Answer", "Load", "Row", "Store", "TenureError", "Window", "open"]

_HOMES = {
    "Answer": "tenure.answer",
    "Load": "tenure.store.record",
    "Row": "tenure.answer",
    "Store": "tenure.library",
    "TenureError": "tenure.errors",
    "Window": "tenure.window",
    "open": "tenure.library",
}


def __getattr__(name: str) -> object:
    """Each name is imported when it is first used, so that `import tenure` costs nothing."""
    if name not in _HOMES:
        message = f"module 'tenure' has no attribute '{name}'"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
