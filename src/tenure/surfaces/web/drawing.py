"""Specifications as inline SVG: drawn on the server, once per specification, in colours that follow the page's.

Drawn here rather than in the browser: the page needs no chart library there (measured: about 2 kB per chart on the wire
against 300 kB), holds its strict content-security policy, prints, and stands complete before any script runs.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from tenure.charts import PALETTE

_ROLES = {colour: role for role, colour in PALETTE.items()}
_COLOUR = re.compile(r'(fill|stroke)="(#[0-9a-f]{6}(?:[0-9a-f]{2})?)"')
_NOISE = re.compile(r' (?:role|aria-roledescription|font-family|pointer-events|xmlns:xlink|version|style)="[^"]*"')
_PLACES = re.compile(r' (?:d|transform|x|y|x2|y2|width|height)="[^"]*"')
_LONG = re.compile(r"(\d+\.\d)\d+")
_EMPTY = re.compile(r'<path class="(?:back|fore)ground"[^>]*/>')

_HATCH = (
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    f'<rect width="1.4" height="7" fill="{PALETTE["axis"]}" fill-opacity="0.42"/></pattern></defs>'
)


def drawn(spec: dict[str, Any]) -> Markup:
    """The chart as an `<svg>` without fixed colours, fonts or inline styles, to stand in the page."""
    return Markup(_drawn(json.dumps(spec, sort_keys=True)))  # noqa: S704 - our own drawing; its texts are escaped


@lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec)
    svg = _EMPTY.sub("", _NOISE.sub("", svg))
    svg = _COLOUR.sub(_role, _PLACES.sub(lambda m: _LONG.sub(r"\1", m[0]), svg))
    return svg.replace("aria-label=", "data-about=").replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _role(found: re.Match[str]) -> str:
    role = _ROLES.get(found[2])
    if role == "band":
        return 'class="band"'
    if role == "hatch":
        return f'{found[1]}="url(#hatch)"'  # the pattern stands once in the page
    return found[0] if role is None else f'{found[1]}="var(--{role})"'


def picture(spec: dict[str, Any]) -> str:
    """The chart as an SVG that stands alone: its colours are those of the light scheme, what is not over is hatched."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(json.dumps(spec)).replace(f'fill="{PALETTE["hatch"]}"', 'fill="url(#hatch)"')
    svg = svg.replace("<svg ", '<svg role="img" ', 1)
    return svg.replace(">", f">{_HATCH}", 1)


def pixels(svg: str) -> bytes:
    """An SVG as a PNG, two pixels to each of its own."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(svg, scale=2))


def warm() -> None:
    """Start the engine, so that the first page does not wait for it."""
    point = {"mark": "point", "data": {"values": [{}]}}
    drawn(point)
