"""`tenure conformance`: whether an engine gives the same digits.

JSON: `{"engine": "Postgres", "url": …, "equal": true, "reports": […]}`; a report for each company and reading, with `company`,
`policy`, `equal`, `facts` and `metrics`, and each fact or metric `name`, `rows` (ours), `equal`, `difference` (the first one,
null where there is none) and `seconds` (that the engine took to make the fact). The URL never has its password.
"""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from tenure.surfaces.cli.loads import bar
from tenure.surfaces.cli.options import Command, Word
from tenure.surfaces.cli.output import emit
from tenure.surfaces.cli.state import State, note, pass_state

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tenure.conformance import Conformance
    from tenure.engines.engine import Engine
    from tenure.policy import Policy

_EXAMPLES = """\b
Examples:
  tenure conformance --engine postgres://tenure@db.example.com/shop
  tenure conformance --engine chdb:// --company nasty
"""
_COMPANIES = ("nasty", "demo")


@click.command("conformance", cls=Command, section="Care", epilog=_EXAMPLES)
@click.option(
    "--engine",
    "url",
    required=True,
    metavar="URL",
    help="Where: postgres://user@host:5432/database, clickhouse://, spark://, sc://.",
)
@click.option("--company", type=Word("company", _COMPANIES), metavar="NAME",
              help="demo, the believable one, or nasty, of awkward values alone.  [default: both]")  # fmt: skip
@click.option("--policy", "presets", multiple=True, metavar="PRESET",
              help="A reading that the facts are made under; may be given more than once.  [default: the company's]")  # fmt: skip
@pass_state
def conformance(state: State, /, *, url: str, company: str | None, presets: tuple[str, ...]) -> int:
    """Show that an engine makes the same ledgers and numbers as this one, digit for digit; exit with 1 if it does not.

    A company is put into a schema of its own there, every fact is made there and here, and the schema is dropped again. The
    password is taken from the URL, $TENURE_WAREHOUSE_PASSWORD, $PGPASSWORD, or the keyring (service `tenure`, name user@host).
    """
    from tenure.engines import connect
    from tenure.engines.address import Address
    from tenure.policy import Policy

    policies = [Policy(preset) for preset in presets]
    with _ended_as_interrupted():
        engine = connect(url)
        try:
            names = [company] if company else _COMPANIES
            reports = [report for name in names for report in _reports(engine, name, policies)]
        finally:
            engine.close()
    equal = all(report.is_equal for report in reports)
    shown = [report.to_dict() for report in reports]
    whole = {"engine": engine.name, "url": str(Address.read(url)), "equal": equal, "reports": shown}
    emit(
        state,
        data=lambda: whole,
        records=lambda: list(_records(shown)),
        table=lambda: "".join(line for report in reports for line in _lines(report)),
    )
    if not equal:
        odd = sum(not one.is_equal for report in reports for one in (*report.facts, *report.metrics))
        note(f"{odd} differ{'s' if odd == 1 else ''} on {engine.name}.")
    return int(not equal)


def _reports(engine: Engine, name: str, policies: list[Policy]) -> list[Conformance]:
    from tenure.conformance import company, conform

    with bar(f"The company '{name}'") as step:
        return conform(engine, company(name), policies=policies, step=step)


@contextmanager
def _ended_as_interrupted() -> Iterator[None]:
    """Who ends this process finds as little left on the engine as who presses Ctrl-C."""
    before = signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _records(shown: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for report in shown:
        for kind in ("facts", "metrics"):
            for one in report[kind]:
                yield {"company": report["company"], "policy": report["policy"], "kind": kind.removesuffix("s"), **one}


def _lines(report: Conformance) -> Iterator[str]:
    yield f"The company '{report.company}', read as {report.policy.preset}, on {report.engine}\n"
    for one in report.facts:
        yield f"  {'equal ' if one.is_equal else 'DIFFERS'} {one.name:<20} {one.rows:>9,} rows {one.seconds:>7.2f} s\n"
        if one.difference:
            yield f"          {one.difference}\n"
    for one in report.metrics:
        if one.difference:
            yield f"  DIFFERS {one.name}: {one.difference}\n"
    same = sum(one.is_equal for one in report.metrics)
    yield f"  {same} of {len(report.metrics)} metrics equal, digit for digit\n\n"


COMMAND = conformance
