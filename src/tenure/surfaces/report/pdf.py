"""The report as a PDF to be mailed and printed: set by Typst, which brings its own letters, so that it looks the same anywhere.

Letters of scripts beyond Latin, Greek, Cyrillic and Hebrew come from the machine, where it has them.
The words travel as data and are never read as markup.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC
from importlib.resources import files
from typing import TYPE_CHECKING

from tenure.errors import ExtraMissingError

if TYPE_CHECKING:
    from tenure.surfaces.report.content import Content

_DRAWN = ("answer", "row")  # the answers behind the words


def need_library() -> None:
    """Raises a sentence where Typst is not installed.

    Raises:
        ExtraMissingError: it is not.
    """
    try:
        import typst  # noqa: F401 - only whether it is there
    except ImportError as fault:
        message = (
            "A PDF needs typst, which is not installed: pip install 'tenure[pdf]', or take --out FILE.html, "
            "which a browser prints."
        )
        raise ExtraMissingError(message) from fault


def pdf(content: Content) -> bytes:
    """The document, A4 across.

    Raises:
        ExtraMissingError: Typst is not installed.
    """
    need_library()
    import typst

    told = asdict(content)
    for family in told["families"]:
        for line in family["lines"]:
            for name in _DRAWN:
                del line[name]
    return bytes(
        typst.compile(
            files(__package__).joinpath("report.typ").read_bytes(),
            sys_inputs={"report": json.dumps(told, default=str)},
            timestamp=int(content.now.replace(tzinfo=UTC).timestamp()),
        )
    )
