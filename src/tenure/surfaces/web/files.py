"""What a page shows, as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from tenure.surfaces.web import sent
from tenure.surfaces.web.asking import answered, known
from tenure.surfaces.web.room import Room

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

_KINDS = ("csv", "json")


class Files(Room):
    """The files of a metric."""

    def answer(self, request: Request) -> Response:
        """What a metric's page shows, as a file."""
        view, name, kind = self._view(request), request.path_params["name"], request.path_params["kind"]
        metric, coverage = self._found(name), known(self.memory)
        if kind not in _KINDS or coverage is None:
            raise HTTPException(404)
        window = self._framed(view, metric, coverage)
        answer = answered(self.memory, view, [name], (window.since, window.until), view.by)[name]
        file = f"{name}-{window.address(window.since)[:10]}-{window.address(window.until)[:10]}"
        return sent.as_csv(sent.flat(answer), file) if kind == "csv" else sent.as_json(answer, file)
