"""The pages of the company: customers, cohorts, renewals, what customers say, and the settings; and their lists as files."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from tenure import show
from tenure.config.origins import origins
from tenure.errors import UnknownNameError
from tenure.exchange import day_before
from tenure.surfaces.web import began, due, exchanged, held, listing, said, sent, settled, tiles
from tenure.surfaces.web.asking import known, tried
from tenure.surfaces.web.controls import NO_FILTERS
from tenure.surfaces.web.exchange import exchange
from tenure.surfaces.web.filters import filters
from tenure.surfaces.web.overview import beside
from tenure.surfaces.web.room import Room
from tenure.surfaces.web.view import frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from starlette.requests import Request
    from starlette.responses import Response

    from tenure.surfaces.web.view import Frame, View


class Company(Room):
    """The pages that are about the company as a whole, row by row."""

    def customers(self, request: Request) -> Response:
        """Everybody who is or was a customer."""
        view = self._view(request, *listing.OWN)
        every, dimensions = self._listed(view), [d for d in self._list_dimensions("customers") if d != "tenure"]
        told = listing.listing(every, listing.found(every, view), view, self._settings(view), dimensions)
        head = self._filtering(view, dimensions) | self._money(view, self._today(), "at the last known rate")
        return self._html("customers.html", **{**head, **told})

    def customers_file(self, request: Request) -> Response:
        """The list as it is shown, as a file."""
        view = self._view(request, *listing.OWN)
        return self._sent(request, view, listing.found(self._listed(view), view), "customer-list", listing.MONEY)

    def _listed(self, view: View) -> list[Mapping[str, Any]]:
        asks, today = self._asks(view), self._today()
        rows = self.memory.of("customers of", asks, lambda: self.store.customers(**asks))
        return exchanged.listed(rows, exchange(self.memory, view), listing.MONEY, lambda _: today)

    def cohorts(self, request: Request) -> Response:
        """Those who began together, and what became of them."""
        view, made = self._cohorts(request)
        kind = made["kind"]
        offered = self._list_dimensions(kind)
        events = self.memory.of("event names", {}, self.store.event_names, lasts=True) if kind == "activation" else ()
        told = began.began(made, view, self.store.settings, offered, events)
        return self._html("cohorts.html", finer=_finer(request, view), **{**self._filtering(view, offered), **told})

    def cohorts_file(self, request: Request) -> Response:
        """The triangles as a file: a line per cohort and period."""
        view, made = self._cohorts(request)
        return self._sent(request, view, began.records(made), f"cohorts-{made['kind']}")

    def _cohorts(self, request: Request) -> tuple[View, Mapping[str, Any]]:
        view = self._coarse(self._view(request, *began.OWN), began.GRAINS)
        kind = view.told("kind") or "retention"
        if kind not in began.KINDS:
            raise UnknownNameError("kind of cohorts", kind, began.KINDS, f"There are {', '.join(began.KINDS)}.")
        asks: dict[str, Any] = {"grain": view.grain, "by": view.by or None, "where": list(view.where) or None,
                                "policy": view.policy or None}  # fmt: skip
        asks |= {name: value for name in ("milestone", "event") if (value := view.told(name))}
        return view, self.memory.of(
            "cohorts", {"kind": kind, **asks}, lambda: self.store.cohorts(kind, **asks).to_dict()
        )

    def renewals(self, request: Request) -> Response:
        """The contracts that come up, those overdue, and what became of the others."""
        view = self._coarse(self._view(request, *due.OWN), due.GRAINS)
        dimensions = self._list_dimensions("renewals")
        view = replace(view, by=view.by or due.owner(dimensions))
        contracts = self._renewals(view)
        told = due.due(contracts, view, self._settings(view), dimensions)
        how = "each contract at the rate of the day on which it is due, ahead at the last known one"
        head = self._filtering(view, dimensions) | self._money(view, self._today(), how)
        return self._html(
            "renewals.html",
            has_any=bool(contracts or view.where),
            finer=_finer(request, view),
            **{**head, **told},
        )

    def renewals_file(self, request: Request) -> Response:
        """The contracts as they are shown, as a file."""
        view = self._view(request, *due.OWN)
        return self._sent(request, view, due.found(self._renewals(view), view), "renewals", due.MONEY)

    def _renewals(self, view: View) -> list[Mapping[str, Any]]:
        asks = self._asks(view)
        rows = self.memory.of("renewals", asks, lambda: self.store.renewals(**asks))
        return exchanged.listed(rows, exchange(self.memory, view), due.MONEY, exchanged.due)

    def feedback(self, request: Request) -> Response:
        """What customers answered and wrote in the shown period."""
        view, coverage = self._view(request, *said.OWN), known(self.memory)
        if coverage is None:
            return self._empty(view, tables=("responses", "feedback"))
        window, settings = frame(view, self.store.settings, *coverage), self._settings(view)
        voices = self._voices(view, window)
        told = said.said(voices, view, settings)
        head = self._head(view, window, coverage, dimensions=self._list_dimensions("voices"), money=False)
        scores = self._scores(view, window)
        return self._html(
            "feedback.html",
            last=coverage[1],
            has_any=bool(voices) or self._has_voices(),
            **(head | told | {"tiles": scores, "strangers": [*head["strangers"], *said.strangers(voices, view)]}),
        )

    def feedback_file(self, request: Request) -> Response:
        """What is shown of it, as a file."""
        view, coverage = self._view(request, *said.OWN), known(self.memory)
        if coverage is None:
            raise HTTPException(404)
        window = frame(view, self.store.settings, *coverage)
        return self._sent(request, view, said.found(self._voices(view, window), view), "answers-and-comments")

    def _voices(self, view: View, window: Frame) -> list[dict[str, Any]]:
        asks = self._asks(view)
        ends = [instant.replace(tzinfo=UTC).isoformat() for instant in (window.shown.opens, window.shown.closes)]
        return self.memory.of("voices", asks | {"ends": ends}, lambda: self.store.voices(*ends, **asks))

    def _has_voices(self) -> bool:
        tables = self.memory.of("holdings", {}, self.store.holdings, lasts=True)["tables"]
        return any(row["rows"] for row in tables if row["table"] in ("responses", "feedback"))

    def _scores(self, view: View, window: Frame) -> list[dict[str, Any]]:
        """The numbers at the top, each with how many it rests on; those that the filter says nothing of are left out."""
        store, shown = self.store, beside("feedback")
        answers = tried(self.memory, view, shown, (window.since, window.until))
        return [
            tiles.tile(
                name,
                answer,
                window.focus,
                self._settings(view),
                store.metrics[name],
                view.to(f"/metric/{name}"),
            )
            for name in shown
            if isinstance(answer := answers[name], dict) and not answer["missing"]
        ]

    def settings(self, request: Request) -> Response:
        """What the company says about itself, and where each value comes from."""
        view, store = self._view(request), self.store
        told = origins(store.settings, store.folder)
        return self._html(
            "settings.html", **settled.settled(told, view, store.settings, store.metrics, _place(store.folder))
        )

    def aside_file(self, request: Request) -> Response:
        """Every row that was set aside, as a file."""
        view = self._view(request, *held.OWN)
        return self._sent(request, view, (row.to_dict() for row in self.store.quarantined()), "set-aside")

    def _money(self, view: View, day: date, how: str) -> dict[str, Any]:
        """What `head.html` takes to offer another currency, and to say by which rate it is shown."""
        store, other = self.store, exchange(self.memory, view)
        known = self.memory.of("currencies", {}, store.currencies, lasts=True)
        return {
            "own_currency": store.settings.currency,
            "currencies": [name for name in known if name != store.settings.currency],
            "exchanged": other.told(day, store.settings, how) if other else "",
            "in_own": view.link(currency=""),
        }

    def _today(self) -> date:
        """The UTC day of what is now, as the page has it."""
        return day_before(self.memory.state[2].isoformat())

    def _sent(
        self, request: Request, view: View, rows: Iterable[Mapping[str, Any]], name: str, money: Sequence[str] = ()
    ) -> Response:
        """A list as a file of the kind that the address asks for; `money` are the columns that are in the shown currency."""
        settings, other = self.store.settings, exchange(self.memory, view) if money else None
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        now = show.moment(datetime.now(UTC).replace(tzinfo=None), settings.timezone, settings.locale)
        about = [("List", name), ("Company", settings.company), ("Page", address), ("Made", f"{now}, {settings.timezone} time"),
                 ("Instants", "UTC"), ("Money", f"in {settings.currency} unless a column says otherwise")]  # fmt: skip
        answer = sent.as_list(exchanged.filed(rows, other, money), name, request.path_params["kind"], about)
        if answer is None:
            raise HTTPException(404)
        return answer

    def _list_dimensions(self, name: str) -> Sequence[str]:
        found = self.memory.of("dimensions of", {"list": name}, lambda: self.store.list_dimensions(name), lasts=True)
        return [one for one in found if one not in _NOT_BY]

    def _filtering(self, view: View, dimensions: Sequence[str]) -> dict[str, Any]:
        coverage = known(self.memory)
        return filters(self.memory, view, coverage, dimensions) if coverage else dict(NO_FILTERS)

    def _asks(self, view: View) -> dict[str, Any]:
        return {"by": view.by or None, "where": list(view.where) or None, "policy": view.policy or None}

    def _coarse(self, view: View, grains: Sequence[str]) -> View:
        """A view of a grain that the page has room for."""
        return view if view.grain in grains else replace(view, grain="month")


_NOT_BY = ("account", "cohort", "kind", "reason", "end_kind")


def _finer(request: Request, view: View) -> str:
    """The grain that was asked for, where the page has no room for it; empty where it has."""
    asked = request.query_params.get("grain", "").strip()
    return asked if asked != view.grain else ""


def _place(folder: Path | None) -> tuple[str, str]:
    """The folder of the store, and what said that it is this one."""
    if folder is None:
        return "in memory", "gone when the program ends"
    variable = os.environ.get("TENURE_STORE")
    if variable and Path(variable).absolute() == folder.absolute():
        return str(folder.absolute()), "from the environment: TENURE_STORE"
    if folder == Path("tenure-store"):
        return str(folder.absolute()), "the default"
    return str(folder.absolute()), "from the command line: --store"
