"""`report`: the figures of a period, as a file."""

from datetime import datetime

import click

from router.commands.french import FrenchCommand
from router.commands.invocation import OK, Invocation, config_option
from router.desk.oversee import Period, as_csv, as_json
from router.desk.oversee import report as report_of

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command(cls=FrenchCommand, help="Écrit les chiffres d'une période, par intervenant et par catégorie.")
@click.option("--from", "first", type=DAY, required=True, metavar="AAAA-MM-JJ", help="Premier jour, compris.")
@click.option("--to", "last", type=DAY, required=True, metavar="AAAA-MM-JJ", help="Dernier jour, compris.")
@click.option(
    "--format", "kind", type=click.Choice(["json", "csv"]), default="json", show_default=True, help="Format."
)
@click.option("--convention", metavar="IDENTIFIANT", help="Une seule convention.")
@config_option
@click.pass_obj
def report(invocation: Invocation, first: datetime, last: datetime, kind: str, convention: str | None) -> int:
    """The same figures as the page."""
    desk = invocation.desk()
    period = Period.through(first.date(), last.date(), desk.settings.zone)
    found = report_of(desk, period, convention=convention, at=invocation.now())
    click.echo(as_csv(found) if kind == "csv" else as_json(found), nl=False)
    return OK
