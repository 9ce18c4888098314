"""Why two readings differ, for a person: a bridge, presets side by side, or what comes nearest to a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenure import show
from tenure.surfaces.cli.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def text(shown: dict[str, Any], locale: str) -> str:
    """The whole of it."""
    told = {"bridge": _bridge, "presets": _presets, "against": _against}[shown["kind"]]
    where = "".join(f", {name} {' or '.join(values)}" for name, values in shown["where"].items())
    head = f"{shown['title']} ({shown['metric']}), {_when(shown, locale)}{where}\n"
    missing = f"Missing: {', '.join(shown['missing'])}.\n" if shown["missing"] else ""
    return f"{head}{told(shown, locale)}{missing}"


def _when(shown: dict[str, Any], locale: str) -> str:
    if shown["is_level"]:
        return f"at the end of {show.moment_before(shown['end'], shown['timezone'], locale)}"
    return show.period(shown, "total", shown["timezone"], locale)


def _amount(shown: dict[str, Any], number: float | None, locale: str) -> str:
    return show.value(number, shown["unit"], shown["currency"], locale)


def _effect(shown: dict[str, Any], number: float | None, locale: str) -> str:
    """A change: shares change by points, and what grows says so."""
    if shown["unit"] == "share" and number is not None:
        written = show.value(number * 100, "points", None, locale).lstrip("+")
        if number and not any(digit in written for digit in "123456789"):
            return "under 0.1 pt"
        return f"{'+' if number > 0 else ''}{written} pt"
    return f"{'+' if (number or 0) > 0 else ''}{_amount(shown, number, locale)}"


def _bridge(shown: dict[str, Any], locale: str) -> str:
    lines = [[_named(shown["a"]), _amount(shown, shown["a"]["value"], locale), ""]]
    for step in shown["steps"]:
        lines.append(
            [f"{step['switch']}: {step['was']} → {step['becomes']}", _effect(shown, step["effect"], locale), ""]
        )
        lines += [_customer(shown, one, locale) for one in step["customers"] or ()]
    lines.append([_named(shown["b"]), _amount(shown, shown["b"]["value"], locale), ""])
    lines.append(["difference", _effect(shown, shown["difference"], locale), ""])
    return Grid(["reading", "value", "share"], lines, frozenset({"value", "share"})).text() + _nothing_else(shown)


def _customer(shown: dict[str, Any], one: Mapping[str, Any], locale: str) -> list[str]:
    others = f"{one['count']:,} other{'s' if one['count'] > 1 else ''}"
    name = others if one["account_id"] is None else _account(one)
    return [f"· {name}", _effect(shown, one["effect"], locale), show.value(one["share"], "share", None, locale)]


def _account(one: Mapping[str, Any]) -> str:
    return f"{one['name']} ({one['account_id']})" if one["name"] else str(one["account_id"])


def _named(reading: Mapping[str, Any]) -> str:
    return " ".join([reading["policy"], *(f"{name}={value}" for name, value in reading["switches"].items())])


def _nothing_else(shown: dict[str, Any]) -> str:
    """What does not differ, in one line: that nothing else does is half of the answer."""
    still = [name for name in shown["unmoved"] if name not in {step["switch"] for step in shown["steps"]}]
    too = " too" if shown["steps"] else ""
    said = f"They differ in {', '.join(still)}{too}, which changes nothing here. " if still else ""
    count = len(shown["same"])
    if not shown["steps"] and not still:
        return "These are the same reading: no switch differs.\n"
    rest = f"The other {count} switches are the same in both." if count > 1 else "The other switch is the same in both."
    return f"{said}{rest if count else ''}".strip() + "\n"


def _presets(shown: dict[str, Any], locale: str) -> str:
    own = shown["own"]
    lines = [[f"yours: {_named(own)}", _amount(shown, own["value"], locale), "", ""]]
    for row in shown["rows"]:
        differs = "same" if row["difference"] == 0 else _effect(shown, row["difference"], locale)
        lines.append([row["preset"], _amount(shown, row["value"], locale), differs, _switches(row["switches"].items())])
    grid = Grid(["reading", "value", "difference", "reads otherwise"], lines, frozenset({"value", "difference"}))
    return grid.text()


def _against(shown: dict[str, Any], locale: str) -> str:
    figure = _amount(shown, shown["figure"], locale)
    if shown["own"]["value"] is None:
        rates = "".join(
            f"A rate of {rate:.6g} for {currency} would make it {figure}.\n"
            for currency, rate in shown["rates"].items()
        )
        return f"Your own reading is unknown, so that nothing can be compared with {figure}.\n{rates}"
    lines = []
    for row in shown["rows"]:
        what = "; ".join(word for word in (_switches(row["switches"].items()), row["clause"]) if word)
        lines.append([
            what or f"yours: {_named(shown['own'])}", ", ".join(row["presets"]), _amount(shown, row["value"], locale),
            "nothing" if row["rest"] == 0 else _effect(shown, row["rest"], locale),
        ])  # fmt: skip
    grid = Grid(["what would have to be true", "as", "value", "left over"], lines, frozenset({"value", "left over"}))
    notes = "".join(_payers(shown, row, locale) for row in shown["rows"])
    hidden = shown["count"] - len(shown["rows"])
    more = f"{hidden} more with --limit {shown['count']}.\n" if hidden else ""
    return f"The figure from outside is {figure}.\n{grid.text()}{notes}{more}"


def _payers(shown: dict[str, Any], row: Mapping[str, Any], locale: str) -> str:
    """Who pays exactly what is left over."""
    if not row["rest_of"]:
        return ""
    who = " or ".join(_account(one) for one in row["rest_of"])
    rest = _effect(shown, row["rest"], locale)
    how = "counted twice there" if row["rest"] > 0 else "missing there"
    return f"{rest} is what {who} pays: perhaps {how}.\n"


def _switches(switches: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name}={value}" for name, value in switches)
