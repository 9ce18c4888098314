"""The dashboard as a Starlette application: one page, its assets, and the headers that keep both to themselves."""

from __future__ import annotations

import logging
import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from tenure.errors import TenureError
from tenure.surfaces.web import assets, drawing
from tenure.surfaces.web.asking import asked
from tenure.surfaces.web.page import page
from tenure.surfaces.web.view import View, parsed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tenure.library import Store

_LOG = logging.getLogger("tenure.web")
_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_HOSTS = ["127.0.0.1", "localhost", "::1", "[::1]", "[", ""]


class SecurityHeaders:
    """Puts the headers above on every answer, the faulty ones too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on, with a `send` that adds to the first message."""

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    *((name.encode(), value.encode()) for name, value in _HEADERS.items()),
                ]
            await send(message)

        await self.app(scope, receive, guarded)


def app(store: Store) -> Starlette:
    """The dashboard of `store`; the caller opens and closes the store."""
    shown = _Pages(store)
    return Starlette(
        routes=[Route("/", shown.overview), Route("/static/{name}", _static)],
        middleware=[
            Middleware(SecurityHeaders),
            # a name of another host that leads here (DNS rebinding) must not read the company's numbers
            Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS, www_redirect=False),
            Middleware(GZipMiddleware, minimum_size=600),
        ],
        exception_handlers={TenureError: shown.mistaken, HTTPException: shown.refused, Exception: shown.failed},
        lifespan=_warm,
    )


class _Pages:
    """The pages of one store; they run in Starlette's threads, and the store answers one at a time."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.templates = Environment(
            loader=PackageLoader(__package__),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(asset=assets.address, company=store.settings.company or "Tenure")
        self.templates.globals.update(language=store.settings.locale.replace("_", "-"))

    def overview(self, request: Request) -> Response:
        view = parsed(request.query_params.multi_items())
        answers = asked(self.store, view)
        if answers is None:
            return self._html("empty.html")
        return self._html("overview.html", **page(answers, view, self.store.settings, self.store.metrics))

    def mistaken(self, _: Request, fault: Exception) -> Response:
        return self._html("fault.html", 400, title="That question cannot be answered", sentence=str(fault))

    def refused(self, _: Request, fault: Exception) -> Response:
        status = fault.status_code if isinstance(fault, HTTPException) else 500
        sentence = "This dashboard has one page." if status == 404 else "This page can only be read."  # noqa: PLR2004
        return self._html("fault.html", status, title="There is nothing here", sentence=sentence)

    def failed(self, _: Request, fault: Exception) -> Response:
        _LOG.error("The page failed", exc_info=fault)
        sentence = "The page could not be made; the terminal in which the dashboard runs says why."
        return self._html("fault.html", 500, title="That is a fault of ours", sentence=sentence)

    def _html(self, template: str, status: int = 200, **data: Any) -> Response:  # noqa: ANN401 - the template's own
        content = self.templates.get_template(template).render(view=data.pop("view", View()), **data)
        return HTMLResponse(content, status, headers={"cache-control": "private, no-cache"})


def _static(request: Request) -> Response:
    found = assets.asset(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(found.content, media_type=found.media_type, headers=headers)


@asynccontextmanager
async def _warm(_: Starlette) -> AsyncIterator[None]:
    """Start the drawing engine while the reader's browser is still opening: it takes half a second."""
    thread = threading.Thread(target=drawing.warm, daemon=True)
    thread.start()
    yield
    thread.join()
