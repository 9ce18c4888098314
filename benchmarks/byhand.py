"""The statements of the scorecard as a person writes them: `scorecard/FAMILY.sql`, a statement for each metric under its name."""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).with_name("scorecard")
SHARED = (FOLDER / "shared.sql").read_text(encoding="utf-8")
"""What all of them read, made before any of them is timed."""


def statements() -> dict[str, str]:
    """By metric a statement of two columns: the month, and the metric's value in it; where there is none, no row or a null."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.sql")):
        _, *pieces = re.split(r"^-- metric: (\w+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        found |= dict(zip(pieces[::2], pieces[1::2], strict=True))
    return found
