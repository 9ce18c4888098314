"""The report as a workbook: all metrics on one sheet, so that they can be filtered and looked up, their periods side by side on the next.

Numbers are those of `ask` with all their digits; a duration is a number of days, as spreadsheets have times. An unknown one
is an empty cell, which no sum takes for nothing.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.answer import instant
from tenure.surfaces.sheet import Sheet, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from tenure.report import Report
    from tenure.surfaces.report.content import Content, Line

_DAY_S = 86_400
_HEADS = ("Family", "Metric", "Id", "Unit", "Value", "Before", "Change", "Change is", "Reads as", "Target", "Aim", "On target",
          "Low", "High", "Rests on", "Unknown because")  # fmt: skip
_WIDE = {
    "Metric": 34,
    "Id": 30,
    "Family": 13,
    "Unit": 11,
    "Aim": 24,
    "Reads as": 24,
    "Unknown because": 44,
    "Change is": 18,
}
_AIMS = {"met": "yes", "missed": "no", "open": "not said of this period"}
_LASTING = "[h]:mm:ss"


def book(content: Content, report: Report) -> bytes:
    """The workbook: scorecard, periods, what is not known, definitions, and how to read it."""
    import xlsxwriter  # only needed where one is asked for

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(made, options) as work:
        work.set_properties({"title": content.title, "created": report.now})
        _scorecard(work, content)
        _periods(work, content, report)
        wants = [(w.family, w.title, w.metric, _wanted(w.files, w.rates), w.summary) for w in content.wants]
        refused = [("", title, "", "not answered", why) for title, why in content.refused]
        if wants or refused:
            _words(
                work, "Not known", ("Family", "Metric", "Id", "Wants", "Why, and what it would say"), [*wants, *refused]
            )
        meant = [(m.title, m.metric, head, text) for m in content.meanings for head, text in m.told]
        _words(work, "Definitions", ("Metric", "Id", "", "Meaning"), meant)
        _words(
            work,
            "About",
            ("Report", content.title),
            [*content.head, *(("Note", note) for note in content.notes), *_READ],
        )
    return made.getvalue()


_READ = (
    ("Empty cell", "unknown, which is not nothing: the column 'Unknown because' says why"),
    ("Durations", "days, written as hours, minutes and seconds"),
    ("Shares", "0 to 1, written as percentages"),
    (
        "Change",
        "of the value before where both are above zero in money, counts, ratios and durations; else the difference",
    ),
    ("part", "a period that is cut by the window, or still runs"),
)


def _scorecard(work: Workbook, content: Content) -> None:
    sheet = Sheet(work, "Scorecard")
    heads = [content.before if head == "Before" else head for head in _HEADS]
    heads[_HEADS.index("Value")] = content.period
    for k, head in enumerate(heads):
        sheet.write(0, k, head, sheet.bold)
        sheet.page.set_column(k, k, _WIDE.get(_HEADS[k], 16))
    lines = [(family.name, line) for family in content.families for line in family.lines]
    for n, (family, line) in enumerate(lines, 1):
        row, form = line.row, sheet.form(_form(line))
        relative = row.get("change_kind") == "relative"
        changed = sheet.form("0.0%") if relative else form
        goal = line.answer["target"]
        change = row.get("change") if relative else _number(line, row.get("change"))
        told = {"relative": "of the value before", "difference": "the difference"}.get(row.get("change_kind") or "", "")
        cells: list[tuple[Any, Format | None]] = [
            (family, None), (line.title, None), (line.metric, None), (_unit(line), None),
            (_number(line, row["value"]), form), (_number(line, row.get("previous")), form),
            (change, changed), (told, None), (line.judged, None),
            (_number(line, goal["value"]) if goal else None, form), (line.target, None),
            (_AIMS.get(line.aim, ""), None),
            (_number(line, row.get("low")), form), (_number(line, row.get("high")), form), (row.get("n"), None),
            (line.unknown, None),
        ]  # fmt: skip
        for k, (value, how) in enumerate(cells):
            sheet.write(n, k, value if value != "" else None, how)
    sheet.page.freeze_panes(1, 2)
    sheet.page.autofilter(0, 0, max(len(lines), 1), len(heads) - 1)
    _printed(sheet)


def _periods(work: Workbook, content: Content, report: Report) -> None:
    """A column for each period of the window, also beyond those that are written out elsewhere."""
    sheet = Sheet(work, "Periods")
    names = [_name(n, report) for n in range(len(report.periods))]
    for k, head in enumerate(("Family", "Metric", "Id", "Unit", *names)):
        sheet.write(0, k, head, sheet.bold)
        sheet.page.set_column(k, k, _WIDE.get(head, 16))
    n = 0
    for family in content.families:
        for line in family.lines:
            n += 1
            form = sheet.form(_form(line))
            for k, text in enumerate((family.name, line.title, line.metric, _unit(line))):
                sheet.write(n, k, text)
            for k, value in enumerate(line.values, 4):
                sheet.write(n, k, _number(line, value), form)
    sheet.page.freeze_panes(1, 2)
    _printed(sheet)


def _name(n: int, report: Report) -> str:
    period = report.periods[n]
    row = {"start": instant(period.opens), "end": instant(period.closes)}
    name = show.period(row, report.grain, report.timezone, report.locale, short=report.grain in ("month", "quarter"))
    return f"{name} (part)" if period.partial else name


def _words(work: Workbook, name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A sheet of texts; the last column is the one that has the most to say."""
    sheet = Sheet(work, name)
    for k, head in enumerate(heads):
        sheet.write(0, k, head, sheet.bold)
        sheet.page.set_column(k, k, 110 if k == len(heads) - 1 else 28)
    for n, row in enumerate(rows, 1):
        for k, text in enumerate(row):
            sheet.write(n, k, text)
    sheet.page.freeze_panes(1, 0)
    _printed(sheet)


def _printed(sheet: Sheet) -> None:
    sheet.page.set_landscape()
    sheet.page.set_paper(9)  # A4
    sheet.page.fit_to_pages(1, 0)
    sheet.page.repeat_rows(0)


def _form(line: Line) -> str:
    answer = line.answer
    if answer["unit"] == "duration":
        return _LASTING
    decimals = show.decimals(answer["currency"]) if answer["currency"] else None
    return pattern(answer["unit"], _all(line), decimals)


def _all(line: Line) -> Iterator[float | None]:
    yield from line.values
    yield line.row.get("previous")


def _number(line: Line, value: float | None) -> float | None:
    return value / _DAY_S if value is not None and line.answer["unit"] == "duration" else value


def _unit(line: Line) -> str:
    return str(line.answer["currency"] or line.unit)


def _wanted(files: Sequence[Sequence[str]], rates: Sequence[str]) -> str:
    wanted = [" or ".join(f"{table}.csv" for table in need) for need in files]
    return ", ".join([*wanted, *(f"fx_rates.csv with {currency}" for currency in rates)])
