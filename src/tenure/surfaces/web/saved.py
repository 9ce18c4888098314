"""Saved views as pages and plain forms: what is changed is taken from the dashboard's own forms only."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse
from starlette.routing import Match

from tenure.errors import UsageError
from tenure.surfaces.web.room import Room

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_MOST = 20_000
LIST = "/views"


class Saved(Room):
    """The list of saved views, and what changes it."""

    def views(self, request: Request) -> Response:
        """Every saved view: to open, to rename, to delete."""
        return self._html("views.html", view=self._view(request), saved=self.store.views.all())

    async def save(self, request: Request) -> Response:
        """Keep the page that a form was sent from, with its controls, under a name."""
        said = await _said(request)
        name, page = said.get("name", ""), said.get("page", "")
        if not _is_page(request, page):
            message = f"'{page[:80]}' is not the address of a page of this dashboard."
            raise UsageError(message)
        await run_in_threadpool(self.store.views.save, name, page)
        return RedirectResponse(page, 303)

    async def rename(self, request: Request) -> Response:
        """Call a view something else."""
        said = await _said(request)
        await run_in_threadpool(self.store.views.rename, request.path_params["view_id"], said.get("name", ""))
        return RedirectResponse(LIST, 303)

    async def delete(self, request: Request) -> Response:
        """Let go of a view."""
        await _said(request)
        await run_in_threadpool(self.store.views.delete, request.path_params["view_id"])
        return RedirectResponse(LIST, 303)


async def _said(request: Request) -> dict[str, str]:
    """The fields of a form that this dashboard sent.

    Raises:
        HTTPException: another page sent it, and nobody knows what for.
        UsageError: it is no form, or too long to be one of ours.
    """
    site = request.headers.get("sec-fetch-site")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    # Browsers of today say where a form comes from; of others, the origin must be our own.
    if site != "same-origin" if site is not None else request.headers.get("origin") != own:
        raise HTTPException(403)
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > _MOST:
                raise UsageError("That is more than a form of this page sends.")
    except ClientDisconnect as gone:
        raise HTTPException(400) from gone  # nobody reads it, and it is no fault of ours
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="replace")
    except ValueError as fault:
        raise UsageError("That is not what a form of this page sends.") from fault
    return {name: values[-1] for name, values in fields.items()}


def _is_page(request: Request, address: str) -> bool:
    """Whether an address leads to a page that can be read here."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme or parts.netloc or not address.startswith("/") or any(ord(sign) < 33 for sign in address):  # noqa: PLR2004 - what no address holds
        return False
    scope = {"type": "http", "method": "GET", "path": parts.path, "root_path": "", "headers": []}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)
