"""One metric over time: its drawing at every width, its legend, and the table behind it; pure."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tenure import charts, figure, show
from tenure.surfaces.web.drawing import drawn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tenure.config import Settings

    Answered = Mapping[str, Any]

SEGMENTS = len(charts.DASHES)
_SIZES = {"broad": (1500, 360), "full": (880, 320), "wide": (520, 262), "narrow": (330, 220)}
CARD = ("wide", "narrow")
PAGE = ("broad", "full", "wide", "narrow")


def plot(
    spec_of: Callable[[charts.Look], dict[str, Any]], focus: int, locale: str, sizes: Sequence[str]
) -> dict[str, Any]:
    """The drawing of a specification at each of some sizes, by the name of the size."""
    return {
        name: drawn(
            spec_of(charts.Look(*_SIZES[name], legend=False, locale=locale, focus=focus, names=name != "narrow"))
        )
        for name in sizes
    }


def line(
    whole: Answered, parted: Answered | None, names: Sequence[str], focus: int, settings: Settings,
    releases: Sequence[Mapping[str, Any]] = (), sizes: Sequence[str] = CARD,
) -> dict[str, Any]:  # fmt: skip
    """What `parts.line` takes of an answer without segments, and of the same one by the segments `names`."""
    locale = settings.locale
    answer = parted or whole
    shown: Sequence[str | None] = names if parted else [None]
    steady = _steady(answer["rows"], shown, len(whole["rows"]))
    aim = goal(whole, focus, settings)
    cells = {(row["start"], row["segment"]): row for row in answer["rows"]}
    return {
        "title": whole["title"],
        "target": aim,
        "ruled": bool(aim) and is_ruled(whole),
        "interval": parted is None and any(row.get("low") is not None for row in answer["rows"]),
        "partial": any(row["partial"] for row in whole["rows"]),
        "unknown": parted is None and any(row["value"] is None for row in whole["rows"]),
        "plot": plot(specified(whole, parted, names, releases), focus, locale, sizes),
        "legend": [
            (name, f"segment-{k + 1}", " ".join(map(str, charts.DASHES[k])))
            for k, name in enumerate(names if parted else ())
            if name in steady
        ],
        "left_out": [name for name in shown if name and name not in steady],
        "releases": listed(releases, settings),
        "columns": [name or whole["title"] for name in shown],
        "rows": [
            (when(row, whole, locale), [cell(cells.get((row["start"], name)), whole, locale) for name in shown])
            for row in whole["rows"]
        ],
        "missing": whole["missing"],
    }


def goal(whole: Answered, focus: int, settings: Settings) -> dict[str, str] | None:
    """The target beside the period in focus, in words."""
    rows = whole["rows"]
    return figure.target(rows[focus], whole, settings.locale) if focus < len(rows) else None


def is_ruled(whole: Answered) -> bool:
    """Whether the target is one for periods of this length, so that it stands on the chart."""
    return bool(whole["target"]) and whole["target"].get("per") in (None, whole["grain"])


def specified(
    whole: Answered, parted: Answered | None, names: Sequence[str], releases: Sequence[Mapping[str, Any]]
) -> Callable[[charts.Look], dict[str, Any]]:
    """The chart of an answer, or of the same one by the segments `names`, at any look."""
    answer = parted or whole
    steady = _steady(answer["rows"], names if parted else [None], len(whole["rows"]))
    rows = {**answer, "rows": [row for row in answer["rows"] if row["segment"] in steady]}
    marks = marked(releases, whole["rows"])
    return lambda look: charts.chart(rows, look, names if parted else (), marks)


def marked(releases: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]) -> list[charts.Mark]:
    """Where each release stands among the periods of an answer: in which one, and how far into it."""
    found = []
    for k, release in enumerate(releases, 1):
        at = _instant(release["happened_at"])
        for n, row in enumerate(rows):
            start, end = _instant(row["start"]), _instant(row["end"])
            if start <= at < end:
                found.append(charts.Mark(n, (at - start) / (end - start), str(k)))
                break
    return found


def listed(releases: Sequence[Mapping[str, Any]], settings: Settings) -> list[dict[str, str]]:
    """The releases as a list beside their numbers in the drawing."""
    return [
        {
            "number": str(k),
            "day": show.day(release["happened_at"], settings.timezone, settings.locale),
            "name": release["name"] or release["release_id"],
            "kind": release["kind"] or "",
        }
        for k, release in enumerate(releases, 1)
    ]


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _steady(rows: Sequence[Mapping[str, Any]], names: Sequence[str | None], periods: int) -> set[str | None]:
    """The segments that are known in at least half of the periods: a line of fewer points would only bend the scale."""
    known = Counter(row["segment"] for row in rows if row["value"] is not None)
    return {name for name in names if known[name] * 2 >= periods} or set(names)


def cell(row: Mapping[str, Any] | None, answer: Answered, locale: str) -> str:
    """A value as it is written in full."""
    return figure.full(row["value"] if row else None, answer, locale)


def when(row: Mapping[str, Any], answer: Answered, locale: str) -> str:
    """The name of a row's period, and up to when it is shown if that is not all of it."""
    name = show.period(row, answer["grain"], answer["timezone"], locale)
    return f"{name} (to {show.through(row, answer['timezone'], locale)})" if row["partial"] else name
