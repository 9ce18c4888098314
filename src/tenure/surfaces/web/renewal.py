"""A page that was made some minutes ago is shown at once, says of when it is, and is made anew meanwhile: nobody waits for the clock.

All of it is of one minute. Whoever has it open is told when the new one is made (`tenure.surfaces.web.live`).
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, local
from typing import TYPE_CHECKING

from tenure.errors import TenureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from tenure.surfaces.web.memory import Memory, State

    Page = Callable[[Request], Response]

_MOST = 200
_LOG = logging.getLogger("tenure.web")
RENEWS = "x-renews"
"""The header of an open page that asks for what it was told of: it gets what there is, and sets nothing going."""


class Renewal:
    """When each page was last made, and the making of those that are a minute old or more, one at a time."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._made: OrderedDict[str, State] = OrderedDict()
        self._due: set[str] = set()
        self._lock = Lock()
        self._here = local()
        self._worker = ThreadPoolExecutor(1, "renewal")

    def begin(self, request: Request) -> None:
        """This thread makes the page that is asked for: of the minute in which it was last made, unless it is to be made anew."""
        # today ends now, by the clock
        is_new = getattr(self._here, "anew", False) or request.query_params.get("range") == "today"
        self._memory.begin(None if is_new else self._made.get(address(request)))

    def of(self, make: Page) -> Page:
        """A page that renews itself."""

        def page(request: Request) -> Response:
            answer = make(request)
            if self._memory.is_latest:
                self._note(address(request), self._memory.state)
            elif RENEWS not in request.headers:
                self._later(make, request)
            return answer

        return page

    def made(self, page: str) -> str:
        """The minute of which a page was last made, as text that sorts; "" if it was not, or not by us."""
        state = self._made.get(page)
        return state[2].isoformat() if state else ""

    def close(self) -> None:
        """Lets what is being made be finished, and makes no more."""
        self._worker.shutdown(cancel_futures=True)

    def _note(self, page: str, state: State) -> None:
        with self._lock:
            self._made[page] = state
            self._made.move_to_end(page)
            while len(self._made) > _MOST:
                self._made.popitem(last=False)

    def _later(self, make: Page, request: Request) -> None:
        page = address(request)
        with self._lock:
            if page in self._due:
                return
            self._due.add(page)
        self._worker.submit(self._renew, make, request, page)

    def _renew(self, make: Page, request: Request, page: str) -> None:
        self._here.anew = True
        try:
            make(request)
            self._note(page, self._memory.state)
        except TenureError:  # whoever asks next is told: what was made is no longer right
            self._made.pop(page, None)
        except Exception:  # noqa: BLE001 - there is nobody above; the next reader gets the same fault as an answer
            _LOG.exception("A page could not be made anew")
            self._made.pop(page, None)
        finally:
            self._due.discard(page)


def address(request: Request) -> str:
    """The address of a page as a browser writes it, without the host."""
    query = request.scope["query_string"].decode("latin-1")
    path = (request.scope.get("raw_path") or request.scope["path"].encode()).decode("latin-1").partition("?")[0]
    return f"{path}?{query}" if query else path
