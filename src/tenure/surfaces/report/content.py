"""What a report says, in words: the one content that every kind of file and the command line show; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tenure import figure, show
from tenure.answer import instant
from tenure.exchange import day_before

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from tenure.calendar import Period
    from tenure.config import Settings
    from tenure.exchange import Exchange
    from tenure.metric import Metric
    from tenure.report import Report

    Answered = Mapping[str, Any]

COLUMNS = 13
"""So many periods stand side by side where they are written out, as many as the default window has."""
_COMPARED = {"previous": "the period before", "year": "the same period a year before"}


@dataclass(frozen=True)
class Line:
    """One metric in the told period; an empty text is what there is not. `cells` are its last values as they are written."""

    metric: str
    title: str
    unit: str
    value: str
    unknown: str
    before: str
    change: str
    verdict: str
    judged: str
    target: str
    aim: str
    basis: str
    interval: str
    values: tuple[float | None, ...]
    cells: tuple[str, ...]
    answer: Answered
    row: Answered


@dataclass(frozen=True)
class Family:
    """The metrics of a family that have something to tell."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Meaning:
    """What a metric means: headings and sentences."""

    metric: str
    title: str
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Want:
    """A metric without data: the tables that would fill it, each a list of which any one will do, and what else is wanted."""

    metric: str
    title: str
    family: str
    summary: str
    files: tuple[tuple[str, ...], ...]
    rates: tuple[str, ...]


@dataclass(frozen=True)
class Content:
    """The whole report. `columns` are the names of the last periods; `focus` counts in the values of a line."""

    title: str
    company: str
    period: str
    compared: str
    before: str
    head: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    focus: int
    families: tuple[Family, ...]
    lost: str
    wants: tuple[Want, ...]
    refused: tuple[tuple[str, str], ...]
    meanings: tuple[Meaning, ...]
    now: datetime
    locale: str


def content(report: Report, settings: Settings, other: Exchange | None = None) -> Content:
    """The report in the company's language and zone; `other` is the exchange to another currency, if one is asked for.

    `settings` are those of the shown currency.
    """
    zone, locale = report.timezone, report.locale
    shown = {"start": instant(report.periods[report.focus].opens), "end": instant(report.periods[report.focus].closes)}
    period = show.period(shown, report.grain, zone, locale)
    if report.periods[report.focus].partial:
        period += f" (to {show.through(shown, zone, locale)})"
    lines = [
        (metric, _line(metric, _told(metric, answer, other), report, settings)) for metric, answer in _known(report)
    ]
    families = dict.fromkeys(metric.family for metric, _ in lines)
    return Content(
        title=f"{report.company or 'Scorecard'}, {period}",
        company=report.company,
        period=period,
        compared=_COMPARED[report.compare],
        before=_before(report),
        head=tuple(_head(report, period, shown["end"], settings, other)),
        notes=report.notes,
        columns=tuple(_column(one, report) for one in report.periods[-COLUMNS:]),
        focus=report.focus,
        families=tuple(
            Family(name.replace("_", " ").capitalize(), tuple(line for metric, line in lines if metric.family == name))
            for name in families
        ),
        lost=f"Not known yet: {len(report.unknown)} of {len(report.entries)} metrics",
        wants=tuple(_want(metric, missing) for metric, missing in report.unknown),
        refused=tuple((metric.title, why) for metric, why in report.refused),
        meanings=tuple(_meaning(metric, line) for metric, line in lines),
        now=report.now,
        locale=locale,
    )


def _known(report: Report) -> list[tuple[Metric, Answered]]:
    return [(metric, answer.to_dict()) for metric, answer in report.known]


def _told(metric: Metric, answer: Answered, other: Exchange | None) -> Answered:
    return other.converted(answer, metric) if other else answer


def _line(metric: Metric, answer: Answered, report: Report, settings: Settings) -> Line:
    locale = report.locale
    rows = {row["start"]: row for row in answer["rows"]}
    every = [rows.get(instant(period.opens), figure.NO_ROW) for period in report.periods]
    row = every[report.focus]
    changed, aim = figure.change(row, answer, locale), figure.target(row, answer, locale)
    return Line(
        metric=metric.name,
        title=answer["title"],
        unit=figure.UNITS[answer["unit"]],
        value=figure.full(row["value"], answer, locale),
        unknown=figure.unknown(row, answer["missing"]),
        before=figure.full(row.get("previous"), answer, locale),
        change=changed["change"],
        verdict=changed["verdict"],
        judged=_judged(changed),
        target=aim["text"] if aim else "",
        aim=aim["state"] if aim else "",
        basis=figure.based(row, answer, metric, settings),
        interval=figure.interval(row, answer, locale),
        values=tuple(one["value"] for one in every),
        cells=tuple(figure.full(one["value"], answer, locale) for one in every[-COLUMNS:]),
        answer=answer,
        row=row,
    )


def _judged(changed: Mapping[str, Any]) -> str:
    """What is said beside a change: whether it is for the better, or may be chance."""
    if changed["noise"]:
        return "within noise"
    if not changed["change"]:
        return ""
    verdict = changed["verdict"] or ("the same" if changed["change"].startswith("→") else "")
    return ", ".join(filter(None, [verdict, "beyond noise" if changed["beyond"] else ""]))


def _head(report: Report, period: str, end: str, settings: Settings, other: Exchange | None) -> list[tuple[str, str]]:
    zone, locale = report.timezone, report.locale
    first, last = report.coverage
    known = (
        f"{show.day(instant(first), zone, locale)} to {show.day(instant(last), zone, locale)}"
        if first and last
        else "nothing yet"
    )
    ends = [show.day(instant(when), zone, locale) for when in (report.since, report.until - timedelta(microseconds=1))]
    money = f"{other.to} {other.told(day_before(end), settings)}" if other else report.currency
    if other and report.as_of:
        money += ", as rates are known today"
    switches = [f"{name} = {value}" for name, value in report.policy.overrides.items()]
    whom = " and ".join(f"{name}: {' or '.join(values)}" for name, values in report.where.items())
    return [
        ("Period", f"{period}, against {_COMPARED[report.compare]}"),
        (
            "Window",
            f"{ends[0]} to {ends[1]}, by {report.grain}" if report.grain != "total" else f"{ends[0]} to {ends[1]}",
        ),
        ("Time", f"{zone}, {report.hours} hours"),
        ("Money", money),
        ("Policy", ", ".join([report.policy.preset, *switches])),
        ("Of whom", whom or "all customers"),
        ("Data", known),
        ("As of", f"{report.as_of}: what was loaded by then" if report.as_of else "everything that was loaded"),
        ("Now", show.moment(report.now, zone, locale)),
    ]


def _before(report: Report) -> str:
    return "Year before" if report.compare == "year" else "Before"


def _column(period: Period, report: Report) -> str:
    row = {"start": instant(period.opens), "end": instant(period.closes)}
    name = show.period(row, report.grain, report.timezone, report.locale, short=True)
    return f"{name} (part)" if period.partial else name


def _want(metric: Metric, missing: Sequence[str]) -> Want:
    tables = tuple(tuple(need.split(" or ")) for need in missing if not need.isupper())
    rates = tuple(need for need in missing if need.isupper())
    return Want(metric.name, metric.title, metric.family, _plain(metric.summary), tables, rates)


def _meaning(metric: Metric, line: Line) -> Meaning:
    source = (line.answer["target"] or {}).get("source", "")
    told = [
        ("Definition", _plain(metric.section("Definition"))),
        ("Formula", _plain(metric.section("Formula"))),
        ("Target", f"{line.target} ({source})" if line.target and source else line.target),
    ]
    return Meaning(metric.name, line.title, tuple((head, text) for head, text in told if text))


def _plain(text: str) -> str:
    """A sentence of the catalogue without the signs that mark code in it."""
    return text.replace("`", "")
