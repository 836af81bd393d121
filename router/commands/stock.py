"""`import`: collèges, inventory, accounts, school calendar, from files as people have them."""

import json
from pathlib import Path

import click

from router.commands.french import FrenchCommand
from router.commands.invocation import FAULT, OK, Invocation, config_option
from router.desk.stock import import_file
from router.intake.report import ImportKind


@click.command(
    cls=FrenchCommand,
    help="Importe un fichier CSV, XLSX ou ODS (ou .ics, pour un calendrier) ; dit chaque ligne refusée et pourquoi.",
)
@click.argument(
    "kind", metavar="colleges|inventory|users|calendar", type=click.Choice([each.value for each in ImportKind])
)
@click.argument("path", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FICHIER",
    help="Pour un inventaire : la correspondance de ses colonnes et de ses mots.",
)
@click.option(
    "--zone",
    "zones",
    multiple=True,
    metavar="ZONE",
    help="Pour un calendrier : seulement cette zone (A, B, C, corse, guadeloupe…) ; peut être répétée.",
)
@click.option("--json", "as_json", is_flag=True, help="Écrit le compte rendu pour un programme.")
@config_option
@click.pass_obj
def stock(
    invocation: Invocation,
    kind: str,
    path: Path,
    mapping: Path | None,
    zones: tuple[str, ...],
    *,
    as_json: bool,
) -> int:
    """All the good lines or none; the code is 1 when a line was refused."""
    report = import_file(
        invocation.desk(), ImportKind(kind), path, invocation.now(), mapping=mapping, zones=zones
    )
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(report.text(), nl=False)
    return FAULT if report.refused else OK
