"""A report in a file: its kind is the file's ending, and it is there whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from tenure.errors import StorageError, UnknownNameError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from tenure.report import Report
    from tenure.surfaces.report.content import Content

KINDS = ("html", "pdf", "xlsx")
_THERE = ".html, .pdf and .xlsx"


def kind_of(file: Path) -> str:
    """The kind of file that is meant, and for certain one that can be made here.

    Raises:
        UnknownNameError: no report has such an ending.
        UsageError: it has none.
        ExtraMissingError: what makes it is not installed.
    """
    kind = file.suffix.removeprefix(".").lower()
    if not kind:
        message = f"'{file.name}' does not say which kind of file it is: a report ends in {_THERE}."
        raise UsageError(message)
    if kind not in KINDS:
        raise UnknownNameError(
            "kind of report", kind, KINDS, f"A report ends in {_THERE}; --format csv or json prints its numbers."
        )
    if kind == "pdf":
        from tenure.surfaces.report.pdf import need_library

        need_library()
    return kind


def made(kind: str, content: Content, report: Report) -> bytes:
    """The report as a file of a kind."""
    if kind == "pdf":
        from tenure.surfaces.report.pdf import pdf

        return pdf(content)
    if kind == "xlsx":
        from tenure.surfaces.report.book import book

        return book(content, report)
    from tenure.surfaces.report.html import html

    return html(content)


def write(file: Path, made: bytes) -> None:
    """Puts it where it belongs, over what may be there.

    Raises:
        StorageError: it cannot be written.
    """
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_bytes(made)
        part.replace(file)
    except OSError as fault:
        message = f"'{file}' could not be written: {fault.strerror}. Choose another place with --out."
        raise StorageError(message) from fault
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
