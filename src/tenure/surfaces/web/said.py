"""What customers answered and wrote in the shown period: the scores on top, who said what below; pure."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.errors import UnknownNameError, UsageError, cut
from tenure.surfaces.web.filters import stranger
from tenure.surfaces.web.sent import downloads
from tenure.surfaces.web.sorting import grouped, leaf
from tenure.surfaces.web.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tenure.config import Settings
    from tenure.surfaces.web.view import View

    Row = Mapping[str, Any]

OWN = ("show", "survey", "touchpoint", "origin", "stance", "score", "q", "page")
_KINDS: Mapping[str, tuple[str, Callable[[Row], bool]]] = {
    "all": ("Answers and words", lambda row: row["kind"] != "unanswered"),
    "words": ("With words", lambda row: bool(row["words"])),
    "answers": ("Answers", lambda row: row["kind"] == "answer"),
    "outside": ("Outside of surveys", lambda row: row["kind"] in ("comment", "churn")),
    "churn": ("On leaving", lambda row: row["origin"] == "churn"),
    "unanswered": ("Not answered", lambda row: row["kind"] == "unanswered"),
}
_STANCES = {
    "promoter": "better", "passive": "", "detractor": "worse", "satisfied": "better", "not satisfied": "worse",
    "easy": "better", "not easy": "worse",
}  # fmt: skip
_FILTERS = ("survey", "touchpoint", "origin", "stance")
_SCORE = re.compile(r"-?\d+(\.\d+)?")
_PAGE = 50
_BAR = 120


def found(voices: Sequence[Row], view: View) -> list[Row]:
    """Those that the view asks for, newest first.

    Raises:
        UnknownNameError: a kind or stance that there is not.
        UsageError: a score that is no number.
    """
    kind = view.told("show") or "all"
    if kind not in _KINDS:
        raise UnknownNameError("kind of voices", kind, _KINDS, f"It takes {', '.join(_KINDS)}.")
    if view.told("stance") and view.told("stance") not in _STANCES:
        raise UnknownNameError("stance", view.told("stance"), _STANCES, f"It takes {', '.join(_STANCES)}.")
    if view.told("score") and not _SCORE.fullmatch(view.told("score")):
        message = f"'{cut(view.told('score'))}' is no score: write it as a number, as in 9."
        raise UsageError(message)
    return [row for row in _matching(voices, view) if _KINDS[kind][1](row)]


def _matching(voices: Sequence[Row], view: View, without: str = "") -> list[Row]:
    """Those that all filters but one leave, of every kind."""
    said = view.told("q").casefold()
    wanted = {name: view.told(name) for name in _FILTERS if view.told(name) and name != without}
    score = "" if without == "score" else view.told("score")
    return [
        row
        for row in voices
        if all(row[name] == value for name, value in wanted.items())
        and (not score or (row["score"] is not None and f"{row['score']:g}" == score))
        and (
            not said
            or any(said in str(row[f] or "").casefold() for f in ("words", "name", "person", "account_id", "reason"))
        )
    ]


def said(voices: Sequence[Row], view: View, settings: Settings) -> dict[str, Any]:
    """What `feedback.html` takes beside its controls and its tiles."""
    write, rows = Writing(settings), found(voices, view)
    shown = leaf(rows, view, _PAGE)
    matching = _matching(voices, view)
    kinds = {name: [row for row in matching if fits(row)] for name, (_, fits) in _KINDS.items()}
    chosen = view.told("show") or "all"
    return {
        "kinds": [
            (
                title,
                write.count(len(kinds[name])),
                view.telling(show="" if name == "all" else name, page=""),
                name == chosen,
            )
            for name, (title, _) in _KINDS.items()
        ],
        "asked": {
            "answered": write.count(len(kinds["answers"])),
            "unanswered": write.count(len(kinds["unanswered"])),
            "link": view.telling(show="unanswered", page=""),
        }
        if kinds["answers"] or kinds["unanswered"]
        else None,
        "scores": _scores(_matching(voices, view, "score"), view, write),
        "groups": _groups(rows, view, write),
        "sifts": [(name, _offered(voices, name, view.told(name)), view.told(name)) for name in _FILTERS],
        "score": (view.told("score"), view.telling(score="", page="")),
        "q": view.told("q"),
        "rows": [_row(row, view, write) for row in shown.rows],
        "leaf": shown,
        "count": write.count(len(rows)),
        "nothing": not voices,
        "narrowed": any(view.told(name) for name in (*_FILTERS, "score", "q")),
        "clear": view.link(extra=(), where=()),
        "downloads": downloads(view, "/feedback"),
        "policy": view.policy or settings.policy.preset,
    }


def strangers(voices: Sequence[Row], view: View) -> list[dict[str, str]]:
    """What is asked for and nothing in the period says, with the near miss; none where there is nothing in it at all."""

    def link(name: str, meant: str) -> str:
        return view.telling(**{name: meant, "page": ""})

    return [
        stranger(name, view.told(name), every, partial(link, name))
        for name in _FILTERS
        if name != "stance"  # those are known whether or not one was given
        if (every := _values(voices, name)) and view.told(name) and view.told(name) not in every
    ]


def _values(voices: Sequence[Row], name: str) -> list[str]:
    return sorted({row[name] for row in voices if row[name]})


def _offered(voices: Sequence[Row], name: str, chosen: str) -> list[tuple[str, str]]:
    """The values that can be chosen, with how each is read; the chosen one stands even where no row has it."""
    values = _values(voices, name)
    every = [*values, *([chosen] if values and chosen and chosen not in values else [])]
    return [(value, show.spoken(value) if name == "survey" else value) for value in every]


def _scores(voices: Sequence[Row], view: View, write: Writing) -> list[dict[str, Any]]:
    """Of each survey how often each score was given, the best first; the width of a bar is its share of the greatest."""
    answers = [row for row in voices if row["kind"] == "answer" and row["score"] is not None]
    surveys = sorted({row["survey"] for row in answers})
    found = []
    for survey in surveys:
        own = [row for row in answers if row["survey"] == survey]
        counts = Counter(row["score"] for row in own)
        whole = all(score == int(score) for score in counts)
        ends = {(row["scale_min"], row["scale_max"]) for row in own}
        (low, high) = next(iter(ends)) if len(ends) == 1 else (None, None)
        every = range(int(low), int(high) + 1) if whole and low is not None and high is not None else counts
        most = max(counts.values())
        found.append(
            {
                "survey": show.spoken(survey),
                "n": write.count(len(own)),
                "rows": [
                    {
                        "score": write.count(score),
                        "count": write.count(counts[score]),
                        "share": write.share(counts[score] / len(own)),
                        "width": round(_BAR * counts[score] / most, 1),
                        "link": view.telling(survey=survey, score=f"{score:g}", page="") if counts[score] else "",
                        "here": view.told("survey") == survey and view.told("score") == f"{score:g}",
                    }
                    for score in sorted(every, reverse=True)
                ],
            }
        )
    return found


def _groups(rows: Sequence[Row], view: View, write: Writing) -> list[dict[str, str]]:
    """By segment how many answers, words, and surveys without an answer, the most first."""
    return [
        {
            "name": name,
            "link": link,
            "count": write.count(len(some)),
            "answers": write.count(sum(row["kind"] == "answer" for row in some)),
            "words": write.count(sum(bool(row["words"]) for row in some)),
        }
        for name, link, some in sorted(grouped(rows, view), key=lambda group: -len(group[2]))
    ]


def _row(row: Row, view: View, write: Writing) -> dict[str, str]:
    of = f" of {write.count(row['scale_max'])}" if row["scale_max"] is not None else ""
    asked = show.spoken(row["survey"]) if row["kind"] in ("answer", "unanswered") else row["origin"] or "comment"
    return {
        "day": write.day(row["happened_at"]),
        "name": row["name"] or row["account_id"] or "",
        "link": view.customer(row["account_id"]),
        "person": row["person"] or "",
        "source": "on leaving" if asked == "churn" else asked,
        "after": f"after {row['touchpoint']}" if row["touchpoint"] else "",
        "score": "" if row["score"] is None else write.count(row["score"]) + of,
        "stance": "not answered" if row["kind"] == "unanswered" else row["stance"] or "",
        "tone": _STANCES.get(row["stance"] or "", ""),
        "words": row["words"] or "",
        "reason": row["reason"] or "",
        "segment": (row["segment"] or "") if view.by else "",
    }
