"""What every page stands on: the store and its memory, the templates, how an address is read and how a page is answered."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from tenure import catalog, show
from tenure.errors import TenureError
from tenure.policy import PRESETS
from tenure.surfaces.web import assets
from tenure.surfaces.web.controls import controls
from tenure.surfaces.web.exchange import exchange
from tenure.surfaces.web.family import needed
from tenure.surfaces.web.filters import filters
from tenure.surfaces.web.live import began
from tenure.surfaces.web.meant import check
from tenure.surfaces.web.memory import Memory
from tenure.surfaces.web.navigation import navigation
from tenure.surfaces.web.overview import shipped
from tenure.surfaces.web.renewal import Renewal
from tenure.surfaces.web.view import View, frame, parsed
from tenure.tables import TABLES
from tenure.window import window_ahead

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from tenure.config import Settings
    from tenure.library import Store
    from tenure.metric import Metric
    from tenure.surfaces.web.asking import Window
    from tenure.surfaces.web.view import Frame

_LOG = logging.getLogger("tenure.web")


def prose(text: str) -> Markup:
    """Text in which what stands between backticks is code; all of it escaped."""
    pieces = (Markup("<code>%s</code>") % piece if n % 2 else escape(piece) for n, piece in enumerate(text.split("`")))
    return Markup("").join(pieces)


class Room:
    """A store as its pages see it; a kind of pages is a class that begins with this one."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.memory = Memory(store)
        self.renewal = Renewal(self.memory)
        self._shown: dict[str, Settings] = {}
        self.templates = Environment(
            loader=PackageLoader(__package__),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.globals.update(asset=assets.address)
        self.templates.filters["prose"] = prose
        self.settle()

    def settle(self) -> None:
        """Takes the settings as they are now."""
        self._shown.clear()
        self.templates.globals.update(company=self.store.settings.company or "Tenure")

    def _head(
        self, view: View, window: Frame, coverage: Window, *, dimensions: Sequence[str] = (), metric: str = "", hours: bool = False,
        money: bool = True, policy: bool = True,
    ) -> dict[str, Any]:  # fmt: skip
        """The controls of a page of numbers; `metric` is the one that it is about, if it is about one.

        `money` and `policy` say whether it has amounts, and whether the policy bears on it: else neither can be chosen.
        """
        store = self.store
        return controls(
            view, window, coverage, store.settings, dimensions=dimensions, hours=hours,
            filtering=filters(self.memory, view, coverage, dimensions or self._dimensions(), metric),
            exchange=exchange(self.memory, view) if money else None,
            currencies=self.memory.of("currencies", {}, store.currencies, lasts=True) if money else (),
            presets=PRESETS if policy else (),
        )  # fmt: skip

    def _dimensions(self, metric: str = "") -> list[str]:
        """What a page can be broken down by, named segments too; without a metric, but for what is too much for a page."""
        store = self.store
        found = self.memory.of("dimensions", {"metric": metric}, lambda: store.dimensions(metric or None), lasts=True)
        kept = found if metric else [name for name in found if name not in shipped().not_offered]
        return [*kept, *(name for name in store.settings.segments if "channel" in found and name not in found)]

    def _settings(self, view: View) -> Settings:
        """The company's settings, in the currency that the view shows money in."""
        settings = self.store.settings
        if view.currency in ("", settings.currency):
            return settings
        return self._shown.setdefault(view.currency, replace(settings, currency=view.currency))

    def _found(self, name: str) -> Metric:
        metric, _ = catalog.find(name, self.store.metrics)
        return metric

    def _framed(self, view: View, metric: Metric, coverage: Window) -> Frame:
        """The window of a view; of a metric that looks ahead it begins with the running period, unless another is asked for."""
        settings = self.store.settings
        if not metric.ahead:
            return frame(view, settings, *coverage)
        begins, ends = window_ahead(self.memory.state[2], view.grain, settings.zone, settings.week_start)
        if view.at or view.since or view.until or view.span:
            return frame(view, settings, coverage[0], max(ends, coverage[1]))
        ahead = frame(replace(view, since=begins.isoformat() + "Z"), settings, min(begins, coverage[0]), ends)
        return replace(ahead, focus=0)

    def _empty(self, view: View, *metrics: str, tables: Sequence[str] = ("subscription_periods",)) -> Response:
        """A page of a store in which nothing is: which files would fill it, those of its metrics or else `tables`."""
        missing: dict[str, None] = {}
        for name in metrics:
            with suppress(TenureError):  # a model says that it has too little, and not of what
                missing |= dict.fromkeys(self.store.ask(name).missing)
        every = needed(missing or tables)
        alone = {need[0] for need in every if len(need) == 1}
        kept = [need for need in every if len(need) == 1 or not alone.intersection(need)]
        needs = [[(name, TABLES[name].meaning) for name in need] for need in kept]
        return self._html("empty.html", view=view, needs=needs)

    def mistaken(self, request: Request, fault: Exception) -> Response:
        """A question that cannot be answered."""
        return self._fault(request, 400, "That question cannot be answered", str(fault))

    def refused(self, request: Request, fault: Exception) -> Response:
        """An address at which there is nothing."""
        status = fault.status_code if isinstance(fault, HTTPException) else 500
        missing = status == 404  # noqa: PLR2004 - as the protocol has it
        sentence = "No page has this address." if missing else "This page can only be read."
        if status == 403:  # noqa: PLR2004 - likewise
            return self._fault(
                request, status, "Not from here", "Only the forms of this dashboard can change something in it."
            )
        return self._fault(request, status, "There is nothing here", sentence)

    def failed(self, request: Request, fault: Exception) -> Response:
        """A fault of ours."""
        _LOG.error("The page failed", exc_info=fault)
        sentence = "The page could not be made; the terminal in which the dashboard runs says why."
        return self._fault(request, 500, "That is a fault of ours", sentence)

    def _fault(self, request: Request, status: int, title: str, sentence: str) -> Response:
        view = View(path=request.url.path)
        return self._html("fault.html", status, view=view, title=title, sentence=sentence, back=view.path)

    def _navigation(self, view: View) -> list[tuple[str, list[tuple[str, str, bool]]]]:
        try:
            saved = [(one.name, one.address) for one in self.store.views.all()]
        except TenureError:  # the page of saved views says so; the numbers do without them
            saved = []
        return navigation(view, self.store.metrics, view.path, saved)

    def _view(self, request: Request, *own: str) -> View:
        """What an address asks to see, `own` being the parameters of its page alone.

        Raises:
            TenureError: it says something that there is not.
        """
        self.renewal.begin(request)
        view = parsed(request.query_params.multi_items(), request.url.path, own)
        check(self.memory, view)
        return view

    def _html(self, template: str, status: int = 200, *, last: datetime | None = None, **data: Any) -> Response:  # noqa: ANN401
        store, view = self.store, data["view"]
        settings = store.settings
        told = {
            "places": self._navigation(view),
            "policy": None,
            "books": settings.currency,
            "news": began() + (f"@{self.memory.state[2].isoformat()}" if last else ""),
            "fresh": show.moment(last, settings.timezone, settings.locale) if last else "",
            "zone": settings.timezone,
        }
        content = self.templates.get_template(template).render(**(told | data))
        return HTMLResponse(content, status, headers={"cache-control": "private, no-cache"})
