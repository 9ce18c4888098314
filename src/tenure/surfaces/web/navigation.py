"""Where a reader can go from any page: the families of the catalogue and the pages of the company; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.metric import Metric
    from tenure.surfaces.web.view import View

    Entry = tuple[str, str, bool]

PAGES = {
    "/customers": "Customer list",
    "/movements": "Movements",
    "/cohorts": "Cohorts",
    "/renewals": "Renewals",
    "/feedback": "Answers, comments",
    "/readings": "Readings",
    "/data": "Data",
    "/settings": "Settings",
}
_SAVED = 12
_FILTERED = ("/", "/family/", "/metric/")


def navigation(
    view: View, metrics: Mapping[str, Metric], here: str, saved: Sequence[tuple[str, str]] = ()
) -> list[tuple[str, list[Entry]]]:
    """Headings with their entries: name, address and whether it is `here`; the window and the reading go along.

    `saved` are the names and addresses of saved views, which keep their own.
    """

    def entry(path: str, title: str) -> Entry:
        kept = path == "/" or path.startswith(_FILTERED[1:])
        return title, view.to(path) if kept else view.to(path, where=()), path == here

    own = [(name, address, address == view.link()) for name, address in saved[:_SAVED]]
    families = [entry(f"/family/{name}", heading(name)) for name in families_of(metrics)]
    return [
        ("", [entry("/", "Overview")]),
        ("Numbers", families),
        ("Company", [entry(path, title) for path, title in PAGES.items()]),
        ("Saved views", [*own, ("All saved views" if own else "Saved views", "/views", here == "/views")]),
    ]


def families_of(metrics: Mapping[str, Metric]) -> list[str]:
    """The families of the catalogue, in alphabetical order."""
    return sorted({metric.family for metric in metrics.values()})


def heading(family: str) -> str:
    """A family as a heading."""
    return family.replace("_", " ").capitalize()
