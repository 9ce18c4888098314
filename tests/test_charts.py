"""Charts: pure functions of answers, and what the real engine draws of them."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from tenure import charts
from tenure.charts import Look, Series
from tenure.charts.ends import spread

MONTHS = ["2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z", "2024-04-01T00:00:00Z"]


def answer(values: dict[str | None, list[float | None]], **said: Any) -> dict[str, Any]:  # noqa: ANN401
    """An answer by months from January 2024, as INTERFACES fixes its shape; the third month still runs."""
    rows: list[dict[str, Any]] = [
        {
            "start": MONTHS[n],
            "end": MONTHS[n + 1],
            "partial": n == 2,
            "segment": segment,
            "value": value,
            "parts": {},
            "n": None,
            "low": None,
            "high": None,
        }
        for segment, series in values.items()
        for n, value in enumerate(series)
    ]
    known = {"title": "Customer churn", "unit": "share", "better": "down", "currency": None, "by": None}
    plain = {"grain": "month", "timezone": "UTC", "target": None, "missing": [], "rows": rows}
    return {**known, **plain, **said}


def about(spec: dict[str, Any]) -> list[str]:
    rows = next(layer["data"]["values"] for layer in spec["layer"] if "about" in layer["data"]["values"][0])
    return [row["about"] for row in rows]


def drawn(spec: dict[str, Any]) -> str:
    """The chart as the real engine draws it, after the round trip that a notebook makes."""
    return str(vl_convert.vegalite_to_svg(json.loads(json.dumps(spec))))


def test_a_line_says_each_period_in_words() -> None:
    spec = charts.chart(answer({None: [0.02, None, 0.031]}))
    assert about(spec) == [
        "January 2024; Customer churn: 2.0%",
        "February 2024; Customer churn: —",
        "March 2024 (to 31 March); Customer churn: 3.1%",
    ]
    svg = drawn(spec)
    assert "Jan 24" in svg
    assert "3.0%" in svg


def texts(spec: dict[str, Any]) -> list[str]:
    """Every text in the drawing."""
    return re.findall(r"<text[^>]*>([^<]*)<", drawn(spec))


def test_labels_on_one_axis_have_as_many_decimals() -> None:
    spec = charts.chart(answer({None: [1.0, 0.99976, 1.0]}))
    shown = [text for text in texts(spec) if text.endswith("%")]
    assert "100.000%" in shown
    assert {len(text.partition(".")[2]) for text in shown} == {4}


def test_counts_have_whole_labels_and_great_ones_are_written_as_on_the_page() -> None:
    few = texts(charts.chart(answer({None: [0.0, 1.0, 1.0]}, unit="count")))
    assert {"0", "1"} <= set(few)
    assert not [text for text in few if text.endswith("m")]
    money = answer({None: [0.0, 20_000.0, 9_000.0]}, unit="money", currency="EUR")
    assert "€20K" in texts(charts.chart(money))
    assert "20k\u00a0€" in texts(charts.chart(money, Look(locale="de_DE")))


def test_the_last_label_of_a_duration_stands_above_the_line() -> None:
    spec = charts.chart(answer({None: [50_000.0, 79_000.0, 21_000.0]}, unit="duration"))
    assert [text for text in texts(spec) if text.endswith(" h")] == [
        "0 h",
        "4 h",
        "8 h",
        "12 h",
        "16 h",
        "20 h",
        "24 h",
    ]


def test_a_target_far_above_the_line_has_room_and_counts_for_the_labels() -> None:
    far = {"value": 365 * 86_400.0, "per": None}
    svg = drawn(
        charts.chart(answer({None: [97 * 86_400.0, 61 * 86_400.0, 21 * 86_400.0]}, unit="duration", target=far))
    )
    places = [float(y) for y in re.findall(r'<path transform="translate\([\d.]+,([\d.]+)\)"', svg)]
    assert min(places) > 100  # the line stays low, below its target
    assert max(places) - min(places) > 20
    shown = texts(charts.chart(answer({None: [None, None, None]}, target={"value": 0.03, "per": "month"})))
    labels = [text for text in shown if text.endswith("%")]
    assert len(labels) > 2
    assert len(set(labels)) == len(labels)


def test_hours_say_their_day_once_and_the_last_one_has_room() -> None:
    begins = [f"2024-06-0{1 + (20 + n) // 24}T{(20 + n) % 24:02}:00:00Z" for n in range(26)]
    rows = [
        {**answer({None: [0.5]})["rows"][0], "start": start, "end": end, "partial": False}
        for start, end in pairwise(begins)
    ]
    spec = charts.chart({**answer({}), "grain": "hour", "rows": rows}, Look(520, 262))
    labels = spec["params"][0]["value"]
    assert labels[:6] == ["1 Jun 20:00", "21:00", "22:00", "23:00", "2 Jun", "01:00"]
    assert spec["padding"]["right"] >= len(labels[-1]) * 6.4 / 2 - 520 / 25 / 2


def test_the_targets_rule_stands_only_on_periods_that_it_is_meant_for() -> None:
    target = {"value": 0.05, "per": "month", "source": "2Checkout"}
    monthly = charts.chart(answer({None: [0.02, 0.03]}, target=target))
    weekly = charts.chart(answer({None: [0.02, 0.03]}, target=target, grain="week"))
    assert [layer["mark"]["type"] for layer in monthly["layer"]].count("rule") == 1
    assert [layer["mark"]["type"] for layer in weekly["layer"]].count("rule") == 0
    assert "5%" in drawn(monthly)


def test_segments_differ_by_dash_as_well_as_by_colour() -> None:
    values: dict[str | None, list[float | None]] = {f"plan {k}": [0.01 * k, 0.02] for k in range(1, 9)}
    spec = charts.chart(answer(values, by="plan"), segments=("plan 2", "plan 1"))
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert line["encoding"]["color"]["scale"]["domain"] == ["plan 2", "plan 1"]
    dashes = line["encoding"]["strokeDash"]["scale"]["range"]
    assert len({tuple(dash) for dash in dashes}) == 2
    assert "plan 8" not in drawn(charts.chart(answer(values, by="plan")))


def test_a_segment_may_be_called_anything() -> None:
    name = '"><script>alert([1])</script> a.b'
    svg = drawn(charts.chart(answer({name: [0.1, 0.2]}, by="plan")))
    assert "<script" not in svg
    assert "alert([1])" in svg


def test_losses_are_drawn_below_the_line() -> None:
    new = answer({None: [100.0, 200.0, 50.0]}, title="New MRR", unit="money", currency="EUR")
    lost = answer({None: [30.0, 0.0, 20.0]}, title="Churned MRR", unit="money", currency="EUR")
    spec = charts.movements([Series(new, 1, "gain-1", "New"), Series(lost, -1, "loss-2", "Churn")])
    bars = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "bar")["data"]["values"]
    assert [(b["kind"], b["value"]) for b in bars] == [
        ("New", 100.0), ("New", 200.0), ("New", 50.0), ("Churn", -30.0), ("Churn", -20.0),
    ]  # fmt: skip
    assert about(spec)[0] == "January 2024; New: €100.00; Churn: −€30.00"
    assert "€100" in drawn(spec)


def test_a_movement_chart_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        charts.movements([])


@pytest.mark.parametrize("unit", ["money", "count", "share", "points", "score", "ratio", "duration"])
def test_every_unit_can_be_drawn(unit: str) -> None:
    assert "<svg" in drawn(charts.chart(answer({None: [1.0, 2.5, 90_000.0]}, unit=unit, currency="USD")))


def test_nothing_known_is_a_chart_too() -> None:
    assert "<svg" in drawn(charts.chart(answer({None: [None, None]})))
    assert "<svg" in drawn(charts.chart(answer({})))


def test_the_locale_reaches_the_axis() -> None:
    spec = charts.chart(
        answer({None: [1500.0, 2500.0]}, unit="money", currency="EUR"), Look(locale="de_DE", legend=False)
    )
    svg = drawn(spec)
    assert "2,4k\xa0€" in svg
    assert "Jan 24" in svg


def test_every_role_has_a_colour_of_its_own() -> None:
    assert len(set(charts.PALETTE.values())) == len(charts.PALETTE)


def test_several_lines_carry_their_names_at_their_ends_and_none_stands_on_another() -> None:
    values: dict[str | None, list[float | None]] = {
        "basic": [1.0, 2.0],
        "pro": [1.0, 2.01],
        "a plan of a rather long name": [5.0, None],
    }
    spec = charts.chart(answer(values, by="plan"), Look(names=True))
    rows = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "text")["data"]["values"]
    assert {(row["name"], row["n"]) for row in rows} == {("basic", 1), ("pro", 1), ("a plan of a rat…", 0)}
    places = sorted(row["place"] for row in rows)
    least = (5.0 - 0.0) / 240 * 11
    assert all(b - a > least for a, b in pairwise(places))
    assert "a plan of a rat…" in drawn(spec)
    alone = charts.chart(answer({None: [1.0, 2.0]}), Look(names=True))
    assert not [layer for layer in alone["layer"] if layer["mark"]["type"] == "text"]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=6).map(sorted))
def test_names_are_kept_apart(values: list[float]) -> None:
    places = spread(values, 7.0, 0.0, 100.0)
    assert all(b - a >= 7.0 - 1e-9 for a, b in pairwise(places))
    assert max(places) <= 100.0


def test_what_is_not_known_is_marked_as_that() -> None:
    spec = charts.chart(answer({None: [0.02, None, 0.031]}))
    [marks] = [layer for layer in spec["layer"] if layer["mark"].get("text") == "?"]
    assert marks["data"]["values"] == [{"n": 1}]
    assert ">?<" in drawn(spec)
