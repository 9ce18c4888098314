"""Where one can go: an index of pages and metrics for the palette, customers by a search, and both as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse

from tenure.surfaces.web.navigation import heading
from tenure.surfaces.web.room import Room

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from tenure.surfaces.web.view import View

    Place = dict[str, str]

_CUSTOMERS, _LONGEST = 12, 200
_KEPT = {"cache-control": "private, no-cache"}


class Finding(Room):
    """The palette's index and the search that does without it."""

    def places(self, request: Request) -> Response:
        """Every page and metric with its address in the window and reading of the page that asks."""
        return JSONResponse(self._places(self._view(request)), headers=_KEPT)

    def searched(self, request: Request) -> Response:
        """Customers whose name or id has the words in it."""
        return JSONResponse(self._customers(self._view(request, "q")), headers=_KEPT)

    def search(self, request: Request) -> Response:
        """Pages, metrics and customers that the words are part of; all pages and metrics without words."""
        view = self._view(request, "q")
        said = self._said(view)
        places = [
            place for place in self._places(view) if said.casefold() in f"{place['title']} {place['words']}".casefold()
        ]
        found = {kind: [p for p in places if p["kind"] == kind] for kind in dict.fromkeys(p["kind"] for p in places)}
        customers = self._customers(view)
        groups = found | ({"customer": customers} if customers else {})
        every = view.to("/customers", where=(), extra=(("q", said), ("show", "all")))
        more = every if len(customers) == _CUSTOMERS else ""
        return self._html("search.html", view=view, q=said, groups=groups, more=more)

    def _said(self, view: View) -> str:
        return view.told("q")[:_LONGEST].strip()

    def _places(self, view: View) -> list[Place]:
        """Title, kind, address and the other words that each place is known by."""
        pages = [
            self._place(name, "page", link, "")
            for title, entries in self._navigation(view)
            for name, link, _ in entries
            if title != "Saved views"
        ]
        saved = [self._place(one.name, "saved view", one.address, "") for one in self.store.views.all()]
        metrics = sorted(self.store.metrics.values(), key=lambda metric: metric.title.lower())
        numbers = [
            self._place(
                metric.title, "metric", view.to(f"/metric/{metric.name}"),
                " ".join([metric.name.replace("_", " "), *metric.aliases, heading(metric.family)]),
            )
            for metric in metrics
        ]  # fmt: skip
        return [*pages, *saved, *numbers]

    def _customers(self, view: View) -> list[Place]:
        said = self._said(view)
        found: list[dict[str, Any]] = self.store.search(said, limit=_CUSTOMERS) if said else []
        return [
            self._place(
                one["name"] or one["account_id"], "customer", view.customer(one["account_id"]), one["account_id"]
            )
            for one in found
        ]

    def _place(self, title: str, kind: str, link: str, words: str) -> Place:
        return {"title": title, "kind": kind, "link": link, "words": words}
