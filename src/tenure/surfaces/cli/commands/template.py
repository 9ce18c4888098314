"""`tenure template`: an empty CSV file to be filled."""

from __future__ import annotations

import click

from tenure.surfaces.cli.commands.tables import known
from tenure.surfaces.cli.options import Command


@click.command("template", cls=Command, section="Data", epilog="tenure template accounts > accounts.csv")
@click.argument("name")
def template(name: str) -> None:
    """Write an empty CSV of the table NAME: its header."""
    from tenure.tables.reference import template as header

    click.echo(header(known(name)))


COMMAND = template
