"""What tells open pages that there is news, a load or other settings: a stream of events that lasts as long as somebody looks.

The store is looked at, some times a second and by its own connection: so news is news, whoever brought it, and no page waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse

from tenure.calendar import local
from tenure.errors import TenureError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

    from tenure.library import Store

EVERY_S, HEARTBEAT_S = 0.4, 15.0
_LOG = logging.getLogger("tenure.web")
_began: ContextVar[str] = ContextVar("began", default="")


def began() -> str:
    """The news that the page at hand began with: a page that was begun before some news says so, and gets it."""
    return _began.get()


class Live:
    """The state of a store as a short text, which is another one after each load and each change of its settings."""

    def __init__(self, store: Store, settle: Callable[[], None], made: Callable[[str], str]) -> None:
        self.news = f"{store.latest_load}-0"
        self.is_over = False
        self._store, self._settle, self._made = store, settle, made
        self._files = self._written()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Inside, the store is looked at."""
        watch = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            self.is_over = True
            await watch

    async def events(self, request: Request) -> StreamingResponse:
        """An event for each news since the one that the page, or the stream before this one, knows; its data is the time of day.

        To a page of numbers it is news too that it was made of a later minute.
        """
        known = request.headers.get("last-event-id") or request.query_params.get("since") or self.news
        return StreamingResponse(
            self._stream(known, request.query_params.get("page", "")),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )

    async def _stream(self, known: str, page: str) -> AsyncIterator[str]:
        yield "retry: 2000\n\n"
        quiet_s = 0.0
        news, _, minute = known.partition("@")
        while not self.is_over:
            made = self._made(page) if minute else ""
            if self.news != news or made > minute:
                # what came in is asked for in this minute: that the page is then of it is no further news
                news, minute, quiet_s = self.news, minute and max(made, _minute()), 0.0
                yield f"id: {news}{minute and '@' + minute}\ndata: {self._clock()}\n\n"
            elif quiet_s >= HEARTBEAT_S:
                quiet_s = 0.0
                yield ": still here\n\n"
            await asyncio.sleep(EVERY_S)
            quiet_s += EVERY_S

    def _clock(self) -> str:
        now = datetime.now(UTC).replace(tzinfo=None)
        return f"{local(now, self._store.settings.zone):%H:%M}"

    async def _watch(self) -> None:
        looked = await asyncio.to_thread(self._store.beside)
        try:
            while not self.is_over:
                await asyncio.to_thread(self._look, looked)
                await asyncio.sleep(EVERY_S)
        finally:
            looked.close()

    def _look(self, looked: Store) -> None:
        files = self._written()
        if files != self._files:
            self._files = files
            try:
                self._store.reread()
            except TenureError as fault:
                _LOG.warning("The settings stay as they were: %s", fault)
            else:
                self._settle()
        self.news = f"{looked.latest_load}-{self._store.edition}"

    def _written(self) -> list[tuple[str, int]]:
        """When the settings and the company's own metrics were last written."""
        if self._store.folder is None:
            return []
        files = [self._store.folder / "tenure.toml", *(self._store.folder / "metrics").glob("*.py")]
        return [(file.name, file.stat().st_mtime_ns) for file in files if file.exists()]


def _minute() -> str:
    return datetime.now(UTC).replace(second=0, microsecond=0, tzinfo=None).isoformat()


class Begun:
    """Notes with which news each page begins."""

    def __init__(self, app: ASGIApp, live: Live) -> None:
        self.app, self.live = app, live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the call on."""
        _began.set(self.live.news)
        await self.app(scope, receive, send)
