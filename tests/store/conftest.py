"""The small company of `shop`."""

from shop import company

__all__ = ["company"]
