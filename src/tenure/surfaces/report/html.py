"""The report as one page that needs nothing else: its style is in it, it runs no script and asks nobody for anything."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tenure.surfaces.sparkline import sparkline

if TYPE_CHECKING:
    from tenure.surfaces.report.content import Content


def html(content: Content) -> bytes:
    """The page, UTF-8."""
    pages = Environment(
        loader=PackageLoader(__package__, ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = Markup(files(__package__).joinpath("report.css").read_text("utf-8"))  # noqa: S704 - our own file
    page = pages.get_template("report.html")
    return page.render(r=content, style=style, sparkline=sparkline).encode()
