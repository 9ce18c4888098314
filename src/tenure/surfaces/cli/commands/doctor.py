"""`tenure doctor`: whether the laws hold.

JSON: `{"ok": true, "laws": [{"law": …, "holds": true, "count": 0, "places": []}]}`; `count` says how often a law is
broken, `places` names the first few.
"""

from __future__ import annotations

from typing import Any

import click

from tenure.surfaces.cli.options import Command
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state


@click.command("doctor", cls=Command, section="Care")
@pass_state
def doctor(state: State) -> int:
    """Check the laws that always hold, one by one; exit with 1 if one is broken.

    Among them: movements add up to the change of level, items and customers to one total, every account is in
    exactly one state, the ledgers are the ones that the loaded rows make.
    """
    with state.open() as store:
        report = store.doctor().to_dict()
    laws = report["laws"]
    emit(state, data=lambda: report, records=lambda: laws, table=lambda: "".join(map(_line, laws)))
    broken = sum(not law["holds"] for law in laws)
    if broken:
        note(f"{broken} of {len(laws)} laws {'is' if broken == 1 else 'are'} broken.")
    return int(not report["ok"])


def _line(law: dict[str, Any]) -> str:
    if law["holds"]:
        return f"holds   {law['law']}\n"
    places = "".join(f"          {place}\n" for place in law["places"])
    more = law["count"] - len(law["places"])
    return f"BROKEN  {law['law']}\n{places}" + (f"          and {more:,} more\n" if more > 0 else "")


COMMAND = doctor
