"""Answers for a person (a table each) and for a spreadsheet (one long table of raw values)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Answered = dict[str, Any]

_NUMBERS = frozenset({"value", "before", "change", "low", "high", "n"})


def records(answers: Sequence[Answered]) -> Iterator[dict[str, object]]:
    """One record per row of each answer, the values raw; the parts in columns of their own."""
    noted = {"note": None} if any(row.get("note") for answer in answers for row in answer["rows"]) else {}
    for answer in answers:
        for row in answer["rows"]:
            parts = {f"parts.{name}": value for name, value in row["parts"].items()}
            plain = noted | {name: value for name, value in row.items() if name != "parts"}
            yield {"metric": _name(answer), **plain, "unit": answer["unit"], "currency": answer["currency"], **parts}


def text(answers: Sequence[Answered], locale: str) -> str:
    """The answers, one table below the other."""
    return "\n".join(_grid(answer, locale).text() for answer in answers)


def remarks(answers: Sequence[Answered]) -> Iterator[str]:
    """What a reader of the numbers should know beside them: the policy where it is not the house's, what is missing."""
    first = answers[0]
    said = [f"policy {first['policy']}"] if first["policy"] != "tenure" else []
    said += [f"{name} = {value}" for name, value in first["switches"].items()]
    if said:
        yield f"Read under {', '.join(said)}."
    missing = sorted({name for answer in answers for name in answer["missing"]})
    if missing:
        currencies = [name for name in missing if name.isupper()]
        tables = [name for name in missing if name not in currencies]
        if tables:
            yield f"Unknown for want of {', '.join(tables)}: `tenure import` loads it, `tenure tables` says how it looks."
        if currencies:
            yield f"Unknown where money is in {', '.join(currencies)}: the table fx_rates has no rate of it."
    yield from _notes(answers)


def _notes(answers: Sequence[Answered]) -> Iterator[str]:
    """What is said of the last row of each answer that something is said of, or that there is none; the rest are in JSON and CSV."""
    for answer in answers:
        if not answer["rows"]:
            yield f"{_name(answer)}: nothing in this window has a {answer['by']}, so there is no row to show."
        noted = [row["note"] for row in answer["rows"] if row.get("note")]
        if noted:
            others = len(set(noted) - {noted[-1]})
            more = f" Other rows say more ({others}): `--format json` has it." if others else ""
            yield f"{_name(answer)}: {noted[-1]}{more}"


def _name(answer: Answered) -> str:
    return f"{answer['metric']}:{answer['variant']}" if answer["variant"] else answer["metric"]


def _grid(answer: Answered, locale: str) -> Grid:
    rows = answer["rows"]
    compared = any("previous" in row for row in rows)
    columns = ["period", *([answer["by"]] if answer["by"] else []), "value"]
    columns += ["before", "change"] if compared else []
    columns += [name for name in ("low", "high", "n") if any(row[name] is not None for row in rows)]
    lines = [[_cell(name, row, answer, locale) for name in columns] for row in rows]
    return Grid(columns, lines, _NUMBERS, title=_title(answer, locale))


def _cell(column: str, row: dict[str, Any], answer: Answered, locale: str) -> str:
    if column == "period":
        name = show.period(row, answer["grain"], answer["timezone"], locale)
        return f"{name} (partial)" if row["partial"] else name
    if column == "n":
        return "" if row["n"] is None else show.value(row["n"], "count", None, locale)
    if column == "change":
        return show.change(row["change"], row["change_kind"], answer["unit"], answer["currency"], locale)
    if column in _NUMBERS:
        key = "previous" if column == "before" else column
        return show.value(row[key], answer["unit"], answer["currency"], locale)
    return "—" if row["segment"] is None else str(row["segment"])


def _title(answer: Answered, locale: str) -> str:
    target = answer["target"]
    if not target:
        return f"{answer['title']} ({_name(answer)})"
    value = show.value(target["value"], answer["unit"], answer["currency"], locale)
    per = f" a {target['per']}" if target.get("per") else ""
    return f"{answer['title']} ({_name(answer)}), target {value}{per}"
