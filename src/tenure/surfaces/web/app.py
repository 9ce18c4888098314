"""The dashboard as a Starlette application: its pages, its assets, and the headers that keep both to themselves."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import Response
from starlette.routing import Route

from tenure.errors import TenureError
from tenure.surfaces.web import assets, drawing
from tenure.surfaces.web.live import Begun, Live
from tenure.surfaces.web.pages import Pages

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from tenure.library import Store

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
    shown = Pages(store)
    live = Live(store, shown.settle, shown.renewal.made)

    @asynccontextmanager
    async def lasting(_: Starlette) -> AsyncIterator[None]:
        async with _warmed(), live.watching():
            yield
            shown.renewal.close()

    def failed(request: Request, fault: Exception) -> Response:
        answer = shown.failed(request, fault)
        answer.headers.update(_HEADERS)  # a fault of ours is answered outside of all middleware
        return answer

    made = Starlette(
        routes=_routes(shown, live),
        middleware=[
            Middleware(SecurityHeaders),
            # a name of another host that leads here (DNS rebinding) must not read the company's numbers
            Middleware(TrustedHostMiddleware, allowed_hosts=_HOSTS, www_redirect=False),
            Middleware(GZipMiddleware, minimum_size=600),
            Middleware(Begun, live=live),
        ],
        exception_handlers={TenureError: shown.mistaken, HTTPException: shown.refused, Exception: failed},
        lifespan=lasting,
    )
    made.state.live = live
    return made


def _routes(shown: Pages, live: Live) -> list[Route]:
    """Where each page is."""
    renewed = shown.renewal.of
    return [
        Route("/", renewed(shown.overview)),
        Route("/family/{name}", renewed(shown.family)),
        Route("/metric/{name}", renewed(shown.metric)),
        Route("/metric/{name}/explain", shown.explain),
        Route("/metric/{name}/why", shown.why),
        Route("/metric/{name}/answer.{kind:str}", shown.answer),
        Route("/customers", shown.customers),
        Route("/customers.{kind:str}", shown.customers_file),
        Route("/customers/{account_id:path}", shown.customer),
        Route("/movements", shown.movements),
        Route("/movements.{kind:str}", shown.movements_file),
        Route("/cohorts", shown.cohorts),
        Route("/cohorts.{kind:str}", shown.cohorts_file),
        Route("/renewals", shown.renewals),
        Route("/renewals.{kind:str}", shown.renewals_file),
        Route("/feedback", renewed(shown.feedback)),
        Route("/feedback.{kind:str}", shown.feedback_file),
        Route("/readings", shown.readings),
        Route("/data", shown.data),
        Route("/data/set-aside.{kind:str}", shown.aside_file),
        Route("/settings", shown.settings),
        Route("/search", shown.search),
        Route("/search.json", shown.searched),
        Route("/places.json", shown.places),
        Route("/views", shown.views, methods=["GET"]),
        Route("/views", shown.save, methods=["POST"]),
        Route("/views/{view_id:int}/rename", shown.rename, methods=["POST"]),
        Route("/views/{view_id:int}/delete", shown.delete, methods=["POST"]),
        Route("/events", live.events),
        Route("/static/{name}", _static),
    ]


def _static(request: Request) -> Response:
    found = assets.asset(request.path_params["name"])
    if found is None:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(found.content, media_type=found.media_type, headers=headers)


@asynccontextmanager
async def _warmed() -> AsyncIterator[None]:
    """Start the drawing engine while the reader's browser is still opening: it takes half a second."""
    thread = threading.Thread(target=drawing.warm, daemon=True)
    thread.start()
    yield
    thread.join()
