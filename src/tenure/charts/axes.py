"""The axes of a chart: periods from left to right, values upright with labels in their unit."""

from __future__ import annotations

import json
from math import ceil, log10
from typing import TYPE_CHECKING, Any

from tenure import show

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tenure.charts.look import Look

    Spec = dict[str, Any]

_DAY, _HALF_HOUR = 86_400, 1800
_LETTER = 6.4
"""The width of a letter below the plot, in pixels; a page may have wider ones than the engine."""
_LENGTHS = (
    *(60, 300, 600, 1800, 3600, 7200, 14_400, 21_600, 43_200),
    *(days * _DAY for days in (1, 2, 5, 10, 20, 50, 100, 200)),
)


def across() -> Spec:
    """Where a period stands, by its number; what it is called is the parameter `labels`."""
    axis = {
        "labelExpr": "labels[datum.value]", "labelAngle": 0, "labelOverlap": "parity", "labelSeparation": 16,
        "ticks": False, "title": None, "labelPadding": 8, "domain": False, "grid": False,
    }  # fmt: skip
    return {
        "field": "n",
        "type": "ordinal",
        "sort": "ascending",
        "axis": axis,
        "scale": {"paddingInner": 0, "paddingOuter": 0},
    }


def upright(axis: Spec) -> Spec:
    """Where a value stands, with the axis of `axis_of`."""
    return {"field": "value", "type": "quantitative", "axis": axis["axis"], "scale": axis["scale"]}


def axis_of(answer: Mapping[str, Any], known: Sequence[float], look: Look) -> Spec:
    """The scale and the labels of the upright axis; zero stands on it unless that would flatten the line."""
    low, high = min(known, default=0.0), max(known, default=1.0)
    unit, scale = answer["unit"], {"zero": bool(low >= 0 and low < high / 2) or low == high, "nice": True}
    axis: Spec = {"title": None, "tickCount": 5, "domain": False, "ticks": False, "labelPadding": 8, "format": ",~f"}
    if unit == "duration":
        del axis["tickCount"]  # it would take some of the labels away
        axis |= _lasting(high)
        scale |= {"nice": False, "domainMax": axis["values"][-1]}
    if unit == "money":
        before, behind = (json.dumps(sign) for sign in symbol(answer, look))
        amount = f"{before} + {_short('abs(datum.value)', look)} + {behind}"
        axis["labelExpr"] = f"datum.value === 0 ? '0' : (datum.value < 0 ? '−' : '') + {amount}"
    if unit == "share":
        axis["format"] = f".{_decimals(high - (0.0 if scale['zero'] else low))}%"
    if unit == "count":
        few = max(min(5, int(high - min(low, 0))), 1)  # nothing happens half a time
        axis |= {"tickCount": few, "labelExpr": f"(datum.value < 0 ? '−' : '') + {_short('abs(datum.value)', look)}"}
    if unit == "ratio":
        axis["labelExpr"] = "format(datum.value, '~g') + '×'"
    return {"axis": axis, "scale": scale}


def _short(number: str, look: Look) -> str:
    """The expression that writes a great number as the page beside the chart does: 20K, 1.5M."""
    text = f"format({number}, '~s')"
    return f"replace(replace({text}, 'k', 'K'), 'G', 'B')" if look.locale.startswith("en") else text


def _decimals(spread: float) -> int:
    """How many decimals of a percentage tell five ticks over `spread` apart; all have as many."""
    return max(ceil(-log10(spread / 5)) - 2, 0) if spread > 0 else 0


def _lasting(high: float) -> Spec:
    """Labels at whole days, hours or minutes, about five of them up to `high` seconds or just above."""
    step = next((step for step in _LENGTHS if high <= 6 * step), _DAY * max(round(high / _DAY / 5), 1))
    size, name = (_DAY, "d") if step >= _DAY else (3600, "h") if step >= _HALF_HOUR else (60, "min")
    values = [n * step for n in range(max(ceil(high / step), 1) + 1)]
    return {"values": values, "labelExpr": f"format(datum.value / {size}, '~g') + ' {name}'"}


def symbol(answer: Mapping[str, Any], look: Look) -> tuple[str, str]:
    """What stands before and behind an amount."""
    return show.symbol(answer["currency"], look.locale) if answer["currency"] else ("", "")


def labels(answer: Mapping[str, Any], starts: Sequence[str], look: Look) -> list[str]:
    """The short names of the periods that begin at `starts`; of the hours of a day the first alone says which day."""
    ends = {row["start"]: row["end"] for row in answer["rows"]}
    rows = [{"start": s, "end": ends.get(s, s)} for s in starts]
    names = [show.period(row, answer["grain"], answer["timezone"], look.locale, short=True) for row in rows]
    if answer["grain"] != "hour":
        return names
    parts = [name.rpartition(" ") for name in names]
    return [names[n] if n == 0 else day if day != parts[n - 1][0] else hour for n, (day, _, hour) in enumerate(parts)]


def overhang(names: Sequence[str], look: Look) -> int:
    """How many pixels the name of the last period reaches beyond the plot, as it stands under the middle of its period."""
    if not names or not isinstance(look.width, int):
        return 0
    return max(round((len(names[-1]) * _LETTER - look.width / len(names)) / 2), 0)
