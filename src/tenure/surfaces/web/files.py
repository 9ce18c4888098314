"""What a metric's page shows, as a file: its numbers with all their digits, or its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from tenure import charts
from tenure.exchange import day_before
from tenure.surfaces.web import drawing, lines, sent
from tenure.surfaces.web.asking import answered, known, releases, told, words
from tenure.surfaces.web.controls import compared, span
from tenure.surfaces.web.exchange import exchange
from tenure.surfaces.web.measured import Measured, command, drawn, ranked
from tenure.surfaces.web.room import Room
from tenure.surfaces.web.swayed import sways

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from tenure.surfaces.web.asking import Window
    from tenure.surfaces.web.view import View

KINDS = ("CSV", "XLSX", "JSON", "PNG", "SVG")
_LOOK = charts.Look(960, 420, legend=False, names=True)


class Files(Room):
    """The files of a metric."""

    def answer(self, request: Request) -> Response:
        """What a metric's page shows, as a file."""
        view, name, kind = self._view(request), request.path_params["name"], request.path_params["kind"]
        coverage = known(self.memory)
        if kind.upper() not in KINDS or kind != kind.lower() or coverage is None:
            raise HTTPException(404)
        one = self._measured(view, name, coverage)
        shown = one.parted or one.whole
        ends = (one.frame.address(instant)[:10] for instant in (one.frame.since, one.frame.until))
        file = "-".join([name, *ends, *([view.currency] if view.currency else [])])
        make: dict[str, Callable[[], Response]] = {
            "csv": lambda: sent.as_csv(sent.flat(shown), file),
            "json": lambda: sent.as_json(shown, file),
            "xlsx": lambda: self._workbook(one, view, file),
            "svg": lambda: sent.as_bytes(self._picture(one, view).encode(), "image/svg+xml", f"{file}.svg"),
            "png": lambda: sent.as_bytes(drawing.pixels(self._picture(one, view)), "image/png", f"{file}.png"),
        }
        return make[kind]()

    def _measured(self, view: View, name: str, coverage: Window) -> Measured:
        """A metric as its page shows it."""
        metric = self._found(name)
        window = self._framed(view, metric, coverage)
        ends: tuple[datetime, datetime] = (window.since, window.until)
        answer = self.memory.ask(name, words(view, ends))
        whole = told(self.memory, view, name, words(view, ends))
        parted = answered(self.memory, view, [name], ends, view.by)[name] if view.by else None
        accounts = {row["segment"] for row in parted["rows"]} if parted and view.by == "account" else set()
        called = self.store.names(accounts)
        return Measured(metric, name, whole, parted, window, answer.policy, releases(self.memory, ends), called)

    def _picture(self, one: Measured, view: View) -> str:
        """The chart of the page, with what the page says around it."""
        settings, (parted, segments) = self._settings(view), drawn(one, ranked(one))
        look = charts.Look(
            _LOOK.width, _LOOK.height, legend=False, locale=settings.locale, focus=one.frame.focus, names=True
        )
        spec = lines.specified(one.whole, parted, segments, one.releases)(look)
        title = {
            "text": one.whole["title"],
            "subtitle": [*(text for _, text in self._about(one, view)[1:4]), *self._key(one)],
            "anchor": "start", "fontSize": 17, "subtitleFontSize": 12, "offset": 14,
            "color": "#13161f", "subtitleColor": charts.PALETTE["text"],
        }  # fmt: skip
        padding = {"left": 18, "right": 18 + spec["padding"]["right"], "top": 16, "bottom": 14}
        return drawing.picture({**spec, "title": title, "background": "#ffffff", "padding": padding})

    def _key(self, one: Measured) -> list[str]:
        """What the signs of the picture mean, in a line; empty where it has none."""
        rows, settings, goal = (
            one.whole["rows"],
            self.store.settings,
            lines.goal(one.whole, one.frame.focus, self.store.settings),
        )
        said = [
            f"dashed: target, {goal['text']}" if goal and lines.is_ruled(one.whole) else "",
            "pale: 95% interval" if one.parted is None and any(row.get("low") is not None for row in rows) else "",
            "hatched: not over, or not whole" if any(row["partial"] for row in rows) else "",
            "?: unknown" if one.parted is None and any(row["value"] is None for row in rows) else "",
            *(f"{mark['number']}: {mark['name']}, {mark['day']}" for mark in lines.listed(one.releases, settings)),
        ]
        text = " · ".join(filter(None, said))
        return [text] if text else []

    def _workbook(self, one: Measured, view: View, file: str) -> Response:
        from tenure.surfaces.web.sheet import workbook  # few take one

        shown, settings = one.parted or one.whole, self._settings(view)
        content = workbook(sent.flat(shown), self._about(one, view), unit=one.whole["unit"], timezone=settings.timezone)
        return sent.as_bytes(content, sent.SHEET, f"{file}.xlsx")

    def _about(self, one: Measured, view: View) -> list[tuple[str, str]]:
        """What one must know to read the file, in lines."""
        whole, settings = one.whole, self.store.settings
        other = exchange(self.memory, view)
        filters = " and ".join(
            f"{name}: {' or '.join(value for n, value in view.where if n == name)}"
            for name in dict.fromkeys(name for name, _ in view.where)
        )
        goal: dict[str, Any] | None = whole["target"]
        counted = sorted(row["n"] for row in whole["rows"] if row["n"] is not None)
        policy = f"policy {whole['policy']}" if sways(view, one.metric, one.name.partition(":")[2]) else ""
        rests = f"n from {counted[0]:,.6g} to {counted[-1]:,.6g}" if counted else ""
        money = f"money in {whole['currency']}" if whole["currency"] else ""
        if other:
            money = (
                f"money in {view.currency} {other.told(day_before(whole['rows'][-1]['end']), settings)}"
                if whole["rows"]
                else ""
            )
        return [
            ("Metric", whole["title"]),
            ("Window", f"{span(view, one.frame, settings)}, by {view.grain}, {settings.timezone} time"),
            ("Of whom", "; ".join(filter(None, [f"by {view.by}" if view.by else "", filters])) or "all customers"),
            ("Reading", ", ".join(filter(None, [policy, money, rests]))),
            ("Compared with", compared(view, one.frame, settings)),
            (
                "Target",
                f"{goal['value']:g} {'a ' + goal['per'] if goal.get('per') else ''}, {goal['source']}" if goal else "",
            ),
            ("Definition", one.metric.section("Definition")),
            ("Formula", one.metric.section("Formula")),
            ("Not over", "a row that is partial is cut by the window, or still runs"),
            ("Command line", command(one.name, view, one.frame)),
        ]
