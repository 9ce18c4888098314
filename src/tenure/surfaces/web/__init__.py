"""The dashboard: read-only pages over a store, and the server that shows them on this machine."""

from tenure.surfaces.web.app import app
from tenure.surfaces.web.server import serve

__all__ = ["app", "serve"]
