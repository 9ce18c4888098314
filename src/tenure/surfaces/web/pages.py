"""The pages of one store: from an address to what it shows. They run in threads, and the store answers one at a time."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from tenure.errors import UnknownNameError
from tenure.exchange import day_before
from tenure.policy import PRESETS
from tenure.surfaces.web import exchanged, held, moved, read
from tenure.surfaces.web.asking import asked, known, tried, words
from tenure.surfaces.web.company import Company
from tenure.surfaces.web.controls import z
from tenure.surfaces.web.customer import LIMITS as LINES
from tenure.surfaces.web.customer import customer
from tenure.surfaces.web.customer import family as family_of
from tenure.surfaces.web.exchange import exchange
from tenure.surfaces.web.explained import LIMITS, accounts, explained
from tenure.surfaces.web.family import family
from tenure.surfaces.web.files import KINDS, Files
from tenure.surfaces.web.finding import Finding
from tenure.surfaces.web.meant import limited
from tenure.surfaces.web.measured import measured
from tenure.surfaces.web.navigation import families_of, heading
from tenure.surfaces.web.page import page
from tenure.surfaces.web.reasons import reasons
from tenure.surfaces.web.saved import Saved
from tenure.surfaces.web.swayed import sways
from tenure.surfaces.web.view import frame

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from tenure.surfaces.web.view import Frame, View


class Pages(Company, Files, Finding, Saved):
    """Every page as a method that takes a request and gives a response."""

    # The numbers.

    def overview(self, request: Request) -> Response:
        """The numbers that the company chose, with the movements, two courses and the cohorts."""
        view = self._view(request, "cohorts")
        answers = asked(self.memory, view)
        if answers is None:
            return self._empty(view)
        head = self._head(view, answers.frame, answers.known, dimensions=self._dimensions())
        told = page(answers, view, self._settings(view), self.store.metrics)
        return self._html("overview.html", last=answers.known[1], **(head | told))

    def family(self, request: Request) -> Response:
        """Every metric of one family."""
        view, name, store = self._view(request), request.path_params["name"], self.store
        names = families_of(store.metrics)
        if name not in names:
            raise UnknownNameError("family of metrics", name, names, f"The families are {', '.join(names)}.")
        coverage = known(self.memory)
        if coverage is None:
            return self._empty(view, *(m.name for m in store.metrics.values() if m.family == name))
        window = frame(view, store.settings, *coverage)
        members = {m.name: m for m in store.metrics.values() if m.family == name}
        models = [m for m in members.values() if m.model is not None]
        plain = [n for n, m in members.items() if m.model is None]
        answers = tried(self.memory, view, plain, (window.since, window.until))
        told = family(answers, models, view, window.focus, self._settings(view), store.metrics)
        money, policy = (any(m.has_money for m in members.values()), any(sways(view, m) for m in members.values()))
        head = self._head(view, window, coverage, hours=True, money=money, policy=policy)
        reading = (view.policy or store.settings.policy.preset) if policy else None
        return self._html("family.html", title=heading(name), last=coverage[1], policy=reading, **head, **told)

    def metric(self, request: Request) -> Response:
        """One metric: its number, course, segments, and all that it says of itself."""
        view, name = self._view(request), request.path_params["name"]
        metric, coverage = self._found(name), known(self.memory)
        if coverage is None:
            return self._empty(view, name)
        one = self._measured(view, name, coverage)
        told = measured(one, view, self._settings(view))
        head = self._head(
            view, one.frame, coverage, dimensions=self._dimensions(name), metric=name, hours=True,
            money=metric.has_money, policy=bool(told["policy"]),
        )  # fmt: skip
        return self._html(
            "metric.html",
            last=coverage[1],
            heading=heading(metric.family),
            kinds=KINDS,
            **(head | told),
        )

    def explain(self, request: Request) -> Response:
        """What stands behind the number of the shown period."""
        view, name, store = self._view(request, "limit"), request.path_params["name"], self.store
        metric, coverage = self._found(name), known(self.memory)
        if coverage is None:
            return self._empty(view, name)
        limit = limited(view, LIMITS)
        view = replace(view, by="")
        window = self._framed(view, metric, coverage)
        asks = words(view, (window.shown.opens, window.shown.closes)) | {"compare": None}
        shown = store.explain(name, limit=limit, **asks).to_dict()
        head = self._head(view, window, coverage, dimensions=self._dimensions(name), metric=name)
        told = explained(shown, name, view, store.settings, store.names(accounts(shown)))
        told |= {} if sways(view, metric, name.partition(":")[2]) else {"policy": None}
        return self._html("explain.html", last=coverage[1], **(head | told))

    def why(self, request: Request) -> Response:
        """Which movements, segments and customers made the number of the shown period another one."""
        view, name, store = self._view(request), request.path_params["name"], self.store
        metric, coverage = self._found(name), known(self.memory)
        if coverage is None:
            return self._empty(view, name)
        window = self._framed(view, metric, coverage)
        asks = words(view, (window.shown.opens, window.shown.closes), view.by)
        asks |= {"compare": "year" if view.compare == "year" else "previous"}
        shown = self.memory.of("why", {"metric": name, **asks}, lambda: store.why(name, limit=8, **asks).to_dict())
        rows = self.memory.ask(name, asks | {"by": None}).rows
        noise = bool(rows) and rows[0].beyond_noise is False
        told = reasons(shown, name, view, store.settings, money=metric.money_parts, noise=noise)
        head = self._head(view, window, coverage, dimensions=self._dimensions(name), metric=name)
        told |= {} if sways(view, metric, name.partition(":")[2]) else {"policy": None}
        return self._html("why.html", last=coverage[1], **(head | told))

    # One customer.

    def customer(self, request: Request) -> Response:
        """One customer."""
        view = self._view(request, "limit")
        asks = {"policy": view.policy or None, "hours": view.hours or None}
        told = self.store.account(request.path_params["account_id"], limit=limited(view, LINES), **asks).to_dict()
        shown = exchanged.customer(told, exchange(self.memory, view), self._today())
        head = self._money(
            view, self._today(), "what happened at the rate of its day, what stands now at the last known one"
        )
        names = self.store.names(family_of(shown))
        return self._html("customer.html", **(head | customer(shown, view, self._settings(view), names)))

    # The company.

    def movements(self, request: Request) -> Response:
        """Who came, grew, shrank, left and returned in the shown period."""
        view, coverage = self._view(request, *moved.OWN), known(self.memory)
        if coverage is None:
            return self._empty(view)
        window = frame(view, self.store.settings, *coverage)
        told = moved.moved(self._moved(view, window), view, self._settings(view))
        head = self._head(view, window, coverage, dimensions=self._list_dimensions("movements"))
        head |= self._money(view, day_before(z(window.shown.closes)), "at the rate of the period's last day")
        return self._html("movements.html", last=coverage[1], **(head | told))

    def movements_file(self, request: Request) -> Response:
        """The movements of the shown period as a file."""
        view, coverage = self._view(request, *moved.OWN), known(self.memory)
        if coverage is None:
            raise HTTPException(404)
        rows = self._moved(view, frame(view, self.store.settings, *coverage))
        return self._sent(request, view, moved.found(rows, view), "movements", moved.MONEY)

    def _moved(self, view: View, window: Frame) -> list[Mapping[str, Any]]:
        since, until = (instant.replace(tzinfo=UTC) for instant in (window.shown.opens, window.shown.closes))
        rows = self.store.movements(since, until, where=list(view.where) or None, policy=view.policy or None)
        last = day_before(z(window.shown.closes))
        return exchanged.listed(rows, exchange(self.memory, view), moved.MONEY, lambda _: last)

    def readings(self, request: Request) -> Response:
        """One number under every preset, and the bridge to one of them."""
        view, store, coverage = self._view(request, *read.OWN), self.store, known(self.memory)
        if coverage is None:
            return self._empty(view)
        window = frame(view, store.settings, *coverage)
        ends = {"since": z(window.shown.opens), "until": z(window.shown.closes)}
        asks: dict[str, Any] = {"where": list(view.where) or None, **ends}
        asks |= {"metric": view.told("metric")} if view.told("metric") else {}
        presets = self.memory.of("presets", asks, lambda: store.presets(**asks).to_dict(), lasts=True)
        to = view.told("against")
        if to and to not in PRESETS:
            raise UnknownNameError("policy preset", to, PRESETS, f"The presets are {', '.join(PRESETS)}.")
        bridge = None
        if to:
            asks |= {"b": to}
            bridge = self.memory.of("bridge", asks, lambda: store.reconcile(**asks).to_dict(limit=8), lasts=True)
        head = self._head(
            view, window, coverage, dimensions=self._dimensions(presets["metric"]), metric=presets["metric"]
        )
        told = read.read(presets, bridge, store.metrics, view, store.settings)
        return self._html("readings.html", last=coverage[1], **(head | told))

    def data(self, request: Request) -> Response:
        """What was loaded, what was set aside, whether the laws hold, and which past numbers have moved."""
        view, store = self._view(request, *held.OWN), self.store
        if view.told("check") not in ("", *held.CHECKS):
            raise UnknownNameError("check", view.told("check"), held.CHECKS, f"It takes {' and '.join(held.CHECKS)}.")
        if view.told("check") == "laws":
            now = datetime.now(UTC).replace(tzinfo=None)
            self.memory.of("laws", {}, lambda: store.doctor().to_dict() | {"checked_at": now}, lasts=True)
        if view.told("check") == "restated":
            self.memory.of("restated", {}, lambda: store.restate(limit=0).to_dict(), lasts=True)
        restated = self.memory.recalled("restated", {})
        aside = [row.to_dict() for row in store.quarantined()]
        checked = self.memory.recalled("laws", {})
        return self._html(
            "data.html",
            **held.held(
                store.holdings(),
                aside,
                [asdict(one) for one in store.broken()],
                checked,
                restated,
                view,
                store.settings,
            ),
        )
